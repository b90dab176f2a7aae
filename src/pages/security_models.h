// What the pages about signing in show: see models.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pages/models.h"

namespace pages {

/// The second step of a log-in, shown where /login was. Posts to /login/second: half (what the
/// first step answered), next, and code or recovery_code.
struct SecondStepForm {
  std::string half;
  PersonalText next;
  FieldErrors errors;
};

enum class SecurityNote : std::uint8_t { none, app_added, app_removed, proven };

/// /security. Forms without fields post to /security/authenticator (begin), …/remove and
/// /security/codes.
struct SecurityPage {
  std::optional<base::Time> app_since;
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

/// /prove: password, code (where she has a second factor), next.
struct ProveForm {
  PersonalText next;
  bool second = false;
  FieldErrors errors;
};

}  // namespace pages
