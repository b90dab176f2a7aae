#include "accounts/members.h"

#include <thread>

#include "tests/support/with_members.h"

namespace accounts {
namespace {

using base::Code;
using egress::MailKind;
using support::opened;
using support::personal;

class MembersTest : public WithMembers {
 protected:
  base::Result<void> remove(const NewSession& by, const NewSession& whom) {
    return stack.members->remove(by.identity, whom.identity.user, kOrigin);
  }
  base::Result<void> change(const NewSession& by, const NewSession& whom, Role to) {
    return stack.members->change_role(by.identity, whom.identity.user, to, kOrigin);
  }
  std::string token_for(const NewSession& whom) {
    Scopes scopes;
    scopes.add(Scope::files_read).add(Scope::files_write);
    return stack.tokens->make(whom.identity, personal("mine"), scopes, std::chrono::days(9))
        .value()
        .token;
  }
  std::uint64_t logged() {
    return static_cast<std::uint64_t>(count("SELECT count(*) FROM ledger_leaf"));
  }
};

TEST_F(MembersTest, SeeEachOtherAndAddressesAsTheirRoleLets) {
  for (const NewSession* who : {&owner, &admin, &member, &reader}) {
    const auto shown = stack.members->list(who->identity).value();
    ASSERT_EQ(shown.size(), 4U);
    EXPECT_EQ(opened(shown[0].legal_name), "Olga Owner");
    EXPECT_EQ(shown[0].role, Role::owner);
    const bool administers = who == &owner || who == &admin;
    for (const MemberShown& one : shown) {
      EXPECT_EQ(one.self, one.user == who->identity.user);
      EXPECT_EQ(!opened(one.email).empty(), administers || one.self);
    }
  }
  EXPECT_EQ(stack.members->list(stranger.identity).value().size(), 1U);
}

TEST_F(MembersTest, ARoleHoldsFromTheNextRequestOn) {
  const std::string token = token_for(member);
  ASSERT_TRUE(change(admin, member, Role::reader).ok());
  EXPECT_EQ(role(member), Role::reader);
  EXPECT_EQ(stack.tokens->find(token).value()->role, Role::reader);
  EXPECT_EQ(letters(MailKind::role_changed, "mona@example.com"), 1U);
  ASSERT_TRUE(change(admin, member, Role::reader).ok()) << "as it is";
  EXPECT_EQ(letters(MailKind::role_changed, "mona@example.com"), 1U);
  ASSERT_TRUE(change(owner, member, Role::admin).ok());
  EXPECT_EQ(role(member), Role::admin);
}

TEST_F(MembersTest, NobodyDoesWhatHerRoleDoesNotAllow) {
  for (const NewSession* who : {&member, &reader}) {
    EXPECT_EQ(change(*who, admin, Role::reader).code(), Code::denied);
    EXPECT_EQ(remove(*who, admin).code(), Code::denied);
  }
  for (const NewSession* who : {&admin, &member, &reader}) {
    EXPECT_EQ(stack.members->offer(who->identity, member.identity.user, {}).code(), Code::denied);
    EXPECT_EQ(stack.accounts->cancel(who->identity).code(), Code::denied);
  }
  EXPECT_EQ(change(admin, owner, Role::reader).code(), Code::conflict);
  EXPECT_EQ(remove(admin, owner).code(), Code::conflict);
  EXPECT_EQ(change(admin, admin, Role::reader).code(), Code::conflict);
  EXPECT_EQ(remove(admin, admin).code(), Code::conflict);
  EXPECT_EQ(change(owner, member, Role::owner).code(), Code::conflict);
  // Of another account nobody is a member, for nobody.
  EXPECT_EQ(remove(owner, stranger).code(), Code::missing);
  EXPECT_EQ(remove(stranger, reader).code(), Code::missing);
  EXPECT_EQ(change(stranger, reader, Role::admin).code(), Code::missing);
  EXPECT_EQ(stack.members->offer(owner.identity, stranger.identity.user, {}).code(), Code::missing);
}

TEST_F(MembersTest, WhoeverIsTakenOutOfHerOnlyAccountIsErased) {
  const std::string token = token_for(member);
  const std::uint64_t before = logged();
  ASSERT_TRUE(remove(admin, member).ok());
  EXPECT_FALSE(now(member));
  EXPECT_FALSE(stack.tokens->find(token).value());
  EXPECT_FALSE(may_log_in("mona@example.com"));
  EXPECT_EQ(stack.keys->state(base::owner_of(member.identity.user)).value(), keys::State::erased);
  EXPECT_EQ(logged(), before + 1);
  EXPECT_EQ(letters(MailKind::removed_and_erased, "mona@example.com"), 1U);
  EXPECT_EQ(stack.members->list(owner.identity).value().size(), 3U);
  // The address is free again, and the mail's own key goes in a week.
  stack.clock.advance(std::chrono::days(7));
  ASSERT_TRUE(stack.accounts->tick().ok());
  EXPECT_EQ(count("SELECT count(*) FROM account_links"), 0U);
  (void)joined(log_in("olga@example.com"), "Mona Member", "mona@example.com", Role::reader);
}

TEST_F(MembersTest, WhoeverBelongsToAnotherAccountStaysAPerson) {
  const NewSession vera = with_two_accounts("Vera Two", "vera@example.com", Role::member);
  ASSERT_TRUE(stack.sessions->move(now(vera).value(), owner.identity.account).ok());
  const std::string here = token_for({{}, now(vera).value()});
  ASSERT_EQ(now(vera)->account, owner.identity.account);
  const NewSession elsewhere = log_in("vera@example.com");
  EXPECT_EQ(elsewhere.identity.account, owner.identity.account) << "where she was last";
  ASSERT_TRUE(stack.sessions->move(elsewhere.identity, vera.identity.account).ok());
  ASSERT_TRUE(remove(owner, vera).ok());
  EXPECT_FALSE(now(vera)) << "the session was in that account";
  EXPECT_FALSE(stack.tokens->find(here).value());
  EXPECT_EQ(now(elsewhere)->account, vera.identity.account);
  EXPECT_EQ(log_in("vera@example.com").identity.account, vera.identity.account);
  EXPECT_EQ(letters(MailKind::removed, "vera@example.com"), 1U);
  EXPECT_EQ(stack.sessions->move(elsewhere.identity, owner.identity.account).code(), Code::missing);
}

TEST_F(MembersTest, WhatSheHadInTheAccountDoesNotComeBackWithHer) {
  const NewSession vera = with_two_accounts("Vera Two", "vera@example.com", Role::member);
  ASSERT_TRUE(stack.sessions->move(vera.identity, owner.identity.account).ok());
  const std::string token = token_for({{}, now(vera).value()});
  ASSERT_TRUE(remove(owner, vera).ok());
  const NewSession elsewhere = log_in("vera@example.com");
  stack.invitations->accept(elsewhere.identity, invited(owner, "vera@example.com", Role::reader))
      .value();
  EXPECT_FALSE(now(vera));
  EXPECT_FALSE(stack.tokens->find(token).value());
}

/// The row that says so is what counts, whatever else was left standing.
TEST_F(MembersTest, WithoutBelongingToItNeitherSessionNorTokenOpensAnAccount) {
  const std::string token = token_for(member);
  ASSERT_TRUE(now(member) && stack.tokens->find(token).value());
  stack.store
      ->write([&](store::Tx& tx) -> base::Result<void> {
        TRY(tx.run("DELETE FROM accounts_member WHERE user = ?", {member.identity.user}));
        return {};
      })
      .value();
  EXPECT_FALSE(now(member));
  EXPECT_FALSE(stack.tokens->find(token).value());
}

TEST_F(MembersTest, LeavingAnswersAReceiptOnlyWhereSheIsErased) {
  EXPECT_EQ(stack.members->leave(owner.identity).code(), Code::conflict);
  const NewSession vera = with_two_accounts("Vera Two", "vera@example.com", Role::member);
  ASSERT_TRUE(stack.sessions->move(vera.identity, owner.identity.account).ok());
  const auto kept = stack.members->leave(now(vera).value());
  ASSERT_TRUE(kept.ok());
  EXPECT_FALSE(*kept);
  EXPECT_TRUE(may_log_in("vera@example.com"));

  const auto gone = stack.members->leave(reader.identity);
  ASSERT_TRUE(gone.ok()) << gone.error().chain();
  ASSERT_TRUE(*gone);
  EXPECT_NE((*gone)->find("\"person\": \"" + reader.identity.user.str()), std::string::npos);
  EXPECT_FALSE(may_log_in("rune@example.com"));
  EXPECT_EQ(letters(MailKind::removed_and_erased, "rune@example.com"), 0U) << "she knows";
  EXPECT_EQ(stack.members->list(owner.identity).value().size(), 3U);
}

TEST_F(MembersTest, AnAccountIsHandedOverToWhoeverAccepts) {
  const auto to = member.identity.user;
  EXPECT_EQ(stack.members->accept(member.identity, kOrigin).code(), Code::missing);
  ASSERT_TRUE(stack.members->offer(owner.identity, to, kOrigin).ok());
  EXPECT_EQ(letters(MailKind::hand_over, "mona@example.com"), 1U);
  EXPECT_EQ(stack.members->offered(member.identity).value()->to, to);
  EXPECT_EQ(stack.members->offered(owner.identity).value()->to, to);
  EXPECT_FALSE(stack.members->offered(admin.identity).value());
  EXPECT_EQ(stack.members->accept(admin.identity, kOrigin).code(), Code::missing);
  EXPECT_EQ(stack.members->take_back(admin.identity).code(), Code::missing);
  EXPECT_EQ(role(owner), Role::owner) << "nothing happens before she accepts";
  ASSERT_TRUE(stack.members->accept(member.identity, kOrigin).ok());
  EXPECT_EQ(role(member), Role::owner);
  EXPECT_EQ(role(owner), Role::admin);
  EXPECT_EQ(letters(MailKind::now_owner, "mona@example.com"), 1U);
  EXPECT_EQ(letters(MailKind::former_owner, "olga@example.com"), 1U);
  EXPECT_EQ(stack.members->accept(member.identity, kOrigin).code(), Code::missing);
  EXPECT_EQ(stack.accounts->cancel(owner.identity).code(), Code::denied);
  EXPECT_TRUE(stack.members->leave(owner.identity).ok());
}

TEST_F(MembersTest, AnOfferIsTakenBackDeclinedAndRunsOut) {
  const auto offer = [&] {
    return stack.members->offer(owner.identity, member.identity.user, kOrigin);
  };
  for (const NewSession* who : {&owner, &member}) {
    ASSERT_TRUE(offer().ok());
    ASSERT_TRUE(stack.members->take_back(who->identity).ok());
    EXPECT_EQ(stack.members->accept(member.identity, kOrigin).code(), Code::missing);
  }
  ASSERT_TRUE(offer().ok());
  ASSERT_TRUE(stack.members->offer(owner.identity, admin.identity.user, kOrigin).ok());
  EXPECT_EQ(stack.members->accept(member.identity, kOrigin).code(), Code::missing);
  stack.clock.advance(hand_over_lives);
  for (const NewSession* who : {&owner, &admin}) stack.prove(*who);
  EXPECT_EQ(stack.members->accept(admin.identity, kOrigin).code(), Code::missing);
  ASSERT_TRUE(offer().ok());
  ASSERT_TRUE(remove(owner, member).ok());
  EXPECT_EQ(count("SELECT count(*) FROM members_hand_over"), 0U);
}

TEST_F(MembersTest, CancellingErasesThoseWhoBelongToNoOtherInOneErasure) {
  const NewSession vera = with_two_accounts("Vera Two", "vera@example.com", Role::admin);
  std::vector<NewSession> more;
  for (int i = 0; i < 60; ++i)
    more.push_back(
        joined(owner, "Person Number", "p" + std::to_string(i) + "@example.com", Role::reader));
  const std::uint64_t before = logged();
  const std::size_t epoch = static_cast<std::size_t>(stack.keys->epoch());
  const auto receipt = stack.accounts->cancel(owner.identity, kOrigin);
  ASSERT_TRUE(receipt.ok()) << receipt.error().chain();
  EXPECT_EQ(logged(), before + 1);
  EXPECT_EQ(stack.keys->epoch(), epoch + 2) << "one for the mails' key, one for the erasure";
  more.push_back(std::move(admin));
  more.push_back(std::move(reader));
  for (const NewSession& one : more) {
    EXPECT_EQ(stack.keys->state(base::owner_of(one.identity.user)).value(), keys::State::erased);
    EXPECT_FALSE(now(one));
  }
  EXPECT_FALSE(may_log_in("adam@example.com"));
  EXPECT_EQ(letters(MailKind::account_closed_and_erased, "adam@example.com"), 1U);
  EXPECT_EQ(letters(MailKind::account_closed_and_erased, "p59@example.com"), 1U);
  EXPECT_EQ(letters(MailKind::account_closed_and_erased, "olga@example.com"), 0U);
  EXPECT_EQ(letters(MailKind::account_closed, "vera@example.com"), 1U);
  EXPECT_EQ(now(vera)->role, Role::owner);
  EXPECT_EQ(stack.members->accounts(vera.identity).value().size(), 1U);
  EXPECT_EQ(count("SELECT count(*) FROM accounts_member"), 2U);  // vera's and the stranger's
}

// She stays a person, and one other alone is erased: who gets a mail is not told by their number.
TEST_F(MembersTest, AnOwnerWhoBelongsElsewhereCancels) {
  const NewSession vera = stack.join("Vera Two", "vera@example.com", kPassword);
  const NewSession only = joined(vera, "Ole Only", "ole@example.com", Role::reader);
  stack.invitations->accept(vera.identity, invited(owner, "vera@example.com", Role::reader))
      .value();
  const auto receipt = stack.accounts->cancel(vera.identity, kOrigin);
  ASSERT_TRUE(receipt.ok()) << receipt.error().chain();
  EXPECT_EQ(letters(MailKind::account_closed_and_erased, "ole@example.com"), 1U);
  EXPECT_FALSE(may_log_in("ole@example.com"));
  EXPECT_EQ(log_in("vera@example.com").identity.account, owner.identity.account);
}

// Her place in the directory names the account that she came by.
TEST_F(MembersTest, WhoeverStaysIsListedStillWhenTheAccountThatSheCameByEnds) {
  std::vector<std::string> both;
  for (int i = 0; i < 40; ++i) {
    both.push_back("b" + std::to_string(i) + "@example.com");
    const NewSession hers = joined(owner, "Person Number", both.back(), Role::reader);
    stack.invitations->accept(hers.identity, invited(stranger, both.back(), Role::reader)).value();
    joined(owner, "Person Number", "e" + std::to_string(i) + "@example.com", Role::reader);
  }
  ASSERT_TRUE(stack.accounts->cancel(owner.identity, kOrigin).ok());
  for (const std::string& email : both) EXPECT_TRUE(may_log_in(email)) << email;
}

TEST_F(MembersTest, ARecoveryEndsWhatSomebodyElseMayHaveOfferedInHerName) {
  const std::string token = invited(owner, "thief@example.com", Role::admin);
  const std::string others = invited(admin, "friend@example.com", Role::reader);
  ASSERT_TRUE(stack.members->offer(owner.identity, admin.identity.user, kOrigin).ok());
  stack.changes
      ->ask_recovery(support::address("olga@example.com"), egress::Language::english, kOrigin)
      .value();
  stack.outbox->tick().value();
  ASSERT_TRUE(
      stack.changes
          ->recover(stack.token().value(), support::secret("seven herrings for the road"), kOrigin)
          .ok());
  EXPECT_EQ(stack.invitations->accept(newcomer("Tom Thief"), token).code(), Code::missing);
  EXPECT_EQ(stack.members->accept(admin.identity, kOrigin).code(), Code::missing);
  EXPECT_TRUE(stack.invitations->accept(newcomer("Fia Friend"), others).ok()) << "not hers";
}

TEST_F(MembersTest, ARestoreLeavesNoAccountWithoutAnOwner) {
  ASSERT_TRUE(
      stack.store
          ->write([&](store::Tx& tx) -> base::Result<void> {
            TRY(tx.run("DELETE FROM accounts_member WHERE user = ?", {owner.identity.user}));
            return {};
          })
          .ok());
  ASSERT_TRUE(stack.accounts->restored().ok());
  EXPECT_EQ(log_in("adam@example.com").identity.role, Role::owner);
  EXPECT_EQ(log_in("mona@example.com").identity.role, Role::member);
}

TEST_F(MembersTest, AnAccountHasOneOwnerWhateverIsWritten) {
  const auto second = stack.store->write([&](store::Tx& tx) -> base::Result<void> {
    TRY(tx.run("UPDATE accounts_member SET role = 0 WHERE user = ?", {reader.identity.user}));
    return {};
  });
  EXPECT_FALSE(second.ok());
  EXPECT_EQ(role(reader), Role::reader);
}

TEST_F(MembersTest, TwoAdministratorsWhoRemoveEachOtherAreOneLess) {
  const NewSession other = joined(owner, "Berit Admin", "berit@example.com", Role::admin);
  base::Result<void> one, two;
  std::thread first([&] { one = remove(admin, other); });
  std::thread second([&] { two = remove(other, admin); });
  first.join();
  second.join();
  EXPECT_NE(one.ok(), two.ok());
  EXPECT_NE(now(admin).has_value(), now(other).has_value());
  EXPECT_EQ(stack.members->list(owner.identity).value().size(), 4U);
}

TEST_F(MembersTest, AnOfferAcceptedTwiceAtOnceMakesOneOwner) {
  ASSERT_TRUE(stack.members->offer(owner.identity, member.identity.user, kOrigin).ok());
  std::atomic<int> accepted = 0;
  std::vector<std::thread> both;
  for (int i = 0; i < 2; ++i)
    both.emplace_back([&] {
      if (stack.members->accept(member.identity, kOrigin).ok()) ++accepted;
    });
  for (std::thread& one : both) one.join();
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(count("SELECT count(*) FROM accounts_member WHERE role = 0"), 2U);
  EXPECT_EQ(letters(MailKind::now_owner, "mona@example.com"), 1U);
}

TEST_F(MembersTest, WhoeverJoinsWhileTheAccountIsCancelledIsInItOrErasedWithIt) {
  const std::string token = invited(owner, "new@example.com", Role::member);
  base::Result<std::string> cancelled = base::Error{Code::internal, "not run"};
  base::Result<vault::Vault::Listed> came = base::Error{Code::internal, "not run"};
  std::thread cancelling([&] { cancelled = stack.accounts->cancel(owner.identity, kOrigin); });
  std::thread joining([&] { came = stack.invitations->accept(newcomer("Nina New"), token); });
  cancelling.join();
  joining.join();
  ASSERT_TRUE(cancelled.ok()) << cancelled.error().chain();
  EXPECT_FALSE(may_log_in("new@example.com")) << "joined: " << came.ok();
  EXPECT_EQ(count("SELECT count(*) FROM accounts_member"), 1U);  // the stranger's
  EXPECT_EQ(count("SELECT count(*) FROM accounts_account"), 1U);
}

TEST_F(MembersTest, ASessionThatBeginsWhileSheIsTakenOutOpensNothing) {
  const NewSession vera = with_two_accounts("Vera Two", "vera@example.com", Role::member);
  ASSERT_TRUE(remove(owner, vera).ok());
  // As somebody who was half-way in when that happened.
  const auto late = stack.accounts->let_in(vera.identity.user, owner.identity.account, {},
                                           [](store::Tx&) { return base::Result<void>(); });
  EXPECT_EQ(late.code(), Code::missing);
  // Or whose session was in it when she asked, and goes on in her own.
  const Identity was{log_in("vera@example.com").identity.session, vera.identity.user,
                     owner.identity.account};
  EXPECT_EQ(stack.members->list(was).code(), Code::denied);
  Scopes scopes;
  scopes.add(Scope::files_read);
  EXPECT_EQ(stack.tokens->make(was, personal("late"), scopes, std::chrono::days(1)).code(),
            Code::denied);
}

TEST_F(MembersTest, WhoeverIsTakenOutWhileSheLogsInComesIntoWhatIsLeft) {
  const NewSession vera = with_two_accounts("Vera Two", "vera@example.com", Role::member);
  stack.sessions->move(vera.identity, owner.identity.account).value();
  // Between the look at her password and the session.
  const auto log_in_taken_out = [&](const NewSession& whom, const std::string& email) {
    bool out = false;
    return stack.accounts
        ->log_in(support::address(email), support::secret(kPassword), {},
                 [&]() -> base::Result<void> {
                   if (out) return {};
                   out = true;
                   return remove(owner, whom);
                 })
        .value();
  };
  const auto hers = log_in_taken_out(vera, "vera@example.com");
  ASSERT_TRUE(hers);
  EXPECT_EQ(hers->identity.account, vera.identity.account);
  EXPECT_EQ(hers->identity.role, Role::owner);
  EXPECT_FALSE(log_in_taken_out(member, "mona@example.com"));
}

}  // namespace
}  // namespace accounts
