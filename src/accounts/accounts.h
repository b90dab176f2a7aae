// Accounts: who may come in, and how they leave. Owns sign-ups, users, accounts and memberships;
// sessions are in Sessions. Their plain table holds opaque ids, digests and times, all that is
// personal is in the vault. Cancelling destroys the keys and answers with the receipt. Never sends
// anything itself: mails go through the outbox in the transaction of what they tell about.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/arrivals.h"
#include "accounts/ending.h"
#include "accounts/factors.h"
#include "accounts/memberships.h"
#include "accounts/passwords.h"
#include "accounts/proofs.h"
#include "accounts/sessions.h"
#include "accounts/sign_up.h"
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
  /// where the terms that she accepts, or the notice that she was shown, are not those in force.
  base::Result<void> sign_up(SignUp form);
  /// Makes the account that the mailed token stands for, for whoever knows the password that was
  /// chosen with it as well: whom its address is listed for now. Nothing where this is not it. So
  /// neither somebody who signs up with an address of others gets an account that they prove for
  /// him, nor who reads their mail. A token that is none costs the same hash: Code::missing where
  /// it never was, was used or has run out. Code::conflict where the address was taken meanwhile.
  base::Result<std::optional<vault::Vault::Listed>> verify(std::string_view token,
                                                           const base::SecretBytes& password);
  /// Whether a sign-up waits for its token.
  base::Result<bool> waits(std::string_view token);
  /// The address that the token of a sign-up which waits was mailed to; nothing where none does.
  base::Result<std::optional<vault::Address>> mailed_to(std::string_view token);
  /// Nothing where address and password do not fit; an unknown address costs the same hash. Where
  /// she has a second factor, only half the way: see NewSession::left. `when_right` is asked before
  /// anything comes of a right password; its error is the answer.
  using WhenRight = std::function<base::Result<void>()>;
  base::Result<std::optional<NewSession>> log_in(
      const vault::Address& email, const base::SecretBytes& password, const Visit& visit = {},
      const WhenRight& when_right = [] { return base::Result<void>(); });
  /// What somebody who was imported says at her first login: that she is of age and here for her
  /// work (or she would not call this), that she accepts these terms, and which notice she was
  /// shown. A session; nothing where the token, which log_in() answered, is over. Code::conflict
  /// where others are in force.
  base::Result<std::optional<NewSession>> accept(std::string_view token, const Shown& shown,
                                                 const Visit& visit);
  /// Or that she wants no account: it is cancelled, and this is the receipt. Nothing where the
  /// token is over.
  base::Result<std::optional<std::string>> decline(std::string_view token);

  /// Nothing where the token is of no live session.
  base::Result<std::optional<Identity>> session(std::string_view token);
  base::Result<void> log_out(const Identity& identity);
  base::Result<Profile> profile(const Identity& identity);

  /// A session for somebody who has proved all that she has to; `along` runs in its transaction.
  /// Code::denied where she has not accepted the terms.
  base::Result<NewSession> let_in(base::UserId user, base::AccountId account, const Visit& visit,
                                  const store::Store::Body& along);
  /// The account that her logins lead to. Code::missing where she is in none (any more).
  base::Result<base::AccountId> account_of(base::UserId user);
  static base::Result<base::AccountId> account_of(store::Reader& reader, base::UserId user);
  /// The hash that the password fits, for require_password(); nothing where it is wrong.
  base::Result<std::optional<std::string>> knows_password(base::UserId user,
                                                          const base::SecretBytes& password);
  /// In the transaction of what a password was checked for. Code::stale where that is not hers any
  /// more: she has set another meanwhile.
  base::Result<void> require_password(store::Tx& tx, base::UserId user, std::string_view hash);
  /// In the transaction that changes what proves who she is: ends every session of hers but `kept`,
  /// every token, every known device, and whatever was proved of her, in that session too: no proof
  /// outlives the password that it was given with. So whoever else had got in, or half the way, is
  /// out.
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
  friend class Import;       // how else she gets one
  friend class Invitations;  // how others come into it
  friend class Members;      // what becomes of them
  struct Leave {             // the notice's ids, looked up once
    notice::CategoryId identity, credentials, attestation;
    notice::PurposeId manage;
  };
  struct Found {
    base::UserId user;
    base::AccountId account;  // that her logins lead to
    KeptHash kept;
    ArrivalState state;
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
  base::Result<std::optional<base::OwnerId>> pending(const base::Digest& token);
  base::Result<vault::Vault::Listed> make_account(const base::Digest& token, base::OwnerId pending);
  /// The account, its owner and her address, in the transaction that makes her user.
  base::Result<void> put_account(store::Tx& tx, const vault::BucketLocks::Hold& directory,
                                 const vault::Address& email, const vault::Vault::Listed& whose,
                                 base::Time created);
  base::Result<void> erase_sign_up(base::OwnerId owner);
  base::Result<std::optional<Found>> credentials(const vault::Address& email,
                                                 std::vector<ForeignCost>& foreign);
  base::Result<std::optional<NewSession>> half_way(const Found& found, Left left);
  base::Result<std::optional<HalfWay>> arriving(std::string_view token);
  base::Result<void> in_force(const Shown& shown) const;
  base::Result<std::string> password_hash(base::UserId user);
  void hash_anew(Found& found, const base::SecretBytes& password);
  base::Result<std::optional<NewSession>> try_log_in(const vault::Address& email,
                                                     const base::SecretBytes& password,
                                                     const Visit& visit,
                                                     const WhenRight& when_right);
  /// What the vault has of everybody; under the owner of a sign-up, or hers.
  base::Result<void> introduce(store::Tx& tx, base::OwnerId owner, const Introduced& person);
  /// That she is of age and here for her work, and what she was shown and accepts (AGES-1).
  base::Result<void> attest(store::Tx& tx, base::OwnerId owner, const Shown& shown);
  base::Result<Contact> contact(store::Reader& reader, base::UserId user);
  base::Result<std::vector<Person>> people(const std::vector<base::UserId>& users);
  base::Result<Parting> parting(store::Reader& reader, const Identity& identity);
  base::Error overtaken(const base::Error& error, base::OwnerId owner);
  base::Result<std::string> cancel(const Cancelling& cancelling);
  base::Result<std::string> try_cancel(const Cancelling& cancelling);
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
