// A session that was ended, or a proof that is none any more, while something was asked in an
// account of several people: each transaction looks itself.
#include "accounts/members.h"
#include "tests/support/tried.h"
#include "tests/support/with_members.h"

namespace accounts {
namespace {

using base::Code;
using support::only;
using support::Tried;

class MembersRevokedTest : public WithMembers {
 protected:
  MembersRevokedTest() {
    const auto id = stack.invitations->invite(
        owner.identity,
        {support::address("rolf@example.com"), Role::reader, egress::Language::english, kOrigin});
    waiting = id.value();
    to_stranger = invited(owner, "stig@example.com", Role::reader);
    stack.members->offer(owner.identity, admin.identity.user, kOrigin).value();
  }

  std::vector<Tried> with_a_proof() {
    Members& members = *stack.members;
    const base::UserId mona = member.identity.user;
    return {{"another role",
             [&, mona] { return members.change_role(admin.identity, mona, Role::admin, kOrigin); }},
            {"take out", [&, mona] { return members.remove(admin.identity, mona, kOrigin); }},
            {"invite",
             [&] {
               return only(stack.invitations->invite(
                   admin.identity, {support::address("new@example.com"), Role::reader,
                                    egress::Language::english, kOrigin}));
             }},
            {"offer", [&, mona] { return members.offer(owner.identity, mona, kOrigin); }},
            {"accept an offer", [&] { return members.accept(admin.identity, kOrigin); }},
            {"leave", [&] { return only(members.leave(reader.identity)); }}};
  }
  std::vector<Tried> without_one() {
    return {{"withdraw", [&] { return stack.invitations->withdraw(admin.identity, waiting); }},
            {"accept an invitation",
             [&] { return only(stack.invitations->accept(stranger.identity, to_stranger)); }},
            {"go on elsewhere",
             [&] { return stack.sessions->move(stranger.identity, stranger.identity.account); }},
            {"take an offer back", [&] { return stack.members->take_back(owner.identity); }}};
  }
  void expect_as_it_was() {
    EXPECT_EQ(count("SELECT count(*) FROM accounts_member"), 5U);
    EXPECT_EQ(count("SELECT count(*) FROM accounts_member WHERE role = 1"), 1U);
    EXPECT_EQ(count("SELECT count(*) FROM invitations WHERE state = 0"), 2U);
    const HandOver offered = waiting_offer();
    EXPECT_EQ(offered.to, admin.identity.user);
    EXPECT_TRUE(may_log_in("mona@example.com"));
    EXPECT_TRUE(may_log_in("rune@example.com"));
  }
  HandOver waiting_offer() {
    return stack.members->offered(log_in("olga@example.com").identity).value().value();
  }

  InvitationId waiting;
  std::string to_stranger;
};

TEST_F(MembersRevokedTest, AnEndedSessionChangesNothing) {
  for (const NewSession* session : {&owner, &admin, &member, &reader, &stranger})
    stack.sessions->end(session->identity, session->identity.session).value();
  for (const auto& all : {with_a_proof(), without_one()})
    for (const Tried& tried : all)
      EXPECT_EQ(tried.act().code(), Code::unauthenticated) << tried.what;
  expect_as_it_was();
}

TEST_F(MembersRevokedTest, WithoutAProofThereIsNothingThatNeedsOne) {
  for (const NewSession* session : {&owner, &admin, &member, &reader, &stranger})
    stack.store->write([&](store::Tx& tx) { return Proofs::forget(tx, session->identity.user); })
        .value();
  for (const Tried& tried : with_a_proof())
    EXPECT_EQ(tried.act().code(), Code::denied) << tried.what;
  expect_as_it_was();
  for (const Tried& tried : without_one()) EXPECT_TRUE(tried.act().ok()) << tried.what;
}

}  // namespace
}  // namespace accounts
