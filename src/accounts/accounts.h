// Accounts: who may come in, and how they leave. Owns sign-ups, users, accounts and memberships;
// sessions are in Sessions. Their plain table holds opaque ids, digests and times, all that is
// personal is in the vault. Cancelling destroys the keys and answers with the receipt. Never sends
// anything itself: mails go through the outbox in the transaction of what they tell about.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/contact.h"
#include "accounts/factors.h"
#include "accounts/links.h"
#include "accounts/memberships.h"
#include "accounts/passwords.h"
#include "accounts/proofs.h"
#include "accounts/sessions.h"
#include "accounts/tokens.h"
#include "accounts/typed.h"
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
  std::string terms;                                      // the version that she accepts
  egress::Language language = egress::Language::english;  // that she reads
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
  std::string terms_version;       // of those in force
};

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
    Factors& factors;
    Proofs& proofs;
    Sessions& sessions;
    Tokens& tokens;
  };
  /// Code::invalid where the notice lacks a category or purpose that accounts need.
  static base::Result<std::unique_ptr<Accounts>> open(const Parts& parts, Facts facts);

  /// Does the same work whether or not the address is known: a mail tells which. Code::conflict
  /// where the terms that she accepts are not those in force.
  base::Result<void> sign_up(SignUp form);
  /// Makes the account that the mailed token stands for. Code::missing for a token that never was,
  /// was used or has run out; Code::conflict where the address was taken meanwhile.
  base::Result<base::AccountId> verify(std::string_view token);
  /// Nothing where address and password do not fit; an unknown address costs the same hash. Where
  /// she has a second factor, only half the way: see NewSession::left.
  base::Result<std::optional<NewSession>> log_in(const vault::Address& email,
                                                 const base::SecretBytes& password,
                                                 const Visit& visit = {});
  /// Nothing where the token is of no live session.
  base::Result<std::optional<Identity>> session(std::string_view token);
  base::Result<void> log_out(const Identity& identity);
  base::Result<Profile> profile(const Identity& identity);

  /// A session for somebody who has proved all that she has to; `along` runs in its transaction.
  base::Result<NewSession> let_in(base::UserId user, base::AccountId account, const Visit& visit,
                                  const store::Store::Body& along);
  /// The account that her logins lead to. Code::missing where she is in none (any more).
  base::Result<base::AccountId> account_of(base::UserId user);
  static base::Result<base::AccountId> account_of(store::Reader& reader, base::UserId user);
  base::Result<bool> knows_password(base::UserId user, const base::SecretBytes& password);
  /// In the transaction that changes what proves who she is: ends every session of hers but `kept`,
  /// every token, every known device, and whatever was proved of her elsewhere, so that whoever
  /// else had got in, or half the way, is out.
  base::Result<void> end_access(store::Tx& tx, base::UserId user,
                                std::optional<base::SessionId> kept);

  /// Destroys the account, with those of its members who belong to no other, in one erasure, and
  /// answers the receipt (docs/formats/receipt.md). Members are told. Code::denied for anybody but
  /// the owner. Who asks has proved who she is: see proving.h.
  base::Result<std::string> cancel(const Identity& identity, const std::string& origin = {});

  /// After a restore: ends every session, and makes the directory of addresses anew from what is
  /// known of each user. Answers the users who cannot be listed, since what is known of them does
  /// not open.
  base::Result<std::vector<base::UserId>> restored();

  /// Erases sign-ups and links that were used or have run out, 200 of each at most, and ended
  /// sessions and tokens. What cannot be erased keeps no other from it: the first error, when all
  /// is done. Called by app's timer.
  base::Result<void> tick();

 private:
  friend class Changes;      // what else she does with her account
  friend class Invitations;  // how others come into it
  friend class Members;      // what becomes of them
  struct Leave {             // the notice's ids, looked up once
    notice::CategoryId identity, credentials, attestation;
    notice::PurposeId manage;
  };
  struct Pending {
    base::OwnerId owner;
    base::Time expires;
  };
  struct Found {
    base::UserId user;
    std::string hash;
  };
  struct Declared {  // what somebody says of herself when she begins
    base::Personal<std::string> legal_name;
    Contact contact;
    std::string password_hash;
    std::string terms;
  };
  struct Person {
    base::UserId user;
    Contact contact;
  };
  struct Parting {  // an account's members, when it ends: who else's data ends with it
    std::vector<base::UserId> erased, staying;
    bool operator==(const Parting&) const = default;
  };
  struct Ending {  // people whose keys are destroyed, and what goes with them
    std::vector<base::OwnerId> users;
    Links::Held links;
    std::vector<vault::Address> addresses;  // theirs, and those of the links
  };
  Accounts(const Parts& parts, Facts facts, const Leave& leave)
      : parts_(parts),
        facts_(std::move(facts)),
        leave_(leave),
        links_({parts.vault, parts.keys, parts.clock, parts.entropy, parts.log, leave.identity,
                leave.manage}) {}

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
  base::Result<std::optional<Found>> credentials(const vault::Address& email);
  base::Result<std::string> password_hash(base::UserId user);
  void hash_anew(const Found& found, const base::SecretBytes& password);
  base::Result<void> in_force(const std::string& terms) const;
  base::Result<void> declare(store::Tx& tx, base::OwnerId owner, const Declared& declared);
  base::Result<Contact> contact(store::Reader& reader, base::UserId user);
  base::Result<std::vector<Person>> people(const std::vector<base::UserId>& users);
  base::Result<Parting> parting(store::Reader& reader, const Identity& identity);
  base::Result<std::string> try_cancel(const Identity& identity, const std::string& origin);
  base::Result<Ending> ending(const std::vector<Person>& people);
  static base::Result<void> forget(store::Tx& tx, const Ending& ending);
  base::Result<void> depart(store::Tx& tx, base::UserId user, base::AccountId account);
  base::Result<void> tell(store::Tx& tx, egress::MailKind kind, base::OwnerId under,
                          const Contact& to, const std::string& origin);

  Parts parts_;
  Facts facts_;
  Leave leave_;
  Links links_;
};

}  // namespace accounts
