// What a person has beside her password to prove who she is: an authenticator app, passkeys, and
// recovery codes for when they are lost. Owns the sealed records of them (category credentials) and
// a plain table of tries; says what is enrolled and judges one proof at a time. Never opens a
// session, and lets nobody in itself: who asks here has proved the password, or is logged in.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/proofs.h"
#include "base/log.h"
#include "base/secret_bytes.h"
#include "egress/outbox.h"
#include "vault/vault.h"

namespace accounts {

/// Whose factors change, in which session, and where links of the mails about it lead.
struct Changing {
  base::UserId user;
  base::SessionId session;
  std::string origin;
};

/// What became of a code.
enum class Verdict : std::uint8_t {
  right,
  wrong,
  too_often,  // not looked at: after so many wrong ones each has to wait
};

/// What somebody has enrolled.
struct Enrolled {
  std::optional<base::Time> authenticator;  // since when
  std::size_t recovery_codes = 0;           // that are left

  /// Whether a second step belongs to her log-in.
  bool any() const noexcept { return authenticator.has_value(); }
};

/// Safe from any thread.
class Factors {
 public:
  static store::Schema schema();
  static std::vector<vault::Collection> collections();

  struct Parts {
    vault::Vault& vault;
    egress::Outbox& outbox;
    base::Clock& clock;
    base::Entropy& entropy;
    Proofs& proofs;
  };
  /// Code::invalid where the notice lacks a category or purpose that factors need.
  static base::Result<std::unique_ptr<Factors>> open(const Parts& parts);

  base::Result<Enrolled> enrolled(base::UserId user);

  // Authenticator app (RFC 6238).
  /// A new secret, to be shown once and confirmed within 15 minutes; replaces one that waits.
  /// Code::conflict where an app is enrolled already.
  base::Result<base::SecretBytes> begin_authenticator(base::UserId user);
  /// Enrols the app that shows `code`. Answers recovery codes, to be shown once: none where she has
  /// some already; nothing where the code is wrong. Code::missing where no secret waits.
  base::Result<std::optional<std::vector<std::string>>> confirm_authenticator(
      const Changing& who, std::string_view code);
  /// Code::missing where there is none.
  base::Result<void> remove_authenticator(const Changing& who);
  /// Judges a code of the app, once: neither the same one nor an earlier one is right again.
  /// `origin`: where the link leads of the mail that tells her of wrong ones.
  base::Result<Verdict> check_code(base::UserId user, std::string_view code,
                                   const std::string& origin);

  // Recovery codes.
  /// Ten new ones, to be shown once, in place of the old. Code::missing where she has no factor
  /// that could be lost.
  base::Result<std::vector<std::string>> renew_recovery_codes(const Changing& who);
  /// Uses a code up. Tries are not limited: see recovery_codes.h.
  base::Result<Verdict> use_recovery_code(base::UserId user, std::string_view code,
                                          const std::string& origin);

  /// Drops the plain rows of a user whose key is about to be destroyed.
  static base::Result<void> forget(store::Tx& tx, base::UserId user);

 private:
  struct Leave {  // the notice's ids, looked up once
    notice::CategoryId identity, credentials;
    notice::PurposeId manage;
  };
  Factors(const Parts& parts, const Leave& leave) : parts_(parts), leave_(leave) {}

  base::Result<gate::Permit> ask(base::UserId user, notice::CategoryId category);
  base::Result<std::optional<base::SecretBytes>> secret(base::UserId user,
                                                        base::Literal collection);
  base::Result<Enrolled> enrolled_in(store::Reader& reader, const gate::Permit& permit);
  base::Result<void> enrol(store::Tx& tx, const gate::Permit& permit,
                           const base::SecretBytes& secret, std::int64_t step);
  base::Result<Verdict> judge(store::Tx& tx, base::UserId user, const base::SecretBytes& secret,
                              std::string_view code, const std::string& origin);
  base::Result<void> put_codes(store::Tx& tx, const gate::Permit& permit,
                               const std::vector<std::string>& codes);
  base::Result<void> remove_codes(store::Tx& tx, const gate::Permit& permit);
  base::Result<void> tell(store::Tx& tx, base::UserId user, egress::MailKind kind,
                          const std::string& origin);

  Parts parts_;
  Leave leave_;
};

}  // namespace accounts
