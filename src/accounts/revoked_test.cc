// A session that was ended while something was asked in it: what was looked at before counts for
// nothing. Each transaction looks itself.
#include <gtest/gtest.h>

#include "accounts/passkey_testing.h"
#include "accounts/totp.h"
#include "base/faulty_disk.h"
#include "tests/support/rows.h"
#include "tests/support/stack.h"
#include "tests/support/tried.h"

namespace accounts {
namespace {

using base::Code;
using support::address;
using support::only;
using support::personal;
using support::secret;
using support::Tried;
using testing::SoftPasskey;

constexpr const char* kEmail = "kari@example.com";
constexpr const char* kNext = "kari@example.org";
constexpr const char* kPassword = "correct horse battery";
constexpr const char* kChosen = "a gull over the harbour";
constexpr const char* kOrigin = "http://localhost";
const webauthn::Site kSite{kOrigin, "localhost"};

class RevokedTest : public ::testing::Test {
 protected:
  RevokedTest() {
    const auto waiting = stack.factors->begin_authenticator(changing()).value();
    app = totp::code(waiting, totp::step_of(stack.clock.now()));
    hers = add(laptop).value()->id;
    challenge = stack.proving->challenge_to_add(stolen.identity);
  }

  Changing changing() const { return {stolen.identity.user, stolen.identity.session, kOrigin}; }
  base::Result<std::optional<NewPasskey>> add(const SoftPasskey& passkey) {
    const auto fresh = stack.proving->challenge_to_add(stolen.identity);
    return stack.factors->add_passkey(changing(), kSite, personal("x"), passkey.create(fresh));
  }

  std::vector<Tried> with_a_proof() {
    const Identity& who = stolen.identity;
    return {{"confirm an app",
             [&] { return only(stack.factors->confirm_authenticator(changing(), app)); }},
            {"remove an app", [&] { return stack.factors->remove_authenticator(changing()); }},
            {"begin an app", [&] { return only(stack.factors->begin_authenticator(changing())); }},
            {"new codes", [&] { return only(stack.factors->renew_recovery_codes(changing())); }},
            {"add a passkey",
             [&] {
               return only(stack.factors->add_passkey(changing(), kSite, personal("His"),
                                                      phone.create(challenge)));
             }},
            {"remove a passkey", [&] { return stack.factors->remove_passkey(changing(), hers); }},
            {"make a token",
             [&, who] {
               return only(stack.tokens->make(who, personal("x"), Scopes().add(Scope::files_read),
                                              Tokens::lives_min));
             }},
            {"another password",
             [&, who] { return stack.changes->change_password(who, secret(kChosen), kOrigin); }},
            {"another address",
             [&, who] { return stack.changes->ask_address(who, address(kNext), kOrigin); }}};
  }
  base::Result<void> rename() { return stack.changes->rename(stolen.identity, personal("Ola")); }
  /// What of hers would be another one.
  void expect_as_it_was() {
    const auto passkeys = stack.factors->passkeys(stolen.identity.user).value();
    ASSERT_EQ(passkeys.size(), 1U);
    EXPECT_EQ(passkeys[0].id, hers);
    EXPECT_FALSE(stack.factors->enrolled(stolen.identity.user)->authenticator);
    EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM tokens_token"), 0U);
    EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM account_links"), 0U);
    EXPECT_TRUE(stack.accounts->knows_password(stolen.identity.user, secret(kPassword)).value());
    EXPECT_EQ(support::opened(stack.accounts->profile(stolen.identity)->legal_name),
              "Kari Nordmann");
  }

  support::Stack stack;
  NewSession stolen = stack.join("Kari Nordmann", kEmail, kPassword);
  SoftPasskey laptop{1}, phone{2};
  base::RecordId hers;
  std::string app;
  base::Bytes challenge;
};

TEST_F(RevokedTest, DoesNothingAnyMore) {
  const NewSession her = stack.accounts
                             ->let_in(stolen.identity.user, stolen.identity.account, {},
                                      [](store::Tx&) -> base::Result<void> { return {}; })
                             .value();
  ASSERT_EQ(stack.sessions->end_others(her.identity).value(), 1U);
  for (const Tried& tried : with_a_proof())
    EXPECT_EQ(tried.act().code(), Code::unauthenticated) << tried.what;
  EXPECT_EQ(rename().code(), Code::unauthenticated);
  expect_as_it_was();
  // Nor does it prove anything, by whatever it has.
  const auto answer = laptop.get(stack.proving->challenge_to_prove(stolen.identity),
                                 stolen.identity.user.bytes(), {.counter = 2});
  EXPECT_EQ(stack.proving->prove(stolen.identity, {kSite, answer}).code(), Code::unauthenticated);
}

TEST_F(RevokedTest, WithoutAProofItDoesNothingThatNeedsOne) {
  stack.store->write([&](store::Tx& tx) { return Proofs::forget(tx, stolen.identity.user); })
      .value();
  for (const Tried& tried : with_a_proof())
    EXPECT_EQ(tried.act().code(), Code::denied) << tried.what;
  expect_as_it_was();
  EXPECT_TRUE(rename().ok());
}

TEST_F(RevokedTest, DoesItAllWithBoth) {
  for (const Tried& tried : with_a_proof()) {
    stack.prove(stolen);
    EXPECT_TRUE(tried.act().ok()) << tried.what;
  }
}

/// Does something once, when somebody next draws.
class Meanwhile final : public base::Entropy {
 public:
  std::function<void()> then;
  void fill(base::Mutable out) override {
    if (const auto now = std::exchange(then, nullptr)) now();
    drawn_.fill(out);
  }

 private:
  base::SeededEntropy drawn_{7};
};

/// What was looked at first is another when it is written.
class MeanwhileTest : public ::testing::Test {
 protected:
  std::string recovery() {
    stack.changes->ask_recovery(address(kEmail), egress::Language::english, kOrigin).value();
    stack.outbox->tick().value();
    return stack.token().value();
  }
  /// Sets a password between what is looked at and the transaction.
  void recover_then(const char* chosen = kChosen) {
    entropy.then = [this, chosen, token = recovery()] {
      stack.changes->recover(token, secret(chosen), kOrigin).value();
      ++happened;
    };
  }
  std::optional<NewSession> log_in(const char* password) {
    return stack.accounts->log_in(address(kEmail), secret(password)).value();
  }

  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
  base::ManualClock clock{base::parse_rfc3339("2026-11-23T12:00:00Z").value()};
  Meanwhile entropy;
  base::SeededEntropy of_sqlite{8};
  const store::Vfs vfs{disk, wait, clock, of_sqlite};
  support::Stack stack{support::Stack::Made{disk, vfs, wait, entropy}};
  NewSession kari = stack.join("Kari Nordmann", kEmail, kPassword);
  int happened = 0;
};

TEST_F(MeanwhileTest, ThePasswordBeforeLetsNobodyInAfterARecovery) {
  recover_then();
  EXPECT_FALSE(log_in(kPassword));
  EXPECT_EQ(happened, 1);
  const NewSession her = log_in(kChosen).value();
  EXPECT_EQ(stack.sessions->list(her.identity)->size(), 1U);
}

TEST_F(MeanwhileTest, NorHalfTheWay) {
  const SoftPasskey laptop(1);
  const Changing she{kari.identity.user, kari.identity.session, kOrigin};
  ASSERT_TRUE(stack.factors
                  ->add_passkey(she, kSite, personal("x"),
                                laptop.create(stack.proving->challenge_to_add(kari.identity)))
                  .value());
  stack.clock.advance(factor_settles + std::chrono::seconds(1));
  recover_then();
  EXPECT_FALSE(log_in(kPassword));
  EXPECT_EQ(happened, 1);
  EXPECT_EQ(log_in(kChosen)->left, Left::second_step);
}

TEST_F(MeanwhileTest, WhoIsRightByTheNewHashIsIn) {
  recover_then(kPassword);
  EXPECT_TRUE(log_in(kPassword));
  EXPECT_EQ(happened, 1);
}

TEST_F(MeanwhileTest, AChangeOverwritesNoRecovery) {
  stack.changes->recover(recovery(), secret(kChosen), kOrigin).value();
  EXPECT_EQ(stack.changes->change_password(kari.identity, secret(kPassword), kOrigin).code(),
            Code::unauthenticated);
  EXPECT_FALSE(log_in(kPassword));
  EXPECT_TRUE(log_in(kChosen));
}

TEST_F(MeanwhileTest, AnErasedAccountLeavesNoLink) {
  entropy.then = [this] {
    ASSERT_TRUE(stack.accounts->cancel(kari.identity).ok());
    ++happened;
  };
  EXPECT_EQ(stack.changes->ask_address(kari.identity, address(kNext), kOrigin).code(),
            Code::unauthenticated);
  EXPECT_EQ(happened, 1);
  std::int64_t links = -1;
  stack.store
      ->read([&](store::Reader& reader) -> base::Result<void> {
        return reader.query("SELECT count(*) FROM account_links", {},
                            [&](const store::Row& row) -> base::Result<void> {
                              links = row.integer(0);
                              return {};
                            });
      })
      .value();
  EXPECT_EQ(links, 0);
}

}  // namespace
}  // namespace accounts
