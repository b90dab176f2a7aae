// DATA-1 for an account of several people, with what RETN-1 says of them: who goes with it, who
// stays, and that nothing is kept about somebody who belongs to no account.
#include <gtest/gtest.h>

#include <thread>

#include "store/tables.h"
#include "tests/support/members.h"

using namespace support;

namespace {

const Person kOwner{"Olga Hovedeier", "olga.hovedeier@example.com"};
const Person kMember{"Mona Medlemsen", "mona.medlemsen@example.com"};
const Person kElsewhere{"Vera Flerkonto", "vera.flerkonto@example.com"};

/// How many rows its database has of a table.
std::size_t rows(Served& server, const std::string& name) {
  server.stop();
  std::size_t count = 0;
  {
    const auto tables = store::Tables::snapshot(server.data() + "/store.db").value();
    for (const store::Table& table : tables->list().value())
      if (table.name == name)
        tables
            ->each(table,
                   [&](const store::Cells&) -> base::Result<void> {
                     ++count;
                     return {};
                   })
            .value();
  }
  server.start();
  return count;
}

/// Whether a table is empty soon: what is over is swept every two seconds.
bool empties(Served& server, const std::string& name) {
  for (int tried = 0; tried < 5; ++tried) {
    std::this_thread::sleep_for(std::chrono::seconds(3));
    if (rows(server, name) == 0) return true;
  }
  return false;
}

/// Vera has an account of her own, and belongs to the owner's as well.
Browser in_two_accounts(Served& server, Browser& owner) {
  Browser vera = server.account(kElsewhere);
  const std::string token = invited(server, owner, kElsewhere.email, "admin");
  EXPECT_EQ(vera.json("POST", "/v1/invitations/accept", json_object({{"token", token}})).status,
            200);
  return vera;
}

TEST(DATA_1, MembersWhoBelongToNoOtherAccountGoWithIt) {
  Served server;
  Browser owner = server.account(kOwner);
  Browser member = joined(server, owner, kMember, "member");
  Browser vera = in_two_accounts(server, owner);
  // Nobody but the owner cancels it, whatever else she may.
  EXPECT_EQ(Served::cancel(member, kMember).status, 403);
  ASSERT_EQ(vera.json("POST", "/v1/account/switch",
                      json_object({{"account", owner.get("/v1/account").at("/account")}}))
                .status,
            200);
  EXPECT_EQ(Served::cancel(vera, kElsewhere).status, 403);
  const Reply receipt = Served::cancel(owner, kOwner);
  ASSERT_EQ(receipt.status, 200) << receipt.body;

  Browser again = server.browser();
  EXPECT_EQ(Served::log_in(again, kMember).status, 401);
  EXPECT_EQ(member.get("/v1/account").status, 401);
  EXPECT_EQ(Served::log_in(vera, kElsewhere).status, 200);
  EXPECT_EQ(vera.get("/v1/account").at("/role"), "owner");
  EXPECT_EQ(vera.get("/v1/memberships").keys("/accounts").size(), 1U);
  EXPECT_TRUE(
      server.mail_comes("account-closed-and-erased", kMember.email, std::chrono::seconds(10)));
  EXPECT_TRUE(server.mail_comes("account-closed", kElsewhere.email, std::chrono::seconds(10)));
  EXPECT_EQ(rows(server, "accounts_member"), 1U);
  // One erasure, one entry: the log has no more of it than of an account of one.
  const std::string checkpoint = again.get("/log/checkpoint").body;
  EXPECT_NE(checkpoint.find("\n1\n"), std::string::npos) << checkpoint;
}

TEST(DATA_1, WhoeverLeavesHerOnlyAccountOrIsTakenOutIsErased) {
  Served server;
  Browser owner = server.account(kOwner);
  Browser member = joined(server, owner, kMember, "member");
  Browser vera = in_two_accounts(server, owner);
  const std::string account = owner.get("/v1/account").at("/account");
  const Reply left = member.json("POST", "/v1/members/leave", json_object({{"account", account}}));
  ASSERT_EQ(left.status, 200) << left.body;
  EXPECT_EQ(left.at("/account"), account);
  EXPECT_FALSE(left.at("/person").empty());
  EXPECT_TRUE(member.cookies().empty());

  const Person other{"Rune Utkastet", "rune.utkastet@example.com"};
  Browser removed = joined(server, owner, other, "reader");
  for (const std::string& at : owner.get("/v1/members").keys("/members")) {
    const Reply members = owner.get("/v1/members");
    if (members.at("/members/" + at + "/email") != other.email) continue;
    EXPECT_EQ(owner.request("DELETE", "/v1/members/" + members.at("/members/" + at + "/id")).status,
              204);
    break;
  }
  EXPECT_TRUE(server.mail_comes("removed-and-erased", other.email, std::chrono::seconds(10)));
  Browser again = server.browser();
  for (const Person& person : {kMember, other})
    EXPECT_EQ(Served::log_in(again, person).status, 401) << person.name;
  EXPECT_EQ(vera.get("/v1/account").status, 200);
  EXPECT_EQ(owner.get("/v1/account").status, 200);
  EXPECT_EQ(rows(server, "accounts_member"), 3U) << "the owner's, and both of Vera's";
  // The last mail to whoever did not go by herself has a key of its own, for seven days.
  EXPECT_EQ(rows(server, "account_links"), 1U);
  server.jump(std::chrono::hours(7 * 24 + 1));
  EXPECT_TRUE(empties(server, "account_links"));
}

TEST(DATA_1, AnInvitationIsKeptForSevenDaysAtMost) {
  Served server;
  Browser owner = server.account(kOwner);
  (void)invited(server, owner, kMember.email, "member");
  server.jump(std::chrono::hours(7 * 24 + 1));
  ASSERT_EQ(Served::log_in(owner, kOwner).status, 200);
  EXPECT_TRUE(owner.get("/v1/invitations").keys("/invitations").empty());
  EXPECT_TRUE(empties(server, "invitations"));
}

}  // namespace
