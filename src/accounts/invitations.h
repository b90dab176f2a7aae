// Invitations: somebody who administers an account asks a person into it, by mail. Owns a plain
// table of them, and the sealed address and language of each, under a key of the invitation's own:
// when it is accepted, declined, withdrawn or seven days old, that key is destroyed. Asking does
// the same work whether or not the address is known, and tells nobody which.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "accounts/accounts.h"
#include "accounts/contact.h"
#include "accounts/roles.h"

namespace accounts {

using InvitationId = base::Id<struct InvitationTag>;

inline constexpr base::Duration invitation_lives = std::chrono::hours(7 * 24);
/// How long an account invites nobody again who has declined.
inline constexpr base::Duration declined_kept_for = std::chrono::days(90);
/// How many of an account wait at most.
inline constexpr std::size_t invitations_max = 100;

/// As those see it who administer the account.
struct InvitationShown {
  InvitationId id;
  base::Personal<std::string> email;
  Role role = Role::reader;
  base::Time expires;
};

/// As the invited sees it, who followed the link.
struct InvitationFollowed {
  base::AccountId account;
  Role role = Role::reader;
  base::Personal<std::string> email;              // her own
  base::Personal<std::string> by_name, by_email;  // of whoever invited her
  base::Time expires;
  bool known = false;  // whether her address has a person with us already
};

/// What somebody fills in who joins and was no person with us.
struct Newcomer {
  base::Personal<std::string> legal_name;
  base::SecretBytes password;
  Shown shown;
};

/// Safe from any thread.
class Invitations {
 public:
  static store::Schema schema();
  static std::vector<vault::Collection> collections();
  /// Code::invalid where the notice lacks the category or purpose, or says another term.
  static base::Result<std::unique_ptr<Invitations>> open(Accounts& accounts);

  struct Wanted {
    vault::Address email;
    Role role = Role::reader;  // not owner
    egress::Language language = egress::Language::english;
    std::string origin;  // where the mailed link leads
  };
  /// Mails a link. An earlier one to the same address leads nowhere any more. Code::denied where
  /// her role does not allow it, Code::conflict where the address is a member's, or declined
  /// lately, or as many wait as may.
  base::Result<InvitationId> invite(const Identity& identity, const Wanted& wanted);
  /// Those of the account that wait, the newest first. Code::denied as above.
  base::Result<std::vector<InvitationShown>> list(const Identity& identity);
  /// Code::missing where none such waits; Code::denied as above.
  base::Result<void> withdraw(const Identity& identity, InvitationId id);

  // For whoever has the token of the mail; Code::missing where it never was, was used, withdrawn or
  // has run out.
  base::Result<InvitationFollowed> look(std::string_view token);
  /// Erases it. Of the address the account keeps, for a while, what only its own key makes of it,
  /// so that it mails her no other.
  base::Result<void> decline(std::string_view token);
  /// For somebody who is logged in: Code::denied where the invitation is to another address,
  /// Code::conflict where she is a member already. She is asked for no more than the link: it was
  /// mailed to the address that she has proven. Answers the account that she belongs to now.
  base::Result<base::AccountId> accept(const Identity& identity, std::string_view token);
  /// For somebody who is none yet: makes her, with the address that the link proves. Code::conflict
  /// where that address has a person (she logs in and accepts), or the terms, or the notice that
  /// she was shown, are not those in force.
  base::Result<vault::Vault::Listed> accept(Newcomer newcomer, std::string_view token);

  // When accounts and people end.
  /// Those of an account, which are erased with it.
  static base::Result<std::vector<base::OwnerId>> held_for(store::Reader& reader,
                                                           base::AccountId account);
  /// In the transaction of that erasure. One that came up since is over, and left to the sweep.
  static base::Result<void> forget(store::Tx& tx, base::AccountId account,
                                   const std::vector<base::OwnerId>& held);
  /// Whoever ceases to administer an account takes back what she offered there.
  static base::Result<void> end_of(store::Tx& tx, base::AccountId account, base::UserId inviter);
  /// Into any account.
  static base::Result<void> end_of(store::Tx& tx, base::UserId inviter);
  /// After a restore: no invitation outlives it.
  static base::Result<void> restored(store::Tx& tx);
  /// Destroys those that are over. Called by app's timer.
  base::Result<void> tick();

 private:
  struct Leave {
    notice::CategoryId invitations, declined;
    notice::PurposeId invite;
  };
  struct Row {
    base::OwnerId owner;
    base::AccountId account;
    base::UserId inviter;
    Role role = Role::reader;
    base::Time expires;
  };
  Invitations(Accounts& accounts, const Leave& leave)
      : accounts_(accounts), parts_(accounts.parts_), leave_(leave) {}

  base::Result<gate::Permit> ask(base::OwnerId invitation);
  base::Result<Contact> contact(store::Reader& reader, base::OwnerId invitation);
  base::Result<Row> find(std::string_view token);
  base::Result<std::vector<Row>> waiting(store::Reader& reader, base::AccountId account);
  base::Result<Contact> invited(const Row& row);
  base::Result<gate::Permit> ask_declined(base::AccountId account);
  base::Result<bool> declined(store::Reader& reader, base::AccountId account,
                              const vault::Address& address);
  base::Result<void> note_declined(store::Tx& tx, base::AccountId account,
                                   const vault::Address& address);
  base::Result<void> make_room(store::Tx& tx, const Identity& identity, const Wanted& wanted,
                               std::optional<base::UserId> listed);
  base::Result<void> end(store::Tx& tx, const Row& row);
  base::Result<void> make_person(store::Tx& tx, base::UserId user, const Row& row,
                                 const Newcomer& newcomer, const Contact& contact,
                                 const std::string& hash);
  base::Result<void> try_destroy(base::OwnerId invitation);
  void destroy(base::OwnerId invitation);

  Accounts& accounts_;
  Accounts::Parts& parts_;
  Leave leave_;
};

}  // namespace accounts
