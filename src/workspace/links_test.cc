#include "workspace/links.h"

#include <gtest/gtest.h>

#include "tests/support/stack.h"
#include "workspace/link_token.h"

namespace workspace {
namespace {

using base::Code;
using std::chrono::days;
using support::opened;
using support::personal;

class LinksTest : public testing::Test {
 protected:
  LinksTest()
      : account(stack.join("Kari", "kari@example.com", "a long password").identity.account) {
    put("d/e/a", "one");
  }

  Path path(std::string_view text) { return Path::parse(text).value(); }
  void put(std::string_view at, std::string_view content) {
    auto upload = stack.workspace->begin(account, path(at), personal("text/plain")).value();
    ASSERT_TRUE(upload.write(base::view(content)).ok());
    ASSERT_TRUE(stack.workspace->keep(std::move(upload), {}).ok());
  }
  void move(std::string_view from, std::string_view to) {
    ASSERT_TRUE(stack.workspace->move(account, path(from), path(to), {}, Taken::refuse).ok());
  }
  Links& links() { return stack.workspace->links(); }
  std::string link(std::string_view at, base::Duration lives = days(30)) {
    return links().make(account, path(at), lives, "").value().token;
  }
  base::Result<std::string> get(std::string_view token, std::string_view below) {
    const auto linked = TRY(links().follow(token));
    const auto entry = TRY(links().find(linked, path(below)));
    const auto reader = TRY(links().read(linked, entry));
    base::Bytes bytes(reader->size());
    TRY(reader->read_at(0, bytes));
    return std::string(base::text(bytes));
  }

  Leading leading(std::string_view at) {
    auto all = links().list(account).value();
    EXPECT_EQ(all.size(), 1U);
    return links().leads(account, {{std::move(all.at(0)), path(at)}}).value().at(0);
  }
  /// Where the one link leads that there is, which was made for `at`.
  Leads leads(std::string_view at) { return leading(at).where; }

  support::Stack stack;
  base::AccountId account;
};

TEST_F(LinksTest, LeadToAFileOrIntoAFolderAndNowhereElse) {
  put("secret", "hers");
  const std::string file = link("d/e/a");
  const std::string folder = link("d");
  EXPECT_EQ(get(file, "").value(), "one");
  EXPECT_EQ(get(file, "a").code(), Code::missing);
  EXPECT_EQ(get(folder, "e/a").value(), "one");
  EXPECT_EQ(get(folder, "secret").code(), Code::missing);
  const auto linked = links().follow(folder).value();
  EXPECT_EQ(links().list(linked, linked.entry, {}, 10)->size(), 1U);
  const Still not_any_more = [](store::Reader&) -> base::Result<void> {
    return base::Error{Code::unauthenticated, "the session has ended"};
  };
  const std::size_t before = links().list(account)->size();
  EXPECT_EQ(links().make(account, path("d"), days(1), "", not_any_more).code(),
            Code::unauthenticated);
  EXPECT_EQ(links().list(account)->size(), before);
  EXPECT_EQ(links().make(account, path(""), days(1), "").code(), Code::invalid);
  EXPECT_EQ(links().make(account, path("none"), days(1), "").code(), Code::missing);
  EXPECT_EQ(links().make(account, path("d"), days(366), "").code(), Code::invalid);
}

TEST_F(LinksTest, StayWithWhatTheyWereMadeFor) {
  const std::string file = link("d/e/a");
  const std::string folder = link("d/e");
  move("d/e/a", "d/e/b");
  EXPECT_EQ(get(file, "").value(), "one");
  move("d", "D");
  EXPECT_EQ(get(file, "").value(), "one");
  EXPECT_EQ(get(folder, "b").value(), "one");
  put("D/e/b", "two");
  EXPECT_EQ(get(file, "").value(), "two");
  // In the trash it leads nowhere, also where another thing has the name; restored, it leads there.
  ASSERT_TRUE(stack.workspace->remove(account, path("D/e/b"), {}).ok());
  EXPECT_EQ(links().follow(file).code(), Code::missing);
  put("D/e/b", "another");
  EXPECT_EQ(links().follow(file).code(), Code::missing);
  const auto items = stack.workspace->trash().list(account, {}, 10).value();
  ASSERT_TRUE(stack.workspace->trash().restore(account, items.at(0).id, path("back")).ok());
  EXPECT_EQ(get(file, "").value(), "two");
  ASSERT_TRUE(stack.workspace->remove(account, path("D"), {}).ok());
  EXPECT_EQ(get(folder, "b").code(), Code::missing);
}

TEST_F(LinksTest, AreListedWithWhereTheyLeadNow) {
  (void)link("d/e/a");
  EXPECT_EQ(leads("d/e/a"), Leads::here);
  move("d/e", "f");
  EXPECT_EQ(leads("d/e/a"), Leads::elsewhere) << "what it stands in was moved";
  put("d/e/a", "of the same name");
  EXPECT_EQ(leads("d/e/a"), Leads::elsewhere);
  move("f/a", "g");
  EXPECT_EQ(opened(leading("d/e/a").name), "g");
  ASSERT_TRUE(stack.workspace->remove(account, path("d/e/a"), {}).ok());
  EXPECT_EQ(leads("d/e/a"), Leads::elsewhere);
  ASSERT_TRUE(stack.workspace->remove(account, path("g"), {}).ok());
  EXPECT_EQ(leads("d/e/a"), Leads::nowhere);
  const auto items = stack.workspace->trash().list(account, {}, 10).value();
  for (const auto& item : items)
    if (opened(item.path) == "g")
      ASSERT_TRUE(stack.workspace->trash().restore(account, item.id, path("d/e/a")).ok());
  EXPECT_EQ(leads("d/e/a"), Leads::here);
}

TEST_F(LinksTest, EndWhenTheyRunOutOrAreRevokedAndWithTheAccount) {
  const std::string gone = link("d/e/a", days(1));
  const std::string kept = link("d/e/a", days(3));
  const std::string last = link("d/e/a", days(30));
  ASSERT_EQ(links().list(account)->size(), 3U);
  stack.clock.advance(days(1));
  EXPECT_EQ(links().follow(gone).code(), Code::missing);
  const auto left = links().list(account).value();
  ASSERT_EQ(left.size(), 2U);
  const auto id = links().follow(kept)->link.id;
  ASSERT_TRUE(links().revoke(account, id).ok());
  EXPECT_EQ(links().revoke(account, id).code(), Code::missing);
  EXPECT_EQ(links().follow(kept).code(), Code::missing);
  EXPECT_EQ(get(last, "").value(), "one");
  const auto session =
      *stack.accounts
           ->log_in(support::address("kari@example.com"), support::secret("a long password"))
           .value();
  ASSERT_TRUE(stack.accounts->cancel(session.identity).ok());
  EXPECT_EQ(links().follow(last).code(), Code::missing);
}

TEST_F(LinksTest, NobodyMakesOneUp) {
  const std::string token = link("d");
  EXPECT_EQ(links().follow("").code(), Code::missing);
  EXPECT_EQ(links().follow("x").code(), Code::missing);
  EXPECT_EQ(links().follow(token + "A").code(), Code::missing);
  auto other = LinkToken::parse(token).value();
  other.secret[23] ^= 1;
  EXPECT_EQ(links().follow(other.str()).code(), Code::missing);
  auto elsewhere = LinkToken::parse(token).value();
  elsewhere.account = base::AccountId::random(stack.entropy);
  EXPECT_EQ(links().follow(elsewhere.str()).code(), Code::missing);
  EXPECT_TRUE(links().follow(LinkToken::parse(token)->str()).ok());
}

TEST_F(LinksTest, APassIsOfOneLinkAndForATime) {
  const auto linked = links().follow(link("d")).value();
  const auto other = links().follow(link("d")).value();
  const std::string pass = links().pass(linked, std::chrono::hours(12)).value();
  EXPECT_TRUE(links().passes(linked, pass).value());
  EXPECT_FALSE(links().passes(other, pass).value());
  std::string longer = pass;
  longer[0] = '9';
  EXPECT_FALSE(links().passes(linked, longer).value());
  for (const char* bad : {"", "x", "1", "99999999999999999999.x", "-1.a"})
    EXPECT_FALSE(links().passes(linked, bad).value()) << bad;
  stack.clock.advance(std::chrono::hours(13));
  EXPECT_FALSE(links().passes(linked, pass).value());
}

}  // namespace
}  // namespace workspace
