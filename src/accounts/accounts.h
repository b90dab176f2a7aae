// Accounts: who may come in, and how they leave. Owns sign-ups, users, accounts, memberships and
// sessions; their plain table holds opaque ids, digests and times, all that is personal is in the
// vault. Cancelling destroys the keys and answers with the receipt. Never sends anything itself:
// mails go through the outbox in the transaction of what they tell about.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/passwords.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/id.h"
#include "base/log.h"
#include "base/personal.h"
#include "base/secret_bytes.h"
#include "egress/outbox.h"
#include "ledger/ledger.h"
#include "vault/vault.h"

namespace accounts {

/// What a sign-up form says (DATA-1, AGES-1).
struct SignUp {
  base::Personal<std::string> legal_name;
  vault::Address email;
  base::SecretBytes password;
  std::string origin;                                     // where the mailed link leads
  egress::Language language = egress::Language::english;  // that she reads
};

/// How long a session lives, here and in the browser; as the notice says of its cookie.
inline constexpr base::Duration session_lives = std::chrono::hours(30 * 24);

/// Somebody who is logged in.
struct Identity {
  base::SessionId session;
  base::UserId user;
  base::AccountId account;
};

struct NewSession {
  std::string token;  // the cookie's value: known to the browser alone, kept as a digest
  Identity identity;
};

/// What the person sees of her own account.
struct Profile {
  base::AccountId account;
  base::Personal<std::string> legal_name;
  base::Personal<std::string> email;
  base::Time created;
};

/// What the notice says that receipts and mails repeat.
struct Facts {
  std::string operator_name;
  std::string notice_version;
  std::vector<std::string> stays;  // what outlives a free account, one sentence each
};

/// The shape of a name that a person may sign up with: 1 to 200 bytes of UTF-8 with a letter in it
/// and no control characters. Code::invalid otherwise.
base::Result<base::Personal<std::string>> parse_legal_name(std::string_view text);
/// 12 to 1024 bytes. Code::invalid otherwise.
base::Result<base::SecretBytes> parse_password(std::string_view text);

/// Safe from any thread.
class Accounts {
 public:
  static store::Schema schema();
  static std::vector<vault::Collection> collections();

  struct Parts {
    vault::Vault& vault;
    ledger::Ledger& ledger;
    keys::Keys& keys;
    egress::Outbox& outbox;
    base::Clock& clock;
    base::Entropy& entropy;
    base::Log& log;
    Passwords& passwords;
  };
  /// Code::invalid where the notice lacks a category or purpose that accounts need.
  static base::Result<std::unique_ptr<Accounts>> open(const Parts& parts, Facts facts);

  /// Does the same work whether or not the address is known: a mail tells which.
  base::Result<void> sign_up(SignUp form);
  /// Makes the account that the mailed token stands for. Code::missing for a token that never was,
  /// was used or has run out; Code::conflict where the address was taken meanwhile.
  base::Result<base::AccountId> verify(std::string_view token);
  /// Nothing where address and password do not fit; an unknown address costs the same hash.
  base::Result<std::optional<NewSession>> log_in(const vault::Address& email,
                                                 const base::SecretBytes& password);
  /// Nothing where the token is of no live session.
  base::Result<std::optional<Identity>> session(std::string_view token);
  base::Result<void> log_out(const Identity& identity);
  base::Result<Profile> profile(const Identity& identity);

  /// Destroys the account and answers the receipt (docs/formats/receipt.md); nothing where the
  /// password is wrong.
  base::Result<std::optional<std::string>> cancel(const Identity& identity,
                                                  const base::SecretBytes& password);

  /// After a restore: ends every session, and makes the directory of addresses anew from what is
  /// known of each user. Answers the users who cannot be listed, since what is known of them does
  /// not open.
  base::Result<std::vector<base::UserId>> restored();

  /// Erases sign-ups that were used or have run out, 200 at most, and ended sessions. What cannot
  /// be erased keeps no other from it: the first error, when all is done. Called by app's timer.
  base::Result<void> tick();

 private:
  struct Leave {  // the notice's ids, looked up once
    notice::CategoryId identity, credentials, attestation;
    notice::PurposeId manage;
  };
  struct Pending {
    base::OwnerId owner;
    base::Time expires;
  };
  struct Found {
    base::UserId user;
    base::AccountId account;
    std::string hash;
  };
  Accounts(const Parts& parts, Facts facts, const Leave& leave)
      : parts_(parts), facts_(std::move(facts)), leave_(leave) {}

  base::Result<gate::Permit> ask(base::OwnerId owner, notice::CategoryId category);
  base::Result<vault::Record> read_one(store::Reader& reader, base::OwnerId owner,
                                       notice::CategoryId category, base::Literal collection);
  base::Result<void> write_one(store::Tx& tx, base::OwnerId owner, notice::CategoryId category,
                               base::Literal collection, const vault::Fields& fields);
  base::Result<void> store_sign_up(base::OwnerId owner, const SignUp& form, const std::string& hash,
                                   bool known);
  base::Result<std::optional<Pending>> pending(const base::Digest& token);
  base::Result<base::AccountId> make_account(const base::Digest& token, base::OwnerId pending);
  base::Result<void> erase_sign_up(base::OwnerId owner);
  base::Result<std::vector<base::OwnerId>> over(base::OwnerId from);
  base::Result<void> erase_over();
  base::Result<std::optional<Found>> credentials(const vault::Address& email);
  base::Result<std::string> password_hash(base::UserId user);
  base::Result<std::string> erase_account(const Identity& identity);
  base::Result<std::vector<base::OwnerId>> members(base::AccountId account);
  base::Result<std::vector<vault::Address>> addresses(const std::vector<base::OwnerId>& users);

  Parts parts_;
  Facts facts_;
  Leave leave_;
};

}  // namespace accounts
