#include "workspace/descent.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <functional>

#include "tests/support/rows.h"
#include "tests/support/stack.h"
#include "workspace/links.h"

namespace workspace {
namespace {

using base::Code;
using std::chrono::days;
using support::personal;

constexpr std::size_t kStackBytes = 512UL * 1024;
constexpr int kDeep = 4000;  // a call for each would take more than that

/// Does something in a thread that has little room.
void in_little_room(const std::function<void()>& what) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, kStackBytes), 0);
  pthread_t thread{};
  const auto run = [](void* given) -> void* {
    (*static_cast<const std::function<void()>*>(given))();
    return nullptr;
  };
  auto given = what;
  ASSERT_EQ(pthread_create(&thread, &attributes, run, &given), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

class DescentTest : public testing::Test {
 protected:
  Path path(std::string_view text) { return Path::parse(text).value(); }

  void put(std::string_view at) {
    auto upload = stack.workspace->begin(account, path(at), personal("text/plain")).value();
    ASSERT_TRUE(stack.workspace->keep(std::move(upload), {}).ok());
  }
  /// A folder in a folder, and so on, and a file in the last: by moves, it can be as deep as that.
  void make_deep() {
    const auto made = stack.workspace->make_folder(account, path("deep"));
    ASSERT_TRUE(made.ok());
    auto tree = Tree::open(*stack.vault, stack.clock, stack.entropy, *stack.room).value();
    const auto permit = tree.ask(account, Kept::files).value();
    base::RecordId at = stack.workspace->find(account, path("deep"))->folder;
    stack.store
        ->write([&](store::Tx& tx) -> base::Result<void> {
          for (int i = 1; i < kDeep; ++i) {
            Entry entry;
            entry.kind = Kind::folder;
            entry.name = personal("d");
            entry.changed = stack.clock.now();
            entry.folder = base::RecordId::random(stack.entropy);
            TRY(tree.put(tx, permit, at, entry));
            at = entry.folder;
          }
          return {};
        })
        .value();
  }
  std::size_t rows(base::Literal sql) { return support::count(*stack.store, sql); }
  base::RecordId only() {
    const auto items = stack.workspace->trash().list(account, {}, 10).value();
    EXPECT_EQ(items.size(), 1U);
    return items.at(0).id;
  }

  support::Stack stack;
  base::AccountId account =
      stack.join("Kari", "kari@example.com", "a long password").identity.account;
};

TEST_F(DescentTest, NothingIsTooDeepToBeRemovedBroughtBackCopiedOrPurged) {
  make_deep();
  put("file");
  in_little_room([&] {
    EXPECT_TRUE(stack.workspace->remove(account, path("deep"), {}).ok());
    EXPECT_EQ(rows("SELECT count(*) FROM vault_record WHERE collection = 'workspace_entry'"), 1);
    EXPECT_TRUE(stack.workspace->trash().restore(account, only(), path("back")).ok());
    EXPECT_EQ(rows("SELECT count(*) FROM vault_record WHERE collection = 'workspace_entry'"),
              kDeep + 1);
    // A path has 64 names: it is counted whole, and copied as far as that.
    const auto copied =
        stack.workspace->copy(account, path("back"), path("copy"), {}, Taken::refuse);
    EXPECT_EQ(copied.code(), Code::invalid);
    for (const char* gone : {"back", "copy"})
      EXPECT_TRUE(stack.workspace->remove(account, path(gone), {}).ok());
    EXPECT_TRUE(stack.workspace->trash().empty(account).ok());
    EXPECT_EQ(rows("SELECT count(*) FROM vault_record WHERE collection LIKE 'workspace%'"), 1);
  });
}

TEST_F(DescentTest, GoesThroughMoreThanOnePieceOfEachFolder) {
  for (int i = 0; i < 450; ++i)
    ASSERT_TRUE(stack.workspace->make_folder(account, path("d/" + std::to_string(i))).ok());
  for (const char* at : {"d/7/a", "d/449/b", "d/c"}) put(at);
  ASSERT_TRUE(stack.workspace->remove(account, path("d"), {}).ok());
  EXPECT_EQ(rows("SELECT count(*) FROM vault_record WHERE collection = 'workspace_entry'"), 0);
  ASSERT_TRUE(stack.workspace->trash().restore(account, only(), path("d")).ok());
  EXPECT_EQ(rows("SELECT count(*) FROM vault_record WHERE collection = 'workspace_trash'"), 0);
  EXPECT_EQ(rows("SELECT count(*) FROM vault_record WHERE collection = 'workspace_entry'"), 454);
  for (const char* at : {"d/7/a", "d/449/b", "d/c"})
    EXPECT_TRUE(stack.workspace->find(account, path(at)).ok()) << at;
  ASSERT_TRUE(stack.workspace->remove(account, path("d"), {}).ok());
  ASSERT_TRUE(stack.workspace->trash().empty(account).ok());
  EXPECT_EQ(rows("SELECT count(*) FROM vault_record WHERE collection LIKE 'workspace%'"), 0);
}

// A record that does not open, in a folder that was removed, is no reason to hold up anything else.
TEST_F(DescentTest, WhatDoesNotOpenInARemovedFolderIsNoOthersTrouble) {
  for (const char* at : {"d/e/a", "d/e/b", "kept/f/c"}) put(at);
  auto& links = stack.workspace->links();
  const auto kept = links.make(account, path("kept/f/c"), days(9), "").value();
  const auto gone = links.make(account, path("d/e/b"), days(9), "").value();
  const base::RecordId in = stack.workspace->find(account, path("d/e"))->folder;
  const base::RecordId bad = stack.workspace->find(account, path("d/e/a"))->id;
  ASSERT_TRUE(stack.workspace->move(account, path("kept"), path("moved"), {}, Taken::refuse).ok());
  stack.store
      ->write([&](store::Tx& tx) -> base::Result<void> {
        TRY(
            tx.run("UPDATE vault_record SET sealed = zeroblob(length(sealed)) WHERE grouping = ? "
                   "AND id = ?",
                   {in, bad}));
        return {};
      })
      .value();
  ASSERT_TRUE(stack.workspace->remove(account, path("d"), {}).ok());
  EXPECT_EQ(links.follow(kept.token).code(), Code::unavailable) << "nobody knows what is below it";
  std::vector<Links::Listed> listed;
  for (auto& link : links.list(account).value()) {
    auto at = path(link.id == kept.link.id ? "kept/f/c" : "d/e/b");
    listed.push_back({std::move(link), std::move(at)});
  }
  const auto leading = links.leads(account, listed);
  ASSERT_TRUE(leading.ok()) << "the list can be seen, and links revoked";
  for (std::size_t i = 0; i < listed.size(); ++i)
    if (listed.at(i).link.id == kept.link.id) EXPECT_EQ(leading->at(i).where, Leads::elsewhere);
  EXPECT_TRUE(links.revoke(account, gone.link.id).ok());
}

}  // namespace
}  // namespace workspace
