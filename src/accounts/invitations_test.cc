#include "accounts/invitations.h"

#include <thread>

#include "tests/support/with_members.h"

namespace accounts {
namespace {

using base::Code;
using egress::MailKind;
using support::address;
using support::opened;
using support::secret;

class InvitationsTest : public WithMembers {
 protected:
  std::size_t kept() { return count("SELECT count(*) FROM invitations"); }
  base::Result<InvitationId> invite(const NewSession& by, const std::string& email,
                                    Role role = Role::member) {
    return stack.invitations->invite(by.identity,
                                     {address(email), role, egress::Language::english, kOrigin});
  }
};

TEST_F(InvitationsTest, OnlyWhoeverAdministersTheAccountInvites) {
  EXPECT_TRUE(invite(owner, "one@example.com").ok());
  EXPECT_TRUE(invite(admin, "two@example.com").ok());
  for (const NewSession* who : {&member, &reader}) {
    EXPECT_EQ(invite(*who, "three@example.com").code(), Code::denied);
    EXPECT_EQ(stack.invitations->list(who->identity).code(), Code::denied);
  }
  const auto waiting = stack.invitations->list(admin.identity).value();
  ASSERT_EQ(waiting.size(), 2U);
  for (const auto& [who, invitation] : {std::pair{&member, waiting[0]}, {&reader, waiting[1]}})
    EXPECT_EQ(stack.invitations->withdraw(who->identity, invitation.id).code(), Code::denied);
  // Whoever administers another account sees none of them.
  EXPECT_TRUE(stack.invitations->list(stranger.identity).value().empty());
  EXPECT_EQ(stack.invitations->withdraw(stranger.identity, waiting[0].id).code(), Code::missing);
}

TEST_F(InvitationsTest, ANewPersonJoinsByTheLinkOnce) {
  const std::string token = invited(admin, "new@example.com", Role::reader);
  const auto seen = stack.invitations->look(token).value();
  EXPECT_EQ(seen.account, owner.identity.account);
  EXPECT_EQ(seen.role, Role::reader);
  EXPECT_EQ(opened(seen.email), "new@example.com");
  EXPECT_EQ(opened(seen.by_name), "Adam Admin");
  EXPECT_EQ(opened(seen.by_email), "adam@example.com");
  EXPECT_FALSE(seen.known);

  for (const Shown& old : {Shown{"0", "1"}, Shown{"1", "0"}}) {
    Newcomer nina = newcomer("Nina New");
    nina.shown = old;
    EXPECT_EQ(stack.invitations->accept(std::move(nina), token).code(), Code::conflict);
  }
  ASSERT_TRUE(stack.invitations->accept(newcomer("Nina New"), token).ok());
  EXPECT_EQ(stack.invitations->accept(newcomer("Nina New"), token).code(), Code::missing);
  EXPECT_EQ(stack.invitations->look(token).code(), Code::missing);
  EXPECT_EQ(kept(), 0U);
  const NewSession nina = log_in("new@example.com");
  EXPECT_EQ(nina.identity.account, owner.identity.account);
  EXPECT_EQ(role(nina), Role::reader);
}

TEST_F(InvitationsTest, WhoeverHasAnAccountAcceptsLoggedInWithThatAddress) {
  const std::string token = invited(owner, "stig@example.com", Role::member);
  EXPECT_TRUE(stack.invitations->look(token).value().known);
  EXPECT_EQ(stack.invitations->accept(newcomer("Somebody Else"), token).code(), Code::conflict);
  EXPECT_EQ(stack.invitations->accept(reader.identity, token).code(), Code::denied)
      << "the link is somebody else's";
  ASSERT_TRUE(stack.invitations->accept(stranger.identity, token).ok());
  EXPECT_EQ(stack.invitations->accept(stranger.identity, token).code(), Code::missing);
  EXPECT_EQ(role(stranger), Role::owner) << "the session stays where it was";
  EXPECT_EQ(stack.members->accounts(stranger.identity).value().size(), 2U);
}

TEST_F(InvitationsTest, KnownAndUnknownAddressesLookTheSame) {
  const std::string known = invited(owner, "stig@example.com", Role::member);
  const std::string letter = opened(stack.transport.letters.back().text);
  const std::string unknown = invited(owner, "nobody@example.com", Role::member);
  std::string other = opened(stack.transport.letters.back().text);
  for (std::string::size_type at; (at = other.find(unknown)) != std::string::npos;)
    other.replace(at, unknown.size(), known);
  EXPECT_EQ(letter, other);
  const auto waiting = stack.invitations->list(owner.identity).value();
  ASSERT_EQ(waiting.size(), 2U);
  EXPECT_EQ(waiting[0].role, waiting[1].role);
  EXPECT_EQ(waiting[0].expires, waiting[1].expires);
}

TEST_F(InvitationsTest, AMemberIsNotInvitedAgainAndTheNewestLinkCounts) {
  EXPECT_EQ(invite(owner, "Rune@Example.com").code(), Code::conflict);
  const std::string first = invited(owner, "new@example.com", Role::reader);
  const std::string second = invited(admin, "NEW@example.com", Role::member);
  EXPECT_EQ(stack.invitations->look(first).code(), Code::missing);
  EXPECT_EQ(stack.invitations->list(owner.identity).value().size(), 1U);
  EXPECT_TRUE(stack.invitations->accept(newcomer("Nina New"), second).ok());
}

TEST_F(InvitationsTest, WithdrawnDeclinedAndOldOnesLeaveNothing) {
  const std::string withdrawn = invited(owner, "one@example.com", Role::reader);
  const auto id = stack.invitations->list(owner.identity).value().at(0).id;
  const std::string declined = invited(owner, "two@example.com", Role::reader);
  const std::string old = invited(owner, "three@example.com", Role::reader);
  const auto owners = [&] { return count("SELECT count(*) FROM keys_owner WHERE state = 1"); };
  const std::size_t before = owners();
  ASSERT_TRUE(stack.invitations->withdraw(admin.identity, id).ok());
  EXPECT_EQ(stack.invitations->withdraw(admin.identity, id).code(), Code::missing);
  ASSERT_TRUE(stack.invitations->decline(declined).ok());
  EXPECT_EQ(stack.invitations->decline(declined).code(), Code::missing);
  EXPECT_EQ(owners(), before - 2) << "their keys are destroyed";
  for (const std::string& token : {withdrawn, declined})
    EXPECT_EQ(stack.invitations->look(token).code(), Code::missing);
  stack.clock.advance(invitation_lives);
  EXPECT_EQ(stack.invitations->accept(newcomer("Nina New"), old).code(), Code::missing);
  ASSERT_TRUE(stack.invitations->tick().ok());
  EXPECT_EQ(owners(), before - 3);
  EXPECT_EQ(kept(), 0U);
}

TEST_F(InvitationsTest, WhoHasDeclinedIsNotInvitedByTheAccountAgainForAWhile) {
  const std::string declined = invited(owner, "two@example.com", Role::reader);
  ASSERT_TRUE(stack.invitations->decline(declined).ok());
  EXPECT_EQ(invite(admin, "TWO@example.com").code(), Code::conflict);
  EXPECT_TRUE(invite(owner, "three@example.com").ok());
  EXPECT_TRUE(invite(stranger, "two@example.com").ok()) << "another account may";
  stack.reopen();
  EXPECT_EQ(invite(owner, "two@example.com").code(), Code::conflict);
  stack.clock.advance(declined_kept_for);
  const NewSession again = log_in("olga@example.com");
  EXPECT_TRUE(invite(again, "two@example.com").ok());
}

TEST_F(InvitationsTest, DecliningHoldsWhateverTheAccountMayKeep) {
  const std::string token = invited(owner, "two@example.com", Role::reader);
  const auto restricted = stack.vault->store().write([&](store::Tx& tx) -> base::Result<void> {
    vault::StandingChange change;
    change.restriction = vault::Restriction::on;
    TRY(stack.vault->change_standing(tx, base::owner_of(owner.identity.account), change,
                                     {"restriction", "{}"}));
    return {};
  });
  ASSERT_TRUE(restricted.ok()) << restricted.error().chain();
  ASSERT_TRUE(stack.invitations->decline(token).ok());
  EXPECT_EQ(stack.invitations->look(token).code(), Code::missing);
  EXPECT_EQ(kept(), 0U);
}

TEST_F(InvitationsTest, AreBounded) {
  for (std::size_t i = 0; i < invitations_max; ++i)
    ASSERT_TRUE(invite(owner, "p" + std::to_string(i) + "@example.com").ok());
  EXPECT_EQ(invite(owner, "more@example.com").code(), Code::conflict);
  EXPECT_TRUE(invite(owner, "p7@example.com").ok()) << "takes the place of the one there was";
  EXPECT_EQ(stack.invitations->list(owner.identity).value().size(), invitations_max);
}

TEST_F(InvitationsTest, StandAsLongAsWhoeverMadeThemAdministersTheAccount) {
  const std::string one = invited(admin, "one@example.com", Role::admin);
  ASSERT_TRUE(
      stack.members->change_role(owner.identity, admin.identity.user, Role::member, {}).ok());
  EXPECT_EQ(stack.invitations->look(one).code(), Code::missing);
  EXPECT_EQ(stack.invitations->accept(newcomer("Nina New"), one).code(), Code::missing);
  EXPECT_EQ(invite(admin, "two@example.com").code(), Code::denied);
}

TEST_F(InvitationsTest, TwoWhoAcceptAtOnceAreOne) {
  const std::string token = invited(owner, "new@example.com", Role::member);
  std::atomic<int> accepted = 0;
  std::vector<std::thread> both;
  for (int i = 0; i < 2; ++i)
    both.emplace_back([&] {
      const auto done = stack.invitations->accept(newcomer("Nina New"), token);
      if (done.ok())
        ++accepted;
      else
        EXPECT_TRUE(done.code() == Code::missing || done.code() == Code::conflict)
            << done.error().chain();
    });
  for (std::thread& one : both) one.join();
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(stack.members->list(owner.identity).value().size(), 5U);
  EXPECT_TRUE(may_log_in("new@example.com"));
}

TEST_F(InvitationsTest, EndWithTheAccountAndWithARestore) {
  const std::string token = invited(owner, "new@example.com", Role::member);
  ASSERT_TRUE(stack.accounts->restored().ok());
  EXPECT_EQ(stack.invitations->look(token).code(), Code::missing);
  ASSERT_TRUE(stack.invitations->tick().ok());
  EXPECT_EQ(kept(), 0U);
  const NewSession olga = log_in("olga@example.com");
  const std::string other = invited(olga, "new@example.com", Role::member);
  ASSERT_TRUE(stack.accounts->cancel(olga.identity, kOrigin).ok());
  EXPECT_EQ(kept(), 0U);
  EXPECT_EQ(stack.invitations->accept(newcomer("Nina New"), other).code(), Code::missing);
}

}  // namespace
}  // namespace accounts
