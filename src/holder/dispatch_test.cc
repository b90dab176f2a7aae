#include "holder/dispatch.h"

#include <gtest/gtest.h>

#include "base/entropy.h"
#include "base/faulty_disk.h"
#include "holder/remote_root.h"
#include "keys/root_record.h"

namespace holder {
namespace {

using base::Code;

keys::Root sample(std::uint64_t epoch) {
  base::SecretBytes key(32);
  for (std::uint8_t& byte : key.mutable_view()) byte = static_cast<std::uint8_t>(epoch + 0xb0);
  return {.epoch = epoch, .key = std::move(key), .page = epoch * 3};
}

class Echo final : public Handler {
 public:
  base::Result<base::Bytes> handle(Method method, base::View) override {
    return base::Bytes{static_cast<std::uint8_t>(method)};
  }
};

/// The holder within this process; its answers can be lost.
class Near final : public Channel {
 public:
  explicit Near(Handler& handler) : handler_(handler) {}
  base::Result<base::Bytes> call(Method method, base::View body) override {
    auto answer = handler_.handle(method, body);
    if (lose_answers) return base::Error{Code::unavailable, "lost"};
    return answer;
  }
  bool lose_answers = false;

 private:
  Handler& handler_;
};

class DispatchTest : public testing::Test {
 protected:
  base::ThreadWait wait_;
  base::FaultyDisk disk_{wait_};
  std::unique_ptr<keys::FileRootHolder> file_ = keys::FileRootHolder::open(disk_, "holder").value();
  std::unique_ptr<Fence> fence_ = Fence::open(disk_, "holder").value();
  RootPart root_{*file_, *fence_};
  Echo replica_;
  Dispatch dispatch_{root_, &replica_};
  Near channel_{dispatch_};
  RemoteRootHolder remote_{channel_, 1};
};

TEST_F(DispatchTest, KeepsARootForAnother) {
  EXPECT_FALSE(remote_.read().value()[0] || remote_.read().value()[1]);
  remote_.write(1, sample(2)).value();
  auto roots = remote_.read().value();
  EXPECT_FALSE(roots[0]);
  ASSERT_TRUE(roots[1]);
  EXPECT_EQ(roots[1]->epoch, 2U);
  EXPECT_EQ(roots[1]->page, 6U);
  EXPECT_TRUE(roots[1]->key == sample(2).key);
  EXPECT_EQ(disk_.find(sample(2).key.view()).size(), 1U);
  remote_.destroy(1).value();
  EXPECT_FALSE(remote_.read().value()[1]);
  EXPECT_TRUE(disk_.find(sample(2).key.view()).empty());
}

TEST_F(DispatchTest, CanBeAskedAgainWhenAnAnswerWasLost) {
  channel_.lose_answers = true;
  EXPECT_EQ(remote_.write(0, sample(1)).code(), Code::unavailable);
  channel_.lose_answers = false;
  remote_.write(0, sample(1)).value();
  EXPECT_EQ(remote_.read().value()[0]->epoch, 1U);
  channel_.lose_answers = true;
  EXPECT_EQ(remote_.destroy(0).code(), Code::unavailable);
  channel_.lose_answers = false;
  remote_.destroy(0).value();
  EXPECT_FALSE(remote_.read().value()[0]);
}

TEST_F(DispatchTest, SaysWhatTheDiskSays) {
  disk_.break_path("holder/root.ktn");
  EXPECT_EQ(remote_.read().code(), Code::io);
  EXPECT_EQ(remote_.write(0, sample(1)).code(), Code::io);
  EXPECT_EQ(remote_.destroy(0).code(), Code::io);
}

TEST_F(DispatchTest, RefusesWhatIsNoRoot) {
  remote_.write(0, sample(1)).value();
  const auto code = [&](Method method, base::View behind) {
    base::Bytes body;
    base::put_u64(body, 1);
    body.insert(body.end(), behind.begin(), behind.end());
    return dispatch_.handle(method, body).code();
  };
  base::Bytes write = {0};
  const base::SecretBytes record = keys::encode_root(sample(2));
  write.insert(write.end(), record.view().begin(), record.view().end());
  base::Bytes damaged = write;
  damaged.back() ^= 1;
  EXPECT_EQ(code(Method::root_write, damaged), Code::invalid);
  base::Bytes third = write;
  third[0] = 2;
  EXPECT_EQ(code(Method::root_write, third), Code::invalid);
  EXPECT_EQ(code(Method::root_write, {}), Code::invalid);
  EXPECT_EQ(code(Method::root_destroy, {}), Code::invalid);
  EXPECT_EQ(code(Method::root_destroy, base::Bytes{2}), Code::invalid);
  EXPECT_EQ(code(Method::root_destroy, base::Bytes{0, 0}), Code::invalid);
  EXPECT_EQ(code(Method::root_read, base::Bytes{0}), Code::invalid);
  for (const Method method : {Method::root_read, Method::root_write, Method::root_destroy})
    EXPECT_FALSE(dispatch_.handle(method, base::Bytes(7)).ok());
  EXPECT_EQ(remote_.read().value()[0]->epoch, 1U);
}

TEST_F(DispatchTest, AHostThatWasReplacedNeitherReadsNorWritesTheRoot) {
  base::Mandate mandate(wait_);
  RemoteRootHolder old(channel_, 1, &mandate);
  old.write(0, sample(1)).value();
  RemoteRootHolder next(channel_, 2);
  EXPECT_TRUE(next.read().ok());
  EXPECT_EQ(fence_->newest(), 2U);
  EXPECT_FALSE(mandate.ended());
  EXPECT_EQ(old.write(1, sample(7)).code(), Code::unavailable);
  EXPECT_TRUE(mandate.ended()) << "the host learns it";
  EXPECT_EQ(old.destroy(0).code(), Code::unavailable);
  EXPECT_EQ(old.read().code(), Code::unavailable);
  auto roots = next.read().value();
  ASSERT_TRUE(roots[0]);
  EXPECT_EQ(roots[0]->epoch, 1U);
  EXPECT_FALSE(roots[1]);
  // The holder remembers it.
  disk_.crash();
  const auto again = Fence::open(disk_, "holder").value();
  EXPECT_EQ(again->newest(), 2U);
  EXPECT_EQ(again->admit(1).code(), Code::denied);
}

TEST_F(DispatchTest, WhoLooksIsNobody) {
  remote_.write(0, sample(1)).value();
  RemoteRootHolder(channel_, 5).destroy(1).value();
  RemoteRootHolder looking(channel_, kLooking);
  EXPECT_EQ(looking.read().value()[0]->epoch, 1U);
  EXPECT_EQ(fence_->newest(), 5U);
  EXPECT_EQ(looking.write(0, sample(9)).code(), Code::unavailable);
  EXPECT_EQ(looking.destroy(0).code(), Code::unavailable);
  EXPECT_EQ(looking.read().value()[0]->epoch, 1U);
}

TEST_F(DispatchTest, ANewerHostIsNotServedBeforeItIsRemembered) {
  remote_.write(0, sample(1)).value();
  disk_.break_path("holder/incarnation.new");
  EXPECT_FALSE(RemoteRootHolder(channel_, 2).write(1, sample(2)).ok());
  EXPECT_FALSE(remote_.read().value()[1]);
  EXPECT_EQ(fence_->newest(), 1U);
}

TEST_F(DispatchTest, LeadsEachMethodToItsPart) {
  for (const Method method :
       {Method::replica_status, Method::replica_intend, Method::replica_leaves,
        Method::restore_begin, Method::restore_leaves})
    EXPECT_EQ(dispatch_.handle(method, {}).value()[0], static_cast<std::uint8_t>(method));
  EXPECT_EQ(dispatch_.handle(static_cast<Method>(4), {}).code(), Code::unsupported);
  EXPECT_EQ(dispatch_.handle(static_cast<Method>(255), {}).code(), Code::unsupported);
  Dispatch alone(root_, nullptr);
  EXPECT_EQ(alone.handle(Method::replica_status, {}).code(), Code::unsupported);
  EXPECT_TRUE(alone.handle(Method::root_read, base::Bytes(8)).ok());
}

TEST_F(DispatchTest, KeepsLanesApart) {
  EXPECT_TRUE(belongs(3, Lane::root));
  EXPECT_FALSE(belongs(3, Lane::replica));
  EXPECT_FALSE(belongs(4, Lane::root));
  EXPECT_TRUE(belongs(16, Lane::restore));
  EXPECT_FALSE(belongs(17, Lane::restore));
  EXPECT_FALSE(belongs(32, Lane::replica));
}

/// A holder that answers nonsense.
class Liar final : public Channel {
 public:
  base::Result<base::Bytes> call(Method, base::View) override { return answer; }
  base::Bytes answer;
};

TEST(RemoteRoot, BelievesNoNonsense) {
  Liar liar;
  RemoteRootHolder remote(liar, 1);
  for (const char* answer : {"", "00", "000000", "0100", "02", "01ff00"}) {
    liar.answer = base::parse_hex(answer).value();
    EXPECT_FALSE(remote.read().ok()) << answer;
  }
  liar.answer = {0, 0};
  EXPECT_TRUE(remote.read().ok());
}

}  // namespace
}  // namespace holder
