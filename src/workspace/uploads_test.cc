#include "workspace/uploads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/support/stack.h"

namespace workspace {
namespace {

using base::Code;
using std::chrono::days;
using support::opened;
using support::personal;

class UploadsTest : public testing::Test {
 protected:
  UploadsTest()
      : account(stack.join("Kari", "kari@example.com", "a long password").identity.account) {}

  Path path(std::string_view text) { return Path::parse(text).value(); }
  Uploads& uploads() { return stack.workspace->uploads(); }
  base::RecordId begin(std::string_view at, std::uint64_t length) {
    const auto where = path(at);
    const auto type = personal("text/plain");
    return uploads().create(account, {where, type, length}, {})->id;
  }
  std::uint64_t offset(base::RecordId id) { return uploads().find(account, id)->offset; }
  base::Result<void> bring(base::RecordId id, std::uint64_t at, std::string_view text,
                           const Still& still = {}, const Condition& condition = {}) {
    const auto upload = TRY(uploads().find(account, id));
    auto part =
        TRY(uploads().append(account, upload, path(opened(upload.path)), at, condition, still));
    if (!part) return base::Error{Code::exhausted, "another is at it"};
    TRY(part->write(base::view(text)));
    return part->finish();
  }
  base::Result<std::string> get(std::string_view at) {
    const auto entry = TRY(stack.workspace->find(account, path(at)));
    const auto reader = TRY(stack.workspace->read(account, entry));
    base::Bytes bytes(reader->size());
    TRY(reader->read_at(0, bytes));
    return std::string(base::text(bytes));
  }

  support::Stack stack;
  base::AccountId account;
};

TEST_F(UploadsTest, BecomeAFileWithTheLastPart) {
  const auto id = begin("d/a", 11);
  EXPECT_EQ(offset(id), 0U);
  ASSERT_TRUE(bring(id, 0, "hello").ok());
  EXPECT_EQ(offset(id), 5U);
  EXPECT_EQ(get("d/a").code(), Code::missing);
  EXPECT_EQ(bring(id, 4, "o").code(), Code::conflict);
  EXPECT_EQ(bring(id, 6, "w").code(), Code::conflict);
  EXPECT_EQ(bring(id, 5, " world!").code(), Code::too_large);
  ASSERT_TRUE(bring(id, 5, "").ok());
  ASSERT_TRUE(bring(id, 5, " w").ok());
  ASSERT_TRUE(bring(id, 7, "orld").ok());
  EXPECT_EQ(get("d/a").value(), "hello world");
  EXPECT_EQ(opened(stack.workspace->find(account, path("d/a"))->media_type), "text/plain");
  // Whoever did not hear that it is finished learns it.
  EXPECT_TRUE(uploads().find(account, id)->finished());
  EXPECT_TRUE(bring(id, 11, "").ok());
  stack.clock.advance(days(1));
  EXPECT_EQ(uploads().find(account, id).code(), Code::missing);
  EXPECT_EQ(get("d/a").value(), "hello world");
  EXPECT_EQ(stack.workspace->usage(account)->content.pieces, 1U);
}

TEST_F(UploadsTest, ReplaceAFileWhichIsAVersionThen) {
  for (const char* text : {"one", "two"}) {
    const auto id = begin("a", 3);
    ASSERT_TRUE(bring(id, 0, text).ok());
  }
  EXPECT_EQ(get("a").value(), "two");
  EXPECT_EQ(stack.workspace->versions(account, path("a"))->size(), 1U);
  (void)begin("a", 0);
  EXPECT_EQ(get("a").value(), "");
}

TEST_F(UploadsTest, MakeNoFileWhereTheConditionDoesNotHold) {
  const Condition absent{.absent = true};
  const auto id = begin("a", 3);
  ASSERT_TRUE(bring(id, 0, "on", {}, absent).ok());
  const auto other = begin("a", 3);
  ASSERT_TRUE(bring(other, 0, "two", {}, absent).ok());
  EXPECT_EQ(bring(id, 2, "e", {}, absent).code(), Code::stale);
  EXPECT_EQ(get("a").value(), "two");
  EXPECT_EQ(offset(id), 2U) << "the last part counts as not sent";
  ASSERT_TRUE(bring(id, 2, "e").ok());
  EXPECT_EQ(get("a").value(), "one");
}

TEST_F(UploadsTest, OfNoBytesMakeNoFileWhereTheConditionDoesNotHold) {
  ASSERT_TRUE(bring(begin("a", 3), 0, "one").ok());
  const auto where = path("a");
  const auto type = personal("text/plain");
  const auto refused = uploads().create(
      account, {.path = where, .media_type = type, .modified = {}, .condition = {.absent = true}},
      {});
  EXPECT_EQ(refused.code(), Code::stale);
  EXPECT_EQ(get("a").value(), "one");
}

TEST_F(UploadsTest, AreSoManyAtATimeAndOneMoreLeavesNothing) {
  for (std::size_t i = 0; i < uploads_max; ++i) begin("a", 3);
  const auto where = path("b");
  const auto type = personal("text/plain");
  for (const std::uint64_t length : {0U, 3U})
    EXPECT_EQ(uploads().create(account, {where, type, length}, {}).code(), Code::conflict);
  EXPECT_EQ(get("b").code(), Code::missing);
}

TEST_F(UploadsTest, GoOnAfterARestart) {
  const auto id = begin("a", 8);
  ASSERT_TRUE(bring(id, 0, "1234").ok());
  {
    // Written, and not acknowledged.
    auto part =
        uploads().append(account, uploads().find(account, id).value(), path("a"), 4, {}, {});
    ASSERT_TRUE((*part)->write(base::view("xx")).ok());
  }
  stack.reopen();
  EXPECT_EQ(offset(id), 4U);
  ASSERT_TRUE(bring(id, 4, "5678").ok());
  EXPECT_EQ(get("a").value(), "12345678");
}

TEST_F(UploadsTest, OneRequestAtATimeAndTheLaterOneGoesOn) {
  const auto id = begin("a", 8);
  std::atomic<bool> asked = false;
  std::optional<base::Result<Unfinished>> settled;
  std::thread later;
  {
    auto part = uploads().append(account, uploads().find(account, id).value(), path("a"), 0, {}, {},
                                 [&] { asked = true; });
    ASSERT_TRUE(part->has_value());
    EXPECT_FALSE((*part)->wanted());
    later = std::thread([&] { settled = uploads().settled(account, id); });
    while (!asked) std::this_thread::yield();
    EXPECT_TRUE((*part)->wanted());
    ASSERT_TRUE((*part)->write(base::view("12")).ok());
    ASSERT_TRUE((*part)->finish().ok());
    EXPECT_EQ((*part)->offset(), 2U);
  }
  later.join();
  EXPECT_EQ((*settled)->offset, 2U);
  EXPECT_TRUE(bring(id, 2, "34").ok());
}

TEST_F(UploadsTest, AreListedUntilTheyAreFinished) {
  const auto where = path("d/a");
  const auto type = personal("text/plain");
  const auto changed = stack.clock.now();
  const auto id = uploads().create(account, {where, type, 8, changed}, {})->id;
  (void)begin("b", 0);
  ASSERT_TRUE(bring(id, 0, "1234").ok());
  const auto listed = uploads().list(account).value();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].id, id);
  EXPECT_EQ(opened(listed[0].path), "d/a");
  EXPECT_EQ(listed[0].offset, 4U);
  EXPECT_EQ(listed[0].modified, changed);
  EXPECT_FALSE(listed[0].under_way);
  {
    const auto part = uploads().append(account, listed[0], path("d/a"), 4, {}, {});
    EXPECT_TRUE(uploads().list(account)->at(0).under_way);
  }
  const auto other = stack.join("Ola", "ola@example.com", "another password").identity.account;
  EXPECT_TRUE(uploads().list(other)->empty());
  ASSERT_TRUE(bring(id, 4, "5678").ok());
  EXPECT_TRUE(uploads().list(account)->empty());
}

TEST_F(UploadsTest, LargePartsAreDurableWhileTheyCome) {
  const std::string large(static_cast<std::size_t>(upload_part_bytes) + 1000, 'x');
  const auto id = begin("a", large.size() + 5);
  {
    auto part =
        uploads().append(account, uploads().find(account, id).value(), path("a"), 0, {}, {});
    ASSERT_TRUE((*part)->write(base::view(large)).ok());
  }
  EXPECT_EQ(offset(id), upload_part_bytes);
  ASSERT_TRUE(bring(id, upload_part_bytes, std::string(1005, 'y')).ok());
  EXPECT_EQ(stack.workspace->find(account, path("a"))->size_bytes, large.size() + 5);
}

TEST_F(UploadsTest, AreGivenUpAfterSevenDaysOrWhenTheyAreEnded) {
  const auto id = begin("a", 8);
  const auto other = begin("b", 8);
  ASSERT_TRUE(bring(id, 0, "1234").ok());
  ASSERT_TRUE(bring(other, 0, "1234").ok());
  EXPECT_EQ(stack.workspace->usage(account)->content.bytes, 8U);
  ASSERT_TRUE(uploads().end(account, other).ok());
  EXPECT_EQ(uploads().end(account, other).code(), Code::missing);
  EXPECT_EQ(stack.workspace->usage(account)->content.bytes, 4U);
  stack.clock.advance(days(6));
  ASSERT_TRUE(bring(id, 4, "5").ok());
  stack.clock.advance(days(6));
  ASSERT_TRUE(stack.vault->tick().ok());
  EXPECT_EQ(offset(id), 5U);
  stack.clock.advance(days(1));
  EXPECT_EQ(uploads().find(account, id).code(), Code::missing);
  ASSERT_TRUE(stack.vault->tick().ok());
  EXPECT_EQ(stack.workspace->usage(account)->content.bytes, 0U);
}

TEST_F(UploadsTest, EndWithWhoeverMayNotAnyMoreAndWithThePlan) {
  const auto id = begin("a", 8);
  const Still not_any_more = [](store::Reader&) -> base::Result<void> {
    return base::Error{Code::unauthenticated, "the session has ended"};
  };
  EXPECT_EQ(bring(id, 0, "12345678", not_any_more).code(), Code::unauthenticated);
  EXPECT_EQ(offset(id), 0U);
  EXPECT_EQ(get("a").code(), Code::missing);
  stack.allowance.bytes = 7;
  const auto b = path("b");
  const auto type = personal("text/plain");
  const auto refused = uploads().create(account, {b, type, 8}, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(is_over_quota(refused.error()));
  const auto late = bring(id, 0, "12345678");
  ASSERT_FALSE(late.ok());
  EXPECT_TRUE(is_over_quota(late.error()));
}

TEST_F(UploadsTest, AreNobodyElsesAndGoWithTheAccount) {
  const auto id = begin("a", 8);
  const auto other = stack.join("Ola", "ola@example.com", "another password").identity.account;
  EXPECT_EQ(uploads().find(other, id).code(), Code::missing);
  EXPECT_EQ(uploads().end(other, id).code(), Code::missing);
  const auto session =
      *stack.accounts
           ->log_in(support::address("kari@example.com"), support::secret("a long password"))
           .value();
  ASSERT_TRUE(stack.accounts->cancel(session.identity).ok());
  EXPECT_EQ(uploads().find(account, id).code(), Code::gone);
}

}  // namespace
}  // namespace workspace
