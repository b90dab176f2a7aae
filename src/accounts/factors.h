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

#include "accounts/challenges.h"
#include "accounts/proofs.h"
#include "accounts/webauthn.h"
#include "base/log.h"
#include "base/secret_bytes.h"
#include "egress/outbox.h"
#include "vault/vault.h"

namespace accounts {

/// Whose factors change, in which session, and where links of the mails about it lead. The session
/// has to live, and to have proved her lately, when the change is made: Proofs::require.
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
  std::size_t passkeys = 0;
  std::size_t recovery_codes = 0;  // that are left

  /// Whether a second step belongs to her log-in.
  bool any() const noexcept { return authenticator.has_value() || passkeys > 0; }
};

/// A passkey, for its owner.
struct Passkey {
  base::RecordId id;
  base::Personal<std::string> name;
  base::Time added;
  std::optional<base::Time> used;  // last
  base::Bytes credential;          // its id, as the browser knows it
};
/// For how long a factor does not stand against her mail: whoever stole the password could add one
/// that keeps her out (decision 0015).
inline constexpr base::Duration factor_settles = std::chrono::hours(7 * 24);
inline constexpr std::size_t passkeys_max = 20;
/// The shape of a name for one: 1 to 60 bytes of UTF-8, no control characters. Code::invalid
/// otherwise.
base::Result<base::Personal<std::string>> parse_passkey_name(std::string_view text);

/// A new passkey, and recovery codes to be shown once: none where she has some already.
struct NewPasskey {
  base::RecordId id;
  std::vector<std::string> recovery_codes;
};

/// What an assertion has to be for.
struct Asked {
  Ceremony ceremony;
  base::Bytes subject;
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
    Challenges& challenges;
    base::Log& log;
  };
  /// Code::invalid where the notice lacks a category or purpose that factors need.
  static base::Result<std::unique_ptr<Factors>> open(const Parts& parts);

  base::Result<Enrolled> enrolled(base::UserId user);

  // Authenticator app (RFC 6238).
  /// A new secret, to be shown once and confirmed within 15 minutes; replaces one that waits.
  /// Code::conflict where an app is enrolled already.
  base::Result<base::SecretBytes> begin_authenticator(const Changing& who);
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

  // Passkeys (WebAuthn).
  base::Result<std::vector<Passkey>> passkeys(base::UserId user);
  /// Takes the browser's answer to a challenge that was made for `who`'s session. Nothing where it
  /// is refused; Code::conflict where this passkey is there already, or passkeys_max of them.
  base::Result<std::optional<NewPasskey>> add_passkey(const Changing& who,
                                                      const webauthn::Site& site,
                                                      const base::Personal<std::string>& name,
                                                      const webauthn::Registration& answer);
  /// Code::missing where there is none.
  base::Result<void> remove_passkey(const Changing& who, base::RecordId id);
  /// Judges an assertion by one of `user`'s passkeys: right or wrong. What was right is not right
  /// again.
  base::Result<Verdict> check_passkey(base::UserId user, const webauthn::Site& site,
                                      const Asked& asked, const webauthn::Assertion& answer);

  // Recovery codes.
  /// Ten new ones, to be shown once, in place of the old. Code::missing where she has no factor
  /// that could be lost.
  base::Result<std::vector<std::string>> renew_recovery_codes(const Changing& who);
  /// Uses a code up. Tries are not limited: see recovery_codes.h.
  base::Result<Verdict> use_recovery_code(base::UserId user, std::string_view code,
                                          const std::string& origin);

  // Somebody comes back in by her mail.
  /// Whether she had one already that she still has.
  base::Result<bool> any_before(store::Reader& reader, base::UserId user, base::Time time);
  /// Removes what was added since, and recovery codes made since, and tells her: whoever had her
  /// password could have added them. The passkey, or the app, that is older stays.
  base::Result<void> remove_since(store::Tx& tx, base::UserId user, base::Time since,
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
  base::Result<std::optional<vault::Record>> record_of(store::Reader& reader,
                                                       const gate::Permit& permit,
                                                       base::RecordId id);
  base::Result<std::optional<webauthn::Credential>> judge_registration(
      const Changing& who, const webauthn::Site& site, const webauthn::Registration& answer,
      base::Bytes& challenge);
  base::Result<void> note_use(const gate::Permit& permit, const vault::Record& record,
                              base::View challenge);
  base::Result<void> require(store::Tx& tx, const Changing& who) {
    return parts_.proofs.require(tx, who.user, who.session, Act::change_factors);
  }
  base::Result<void> after_removal(store::Tx& tx, const gate::Permit& permit, const Changing& who,
                                   egress::MailKind kind);
  base::Result<void> put_codes(store::Tx& tx, const gate::Permit& permit,
                               const std::vector<std::string>& codes);
  base::Result<void> remove_codes(store::Tx& tx, const gate::Permit& permit, base::Time since = {});
  base::Result<bool> remove_authenticator_since(store::Tx& tx, const gate::Permit& permit,
                                                base::Time since);
  base::Result<bool> remove_passkeys_since(store::Tx& tx, const gate::Permit& permit,
                                           base::Time since);
  base::Result<void> tell(store::Tx& tx, base::UserId user, egress::MailKind kind,
                          const std::string& origin);

  Parts parts_;
  Leave leave_;
};

}  // namespace accounts
