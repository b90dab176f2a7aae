// What waits for the link in a mail to be followed: the way back in after a lost password, a change
// of address. Owns a plain table of them, and the pair of addresses that a change is about. Each
// has an owner of its own, whose key is destroyed when it is over, and who holds an address of the
// pair in the directory while nobody else may take it. Never mails anything, never says who asked.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/id.h"
#include "base/log.h"
#include "keys/keys.h"
#include "vault/vault.h"

namespace accounts {

/// `farewell` leads nowhere: the last mails to people whose own keys are destroyed are under it.
enum class LinkPurpose : std::uint8_t { recovery, address, farewell };
/// A change of address is `in_force` while it may be undone.
enum class LinkState : std::uint8_t { waiting, in_force, over };

struct Link {
  base::OwnerId owner;  // its own
  base::UserId user;    // whom it is about
  base::Time expires;
};

/// The addresses before and after a change.
struct AddressPair {
  vault::Address former, next;
};

/// 256 bits of chance, as they stand in a mail; kept as a digest alone.
std::string new_token(base::Entropy& entropy);

class Links {
 public:
  static store::Schema schema();
  static vault::Collection collection();

  struct Parts {
    vault::Vault& vault;
    keys::Keys& keys;
    base::Clock& clock;
    base::Entropy& entropy;
    base::Log& log;
    notice::CategoryId identity;
    notice::PurposeId manage;
  };
  explicit Links(const Parts& parts) : parts_(parts) {}

  struct Wanted {
    LinkPurpose purpose;
    std::optional<base::UserId> user;  // nobody: the same work, and a link that nobody is sent
    std::string token;
    base::Duration lives;
    std::optional<AddressPair> addresses = {};
  };
  /// Makes one, with `along` in its transaction: what is mailed is sealed under the owner that it
  /// is handed.
  using Along = std::function<base::Result<void>(store::Tx&, base::OwnerId)>;
  base::Result<void> make(const Wanted& wanted, const Along& along);

  /// An owner for the last mails to people whose keys are about to be destroyed.
  base::Result<base::OwnerId> make_farewell();

  /// The link that the token stands for; Code::missing where it never was, was used, or has run
  /// out.
  base::Result<Link> find(std::string_view token, LinkPurpose purpose, LinkState state);
  base::Result<AddressPair> addresses(store::Reader& reader, base::OwnerId link);
  /// Moves it on from `state`; Code::missing where it has gone on already: it is followed once.
  base::Result<void> end(store::Tx& tx, const Link& link, LinkState state);
  /// From waiting to in force, with another token.
  base::Result<void> put_in_force(store::Tx& tx, const Link& link, std::string_view token,
                                  base::Duration lives);
  /// Whatever waits for the user to follow it leads nowhere any more.
  static base::Result<void> end_waiting(store::Tx& tx, base::UserId user);
  /// The same, but for the one that was just made.
  static base::Result<void> end_others(store::Tx& tx, base::UserId user, base::OwnerId but);
  /// Whoever has the address under which `listed` was found: nobody where it only holds its place
  /// while a change can be undone. The same work, whoever was found.
  base::Result<std::optional<vault::Vault::Listed>> person_at(
      const std::optional<vault::Vault::Listed>& listed);
  /// Whether a change of hers may be undone still.
  base::Result<bool> in_force(store::Reader& reader, base::UserId user);
  /// Destroys its key, and frees the address that it held. Where that fails, the sweep does it.
  void destroy(const Link& link);

  // When the users are erased.
  struct Held {
    std::vector<base::OwnerId> owners;
    std::vector<vault::Address> addresses;
  };
  /// What is erased with them.
  base::Result<Held> held_for(std::span<const base::OwnerId> users);
  /// In the transaction of the erasure. One that came up since is over, and left to the sweep.
  static base::Result<void> forget(store::Tx& tx, std::span<const base::OwnerId> users,
                                   const Held& held);

  /// After a restore: no link outlives it.
  static base::Result<void> restored(store::Tx& tx);
  /// Destroys those that are over. Called by Accounts::tick.
  base::Result<void> tick();

 private:
  base::Result<gate::Permit> ask(base::OwnerId link);
  base::Result<void> try_destroy(base::OwnerId link);

  Parts parts_;
};

}  // namespace accounts
