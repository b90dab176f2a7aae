// What the pages about signing in show, as plain structs beside those of models.h, by whose rules
// they go. Holds no behaviour; the codes in it are shown once and kept nowhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pages/models.h"

namespace pages {

/// The second step of a log-in, shown where /login was. Posts to /login/second: half (what the
/// first step answered), next, and code, recovery_code or passkey (which a script fills in).
struct SecondStepForm {
  std::string half;
  bool app = false;      // whether she has an authenticator app
  bool passkey = false;  // whether she has passkeys
  PersonalText next;
  FieldErrors errors;
};

enum class SecurityNote : std::uint8_t {
  none,
  app_added,
  app_removed,
  passkey_added,
  passkey_removed,
  proven
};

struct PasskeyEntry {
  std::string id;
  PersonalText name;
  base::Time added;
  std::optional<base::Time> used;
};

/// /security. Forms without fields post to /security/authenticator (begin), …/remove and
/// /security/codes; /security/passkeys takes name and passkey (which a script fills in), and
/// /security/passkeys/remove takes id.
struct SecurityPage {
  std::optional<base::Time> app_since;
  std::vector<PasskeyEntry> passkeys;
  PersonalText name;  // of the passkey that was not added
  std::size_t codes_left = 0;
  SecurityNote note = SecurityNote::none;
  FieldErrors errors;
};

/// An app that is about to be enrolled; posts to /security/authenticator/confirm: code. The secret
/// is shown once: without it, the page asks for the code alone.
struct AuthenticatorForm {
  PersonalText uri;    // empty: shown before
  std::string secret;  // as it is typed
  FieldErrors errors;
};

/// Recovery codes, shown once.
struct RecoveryCodesPage {
  std::vector<std::string> codes;
};

/// /prove: password, code (where she has a second factor), next; or passkey and next.
struct ProveForm {
  PersonalText next;
  bool second = false;
  bool app = false;
  bool passkey = false;
  FieldErrors errors;
};

}  // namespace pages
