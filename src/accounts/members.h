// The people of an account: who is in it and as what, how that changes, how somebody leaves or is
// taken out, and how an account is handed over to another owner. Owns a plain table of handovers
// that wait. Whoever belongs to no account any more is erased: nothing of hers is kept for nobody.
// Each change looks in its own transaction at the session that asks for it, and at its proof
// (Proofs::require).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/accounts.h"
#include "accounts/roles.h"

namespace accounts {

inline constexpr base::Duration hand_over_lives = std::chrono::hours(7 * 24);

/// As the others of the account see somebody.
struct MemberShown {
  base::UserId user;
  base::Personal<std::string> legal_name;
  base::Personal<std::string> email;  // empty for whoever does not administer the account
  Role role = Role::reader;
  bool self = false;
};

/// An account of hers.
struct AccountShown {
  base::AccountId account;
  base::Personal<std::string> owner_name;  // of whoever owns it: accounts have no other name
  Role role = Role::reader;
  bool current = false;  // the one that the session is in
};

/// An account that is to have another owner.
struct HandOver {
  base::UserId to;
  base::Time expires;
};

/// Safe from any thread.
class Members {
 public:
  static store::Schema schema();
  explicit Members(Accounts& accounts) : accounts_(accounts), parts_(accounts.parts_) {}

  /// At the end of what may have taken hours, in its transaction: whether she may still do this.
  /// Code::unauthenticated where her session or token has ended meanwhile, Code::denied where her
  /// role does not allow it any more.
  base::Result<void> may_still(store::Reader& reader, const Identity& identity, Right right);
  /// The same by itself.
  base::Result<void> may_still(const Identity& identity, Right right);
  /// All of her account, by role.
  base::Result<std::vector<MemberShown>> list(const Identity& identity);
  /// Hers, the one that she chose last first.
  base::Result<std::vector<AccountShown>> accounts(const Identity& identity);

  /// Tells by mail. Code::denied where her role does not allow it, Code::missing where there is no
  /// such member, Code::conflict for the owner's role, which is handed over (below), and for her
  /// own.
  base::Result<void> change_role(const Identity& identity, base::UserId user, Role role,
                                 const std::string& origin);
  /// Tells by mail; her sessions and tokens in the account are over. Erases whoever belongs to no
  /// other. Code::denied, missing and conflict as above.
  base::Result<void> remove(const Identity& identity, base::UserId user, const std::string& origin);
  /// The same for herself; answers the receipt where she was erased. Code::conflict for the owner.
  base::Result<std::optional<std::string>> leave(const Identity& identity);

  /// Offers the account to a member, who is told by mail; an earlier offer is taken back.
  /// Code::denied for anybody but the owner, Code::missing where there is no such member.
  base::Result<void> offer(const Identity& identity, base::UserId to, const std::string& origin);
  /// What waits, as the owner or whoever it is offered to sees it; nothing for all others.
  base::Result<std::optional<HandOver>> offered(const Identity& identity);
  /// By the owner, who takes it back, or by whoever it was offered to. Code::missing where none
  /// waits.
  base::Result<void> take_back(const Identity& identity);
  /// She owns the account from now on, its owner administers it; both are told. Works once:
  /// Code::missing where none waits for her.
  base::Result<void> accept(const Identity& identity, const std::string& origin);

  /// In the transaction in which `user` ceases to belong to the account: what was offered to her.
  static base::Result<void> end_hand_over(store::Tx& tx, base::AccountId account,
                                          base::UserId user);
  /// When the account ends.
  static base::Result<void> end_hand_over(store::Tx& tx, base::AccountId account);
  /// Of all accounts that she owns.
  static base::Result<void> end_offers_of(store::Tx& tx, base::UserId owner);
  /// After a restore: no handover outlives it.
  static base::Result<void> restored(store::Tx& tx);

 private:
  enum class By : std::uint8_t { herself, administrator };
  struct Removal {
    By by;
    base::UserId user;
    std::string origin;
  };
  /// Somebody of the account whom `identity` may change; her role.
  base::Result<Role> subject(store::Reader& reader, const Identity& identity, base::UserId user);
  base::Result<void> may_go(store::Reader& reader, const Identity& identity,
                            const Removal& removal);
  base::Result<void> require_go(store::Tx& tx, const Identity& identity, const Removal& removal);
  base::Result<void> let_go(const Identity& identity, const Removal& removal);
  base::Result<std::string> erase(const Identity& identity, const Removal& removal);
  base::Result<std::optional<std::string>> try_remove(const Identity& identity,
                                                      const Removal& removal);
  base::Result<std::optional<std::string>> remove(const Identity& identity, const Removal& removal);
  base::Result<std::optional<HandOver>> waiting(store::Reader& reader, base::AccountId account);

  Accounts& accounts_;
  Accounts::Parts& parts_;
};

}  // namespace accounts
