#include "workspace/room.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <optional>
#include <thread>

#include "tests/support/stack.h"
#include "workspace/record_fields.h"
#include "workspace/uploads.h"

namespace workspace {
namespace {

using base::Code;
using support::opened;
using support::personal;

constexpr std::uint64_t kFile = entry_bytes + piece_bytes;

/// A plan, and what happens while somebody counts what is kept.
struct Plan final : Allowance {
  base::Result<std::uint64_t> bytes_max(base::AccountId) override {
    ++asked;  // once by each count
    const std::uint64_t now = bytes;
    if (meanwhile) std::exchange(meanwhile, nullptr)();
    return now;
  }
  std::uint64_t bytes = std::uint64_t{1} << 40;
  std::atomic<std::size_t> asked = 0;
  std::function<void()> meanwhile;
};

/// Knows how many have come to wait for a condition.
class Waits final : public base::Wait {
 public:
  std::unique_ptr<MutexImpl> make_mutex() override { return threads_.make_mutex(); }
  std::unique_ptr<ConditionImpl> make_condition() override {
    return std::make_unique<Condition>(threads_.make_condition(), waits);
  }
  std::unique_ptr<BellImpl> make_bell() override { return threads_.make_bell(); }
  void sleep(base::Duration at_least) override { threads_.sleep(at_least); }
  void yield() override { threads_.yield(); }
  std::atomic<std::size_t> waits = 0;

 private:
  class Condition final : public ConditionImpl {
   public:
    Condition(std::unique_ptr<ConditionImpl> real, std::atomic<std::size_t>& waits)
        : real_(std::move(real)), waits_(waits) {}
    void wait(MutexImpl& held) override {
      ++waits_;
      real_->wait(held);
    }
    bool wait_for(MutexImpl& held, base::Duration at_most) override {
      return real_->wait_for(held, at_most);
    }
    void notify_one() override { real_->notify_one(); }
    void notify_all() override { real_->notify_all(); }

   private:
    std::unique_ptr<ConditionImpl> real_;
    std::atomic<std::size_t>& waits_;
  };
  base::ThreadWait threads_;
};

class RoomTest : public testing::Test {
 protected:
  RoomTest()
      : account(stack.join("Kari", "kari@example.com", "a long password").identity.account),
        permit(stack.gate
                   ->ask(gate::Actor::member, base::owner_of(account),
                         *stack.policy.current().category("workspace_content"),
                         *stack.policy.current().purpose("provide_service"))
                   .value()) {}

  static Path path(std::string_view text) { return Path::parse(text).value(); }
  base::Result<Receipt> put(std::string_view at, std::string_view content) {
    auto upload = TRY(workspace->begin(account, path(at), personal("text/plain"), content.size()));
    TRY(upload.write(base::view(content)));
    return workspace->keep(std::move(upload), {});
  }
  base::Result<Receipt> copy(std::string_view from, std::string_view to) {
    return workspace->copy(account, path(from), path(to), {}, Taken::refuse);
  }
  base::Result<Receipt> move(std::string_view from, std::string_view to) {
    return workspace->move(account, path(from), path(to), {}, Taken::refuse);
  }
  base::Result<void> remove(std::string_view at) {
    return workspace->remove(account, path(at), {});
  }
  base::Result<Unfinished> upload(std::string_view at, std::uint64_t length) {
    const auto where = path(at);
    const auto type = personal("text/plain");
    return workspace->uploads().create(account, {where, type, length}, {});
  }
  std::uint64_t used() { return workspace->usage(account)->bytes(); }
  /// What is said to be used is what a count from nothing says: no charge is made up.
  void expect_used(std::uint64_t bytes) {
    EXPECT_EQ(used(), bytes);
    Room fresh(*stack.vault, stack.clock, stack.wait, plan);
    EXPECT_EQ(fresh.used(permit, account)->bytes(), bytes);
  }
  template <class T>
  static bool full(const base::Result<T>& result) {
    return !result.ok() && is_over_quota(result.error());
  }
  base::Result<void> record(const char* id, const std::optional<std::string>& document) {
    Change change{personal("orders"), personal(id), {}, {}};
    if (document) change.draft = Draft{Document::parse(*document).value(), {}, {}};
    std::vector<Change> changes;
    changes.push_back(std::move(change));
    Refusal refusal;
    TRY(records->change(account, changes, refusal));
    return {};
  }

  support::Stack stack;
  base::AccountId account;
  gate::Permit permit;
  Plan plan;
  Room room{*stack.vault, stack.clock, stack.wait, plan};
  std::unique_ptr<Workspace> workspace =
      Workspace::open({*stack.vault, stack.wait, stack.clock, stack.entropy, room}).value();
  std::unique_ptr<Records> records =
      Records::open({*stack.vault, stack.clock, stack.entropy, stack.wait, room}).value();
};

TEST_F(RoomTest, EachEntryTakesSome) {
  expect_used(0);
  ASSERT_TRUE(put("empty", "").ok());
  expect_used(kFile);
  ASSERT_TRUE(put("d/e/five", "12345").ok());
  expect_used(2 * kFile + 2 * entry_bytes + 5);
  ASSERT_TRUE(workspace->make_folder(account, path("d/f/g")).ok());
  ASSERT_TRUE(workspace->make_folder(account, path("d/f/g")).ok());
  expect_used(2 * kFile + 4 * entry_bytes + 5);
  ASSERT_TRUE(put("empty", "more").ok());  // what it was is an earlier version
  expect_used(3 * kFile + 4 * entry_bytes + 9);
  ASSERT_TRUE(move("empty", "h/moved").ok());
  expect_used(3 * kFile + 5 * entry_bytes + 9);
  ASSERT_TRUE(copy("d", "copied").ok());
  expect_used(4 * kFile + 9 * entry_bytes + 14);
}

TEST_F(RoomTest, UploadsTakeSomeFromTheirBeginning) {
  const auto id = upload("d/a", 4)->id;
  expect_used(entry_bytes);
  const auto bring = [&](std::uint64_t at, std::string_view text) -> base::Result<void> {
    const auto now = TRY(workspace->uploads().find(account, id));
    auto part = TRY(workspace->uploads().append(account, now, path("d/a"), at, {}, {}));
    TRY(part->write(base::view(text)));
    return part->finish();
  };
  ASSERT_TRUE(bring(0, "12").ok());
  expect_used(entry_bytes + piece_bytes + 2);
  ASSERT_TRUE(bring(2, "34").ok());  // a file, its folder, and what says that it is finished
  expect_used(kFile + 2 * entry_bytes + 4);
  ASSERT_TRUE(upload("empty", 0).ok());
  expect_used(2 * kFile + 3 * entry_bytes + 4);
}

TEST_F(RoomTest, WhatHoldsALongPathTakesMore) {
  std::string deep;
  for (int i = 0; i < 16; ++i) deep += std::string(250, 'd') + "/";
  ASSERT_TRUE(put(deep + "a", "").ok());
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(put("d/" + std::to_string(i), "").ok());
  const std::uint64_t before = used();
  ASSERT_EQ(before, 21 * kFile + 17 * entry_bytes);
  // What is charged for it, and what is counted then.
  const std::uint64_t path = 3 * entry_bytes;
  ASSERT_TRUE(upload(deep + "b", 0).ok());
  EXPECT_GE(used(), before + kFile + path);
  stack.clock.advance(std::chrono::seconds(30));
  EXPECT_GE(used(), before + kFile + path);
  // However many short ones there are beside it, in folders.
  ASSERT_TRUE(remove("d").ok());
  ASSERT_TRUE(remove(deep + "a").ok());
  stack.clock.advance(std::chrono::seconds(30));
  EXPECT_GE(used(), before + kFile + 2 * path);
}

TEST_F(RoomTest, WhoComesWhileItIsCountedWaitsForTheNextCountWithAllOthers) {
  constexpr std::size_t kOthers = 8;
  ASSERT_TRUE(put("a", "").ok());
  plan.bytes = kFile;  // full
  plan.asked = 0;
  Waits waits;
  Room shared(*stack.vault, stack.clock, waits, plan);
  std::array<std::optional<Room::Taken>, kOthers> taken;
  std::vector<std::jthread> others;
  plan.meanwhile = [&] {
    for (auto& one : taken) {
      others.emplace_back([&] {
        auto room_for_one = shared.take(permit, account, {0, 0, 1});
        if (room_for_one.ok()) one.emplace(std::move(*room_for_one));
      });
    }
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (waits.waits < kOthers && std::chrono::steady_clock::now() < end) waits.yield();
    plan.bytes = kFile + kOthers * entry_bytes;
  };
  EXPECT_EQ(shared.used(permit, account)->bytes_max, kFile) << "as it was when that began";
  others.clear();
  EXPECT_TRUE(std::ranges::all_of(taken, [](const auto& one) { return one.has_value(); }))
      << "a larger plan is seen by all who came before it was counted";
  EXPECT_EQ(plan.asked, 2U);
  EXPECT_TRUE(full(shared.take(permit, account, {0, 0, 1}))) << "there is room for no more";
}

TEST_F(RoomTest, ARecordIsCountedAsItIsCharged) {
  ASSERT_TRUE(records->keep(account, personal("orders"), {}, {}).ok());
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(record(std::to_string(i).c_str(), "{}").ok());
  const auto charged = static_cast<double>(used());
  stack.clock.advance(std::chrono::hours(1));
  EXPECT_NEAR(static_cast<double>(used()), charged, charged / 10);
}

TEST_F(RoomTest, ACollectionIsChargedForTheSchemaThatItHas) {
  const auto keep = [&](const std::string& schema) {
    return records->keep(account, personal("orders"), Document::parse(schema).value(), {}).ok();
  };
  ASSERT_TRUE(keep("{}"));
  const std::uint64_t before = used();
  ASSERT_TRUE(keep(R"({"title":")" + std::string(20'000, 'x') + R"("})"));
  EXPECT_GT(used(), before + 20'000);
  ASSERT_TRUE(keep("{}"));
  EXPECT_EQ(used(), before);
}

TEST_F(RoomTest, WhatIsEmptyIsRefusedByAPlanThatIsFull) {
  ASSERT_TRUE(put("d/a", "").ok());
  ASSERT_TRUE(put("b", "").ok());
  ASSERT_TRUE(put("b", "").ok());
  plan.bytes = used();
  EXPECT_TRUE(full(put("c", "")));
  EXPECT_TRUE(full(put("b", ""))) << "it has earlier versions";
  EXPECT_TRUE(full(workspace->begin(account, path("c"), personal("text/plain"))));
  EXPECT_TRUE(full(workspace->make_folder(account, path("e"))));
  EXPECT_TRUE(full(upload("c", 0)));
  EXPECT_TRUE(full(upload("c", 1)));
  EXPECT_TRUE(full(copy("b", "c")));
  EXPECT_TRUE(full(copy("d", "e")));
  EXPECT_TRUE(full(move("b", "e/b"))) << "a folder is to be made";
  // What makes nothing more is done.
  EXPECT_TRUE(workspace->make_folder(account, path("d")).ok());
  EXPECT_TRUE(move("b", "d/b").ok());
  ASSERT_TRUE(remove("d").ok());
  const auto trashed = workspace->trash().list(account, {}, 10).value().at(0).id;
  EXPECT_TRUE(full(workspace->trash().restore(account, trashed, path("e/d"))));
  EXPECT_TRUE(workspace->trash().restore(account, trashed, path("d")).ok());
  EXPECT_EQ(used(), plan.bytes);
}

TEST_F(RoomTest, WhatIsRemovedForGoodMakesRoomAtOnce) {
  ASSERT_TRUE(put("d/e/a", "").ok());
  for (const char* at : {"d/b", "d/c"}) ASSERT_TRUE(workspace->make_folder(account, path(at)).ok());
  plan.bytes = used();
  ASSERT_EQ(used(), plan.bytes);  // the plan is looked at
  ASSERT_TRUE(remove("d").ok());
  EXPECT_TRUE(full(workspace->make_folder(account, path("f")))) << "the trash counts";
  ASSERT_TRUE(workspace->trash().empty(account).ok());
  for (const char* at : {"f", "f/g", "f/h", "f/i"})
    EXPECT_TRUE(workspace->make_folder(account, path(at)).ok()) << at;
  EXPECT_TRUE(put("f/a", "").ok());
  EXPECT_TRUE(full(workspace->make_folder(account, path("j"))));
  // And is said to be gone: at once where a file was in it, else soon.
  ASSERT_TRUE(remove("f").ok());
  ASSERT_TRUE(workspace->trash().empty(account).ok());
  expect_used(0);
  ASSERT_TRUE(workspace->make_folder(account, path("k")).ok());
  ASSERT_TRUE(remove("k").ok());
  ASSERT_TRUE(workspace->trash().empty(account).ok());
  stack.clock.advance(std::chrono::seconds(30));
  expect_used(0);
}

TEST_F(RoomTest, AFolderThatIsCopiedBesideItselfAgainAndAgainFillsItsPlanAndNoMore) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(put("d/0/" + std::to_string(i), "").ok());
  plan.bytes = 40 * kFile;
  bool refused = false;
  for (int i = 1; i < 10 && !refused; ++i) {
    const auto copied = copy("d", "copy " + std::to_string(i) + "/d");
    if (!copied.ok()) {
      refused = true;
      EXPECT_TRUE(is_over_quota(copied.error()));
      EXPECT_EQ(workspace->find(account, path("copy " + std::to_string(i))).code(), Code::missing)
          << "not even begun";
    }
  }
  EXPECT_TRUE(refused);
  EXPECT_LE(used(), plan.bytes);
}

TEST_F(RoomTest, OfManyEntriesAtOnceThereAreNoMoreThanThePlanHas) {
  plan.bytes = 3 * kFile;
  std::vector<Upload> coming;
  for (const char* at : {"a", "b", "c"})
    coming.push_back(workspace->begin(account, path(at), personal("text/plain")).value());
  EXPECT_TRUE(full(workspace->begin(account, path("d"), personal("text/plain"))));
  coming.pop_back();
  EXPECT_TRUE(put("d", "").ok()) << "given back";
}

TEST_F(RoomTest, WhatIsRemovedWhileRecordsAreCountedIsNotCountedOutTwice) {
  ASSERT_TRUE(records->keep(account, personal("orders"), {}, {}).ok());
  const std::string large = R"({"a":")" + std::string(20'000, 'x') + R"("})";
  for (const char* id : {"1", "2", "3"}) ASSERT_TRUE(record(id, large).ok());
  stack.clock.advance(std::chrono::hours(1));
  plan.meanwhile = [&] { ASSERT_TRUE(record("1", {}).ok()); };
  const std::uint64_t said = used();
  Room fresh(*stack.vault, stack.clock, stack.wait, plan);
  EXPECT_EQ(said, fresh.used(permit, account)->bytes());
  // What came meanwhile counts, perhaps twice.
  auto coming = room.take(permit, account, {20'000, 0, 0}).value();
  stack.clock.advance(std::chrono::hours(1));
  plan.meanwhile = [&] { coming.fill_with_records(20'000); };
  EXPECT_EQ(used(), fresh.used(permit, account)->bytes() + 20'000);
}

TEST_F(RoomTest, WhatWasRemovedAndCountedBeforeItIsSaidIsNotCountedOutTwice) {
  ASSERT_TRUE(records->keep(account, personal("orders"), {}, {}).ok());
  ASSERT_TRUE(record("1", "{}").ok());
  auto changing = room.take(permit, account, {}).value();
  stack.clock.advance(std::chrono::hours(1));
  const std::uint64_t counted = used();
  changing.fill_with_records(-1'000);
  EXPECT_EQ(used(), counted);
  // Where nobody has counted since, it is gone.
  room.take(permit, account, {}).value().fill_with_records(-100);
  EXPECT_EQ(used(), counted - 100);
}

}  // namespace
}  // namespace workspace
