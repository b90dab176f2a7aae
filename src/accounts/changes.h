// What a person changes of her own account: name, password, address; and how she comes back in when
// the password is lost. Owns how long each link lives. Whoever held the old address or the old
// password can undo or notice what is done; a way back in opens the account's first door only:
// whatever else guards it (a second factor) is asked for at the login that follows.
#pragma once

#include <string>
#include <string_view>

#include "accounts/accounts.h"

namespace accounts {

inline constexpr base::Duration recovery_link_lives = std::chrono::hours(1);
inline constexpr base::Duration address_link_lives = std::chrono::hours(24);
inline constexpr base::Duration undo_lives = std::chrono::hours(7 * 24);

/// Where links in mails lead. Mails about an account are in the language that she signed up in.
using Origin = std::string;

/// Safe from any thread. What she does herself looks at her session, and at its proof where one is
/// needed, in its own transaction as well: Proofs::require says what comes of one that has ended.
class Changes {
 public:
  explicit Changes(Accounts& accounts) : accounts_(accounts), parts_(accounts.parts_) {}

  base::Result<void> rename(const Identity& identity,
                            const base::Personal<std::string>& legal_name);

  /// All her other sessions, and all tokens, are over; no link to set a password works any more; a
  /// mail tells her. Who asks has proved who she is: see proving.h.
  base::Result<void> change_password(const Identity& identity, const base::SecretBytes& chosen,
                                     const Origin& origin);

  /// Mails the new address a link that proves it; the same work, and another mail, where it has an
  /// account already. Code::conflict while an earlier change can be undone. Who asks has proved who
  /// she is.
  base::Result<void> ask_address(const Identity& identity, const vault::Address& next,
                                 const Origin& origin);
  /// Gives the account the address that the link was mailed to, and tells both. The old one is hers
  /// for as long as it can undo this. Code::missing for a link that is none, Code::conflict where
  /// somebody took the address meanwhile.
  base::Result<void> prove_address(std::string_view token, const Origin& origin);
  /// Gives the old address back, ends all sessions and tokens, makes the password useless, removes
  /// factors that were added since factor_settles before the change, tells the other address, and
  /// mails a link to set another password. Code::missing for a link that is none.
  base::Result<void> undo_address(std::string_view token, const Origin& origin);

  /// Mails a link to set a new password; the same work, and another mail, where nobody has the
  /// address.
  base::Result<void> ask_recovery(const vault::Address& address, egress::Language language,
                                  const Origin& origin);
  /// Whose password the link sets: what it must not be made of. Code::missing for a link that is
  /// none.
  base::Result<Profile> whose(std::string_view token);
  /// Sets a new password, ends all sessions and tokens, and tells by mail. Factors stay, unless all
  /// of them were added since factor_settles. Nobody is logged in by it. Works once; Code::missing
  /// for a link that is none.
  base::Result<void> recover(std::string_view token, const base::SecretBytes& chosen,
                             const Origin& origin);

 private:
  base::Result<vault::Record> identity_of(store::Reader& reader, base::UserId user);
  base::Result<void> tell(store::Tx& tx, egress::MailKind kind, base::OwnerId owner,
                          const vault::Record& to, const Origin& origin);
  base::Result<void> set_password(store::Tx& tx, base::UserId user, const std::string& hash);
  base::Result<AddressPair> addresses_of(const Link& link);
  base::Result<void> move_address(store::Tx& tx, base::UserId user, const vault::Address& from,
                                  const vault::Address& to);

  Accounts& accounts_;
  Accounts::Parts& parts_;
};

}  // namespace accounts
