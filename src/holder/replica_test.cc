#include "holder/replica.h"

#include <gtest/gtest.h>

#include <numeric>

#include "holder/replica_look.h"
#include "holder/replica_testing.h"
#include "keys/rewrap.h"
#include "keys/wrap_testing.h"
#include "ledger/testing.h"

namespace holder {
namespace {

using base::Code;

/// A replica on a disk that can fail, and a server's side of the conversation by hand.
struct Talk {
  Talk() {
    server.mint(0, 60);
    open().value();
  }
  base::Result<void> open() {
    replica.reset();
    replica = TRY(Replica::open(disk, clock, kReplicaDirectory, wrapping));
    return {};
  }
  base::Result<ReplicaStatus> ask() {
    const base::Bytes answer =
        TRY(replica->handle(Method::replica_status, encode(StatusRequest{incarnation})));
    return parse_status(answer);
  }
  base::Result<base::Bytes> intend(Intents intents) {
    return replica->handle(Method::replica_intend, encode(IntendRequest{incarnation, intents}));
  }
  base::Result<base::Bytes> send(std::uint32_t number, std::span<const PageImage> pages) {
    PagesRequest request{incarnation, transfer, number, {}};
    for (const PageImage& page : pages) request.pages.push_back({page.page, page.image});
    return replica->handle(Method::replica_pages, encode(request));
  }
  base::Result<base::Bytes> commit(std::uint32_t requests, std::uint64_t since,
                                   Intents intents = {}) {
    return replica->handle(
        Method::replica_commit,
        encode(CommitRequest{incarnation, transfer, requests, since, server.root(), intents}));
  }
  base::Result<base::Bytes> ship(std::uint64_t since, const Intents& intents = {}) {
    ++transfer;
    TRY(send(0, server.pages(since)));
    return commit(1, since, intents);
  }

  Server server;
  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
  base::SystemEntropy entropy;
  base::ManualClock clock{base::Time(std::chrono::seconds(1'800'000'000))};
  const keys::Wrapping* wrapping = nullptr;
  std::unique_ptr<Replica> replica;
  std::uint64_t incarnation = 1;
  std::uint64_t transfer = 0;
};

TEST(Replica, ItsRootIsWrappedInThePassphraseOfItsHolder) {
  Talk talk;
  const keys::CheapWrapping horse("correct horse");
  const keys::CheapWrapping staple("battery staple");
  talk.wrapping = horse.get();
  // What was made without a passphrase so far, and is empty, takes one.
  talk.open().value();
  talk.ship(0).value();
  talk.server.erase(5);
  talk.ship(talk.ask()->epoch).value();
  EXPECT_TRUE(talk.disk.find(talk.server.root().key.view()).empty());
  const auto look = look_at_replica(talk.disk, kReplicaDirectory).value();
  EXPECT_FALSE(look->epoch) << "nobody can tell without it";
  talk.open().value();
  EXPECT_EQ(talk.ask()->epoch, talk.server.root().epoch);
  EXPECT_EQ(talk.ask()->tree_incarnation, 1U);
  for (const keys::Wrapping* other : {staple.get(), static_cast<const keys::Wrapping*>(nullptr)}) {
    talk.wrapping = other;
    EXPECT_EQ(talk.open().code(), Code::denied);
  }
  talk.wrapping = horse.get();
  EXPECT_TRUE(talk.open().ok()) << "a wrong one changes nothing";
}

TEST(Replica, AWrongPassphraseAtASecondOpeningDoesNotSayThatAnotherHostCame) {
  Talk talk;
  talk.ship(0).value();
  const std::uint64_t since = talk.ask()->epoch;
  talk.server.erase(5);
  talk.disk.fail_syncs("replica/root.ktn", 1);
  ASSERT_FALSE(talk.ship(since).ok());
  const keys::CheapWrapping horse("correct horse");
  keys::rewrap(talk.disk, {kReplicaDirectory}, nullptr, horse.get()).value();
  EXPECT_EQ(talk.ask().code(), Code::io);
  keys::rewrap(talk.disk, {kReplicaDirectory}, horse.get(), nullptr).value();
  EXPECT_EQ(talk.ask()->epoch, since + 1);
}

TEST(Replica, FollowsAServer) {
  Talk talk;
  EXPECT_EQ(talk.ask()->epoch, 0U);
  EXPECT_EQ(talk.ask()->tree_incarnation, 0U);
  ASSERT_TRUE(talk.ship(0).ok());
  EXPECT_EQ(talk.ask()->epoch, talk.server.root().epoch);
  EXPECT_EQ(talk.ask()->tree_incarnation, 1U);
  ASSERT_TRUE(talk.intend({7, 9}).ok());
  ASSERT_TRUE(talk.open().ok());
  EXPECT_EQ(talk.ask()->intents, (Intents{7, 9}));
  const std::uint64_t since = talk.ask()->epoch;
  talk.server.erase(5);
  ASSERT_TRUE(talk.ship(since, {9}).ok());
  ASSERT_TRUE(talk.open().ok());
  EXPECT_EQ(talk.ask()->epoch, since + 1);
  EXPECT_EQ(talk.ask()->intents, Intents{9});
}

TEST(Replica, TakesRequestsAgainAndNoneOutOfTurn) {
  Talk talk;
  talk.server.mint(4'000, 3);
  const auto pages = talk.server.pages(0);
  const std::span<const PageImage> all = pages;
  ASSERT_TRUE(talk.send(0, all.first(2)).ok());
  ASSERT_TRUE(talk.send(0, all.first(2)).ok());  // its answer was lost: begun anew
  ASSERT_TRUE(talk.send(1, all.subspan(2)).ok());
  ASSERT_TRUE(talk.send(1, all.subspan(2)).ok());
  EXPECT_EQ(talk.send(3, {}).code(), Code::stale);
  ++talk.transfer;
  EXPECT_EQ(talk.send(1, {}).code(), Code::stale);
  --talk.transfer;
  ASSERT_TRUE(talk.commit(2, 0).ok());
  EXPECT_TRUE(talk.commit(2, 0).ok());  // the answer was lost
  talk.server.erase(1);
  EXPECT_EQ(talk.commit(2, talk.ask()->epoch).code(), Code::invalid);  // without its pages
}

TEST(Replica, RefusesAHostThatWasReplaced) {
  Talk talk;
  ASSERT_TRUE(talk.ship(0).ok());
  talk.incarnation = 2;
  EXPECT_EQ(talk.ask()->incarnation, 2U);
  EXPECT_EQ(talk.ask()->tree_incarnation, 1U);
  talk.incarnation = 1;
  ASSERT_TRUE(talk.open().ok());  // it is remembered
  EXPECT_EQ(talk.ask().code(), Code::denied);
  EXPECT_EQ(talk.intend({1}).code(), Code::denied);
  EXPECT_EQ(talk.ship(0).code(), Code::denied);
  // The newer host goes on with the same tree, and need not send it again.
  talk.incarnation = 2;
  ASSERT_TRUE(talk.commit(0, talk.server.root().epoch).ok());
  EXPECT_EQ(talk.ask()->tree_incarnation, 2U);
}

TEST(Replica, RefusesWhatIsNoRequest) {
  Talk talk;
  for (const Method method :
       {Method::replica_status, Method::replica_intend, Method::replica_pages,
        Method::replica_commit, Method::replica_leaves, Method::replica_keys}) {
    EXPECT_EQ(talk.replica->handle(method, {}).code(), Code::corrupt);  // cut short
    EXPECT_EQ(talk.replica->handle(method, base::Bytes(8)).code(), Code::invalid);
    EXPECT_FALSE(talk.replica->handle(method, base::Bytes(9'000, 1)).ok());
  }
  EXPECT_EQ(talk.replica->handle(Method::root_read, {}).code(), Code::unsupported);
  EXPECT_EQ(talk.intend({9, 7}).code(), Code::invalid);
}

TEST(Replica, KeepsTheLogUpToItsCheckpoint) {
  Talk talk;
  const auto signer = ledger::test_signer();
  const std::string key = ledger::VerifierKey::of("log.example", signer.public_key()).str();
  std::vector<ledger::Leaf> leaves;
  for (std::uint64_t n = 0; n < 300; ++n) leaves.push_back(ledger::test_leaf(n));
  const auto send = [&](std::uint64_t from, std::uint64_t to, bool sign) {
    LeavesRequest request{1, from, {}, {}, key};
    for (std::uint64_t n = from; n < to; ++n) request.leaves.push_back(leaves[n]);
    const std::span<const ledger::Leaf> all(leaves.data(), to);
    if (sign)
      request.checkpoint =
          ledger::sign_checkpoint({"log.example", {to, ledger::naive_root(all)}}, signer);
    return talk.replica->handle(Method::replica_leaves, encode(request));
  };
  ASSERT_TRUE(send(0, 200, false).ok());
  EXPECT_EQ(talk.ask()->leaves, 0U);
  ASSERT_TRUE(send(200, 300, true).ok());
  ASSERT_TRUE(talk.open().ok());
  EXPECT_EQ(talk.ask()->leaves, 300U);
  EXPECT_EQ(ledger::read_log(talk.disk, std::string(kReplicaDirectory) + "/log").size(), 300U);
  // Another history under the same key: nothing changes, and the true one goes on.
  std::swap(leaves[40], leaves[41]);
  leaves.push_back(ledger::test_leaf(300));
  EXPECT_EQ(send(300, 301, true).code(), Code::conflict);
  std::swap(leaves[40], leaves[41]);
  ASSERT_TRUE(send(300, 301, true).ok());
  EXPECT_EQ(talk.ask()->leaves, 301U);
}

TEST(Replica, RemembersTheLastContactAcrossACrash) {
  Talk talk;
  EXPECT_FALSE(talk.replica->contact().has_value());
  ASSERT_TRUE(talk.ask().ok());
  talk.clock.advance(std::chrono::hours(2));
  ASSERT_TRUE(talk.ask().ok());
  ASSERT_TRUE(talk.open().ok());
  EXPECT_EQ(talk.replica->contact(), talk.clock.now());
}

TEST(Replica, ADamagedStateIsSaid) {
  Talk talk;
  ASSERT_TRUE(talk.ship(0).ok());
  talk.disk.flip_bit("replica/state", 100).value();
  EXPECT_EQ(talk.open().code(), Code::corrupt);
}

// What is told between the steps of a commit is kept beside what the commit settles.
TEST(Replica, RefusesMoreIntentsThanItKeepsBetweenTwoSteps) {
  Talk talk;
  talk.server.mint(60, 2'200 * keys::kFanout);  // more than one step is over
  const auto pages = talk.server.pages(0);
  std::uint32_t requests = 0;
  for (std::span<const PageImage> rest = pages; !rest.empty(); ++requests) {
    const std::size_t some = std::min(rest.size(), kPagesPerBody);
    talk.send(requests, rest.first(some)).value();
    rest = rest.subspan(some);
  }
  Intents early(kIntentsMax);
  std::iota(early.begin(), early.end(), 1);
  for (int step = 0; step < 3; ++step) talk.commit(requests, 0, early).value();
  ASSERT_EQ(talk.ask()->epoch, 0U) << "it is under way";
  EXPECT_EQ(talk.intend({kIntentsMax + 1}).code(), Code::too_large);
  ASSERT_TRUE(talk.intend({kIntentsMax}).ok());
  ++talk.transfer;
  ASSERT_TRUE(talk.send(0, {}).ok());  // ends the commit
  EXPECT_EQ(talk.ask()->epoch, talk.server.root().epoch);
  EXPECT_EQ(talk.ask()->intents, early);
}

// Where the power goes during a commit that settles an intent, the intent is open as long as the
// older root may stand; and the tree is never said to be of a server that did not write it.
TEST(Replica, AnIntentIsSettledBehindItsCommit) {
  int between = 0;
  bool done = false;
  for (std::uint64_t operations = 0; !done; ++operations) {
    ASSERT_LT(operations, 200U);
    Talk talk;
    talk.ship(0).value();
    const std::uint64_t since = talk.server.root().epoch;
    talk.incarnation = 2;
    talk.intend({3}).value();
    talk.server.erase(5);
    talk.disk.fail_after(operations);
    done = talk.ship(0).ok();
    talk.replica.reset();
    talk.disk.crash(talk.entropy);
    ASSERT_TRUE(talk.open().ok());
    const ReplicaStatus status = talk.ask().value();
    if (status.epoch == since) {
      ASSERT_EQ(status.intents, Intents{3});
      ASSERT_EQ(status.tree_incarnation, 1U);
    } else {
      ASSERT_EQ(status.intents.empty(), status.tree_incarnation == 2);
      between += status.intents.empty() ? 0 : 1;
    }
    ASSERT_TRUE(talk.ship(0).ok());
    ASSERT_EQ(talk.ask()->tree_incarnation, 2U);
    ASSERT_TRUE(talk.ask()->intents.empty());
  }
  EXPECT_GT(between, 0);
}

}  // namespace
}  // namespace holder
