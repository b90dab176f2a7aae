// Personal access tokens: what a program of hers may do in her name, and for how long. A token
// opens what its scopes name and nothing else; we know its digest, and it is shown once. What she
// calls it is sealed under her key. Never opens what a session alone may: cancelling, sessions,
// tokens, or anything that proves who she is.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/access_token.h"
#include "accounts/known_today.h"
#include "accounts/proofs.h"
#include "accounts/sessions.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/id.h"
#include "base/personal.h"
#include "vault/vault.h"

namespace accounts {

using TokenId = base::Id<struct AccessTokenTag>;

/// What a token may open. The numbers are kept: never used again for anything else.
enum class Scope : std::uint8_t {
  account_read = 0,
  files_read = 1,
  files_write = 2,
  records_read = 3,
  records_write = 4,
};
inline constexpr std::array all_scopes = {Scope::account_read, Scope::files_read,
                                          Scope::files_write, Scope::records_read,
                                          Scope::records_write};

/// `files:read` and so on.
base::Literal to_string(Scope scope);
std::optional<Scope> parse_scope(std::string_view text);

/// A set of scopes; empty at first.
class Scopes {
 public:
  Scopes& add(Scope scope) {
    bits_ |= bit(scope);
    return *this;
  }
  bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
  bool has_all(Scopes others) const { return (bits_ & others.bits_) == others.bits_; }
  bool empty() const { return bits_ == 0; }
  std::vector<Scope> all() const;
  std::uint64_t bits() const { return bits_; }
  static Scopes of(std::uint64_t bits);

 private:
  static std::uint64_t bit(Scope scope) { return std::uint64_t{1} << static_cast<unsigned>(scope); }
  std::uint64_t bits_ = 0;
};

struct NewToken {
  TokenId id;
  std::string token;  // shown once
  base::Time expires;
};

/// Who a token stands for.
struct TokenIdentity {
  TokenId token;
  base::UserId user;
  base::AccountId account;
  Scopes scopes;
  Role role = Role::reader;  // hers in the account: what the token may is no more than that
};

/// A token as its owner sees it.
struct TokenShown {
  TokenId id;
  base::Personal<std::string> name;
  Scopes scopes;
  base::Time created;  // a day
  base::Time expires;
  std::optional<base::Time> last_used;  // a day; nothing: never
};

/// The shape of a token's name: 1 to 80 bytes of UTF-8 without control characters. Code::invalid
/// otherwise.
base::Result<base::Personal<std::string>> parse_token_name(std::string_view text);

/// Safe from any thread.
class Tokens {
 public:
  static store::Schema schema();
  static vault::Collection collection();

  struct Parts {
    vault::Vault& vault;
    base::Clock& clock;
    base::Entropy& entropy;
    Proofs& proofs;
  };
  /// Code::invalid where the notice lacks a category or purpose that tokens need.
  static base::Result<std::unique_ptr<Tokens>> open(const Parts& parts);

  static constexpr std::size_t tokens_max = 50;  // of one user
  static constexpr base::Duration lives_min = std::chrono::days(1);
  static constexpr base::Duration lives_max = std::chrono::days(365);

  /// Code::invalid for no scope at all or a life outside the limits, Code::conflict where she has
  /// tokens_max already, Code::denied where she does not belong to the account any more; what
  /// Proofs::require says where her session or its proof has ended.
  base::Result<NewToken> make(const Identity& identity, const base::Personal<std::string>& name,
                              Scopes scopes, base::Duration lives);
  /// Nothing where it is no live token, or she does not belong to its account any more. Notes the
  /// day.
  base::Result<std::optional<TokenIdentity>> find(std::string_view token);
  /// Hers that live, the newest first.
  base::Result<std::vector<TokenShown>> list(const Identity& identity);
  /// Code::missing where she has none such.
  base::Result<void> revoke(const Identity& identity, TokenId id);
  /// In the transaction that changes what proves who she is: all of hers.
  base::Result<void> revoke_all(store::Tx& tx, base::UserId user);
  /// In the transaction in which she ceases to belong to the account: hers that open it.
  base::Result<void> revoke_in(store::Tx& tx, base::UserId user, base::AccountId account);

  /// In a transaction: whether a token of hers lives at that time. Code::unauthenticated where it
  /// does not.
  static base::Result<void> require(store::Reader& reader, base::UserId user, TokenId id,
                                    base::Time now);

  /// In the transaction that erases a user.
  static base::Result<void> forget(store::Tx& tx, base::OwnerId user);
  /// After a restore: no token opens anything.
  static base::Result<void> forget_all(store::Tx& tx);
  /// Removes what has run out. Called by app's timer.
  base::Result<void> tick();

  struct Figures {  // since the start
    std::uint64_t made = 0, used = 0, refused = 0;
  };
  Figures figures() const { return {made_.load(), used_.load(), refused_.load()}; }

 private:
  struct Leave {
    notice::CategoryId credentials;
    notice::PurposeId manage;
  };
  Tokens(const Parts& parts, const Leave& leave)
      : parts_(parts), leave_(leave), known_(parts.vault.store()) {}
  base::Result<std::optional<TokenIdentity>> look_up(const base::Digest& digest, base::Time now);
  base::Result<gate::Permit> ask(base::UserId user);
  base::Result<void> remove_name(store::Tx& tx, base::UserId user, TokenId id);

  Parts parts_;
  Leave leave_;
  KnownToday<TokenIdentity> known_;
  std::atomic<std::uint64_t> made_{0}, used_{0}, refused_{0};
};

}  // namespace accounts
