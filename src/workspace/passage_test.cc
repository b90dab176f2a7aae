#include "workspace/passage.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/stack.h"
#include "workspace/links.h"

namespace workspace {
namespace {

using base::Code;
using std::chrono::days;
using support::personal;

/// Does something at one of its draws.
class Chance final : public base::Entropy {
 public:
  void fill(base::Mutable out) override {
    machine_.fill(out);
    if (left > 0 && --left == 0) then();
  }
  std::size_t left = 0;  // 0: nothing is to come
  std::function<void()> then;

 private:
  base::SystemEntropy machine_;
};

/// Waits for nothing that has a time.
class Impatient final : public base::Wait {
 public:
  std::unique_ptr<MutexImpl> make_mutex() override { return threads_.make_mutex(); }
  std::unique_ptr<ConditionImpl> make_condition() override {
    return std::make_unique<Condition>(threads_.make_condition());
  }
  std::unique_ptr<BellImpl> make_bell() override { return threads_.make_bell(); }
  void sleep(base::Duration /*at_least*/) override {}
  void yield() override { threads_.yield(); }

 private:
  class Condition final : public ConditionImpl {
   public:
    explicit Condition(std::unique_ptr<ConditionImpl> real) : real_(std::move(real)) {}
    void wait(MutexImpl& held) override { real_->wait(held); }
    bool wait_for(MutexImpl& /*held*/, base::Duration at_most) override {
      EXPECT_EQ(at_most, trash_waits);
      return false;
    }
    void notify_one() override { real_->notify_one(); }
    void notify_all() override { real_->notify_all(); }

   private:
    std::unique_ptr<ConditionImpl> real_;
  };
  base::ThreadWait threads_;
};

class PassageTest : public testing::Test {
 protected:
  /// The parts of a workspace, of which a test does single steps.
  struct Steps {
    explicit Steps(support::Stack& stack, base::Wait& wait)
        : tree(Tree::open(*stack.vault, stack.clock, stack.entropy, *stack.room).value()),
          passage(tree, wait) {}
    Tree tree;
    Passage passage;
    Versions versions{tree};
    Links links{tree, passage};
    Trash trash{tree, passage, versions, links};
  };

  PassageTest()
      : account(stack.join("Kari", "kari@example.com", "a long password").identity.account) {}

  Path path(std::string_view text) { return Path::parse(text).value(); }
  void put(std::string_view at, std::string_view content) {
    auto upload = stack.workspace->begin(account, path(at), personal("text/plain")).value();
    ASSERT_TRUE(upload.write(base::view(content)).ok());
    ASSERT_TRUE(stack.workspace->keep(std::move(upload), {}).ok());
  }
  std::size_t files(std::string_view at) {
    const auto entries = stack.workspace->list(account, path(at), {}, 1000);
    std::size_t found = 0;
    if (!entries.ok()) return found;
    for (const Entry& entry : *entries) {
      if (entry.kind == Kind::folder) {
        const auto below = path(at).child(entry.name).value();
        found += stack.workspace->list(account, below, {}, 1000)->size();
      } else if (stack.workspace->read(account, entry).ok()) {
        ++found;
      }
    }
    return found;
  }
  Entry find(std::string_view at) { return stack.workspace->find(account, path(at)).value(); }
  Code remove(std::string_view at) {
    const auto removed = stack.workspace->remove(account, path(at), {});
    return removed.ok() ? Code::internal : removed.code();
  }
  base::RecordId only() {
    const auto items = stack.workspace->trash().list(account, {}, 10).value();
    EXPECT_EQ(items.size(), 1U);
    return items.at(0).id;
  }
  Code restore(base::RecordId id, std::string_view to) {
    const auto restored = stack.workspace->trash().restore(account, id, path(to));
    return restored.ok() ? Code::internal : restored.code();
  }
  std::string link(std::string_view at) {
    return stack.workspace->links().make(account, path(at), days(90), "").value().token;
  }
  bool leads(const std::string& token) {
    const auto linked = stack.workspace->links().follow(token);
    if (!linked.ok()) EXPECT_EQ(linked.code(), Code::missing);
    return linked.ok();
  }
  /// As a crash leaves it: out of the tree, and nothing has followed.
  void take_out(std::string_view at) {
    Steps steps(stack, stack.wait);
    const auto permits = steps.tree.ask_to_change(account).value();
    const Entry folder = find(at);
    stack.store
        ->write([&](store::Tx& tx) -> base::Result<void> {
          const auto above = TRY(steps.tree.walk(tx, permits.files, path(at).parent()));
          TRY(steps.tree.take_out(tx, permits.files, above.folder, folder));
          return steps.trash.take_in(tx, permits, folder, personal(std::string(at)));
        })
        .value();
  }
  std::string texts(base::Literal sql) {
    std::string found;
    stack.store
        ->read([&](store::Reader& reader) {
          return reader.query(sql, {}, [&](const store::Row& row) {
            found.append(row.text(0)).append("\n");
            return base::Result<void>();
          });
        })
        .value();
    return found;
  }
  std::string kept() {
    return texts(
        "SELECT collection || ' ' || count(*) FROM vault_record WHERE collection LIKE "
        "'workspace%' GROUP BY collection UNION ALL SELECT collection || ' ' || count(*) FROM "
        "vault_content WHERE state = 1 GROUP BY collection ORDER BY 1");
  }
  static constexpr const char* kNothing = "";

  base::RealDisk disk;
  base::ThreadWait wait;
  Chance chance;
  base::SystemEntropy vfs_chance;
  base::SystemClock vfs_clock;
  store::Vfs vfs{disk, wait, vfs_clock, vfs_chance};
  support::Stack stack{support::Stack::Made{disk, vfs, wait, chance}};
  base::AccountId account;
};

TEST_F(PassageTest, ALinkLeadsNowhereFromTheStepThatRemovesAFolderAbove) {
  put("d/e/f/a", "one");
  put("d/b", "two");
  put("c", "three");
  const std::string deep = link("d/e/f/a");
  const std::string folder = link("d/e");
  const std::string itself = link("d");
  const std::string other = link("c");
  take_out("d");
  for (const std::string& gone : {deep, folder, itself}) EXPECT_FALSE(leads(gone));
  EXPECT_TRUE(leads(other));
  // Looking has changed nothing of what a crash left; whoever looks into the trash does.
  EXPECT_EQ(kept(),
            "workspace_content 3\nworkspace_entry 5\nworkspace_leaving 1\nworkspace_trash 1\n");
  stack.reopen();
  const auto id = only();
  EXPECT_EQ(
      kept(),
      "workspace_content 1\nworkspace_entry 1\nworkspace_trash 5\nworkspace_trash_content 2\n");
  for (const std::string& gone : {deep, folder, itself}) EXPECT_FALSE(leads(gone));
  ASSERT_EQ(restore(id, "back"), Code::internal);
  for (const std::string& back : {deep, folder, itself, other}) EXPECT_TRUE(leads(back));
}

TEST_F(PassageTest, ALinkLeadsNowhereWhileAFolderRises) {
  put("d/e/a", "one");
  const std::string token = link("d/e/a");
  ASSERT_EQ(remove("d"), Code::internal);
  const auto id = only();
  Steps steps(stack, stack.wait);
  const auto permits = steps.tree.ask_to_change(account).value();
  const auto hold = steps.passage.hold(account).value();
  stack.store
      ->write([&](store::Tx& tx) { return steps.passage.mark(tx, permits, id, stack.clock.now()); })
      .value();
  ASSERT_TRUE(steps.passage.rise(hold, account, id).ok());
  EXPECT_EQ(kept(),
            "workspace_content 1\nworkspace_entry 2\nworkspace_leaving 1\nworkspace_trash 1\n");
  EXPECT_FALSE(leads(token));
  ASSERT_TRUE(steps.passage.settle(hold, account).ok());
  EXPECT_EQ(kept(), "workspace_trash 3\nworkspace_trash_content 1\n");
}

TEST_F(PassageTest, AFolderWithTooMuchInItIsSettledFirst) {
  put("o/c", "three");
  put("d/z/y/a", "one");
  const std::string inside = link("d/z/y/a");
  const std::string other = link("o/c");
  for (int i = 0; i < 2100; ++i)
    ASSERT_TRUE(stack.workspace->make_folder(account, path("d/" + std::to_string(i))).ok());
  take_out("d");
  {
    Steps steps(stack, stack.wait);
    const auto hold = steps.passage.hold(account).value();
    EXPECT_EQ(steps.links.follow(other).code(), Code::unavailable);
    EXPECT_EQ(steps.links.follow(inside).code(), Code::unavailable);
  }
  EXPECT_TRUE(leads(other));
  EXPECT_FALSE(leads(inside));
  EXPECT_EQ(texts("SELECT id FROM vault_record WHERE collection = 'workspace_leaving'"), "");
}

TEST_F(PassageTest, APathThatIsTakenMovesNothing) {
  put("d/e/a", "one");
  put("d/b", "two");
  ASSERT_EQ(remove("d"), Code::internal);
  const auto id = only();
  put("f", "a file");
  const auto sealed = [&] {
    return texts(
        "SELECT hex(sealed) FROM vault_record WHERE collection LIKE 'workspace%' "
        "ORDER BY collection, id");
  };
  const std::string before = sealed();
  for (const char* taken : {"f", "f/d", "f/d/e"}) EXPECT_EQ(restore(id, taken), Code::conflict);
  EXPECT_EQ(sealed(), before);
}

// Its time runs out at any draw of chance, of which there is one for each record that is sealed.
TEST_F(PassageTest, WhatRunsOutWhileItIsBroughtBackIsBackOrGone) {
  std::size_t draw = 0;
  std::size_t gone = 0;
  for (bool crossed = true; crossed;) {
    SCOPED_TRACE(++draw);
    put("d/e/a", "one");
    put("d/e/b", "two");
    put("d/c", "three");
    ASSERT_EQ(remove("d"), Code::internal);
    const auto id = only();
    stack.clock.advance(days(30) - std::chrono::seconds(1));
    ASSERT_TRUE(stack.vault->tick().ok());
    crossed = false;
    chance.then = [&] {
      stack.clock.advance(std::chrono::seconds(1));
      crossed = true;
    };
    chance.left = draw;
    const Code code = restore(id, "back");
    chance.left = 0;
    ASSERT_TRUE(stack.vault->tick().ok());
    if (code == Code::internal) {
      EXPECT_EQ(kept(), "workspace_content 3\nworkspace_entry 5\n");
      EXPECT_EQ(files("back"), 3U);
      ASSERT_EQ(remove("back"), Code::internal);
      ASSERT_TRUE(stack.workspace->trash().empty(account).ok());
    } else {
      EXPECT_EQ(code, Code::missing);
      ++gone;
    }
    EXPECT_EQ(kept(), kNothing);
  }
  EXPECT_GT(gone, 5U);
}

// The process ends at any of its steps; the next who looks finds it thirty days later.
TEST_F(PassageTest, WhatACrashLeavesOfARestoreIsSettledHoweverLateSomebodyLooks) {
  for (const days late : {days(0), days(60)}) {
    for (std::size_t step = 0; step < 4; ++step) {
      SCOPED_TRACE(step);
      put("d/e/a", "one");
      put("d/c", "three");
      ASSERT_EQ(remove("d"), Code::internal);
      const auto id = only();
      Steps steps(stack, stack.wait);
      const auto permits = steps.tree.ask_to_change(account).value();
      std::vector<Entry> first;
      stack.store
          ->write([&](store::Tx& tx) -> base::Result<void> {
            TRY(steps.passage.mark(tx, permits, id, stack.clock.now()));
            const auto records = TRY(stack.vault->list(tx, permits.trash, {kTrash, id, {}}, 10));
            for (const auto& record : records) {
              auto entry = TRY(to_entry(record));
              first.push_back(std::move(entry));
            }
            return {};
          })
          .value();
      ASSERT_EQ(first.size(), 2U);
      // What rise() does, cut off after so many of the entries at the top.
      stack.store
          ->write([&](store::Tx& tx) -> base::Result<void> {
            for (std::size_t i = 0; i < std::min(step, first.size()); ++i) {
              TRY(stack.vault->remove(tx, permits.trash, {kTrash, id, first[i].id}));
              TRY(steps.tree.put(tx, permits.files, id, first[i]));
              if (first[i].kind == Kind::file)
                TRY(stack.vault->move_content(tx, {permits.trash, kTrashContent},
                                              {permits.files, kContent}, first[i].content));
            }
            return {};
          })
          .value();
      if (step == 3)
        ASSERT_TRUE(steps.passage.rise(steps.passage.hold(account).value(), account, id).ok());
      stack.clock.advance(late);
      ASSERT_TRUE(stack.vault->tick().ok());
      const std::size_t items = stack.workspace->trash().list(account, {}, 10)->size();
      ASSERT_TRUE(stack.vault->tick().ok());
      if (late > days(0)) {
        EXPECT_EQ(items, 0U);
        EXPECT_EQ(kept(), kNothing);
        continue;
      }
      EXPECT_EQ(kept(), "workspace_trash 4\nworkspace_trash_content 2\n");
      ASSERT_EQ(restore(id, "d"), Code::internal);
      EXPECT_EQ(files("d"), 2U);
      ASSERT_EQ(remove("d"), Code::internal);
      ASSERT_TRUE(stack.workspace->trash().empty(account).ok());
    }
  }
}

TEST_F(PassageTest, WhatACrashLeftOfARemovalIsGoneWhenItsTimeIsOver) {
  put("d/e/a", "one");
  take_out("d");
  stack.clock.advance(days(31));
  ASSERT_TRUE(stack.vault->tick().ok());
  EXPECT_EQ(kept(), "workspace_content 1\nworkspace_entry 2\nworkspace_leaving 1\n");
  EXPECT_TRUE(stack.workspace->trash().list(account, {}, 10)->empty());
  ASSERT_TRUE(stack.vault->tick().ok());
  EXPECT_EQ(kept(), kNothing);
}

// As it was written before there were marks: from above on the way down, from below on the way up.
TEST_F(PassageTest, WhatWasLeftBeforeThereWereMarksIsSettledAsWell) {
  put("d/e/f/a", "one");
  put("d/b", "two");
  const auto half_sunk = [&] {
    take_out("d");
    Steps steps(stack, stack.wait);
    const auto permits = steps.tree.ask_to_change(account).value();
    stack.store
        ->write([&](store::Tx& tx) -> base::Result<void> {
          const auto all = TRY(stack.vault->list(tx, permits.trash, {kTrash, {}, {}}, 10));
          const base::RecordId folder = all.at(0).id;
          const auto removed = TRY(all.at(0).fields.time("removed"));
          vault::Fields fields = all.at(0).fields;
          fields.set("unsettled", std::int64_t{1});
          TRY(stack.vault->put(tx, permits.trash, {kTrash, {}, folder}, fields,
                               removed + trash_lives));
          TRY(steps.passage.unmark(tx, permits, folder));
          // The folder in it has gone down, and what is in that has not.
          for (const Entry& entry : TRY(steps.tree.list(tx, permits.files, folder, {}, 10))) {
            if (entry.kind != Kind::folder) continue;
            TRY(stack.vault->remove(tx, permits.files, {kEntries, folder, entry.id}));
            TRY(stack.vault->put(tx, permits.trash, {kTrash, folder, entry.id}, to_fields(entry),
                                 removed + trash_lives));
          }
          return {};
        })
        .value();
  };
  const std::string settled = "workspace_trash 5\nworkspace_trash_content 2\n";
  half_sunk();
  const auto id = only();
  EXPECT_EQ(kept(), settled);
  ASSERT_EQ(restore(id, "d"), Code::internal);
  EXPECT_EQ(files("d"), 2U);
  half_sunk();
  ASSERT_EQ(restore(id, "d"), Code::internal);
  EXPECT_EQ(files("d"), 2U);
  half_sunk();
  ASSERT_TRUE(stack.workspace->trash().purge(account, id).ok());
  EXPECT_EQ(kept(), kNothing);
}

TEST_F(PassageTest, WhoeverCannotHaveTheTrashSoonIsTold) {
  put("d/a", "one");
  put("e/a", "two");
  ASSERT_EQ(remove("d"), Code::internal);
  const auto id = only();
  Impatient impatient;
  Steps steps(stack, impatient);
  {
    const auto hold = steps.passage.hold(account).value();
    EXPECT_EQ(steps.trash.restore(account, id, path("d")).code(), Code::unavailable);
    EXPECT_EQ(steps.trash.purge(account, id).code(), Code::unavailable);
    EXPECT_EQ(steps.trash.empty(account).code(), Code::unavailable);
    // A removal needs nobody; whoever has the hold goes on with what is left of it.
    take_out("e");
    steps.trash.settle(account);
    EXPECT_NE(texts("SELECT '1' FROM vault_record WHERE collection = 'workspace_leaving'"), "");
    ASSERT_TRUE(steps.passage.settle(hold, account).ok());
  }
  EXPECT_EQ(kept(), "workspace_trash 4\nworkspace_trash_content 2\n");
  EXPECT_TRUE(steps.trash.restore(account, id, path("d")).ok());
  EXPECT_TRUE(steps.trash.empty(account).ok());
}

TEST(Busy, NoMoreWaitThanMay) {
  base::ThreadWait wait;
  base::SystemClock clock;
  Busy<int> busy(wait);
  std::optional<Busy<int>::Hold> hold = busy.try_hold(1);
  ASSERT_TRUE(hold);
  std::atomic<int> taken = 0;
  std::vector<std::jthread> others;
  for (int i = 0; i < 2; ++i)
    others.emplace_back([&] {
      if (busy.take_over(1, clock, std::chrono::minutes(5), 2)) ++taken;
    });
  while (busy.waiting(1) < 2) wait.yield();
  EXPECT_FALSE(busy.take_over(1, clock, std::chrono::minutes(5), 2));
  EXPECT_TRUE(busy.take_over(2, clock, std::chrono::minutes(5), 0));
  hold.reset();
  others.clear();
  EXPECT_EQ(taken, 2);
  EXPECT_EQ(busy.waiting(1), 0U);
  EXPECT_TRUE(busy.take_over(1, clock, std::chrono::minutes(5), 0));
  const auto again = busy.try_hold(1);
  EXPECT_FALSE(busy.take_over(1, clock, std::chrono::milliseconds(1)));
}

}  // namespace
}  // namespace workspace
