#include "accounts/changes.h"

#include <gtest/gtest.h>

#include "accounts/proving.h"
#include "accounts/totp.h"
#include "tests/support/rows.h"
#include "tests/support/stack.h"

namespace accounts {
namespace {

using base::Code;
using egress::MailKind;
using support::address;
using support::opened;
using support::personal;
using support::secret;

constexpr const char* kName = "Kari Nordmann";
constexpr const char* kEmail = "kari@example.com";
constexpr const char* kNext = "kari@example.org";
constexpr const char* kPassword = "correct horse battery";
constexpr const char* kChosen = "a gull over the harbour";
constexpr const char* kOrigin = "http://localhost";

class ChangesTest : public testing::Test {
 protected:
  support::Stack stack;
  NewSession kari = stack.join(kName, kEmail, kPassword);

  std::optional<NewSession> log_in(const char* email, const char* password) {
    return stack.accounts->log_in(address(email), secret(password)).value();
  }
  bool live(const NewSession& session) {
    return stack.accounts->session(session.token).value().has_value();
  }
  std::string email_of(const Identity& identity) {
    return opened(stack.accounts->profile(identity).value().email);
  }
  /// Delivers what waits; the letters of that kind since the last time.
  std::vector<egress::Letter> letters(MailKind kind) {
    stack.outbox->tick().value();
    std::vector<egress::Letter> found;
    for (const auto& letter : stack.transport.letters)
      if (letter.kind == kind) found.push_back(letter);
    return found;
  }
  std::string token_in(const egress::Letter& letter) {
    const std::string& text = opened(letter.text);
    const auto at = text.find("#token=");
    if (at == std::string::npos) return {};
    return text.substr(at + 7, text.find('\n', at) - at - 7);
  }
  std::string newest_token(MailKind kind) {
    const auto found = letters(kind);
    return found.empty() ? std::string() : token_in(found.back());
  }
  std::string ask_address(const char* next = kNext) {
    stack.changes->ask_address(kari.identity, address(next), kOrigin).value();
    return newest_token(MailKind::prove_address);
  }
  void move() { ASSERT_TRUE(stack.changes->prove_address(ask_address(), kOrigin).ok()); }
  std::string ask_recovery(const char* email = kEmail) {
    stack.changes->ask_recovery(address(email), egress::Language::english, kOrigin).value();
    return newest_token(MailKind::recovery);
  }
  /// An authenticator app, in her session.
  base::SecretBytes add_app(const NewSession& session) {
    const Changing she{session.identity.user, session.identity.session, kOrigin};
    stack.prove(session);
    auto app = stack.factors->begin_authenticator(she).value();
    const auto code = totp::code(app, totp::step_of(stack.clock.now()));
    EXPECT_TRUE(stack.factors->confirm_authenticator(she, code).value().has_value());
    return app;
  }
  base::SecretBytes add_app() { return add_app(kari); }
  std::size_t links() { return support::count(*stack.store, "SELECT count(*) FROM account_links"); }
};

TEST_F(ChangesTest, TheNameIsAnotherOne) {
  ASSERT_TRUE(stack.changes->rename(kari.identity, personal("Kari Hansen")).ok());
  const auto profile = stack.accounts->profile(kari.identity).value();
  EXPECT_EQ(opened(profile.legal_name), "Kari Hansen");
  EXPECT_EQ(opened(profile.email), kEmail);
}

TEST_F(ChangesTest, AnotherPasswordEndsTheOtherSessionsAndIsTold) {
  const auto elsewhere = log_in(kEmail, kPassword);
  const auto ola = stack.join("Ola Nordmann", "ola@example.com", kPassword);
  ASSERT_TRUE(stack.changes->change_password(kari.identity, secret(kChosen), kOrigin).ok());
  EXPECT_TRUE(live(kari));
  EXPECT_FALSE(live(*elsewhere));
  EXPECT_TRUE(live(ola));
  EXPECT_FALSE(log_in(kEmail, kPassword).has_value());
  EXPECT_TRUE(log_in(kEmail, kChosen).has_value());
  const auto told = letters(MailKind::changed_password);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(opened(told[0].to), kEmail);
}

TEST_F(ChangesTest, AnotherPasswordEndsTheLinksThatWait) {
  const std::string recovery = ask_recovery();
  ASSERT_TRUE(stack.changes->change_password(kari.identity, secret(kChosen), kOrigin).ok());
  EXPECT_EQ(stack.changes->recover(recovery, secret("yet another good one"), kOrigin).code(),
            Code::missing);
  EXPECT_TRUE(log_in(kEmail, kChosen).has_value());
}

TEST_F(ChangesTest, AnAddressIsAnotherOneWhenTheLinkToItIsFollowed) {
  const std::string token = ask_address();
  EXPECT_EQ(opened(letters(MailKind::prove_address).back().to), kNext);
  EXPECT_EQ(email_of(kari.identity), kEmail);
  EXPECT_TRUE(log_in(kEmail, kPassword).has_value());
  EXPECT_FALSE(log_in(kNext, kPassword).has_value());

  ASSERT_TRUE(stack.changes->prove_address(token, kOrigin).ok());
  EXPECT_EQ(email_of(kari.identity), kNext);
  EXPECT_FALSE(log_in(kEmail, kPassword).has_value());
  EXPECT_TRUE(log_in(kNext, kPassword).has_value());
  EXPECT_TRUE(live(kari));
  // Both are told, and the old one alone can undo it.
  const auto now = letters(MailKind::new_address), before = letters(MailKind::former_address);
  ASSERT_EQ(now.size(), 1U);
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(opened(now[0].to), kNext);
  EXPECT_EQ(token_in(now[0]), "");
  EXPECT_EQ(opened(before[0].to), kEmail);
  EXPECT_EQ(token_in(before[0]).size(), 43U);
  EXPECT_NE(token_in(before[0]), token);
}

TEST_F(ChangesTest, AnAddressLinkWorksOnceAndForADay) {
  const std::string token = ask_address();
  EXPECT_EQ(stack.changes->undo_address(token, kOrigin).code(), Code::missing);
  EXPECT_EQ(stack.changes->recover(token, secret(kChosen), kOrigin).code(), Code::missing);
  ASSERT_TRUE(stack.changes->prove_address(token, kOrigin).ok());
  EXPECT_EQ(stack.changes->prove_address(token, kOrigin).code(), Code::missing);

  const auto ola = stack.join("Ola Nordmann", "ola@example.com", kPassword);
  ASSERT_TRUE(stack.changes->ask_address(ola.identity, address("ola@example.org"), kOrigin).ok());
  const std::string late = newest_token(MailKind::prove_address);
  stack.clock.advance(address_link_lives);
  EXPECT_EQ(stack.changes->prove_address(late, kOrigin).code(), Code::missing);
  EXPECT_EQ(email_of(ola.identity), "ola@example.com");
  ASSERT_TRUE(stack.accounts->tick().ok());
  EXPECT_EQ(links(), 1U);  // the one that can be undone
}

TEST_F(ChangesTest, ALaterWishReplacesTheEarlier) {
  const std::string first = ask_address();
  const std::string second = ask_address("kari@example.net");
  EXPECT_EQ(stack.changes->prove_address(first, kOrigin).code(), Code::missing);
  ASSERT_TRUE(stack.changes->prove_address(second, kOrigin).ok());
  EXPECT_EQ(email_of(kari.identity), "kari@example.net");
}

TEST_F(ChangesTest, WhoHasAnAddressIsToldToItAlone) {
  stack.join("Ola Nordmann", kNext, kPassword);
  EXPECT_TRUE(stack.changes->ask_address(kari.identity, address(kNext), kOrigin).ok());
  EXPECT_TRUE(letters(MailKind::prove_address).empty());
  const auto told = letters(MailKind::taken_address);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(opened(told[0].to), kNext);
  EXPECT_EQ(token_in(told[0]), "");
}

TEST_F(ChangesTest, AnAddressThatIsTakenMeanwhileStaysWhereItIs) {
  const std::string token = ask_address();
  stack.join("Ola Nordmann", kNext, kPassword);
  EXPECT_EQ(stack.changes->prove_address(token, kOrigin).code(), Code::conflict);
  EXPECT_EQ(email_of(kari.identity), kEmail);
  EXPECT_TRUE(log_in(kEmail, kPassword).has_value());
  EXPECT_NE(log_in(kNext, kPassword)->identity.user, kari.identity.user);
}

TEST_F(ChangesTest, TheOldAddressIsHersWhileItCanUndo) {
  move();
  // Nobody signs up with it, and it is no way in.
  ASSERT_TRUE(
      stack.accounts
          ->sign_up({personal(kName), address(kEmail), secret(kPassword), kOrigin, {"1", "1"}})
          .ok());
  EXPECT_EQ(letters(MailKind::known_address).size(), 1U);
  EXPECT_EQ(ask_recovery(kEmail), "");
  EXPECT_EQ(letters(MailKind::no_account).size(), 1U);
  // Another change has to wait: one that is undone must not leave another behind.
  EXPECT_EQ(stack.changes->ask_address(kari.identity, address("kari@example.net"), kOrigin).code(),
            Code::conflict);

  stack.clock.advance(undo_lives);
  EXPECT_EQ(stack.changes->undo_address(newest_token(MailKind::former_address), kOrigin).code(),
            Code::missing);
  ASSERT_TRUE(stack.accounts->tick().ok());
  EXPECT_EQ(links(), 0U);
  EXPECT_EQ(stack.join("Ola Nordmann", kEmail, kPassword).identity.user,
            log_in(kEmail, kPassword)->identity.user);
  stack.prove(kari);
  EXPECT_EQ(ask_address("kari@example.net").size(), 43U);
}

TEST_F(ChangesTest, TheOldAddressUndoesIt) {
  const std::string waits = ask_address();
  ASSERT_TRUE(stack.changes->prove_address(waits, kOrigin).ok());
  const auto thief = log_in(kNext, kPassword);
  ASSERT_TRUE(thief.has_value());
  const std::string thiefs = ask_recovery(kNext);
  const std::string undo = newest_token(MailKind::former_address);
  ASSERT_TRUE(stack.changes->undo_address(undo, kOrigin).ok());

  EXPECT_FALSE(live(kari));
  EXPECT_FALSE(live(*thief));
  for (const char* email : {kEmail, kNext}) EXPECT_FALSE(log_in(email, kPassword).has_value());
  EXPECT_EQ(stack.changes->recover(thiefs, secret(kChosen), kOrigin).code(), Code::missing);
  EXPECT_EQ(stack.changes->undo_address(undo, kOrigin).code(), Code::missing);
  // A new password is the one way in, and the link to it goes to the old address.
  const auto link = letters(MailKind::recovery).back();
  EXPECT_EQ(opened(link.to), kEmail);
  ASSERT_TRUE(stack.changes->recover(token_in(link), secret(kChosen), kOrigin).ok());
  const auto back = log_in(kEmail, kChosen);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(email_of(back->identity), kEmail);
  // The other address is free.
  EXPECT_FALSE(log_in(kNext, kChosen).has_value());
  stack.join("Ola Nordmann", kNext, kPassword);
  ASSERT_TRUE(stack.accounts->tick().ok());
  EXPECT_EQ(links(), 0U);
}

TEST_F(ChangesTest, CancellingTakesWhatIsOpenAlong) {
  move();
  ask_recovery(kNext);
  ASSERT_TRUE(stack.accounts->cancel(kari.identity).ok());
  EXPECT_EQ(links(), 0U);
  EXPECT_EQ(support::count(*stack.store,
                           "SELECT count(*) FROM vault_record WHERE collection = 'address_change'"),
            0U);
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM egress_mail WHERE state = 0"), 0U);
  for (const char* email : {kEmail, kNext}) stack.join("Ola Nordmann", email, kPassword);
}

TEST_F(ChangesTest, ARestoreEndsEveryLink) {
  const std::string recovery = ask_recovery();
  move();
  const std::string undo = newest_token(MailKind::former_address);
  ASSERT_TRUE(stack.accounts->restored().ok());
  EXPECT_EQ(stack.changes->recover(recovery, secret(kChosen), kOrigin).code(), Code::missing);
  EXPECT_EQ(stack.changes->undo_address(undo, kOrigin).code(), Code::missing);
  ASSERT_TRUE(stack.accounts->tick().ok());
  EXPECT_EQ(links(), 0U);
  EXPECT_TRUE(log_in(kNext, kPassword).has_value());
  stack.join("Ola Nordmann", kEmail, kPassword);
}

TEST_F(ChangesTest, RecoverySetsAPasswordOnce) {
  const auto elsewhere = log_in(kEmail, kPassword);
  const std::string token = ask_recovery("KARI@example.com"), other = ask_recovery();
  EXPECT_EQ(token.size(), 43U);
  const auto whose = stack.changes->whose(token);
  ASSERT_TRUE(whose.ok());
  EXPECT_EQ(opened(whose->legal_name), kName);
  EXPECT_EQ(opened(whose->email), kEmail);
  EXPECT_TRUE(log_in(kEmail, kPassword).has_value());  // asking alone changes nothing

  ASSERT_TRUE(stack.changes->recover(token, secret(kChosen), kOrigin).ok());
  EXPECT_FALSE(log_in(kEmail, kPassword).has_value());
  EXPECT_TRUE(log_in(kEmail, kChosen).has_value());
  EXPECT_FALSE(live(kari));
  EXPECT_FALSE(live(*elsewhere));
  EXPECT_EQ(letters(MailKind::changed_password).size(), 1U);
  for (const std::string& used : {token, other, std::string("made up")}) {
    EXPECT_EQ(stack.changes->recover(used, secret(kPassword), kOrigin).code(), Code::missing);
    EXPECT_EQ(stack.changes->whose(used).code(), Code::missing);
  }
  ASSERT_TRUE(stack.accounts->tick().ok());
  EXPECT_EQ(links(), 0U);
}

TEST_F(ChangesTest, WhatProvesHerAnewEndsWhatElseLetsIn) {
  const auto token = [&](const NewSession& session) {
    return stack.tokens
        ->make(session.identity, personal("x"), Scopes().add(Scope::files_read), Tokens::lives_min)
        .value()
        .token;
  };
  const auto opens = [&](const std::string& made) {
    return stack.tokens->find(made).value().has_value();
  };
  const std::string first = token(kari);
  ASSERT_TRUE(stack.changes->change_password(kari.identity, secret(kChosen), kOrigin).ok());
  EXPECT_FALSE(opens(first)) << "another password";

  stack.prove(kari);
  const std::string second = token(kari);
  ASSERT_TRUE(stack.changes->recover(ask_recovery(), secret(kPassword), kOrigin).ok());
  EXPECT_FALSE(opens(second)) << "a recovery";

  kari = *log_in(kEmail, kPassword);
  const std::string third = token(kari);
  move();
  EXPECT_TRUE(opens(third)) << "another address leaves who she is";
  const std::string undo = newest_token(MailKind::former_address);
  ASSERT_TRUE(stack.changes->undo_address(undo, kOrigin).ok());
  EXPECT_FALSE(opens(third)) << "a change that was undone";
}

TEST_F(ChangesTest, ASecondFactorIsStillAskedForAfterARecovery) {
  const auto app = add_app();
  const auto shown = [&] { return totp::code(app, totp::step_of(stack.clock.now())); };
  stack.clock.advance(factor_settles + totp::step_lasts);
  const auto half = log_in(kEmail, kPassword);
  ASSERT_EQ(half->left, Left::second_step);

  ASSERT_TRUE(stack.changes->recover(ask_recovery(), secret(kChosen), kOrigin).ok());
  // Whoever was half the way with the old password does not go on.
  EXPECT_EQ(stack.proving->finish(half->token, AppCode{shown()}, {}).value().proof, Proof::over);
  const auto again = log_in(kEmail, kChosen);
  ASSERT_EQ(again->left, Left::second_step);
  EXPECT_FALSE(live(*again));
  const auto entry = stack.proving->finish(again->token, AppCode{shown()}, {}).value();
  ASSERT_EQ(entry.proof, Proof::given);
  EXPECT_TRUE(live(*entry.session));

  // And whoever is, when the password changes, neither.
  stack.clock.advance(totp::step_lasts);
  const auto thief = log_in(kEmail, kChosen);
  ASSERT_TRUE(
      stack.changes->change_password(entry.session->identity, secret(kPassword), kOrigin).ok());
  EXPECT_EQ(stack.proving->finish(thief->token, AppCode{shown()}, {}).value().proof, Proof::over);
  EXPECT_TRUE(live(*entry.session));
}

TEST_F(ChangesTest, AFactorThatHasNotSettledDoesNotKeepHerOut) {
  add_app();
  stack.clock.advance(factor_settles + std::chrono::seconds(1));
  ASSERT_TRUE(stack.changes->recover(ask_recovery(), secret(kChosen), kOrigin).ok());
  EXPECT_FALSE(live(*log_in(kEmail, kChosen))) << "it has settled";
  EXPECT_TRUE(letters(MailKind::authenticator_removed).empty());

  const auto ola = stack.join("Ola Nordmann", "ola@example.com", kPassword);
  add_app(ola);
  stack.clock.advance(factor_settles);
  ASSERT_TRUE(
      stack.changes->recover(ask_recovery("ola@example.com"), secret(kChosen), kOrigin).ok());
  EXPECT_TRUE(live(*log_in("ola@example.com", kChosen)));
  EXPECT_EQ(stack.factors->enrolled(ola.identity.user).value().recovery_codes, 0U);
  EXPECT_EQ(letters(MailKind::authenticator_removed).size(), 1U);
}

TEST_F(ChangesTest, UndoingTakesTheFactorsThatCameWithTheChange) {
  const auto undone = [&] {
    const std::string undo = newest_token(MailKind::former_address);
    return stack.changes->undo_address(undo, kOrigin);
  };
  // First the factor, then the address.
  add_app();
  stack.clock.advance(factor_settles);
  stack.prove(kari);
  move();
  stack.clock.advance(std::chrono::hours(24));
  ASSERT_TRUE(undone().ok());
  EXPECT_FALSE(stack.factors->enrolled(kari.identity.user).value().any());
  EXPECT_EQ(stack.factors->enrolled(kari.identity.user).value().recovery_codes, 0U);
  // Who moved it is told, should that have been herself.
  const auto told = letters(MailKind::undone_address);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(opened(told[0].to), kNext);

  // One that she had for long is hers; codes that were made anew are not.
  const auto link = letters(MailKind::recovery).back();
  ASSERT_TRUE(stack.changes->recover(token_in(link), secret(kPassword), kOrigin).ok());
  kari = *log_in(kEmail, kPassword);
  add_app();
  stack.clock.advance(factor_settles + std::chrono::seconds(1));
  stack.prove(kari);
  move();
  const Changing thief{kari.identity.user, kari.identity.session, kOrigin};
  ASSERT_TRUE(stack.factors->renew_recovery_codes(thief).ok());
  ASSERT_TRUE(undone().ok());
  EXPECT_TRUE(stack.factors->enrolled(kari.identity.user).value().authenticator.has_value());
  EXPECT_EQ(stack.factors->enrolled(kari.identity.user).value().recovery_codes, 0U);
}

TEST_F(ChangesTest, AnotherAddressEndsTheLinksToSetAPassword) {
  const std::string recovery = ask_recovery();
  move();
  EXPECT_EQ(stack.changes->recover(recovery, secret(kChosen), kOrigin).code(), Code::missing);
  EXPECT_TRUE(live(kari));
}

TEST_F(ChangesTest, RecoveryHasAnHour) {
  const std::string token = ask_recovery();
  stack.clock.advance(recovery_link_lives);
  EXPECT_EQ(stack.changes->whose(token).code(), Code::missing);
  EXPECT_EQ(stack.changes->recover(token, secret(kChosen), kOrigin).code(), Code::missing);
  EXPECT_TRUE(log_in(kEmail, kPassword).has_value());
  EXPECT_EQ(links(), 1U);
  ASSERT_TRUE(stack.accounts->tick().ok());
  EXPECT_EQ(links(), 0U);
}

TEST_F(ChangesTest, WhoIsUnknownIsToldByMailAlone) {
  EXPECT_EQ(ask_recovery("ola@example.com"), "");
  const auto told = letters(MailKind::no_account);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(opened(told[0].to), "ola@example.com");
  EXPECT_EQ(token_in(told[0]), "");
}

TEST_F(ChangesTest, NothingWorksForWhoIsErased) {
  const std::string recovery = ask_recovery();
  ASSERT_TRUE(stack.accounts->cancel(kari.identity).ok());
  EXPECT_EQ(stack.changes->recover(recovery, secret(kChosen), kOrigin).code(), Code::missing);
  EXPECT_EQ(stack.changes->rename(kari.identity, personal("Kari")).code(), Code::unauthenticated);
}

TEST_F(ChangesTest, TokensAreKeptAsDigestsAlone) {
  const std::string token = ask_recovery();
  EXPECT_EQ(support::count(*stack.store,
                           "SELECT count(*) FROM account_links WHERE length(token_digest) = 32"),
            1U);
  stack.close();
  const auto bytes =
      base::read_file(stack.disk, stack.directory.file("data/store.db"), 64UL << 20).value();
  EXPECT_EQ(base::text(bytes).find(token), std::string_view::npos);
}

}  // namespace
}  // namespace accounts
