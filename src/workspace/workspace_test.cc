#include "workspace/workspace.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <set>
#include <thread>

#include "tests/support/stack.h"

namespace workspace {
namespace {

using base::Code;
using support::opened;
using support::personal;

class WorkspaceTest : public testing::Test {
 protected:
  WorkspaceTest()
      : account(stack.join("Kari", "kari@example.com", "a long password").identity.account) {}

  Path path(std::string_view text) { return Path::parse(text).value(); }
  base::Result<Receipt> put(std::string_view at, std::string_view content,
                            const Condition& condition = {}) {
    auto upload = TRY(stack.workspace->begin(account, path(at), personal("text/plain")));
    TRY(upload.write(base::view(content)));
    return stack.workspace->keep(std::move(upload), condition);
  }
  base::Result<std::string> get(std::string_view at) {
    const auto entry = TRY(stack.workspace->find(account, path(at)));
    const auto reader = TRY(stack.workspace->read(account, entry));
    base::Bytes bytes(reader->size());
    TRY(reader->read_at(0, bytes));
    return std::string(base::text(bytes));
  }
  base::Result<Receipt> move(std::string_view from, std::string_view to,
                             Taken taken = Taken::refuse) {
    return stack.workspace->move(account, path(from), path(to), {}, taken);
  }
  base::Result<Receipt> copy(std::string_view from, std::string_view to,
                             Taken taken = Taken::refuse) {
    return stack.workspace->copy(account, path(from), path(to), {}, taken);
  }
  Entry listed(std::string_view folder, std::string_view name) {
    for (Entry& entry : stack.workspace->list(account, path(folder), {}, 1000).value())
      if (opened(entry.name) == name) return std::move(entry);
    return {};
  }
  std::set<std::string> names(std::string_view folder) {
    std::set<std::string> found;
    for (const Entry& entry : stack.workspace->list(account, path(folder), {}, 1000).value())
      found.insert(opened(entry.name));
    return found;
  }

  support::Stack stack;
  base::AccountId account;
};

TEST_F(WorkspaceTest, KeepsAFileAndItsFolders) {
  const auto kept = put("Clients/Bergen/offer.txt", "hello");
  ASSERT_TRUE(kept.ok()) << kept.error().chain();
  EXPECT_EQ(kept->stored, Stored::created);
  EXPECT_EQ(get("Clients/Bergen/offer.txt").value(), "hello");
  EXPECT_EQ(names(""), std::set<std::string>{"Clients"});
  EXPECT_EQ(names("Clients"), std::set<std::string>{"Bergen"});
  EXPECT_EQ(names("Clients/Bergen"), std::set<std::string>{"offer.txt"});
  const auto folder = stack.workspace->find(account, path("Clients"));
  ASSERT_TRUE(folder.ok());
  EXPECT_EQ(folder->kind, Kind::folder);
}

TEST_F(WorkspaceTest, ReplacesWithANewVersion) {
  const auto first = put("a", "one");
  const auto second = put("a", "two");
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->stored, Stored::replaced);
  EXPECT_NE(first->entry.content, second->entry.content);
  EXPECT_EQ(get("a").value(), "two");
}

TEST_F(WorkspaceTest, HoldsConditions) {
  const auto first = put("a", "one", {.absent = true});
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(put("a", "two", {.absent = true}).code(), Code::stale);
  ASSERT_TRUE(put("a", "two", {.is = first->entry.content}).ok());
  EXPECT_EQ(put("a", "three", {.is = first->entry.content}).code(), Code::stale);
  EXPECT_EQ(stack.workspace->remove(account, path("a"), {.is = first->entry.content}).code(),
            Code::stale);
  EXPECT_EQ(get("a").value(), "two");
}

TEST_F(WorkspaceTest, AFileIsNoFolder) {
  ASSERT_TRUE(put("a", "one").ok());
  ASSERT_TRUE(put("d/b", "two").ok());
  EXPECT_EQ(put("a/b", "x").code(), Code::conflict);
  EXPECT_EQ(put("d", "x").code(), Code::conflict);
  EXPECT_EQ(stack.workspace->find(account, path("a/b")).code(), Code::missing);
  EXPECT_EQ(stack.workspace->list(account, path("a"), {}, 10).code(), Code::invalid);
}

TEST_F(WorkspaceTest, AnUploadThatIsNotKeptLeavesNothing) {
  {
    auto upload = stack.workspace->begin(account, path("a"), personal("text/plain"));
    ASSERT_TRUE(upload.ok());
    ASSERT_TRUE(upload->write(base::view("half")).ok());
  }
  EXPECT_EQ(stack.workspace->find(account, path("a")).code(), Code::missing);
  EXPECT_TRUE(names("").empty());
}

TEST_F(WorkspaceTest, RemovesFilesAndWholeFolders) {
  for (const char* at : {"keep", "d/1", "d/2", "d/e/3", "d/e/f/4"}) ASSERT_TRUE(put(at, at).ok());
  EXPECT_EQ(stack.workspace->remove(account, path("d/1"), {.folder = true}).code(), Code::missing);
  ASSERT_TRUE(get("d/1").ok());
  ASSERT_TRUE(stack.workspace->remove(account, path("d/1"), {}).ok());
  EXPECT_EQ(get("d/1").code(), Code::missing);
  ASSERT_TRUE(stack.workspace->remove(account, path("d"), {.folder = true}).ok());
  EXPECT_EQ(names(""), std::set<std::string>{"keep"});
  EXPECT_EQ(get("d/e/f/4").code(), Code::missing);
  EXPECT_EQ(stack.workspace->remove(account, path("d"), {}).code(), Code::missing);
  EXPECT_EQ(stack.workspace->remove(account, path(""), {}).code(), Code::invalid);
}

TEST_F(WorkspaceTest, WhatIsPutWhileItsFolderIsRemovedIsKeptOrRemovedNeverLost) {
  std::atomic<bool> done = false;
  std::thread putting([&] {
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(put("d/s/t/f", "content").ok());
    done = true;
  });
  while (!done) (void)stack.workspace->remove(account, path("d"), {}).ok();
  putting.join();
  const auto left = stack.workspace->remove(account, path("d"), {});
  EXPECT_TRUE(left.ok() || left.code() == Code::missing);
  ASSERT_TRUE(stack.workspace->trash().empty(account).ok());
  EXPECT_EQ(stack.workspace->usage(account)->content.pieces, 0u);  // nothing that no path leads to
}

TEST_F(WorkspaceTest, RemovesFoldersLargerThanOnePiece) {
  for (int i = 0; i < 450; ++i) ASSERT_TRUE(put("d/" + std::to_string(i), "x").ok());
  EXPECT_EQ(names("d").size(), 450u);
  ASSERT_TRUE(stack.workspace->remove(account, path("d"), {}).ok());
  EXPECT_TRUE(names("").empty());
}

TEST_F(WorkspaceTest, ListsInPages) {
  for (int i = 0; i < 25; ++i) ASSERT_TRUE(put(std::to_string(i), "x").ok());
  std::set<std::string> seen;
  base::RecordId after;
  for (int page = 0; page < 4; ++page) {
    const auto entries = stack.workspace->list(account, path(""), after, 10);
    ASSERT_TRUE(entries.ok());
    for (const Entry& entry : *entries) seen.insert(opened(entry.name));
    if (entries->empty()) break;
    after = entries->back().id;
  }
  EXPECT_EQ(seen.size(), 25u);
}

TEST_F(WorkspaceTest, MovesAFileAndAWholeFolderInOneStep) {
  ASSERT_TRUE(put("a", "one").ok());
  ASSERT_TRUE(put("d/e/f", "deep").ok());
  const auto moved = move("a", "x/y/b");
  ASSERT_TRUE(moved.ok()) << moved.error().chain();
  EXPECT_EQ(moved->stored, Stored::created);
  EXPECT_EQ(get("a").code(), Code::missing);
  EXPECT_EQ(get("x/y/b").value(), "one");
  ASSERT_TRUE(move("d", "x/D").ok());
  EXPECT_EQ(get("x/D/e/f").value(), "deep");
  EXPECT_EQ(names(""), std::set<std::string>{"x"});
  EXPECT_EQ(stack.workspace->find(account, path("x/D"))->id,
            listed("x", "D").id);  // an entry says where it stands
}

TEST_F(WorkspaceTest, AMoveReplacesAFileOnlyWhereItIsAskedTo) {
  ASSERT_TRUE(put("a", "one").ok());
  ASSERT_TRUE(put("b", "two").ok());
  ASSERT_TRUE(put("d/c", "three").ok());
  EXPECT_EQ(move("a", "b").code(), Code::conflict);
  EXPECT_EQ(move("a", "d", Taken::replace).code(), Code::conflict);
  EXPECT_EQ(move("d", "b", Taken::replace).code(), Code::conflict);
  EXPECT_EQ(move("a", "b/c").code(), Code::conflict);
  const auto replaced = move("a", "b", Taken::replace);
  ASSERT_TRUE(replaced.ok());
  EXPECT_EQ(replaced->stored, Stored::replaced);
  EXPECT_EQ(get("b").value(), "one");
  EXPECT_EQ(names(""), (std::set<std::string>{"b", "d"}));
}

TEST_F(WorkspaceTest, AFolderNeverComesToStandInItself) {
  ASSERT_TRUE(put("d/e/f", "deep").ok());
  EXPECT_EQ(move("d", "d/e/d").code(), Code::invalid);
  EXPECT_EQ(move("d", "d/new").code(), Code::invalid);
  EXPECT_EQ(copy("d", "d/e/new/d").code(), Code::invalid);
  EXPECT_TRUE(move("d", "d").ok());
  EXPECT_EQ(move("", "x").code(), Code::invalid);
  EXPECT_EQ(move("d", "").code(), Code::invalid);
  EXPECT_EQ(get("d/e/f").value(), "deep");
}

TEST_F(WorkspaceTest, MovesAndCopiesTheVersionThatIsMeant) {
  const auto first = put("a", "one");
  ASSERT_TRUE(put("a", "two").ok());
  const Condition stale{.is = first->entry.content};
  EXPECT_EQ(stack.workspace->move(account, path("a"), path("b"), stale, Taken::refuse).code(),
            Code::stale);
  EXPECT_EQ(stack.workspace->copy(account, path("a"), path("b"), stale, Taken::refuse).code(),
            Code::stale);
  EXPECT_EQ(move("none", "b").code(), Code::missing);
  EXPECT_EQ(copy("none", "b").code(), Code::missing);
  EXPECT_EQ(move("a/none", "b").code(), Code::missing);
}

TEST_F(WorkspaceTest, CopiesFilesAndWholeFolders) {
  const std::string large(700'000, 'x');
  ASSERT_TRUE(put("d/a", large).ok());
  ASSERT_TRUE(put("d/e/b", "two").ok());
  ASSERT_TRUE(put("d/empty", "").ok());
  ASSERT_TRUE(copy("d", "copies/D").ok());
  EXPECT_EQ(get("copies/D/a").value(), large);
  EXPECT_EQ(get("copies/D/e/b").value(), "two");
  EXPECT_EQ(get("copies/D/empty").value(), "");
  // What is changed in one stays in the other.
  ASSERT_TRUE(put("d/e/b", "three").ok());
  ASSERT_TRUE(stack.workspace->remove(account, path("d"), {}).ok());
  EXPECT_EQ(get("copies/D/e/b").value(), "two");
  EXPECT_EQ(copy("copies/D/a", "copies/D/e/b").code(), Code::conflict);
  EXPECT_EQ(copy("copies/D", "copies/D/e").code(), Code::invalid);
  ASSERT_TRUE(copy("copies/D/a", "copies/D/e/b", Taken::replace).ok());
  EXPECT_EQ(get("copies/D/e/b").value(), large);
}

TEST_F(WorkspaceTest, ACopyEndsWhereWhoeverMakesItMayNotAnyMore) {
  for (const char* at : {"d/a", "d/e/b", "d/e/f/c"}) ASSERT_TRUE(put(at, at).ok());
  ASSERT_TRUE(stack.workspace->make_folder(account, path("d/empty")).ok());
  const auto copy_while = [&](int times, const std::string& to) {
    int asked = 0;
    const Still still = [&](store::Reader&) -> base::Result<void> {
      if (asked++ < times) return {};
      return base::Error{Code::unauthenticated, "the session has ended"};
    };
    return stack.workspace->copy(account, path("d"), path(to), {}, Taken::refuse, still);
  };
  const std::function<std::size_t(const std::string&)> entries = [&](const std::string& at) {
    const auto found = stack.workspace->find(account, path(at));
    if (!found.ok()) return std::size_t{0};
    std::size_t all = 1;
    if (found->kind == Kind::folder)
      for (const std::string& name : names(at)) all += entries(at + "/" + name);
    return all;
  };
  const int whole = static_cast<int>(entries("d"));
  ASSERT_EQ(whole, 7);
  for (int times = 0; times < whole; ++times) {
    const std::string to = "copy " + std::to_string(times);
    EXPECT_EQ(copy_while(times, to).code(), Code::unauthenticated) << times;
    EXPECT_EQ(entries(to), static_cast<std::size_t>(times)) << "each piece asks";
  }
  EXPECT_TRUE(copy_while(whole, "copy").ok());
  EXPECT_EQ(entries("copy"), static_cast<std::size_t>(whole));
}

TEST_F(WorkspaceTest, OneFolderIsCopiedAtATime) {
  ASSERT_TRUE(put("d/a", "a").ok());
  bool asked = false;
  const Still meanwhile = [&](store::Reader&) -> base::Result<void> {
    if (std::exchange(asked, true)) return {};
    std::thread([&] {
      const auto other =
          stack.workspace->copy(account, path("d"), path("e"), {}, Taken::refuse, {});
      EXPECT_EQ(other.code(), Code::unavailable);
      const auto file = stack.workspace->find(account, path("d/a"));
      EXPECT_TRUE(file.ok());
    }).join();
    return {};
  };
  EXPECT_TRUE(
      stack.workspace->copy(account, path("d"), path("c"), {}, Taken::refuse, meanwhile).ok());
  EXPECT_TRUE(asked);
  EXPECT_TRUE(stack.workspace->copy(account, path("d"), path("e"), {}, Taken::refuse, {}).ok());
}

TEST(Busy, NoMoreAreHeldThanMay) {
  base::ThreadWait wait;
  base::SystemClock clock;
  Busy<int> busy(wait, 2);
  auto first = busy.try_hold(1);
  EXPECT_TRUE(first);
  EXPECT_FALSE(busy.try_hold(1));
  const auto second = busy.take_over(2, clock, {});
  EXPECT_TRUE(second);
  EXPECT_FALSE(busy.try_hold(3));
  EXPECT_FALSE(busy.take_over(3, clock, {}));
  first.reset();
  EXPECT_TRUE(busy.take_over(3, clock, {}));
  EXPECT_TRUE(busy.try_hold(3));
}

TEST_F(WorkspaceTest, AccountsNeverMix) {
  ASSERT_TRUE(put("secret", "hers").ok());
  const auto other = stack.join("Ola", "ola@example.com", "another password").identity.account;
  EXPECT_EQ(stack.workspace->find(other, path("secret")).code(), Code::missing);
  const auto entry = stack.workspace->find(account, path("secret"));
  ASSERT_TRUE(entry.ok());
  EXPECT_FALSE(stack.workspace->read(other, *entry).ok());
}

TEST_F(WorkspaceTest, AnErasedAccountOpensNothing) {
  ASSERT_TRUE(put("secret", "hers").ok());
  const auto session =
      *stack.accounts
           ->log_in(support::address("kari@example.com"), support::secret("a long password"))
           .value();
  ASSERT_TRUE(stack.accounts->cancel(session.identity).ok());
  EXPECT_EQ(stack.workspace->find(account, path("secret")).code(), Code::gone);
  EXPECT_EQ(put("more", "x").code(), Code::gone);
}

TEST_F(WorkspaceTest, SurvivesARestart) {
  ASSERT_TRUE(put("d/a", "kept").ok());
  stack.reopen();
  EXPECT_EQ(get("d/a").value(), "kept");
}

TEST(Path, IsTakenApartOnce) {
  EXPECT_TRUE(Path::parse("").value().root());
  EXPECT_EQ(Path::parse("a/b/c").value().names().size(), 3u);
  EXPECT_EQ(Path::parse("a/b/").value().names().size(), 2u);
  EXPECT_EQ(Path::parse("a/b").value().parent().names().size(), 1u);
  EXPECT_TRUE(Path::parse(std::string(255, 'x')).ok());
  for (const std::string bad : {"/a", "a//b", "a/./b", "..", "a\nb", "a\x7f", "a//"})
    EXPECT_EQ(Path::parse(bad).code(), Code::invalid) << bad;
  EXPECT_EQ(Path::parse(std::string(256, 'x')).code(), Code::invalid);
  std::string deep = "x";
  for (int i = 0; i < 64; ++i) deep += "/x";
  EXPECT_EQ(Path::parse(deep).code(), Code::invalid);
  std::string long_one;
  for (int i = 0; i < 16; ++i) long_one += std::string(255, 'x') + "/";
  EXPECT_TRUE(Path::parse(long_one).ok()) << "4095 bytes and a slash";
  EXPECT_EQ(Path::parse(long_one + "xx").code(), Code::invalid);
}

}  // namespace
}  // namespace workspace
