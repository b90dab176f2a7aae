#include "workspace/trash.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/rows.h"
#include "tests/support/stack.h"

namespace workspace {
namespace {

using base::Code;
using std::chrono::days;
using support::opened;
using support::personal;

class TrashTest : public testing::Test {
 protected:
  TrashTest()
      : account(stack.join("Kari", "kari@example.com", "a long password").identity.account) {}

  Path path(std::string_view text) { return Path::parse(text).value(); }
  base::Result<Receipt> put(std::string_view at, std::string_view content,
                            const Condition& condition = {}) {
    auto upload =
        TRY(stack.workspace->begin(account, path(at), personal("text/plain"), content.size()));
    TRY(upload.write(base::view(content)));
    return stack.workspace->keep(std::move(upload), condition);
  }
  base::Result<std::string> all_of(std::unique_ptr<vault::ContentReader> reader) {
    base::Bytes bytes(reader->size());
    TRY(reader->read_at(0, bytes));
    return std::string(base::text(bytes));
  }
  base::Result<std::string> get(std::string_view at) {
    const auto entry = TRY(stack.workspace->find(account, path(at)));
    auto reader = TRY(stack.workspace->read(account, entry));
    return all_of(std::move(reader));
  }
  base::Result<std::string> get(const Version& version) {
    auto reader = TRY(stack.workspace->read(account, version));
    return all_of(std::move(reader));
  }
  base::Result<void> remove(std::string_view at) {
    return stack.workspace->remove(account, path(at), {});
  }
  std::vector<Trashed> trash() { return stack.workspace->trash().list(account, {}, 1000).value(); }
  Trashed only() {
    auto items = trash();
    EXPECT_EQ(items.size(), 1U);
    return std::move(items.at(0));
  }
  std::vector<Version> versions(std::string_view at) {
    return stack.workspace->versions(account, path(at)).value();
  }
  std::uint64_t pieces() { return stack.workspace->usage(account)->content.pieces; }
  std::size_t rows(base::Literal sql) { return support::count(*stack.store, sql); }

  support::Stack stack;
  base::AccountId account;
};

TEST_F(TrashTest, KeepsWhatWasRemovedAndWhereItWas) {
  ASSERT_TRUE(put("d/a", "one").ok());
  ASSERT_TRUE(remove("d/a").ok());
  EXPECT_EQ(get("d/a").code(), Code::missing);
  const Trashed item = only();
  EXPECT_EQ(opened(item.path), "d/a");
  EXPECT_EQ(opened(item.entry.name), "a");
  EXPECT_EQ(item.removed, stack.clock.now());
  EXPECT_EQ(item.expires, stack.clock.now() + days(30));
  EXPECT_EQ(pieces(), 1U);  // it counts
  const auto restored = stack.workspace->trash().restore(account, item.id, path("d/a"));
  ASSERT_TRUE(restored.ok()) << restored.error().chain();
  EXPECT_EQ(get("d/a").value(), "one");
  EXPECT_TRUE(trash().empty());
  EXPECT_EQ(stack.workspace->trash().find(account, item.id).code(), Code::missing);
}

TEST_F(TrashTest, AFolderGoesInAndComesBackWithAllThatIsInIt) {
  for (int i = 0; i < 230; ++i) ASSERT_TRUE(put("d/" + std::to_string(i), "x").ok());
  ASSERT_TRUE(put("d/e/f/deep", "deep").ok());
  ASSERT_TRUE(remove("d").ok());
  const Trashed item = only();
  EXPECT_EQ(rows("SELECT count(*) FROM vault_record WHERE collection = 'workspace_entry'"), 0);
  EXPECT_EQ(rows("SELECT count(*) FROM vault_content WHERE collection = 'workspace_content'"), 0);
  ASSERT_TRUE(put("d/e/new", "new").ok());
  EXPECT_EQ(stack.workspace->trash().restore(account, item.id, path("d")).code(), Code::conflict);
  ASSERT_TRUE(stack.workspace->trash().restore(account, item.id, path("back/D")).ok());
  EXPECT_EQ(get("back/D/e/f/deep").value(), "deep");
  EXPECT_EQ(stack.workspace->list(account, path("back/D"), {}, 1000)->size(), 231U);
  EXPECT_EQ(get("d/e/new").value(), "new");
  EXPECT_TRUE(trash().empty());
  EXPECT_EQ(rows("SELECT count(*) FROM vault_record WHERE collection = 'workspace_trash'"), 0);
}

TEST_F(TrashTest, IsGoneAfterThirtyDaysByItself) {
  ASSERT_TRUE(put("a", "one").ok());
  ASSERT_TRUE(put("d/e/f", "two").ok());
  ASSERT_TRUE(remove("a").ok());
  ASSERT_TRUE(remove("d").ok());
  stack.clock.advance(days(30) - std::chrono::seconds(1));
  ASSERT_TRUE(stack.vault->tick().ok());
  EXPECT_EQ(trash().size(), 2U);
  const auto id = trash().at(0).id;
  stack.clock.advance(std::chrono::seconds(1));
  EXPECT_TRUE(trash().empty());
  EXPECT_EQ(stack.workspace->trash().restore(account, id, path("b")).code(), Code::missing);
  ASSERT_TRUE(stack.vault->tick().ok());
  EXPECT_EQ(pieces(), 0U);
  EXPECT_EQ(rows("SELECT count(*) FROM vault_record WHERE collection = 'workspace_trash'"), 0);
}

TEST_F(TrashTest, IsEmptiedForGood) {
  ASSERT_TRUE(put("a", "one").ok());
  ASSERT_TRUE(put("a", "two").ok());
  ASSERT_TRUE(put("d/e/f", "three").ok());
  ASSERT_TRUE(put("d/g", "four").ok());
  ASSERT_TRUE(put("h", "five").ok());
  for (const char* at : {"a", "d", "h"}) ASSERT_TRUE(remove(at).ok());
  EXPECT_EQ(pieces(), 5U);
  const auto items = trash();
  ASSERT_EQ(items.size(), 3U);
  ASSERT_TRUE(stack.workspace->trash().purge(account, items[0].id).ok());
  EXPECT_EQ(stack.workspace->trash().purge(account, items[0].id).code(), Code::missing);
  EXPECT_EQ(trash().size(), 2U);
  ASSERT_TRUE(stack.workspace->trash().empty(account).ok());
  EXPECT_EQ(pieces(), 0U);
  EXPECT_EQ(rows("SELECT count(*) FROM vault_record WHERE collection LIKE 'workspace%'"), 0);
}

TEST_F(TrashTest, AMoveOverAFilePutsThatIntoTheTrash) {
  ASSERT_TRUE(put("a", "one").ok());
  ASSERT_TRUE(put("b", "two").ok());
  ASSERT_TRUE(stack.workspace->move(account, path("a"), path("b"), {}, Taken::replace).ok());
  EXPECT_EQ(get("b").value(), "one");
  EXPECT_EQ(opened(only().path), "b");
  ASSERT_TRUE(stack.workspace->trash().restore(account, only().id, path("a")).ok());
  EXPECT_EQ(get("a").value(), "two");
}

TEST_F(TrashTest, WhatAFileWasIsKeptAsVersionsThroughMovesAndTheTrash) {
  ASSERT_TRUE(put("a", "one").ok());
  stack.clock.advance(std::chrono::hours(1));
  ASSERT_TRUE(put("a", "two").ok());
  stack.clock.advance(std::chrono::hours(1));
  ASSERT_TRUE(put("a", "three").ok());
  ASSERT_EQ(versions("a").size(), 2U);
  EXPECT_EQ(get(versions("a")[0]).value(), "two");
  EXPECT_EQ(get(versions("a")[1]).value(), "one");
  EXPECT_EQ(pieces(), 3U);
  ASSERT_TRUE(stack.workspace->move(account, path("a"), path("d/b"), {}, Taken::refuse).ok());
  ASSERT_TRUE(remove("d").ok());
  ASSERT_TRUE(stack.workspace->trash().restore(account, only().id, path("d")).ok());
  const auto kept = versions("d/b");
  ASSERT_EQ(kept.size(), 2U);
  const auto back = stack.workspace->bring_back(account, path("d/b"), kept[1].content, {});
  ASSERT_TRUE(back.ok()) << back.error().chain();
  EXPECT_EQ(get("d/b").value(), "one");
  ASSERT_EQ(versions("d/b").size(), 2U);
  EXPECT_EQ(get(versions("d/b")[0]).value(), "three");
  EXPECT_EQ(stack.workspace->bring_back(account, path("d/b"), kept[1].content, {}).code(),
            Code::missing);
  ASSERT_TRUE(stack.workspace->remove_version(account, path("d/b"), kept[0].content).ok());
  EXPECT_EQ(stack.workspace->remove_version(account, path("d/b"), kept[0].content).code(),
            Code::missing);
  EXPECT_EQ(versions("d/b").size(), 1U);
  // A copy is another file: it begins without.
  ASSERT_TRUE(stack.workspace->copy(account, path("d/b"), path("c"), {}, Taken::refuse).ok());
  EXPECT_TRUE(versions("c").empty());
  EXPECT_EQ(stack.workspace->versions(account, path("d")).code(), Code::missing);
}

TEST_F(TrashTest, VersionsAreBoundedInTimeAndNumber) {
  for (std::size_t i = 0; i < versions_max + 5; ++i) {
    ASSERT_TRUE(put("a", std::to_string(i)).ok());
    stack.clock.advance(std::chrono::minutes(1));
  }
  auto kept = versions("a");
  ASSERT_EQ(kept.size(), versions_max);
  EXPECT_EQ(get(kept.back()).value(), "4");
  EXPECT_EQ(pieces(), versions_max + 1);
  stack.clock.advance(days(30));
  EXPECT_TRUE(versions("a").empty());
  ASSERT_TRUE(stack.vault->tick().ok());
  EXPECT_EQ(pieces(), 1U);
  EXPECT_EQ(get("a").value(), std::to_string(versions_max + 4));
}

TEST_F(TrashTest, AllOfItIsGoneWithTheAccount) {
  ASSERT_TRUE(put("a", "one").ok());
  ASSERT_TRUE(put("a", "two").ok());
  ASSERT_TRUE(remove("a").ok());
  const auto session =
      *stack.accounts
           ->log_in(support::address("kari@example.com"), support::secret("a long password"))
           .value();
  ASSERT_TRUE(stack.accounts->cancel(session.identity).ok());
  EXPECT_EQ(stack.workspace->trash().list(account, {}, 10).code(), Code::gone);
  EXPECT_EQ(rows("SELECT count(*) FROM vault_record WHERE collection LIKE 'workspace%'"), 0);
  EXPECT_EQ(rows("SELECT count(*) FROM vault_content_usage"), 0);
}

TEST_F(TrashTest, ThePlanBoundsWhatIsKeptInAll) {
  // Beside their bytes, two files take room themselves.
  const std::uint64_t beside = Load{0, 2, 2}.takes();
  stack.allowance.bytes = beside + 10;
  ASSERT_TRUE(put("a", "12345").ok());
  const auto refused = put("b", "123456");
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(is_over_quota(refused.error()));
  // The same where it is not said before how long it is.
  {
    auto upload = stack.workspace->begin(account, path("b"), personal("text/plain")).value();
    EXPECT_TRUE(upload.write(base::view("12345")).ok());
    const auto more = upload.write(base::view("6"));
    ASSERT_FALSE(more.ok());
    EXPECT_TRUE(is_over_quota(more.error()));
  }
  // Two at once of which one has room: the second hears of it when it comes to need it.
  {
    stack.allowance.bytes = Load{10, 3, 3}.takes();
    auto first = stack.workspace->begin(account, path("b"), personal("text/plain")).value();
    auto second = stack.workspace->begin(account, path("c"), personal("text/plain")).value();
    ASSERT_TRUE(first.write(base::view("12345")).ok());
    const auto late = second.write(base::view("12345"));
    ASSERT_FALSE(late.ok());
    EXPECT_TRUE(is_over_quota(late.error()));
    ASSERT_TRUE(stack.workspace->keep(std::move(first), {}).ok());
    stack.allowance.bytes = beside + 10;
  }
  // Trash and versions count; emptying the trash makes room.
  EXPECT_FALSE(put("a", "1").ok());
  ASSERT_TRUE(remove("b").ok());
  EXPECT_FALSE(put("a", "1").ok());
  ASSERT_TRUE(stack.workspace->trash().empty(account).ok());
  EXPECT_TRUE(put("a", "1").ok());
  EXPECT_EQ(stack.workspace->usage(account)->content.bytes, 6U);
  EXPECT_EQ(stack.workspace->usage(account)->bytes_max, beside + 10);
  // A plan that became smaller takes nothing away, and nothing more in.
  stack.allowance.bytes = 3;
  EXPECT_EQ(get("a").value(), "1");
  EXPECT_FALSE(put("d", "1").ok());
  EXPECT_FALSE(put("d", "").ok());
}

TEST_F(TrashTest, WhoMayNotAnyMoreEndsNoUpload) {
  auto upload = stack.workspace->begin(account, path("a"), personal("text/plain")).value();
  ASSERT_TRUE(upload.write(base::view("one")).ok());
  const auto refused =
      stack.workspace->keep(std::move(upload), {}, [](store::Reader&) -> base::Result<void> {
        return base::Error{Code::unauthenticated, "the session has ended"};
      });
  EXPECT_EQ(refused.code(), Code::unauthenticated);
  EXPECT_EQ(get("a").code(), Code::missing);
  EXPECT_EQ(pieces(), 0U);
}

}  // namespace
}  // namespace workspace
