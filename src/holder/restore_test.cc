#include <gtest/gtest.h>

#include "holder/replica.h"
#include "holder/replica_testing.h"
#include "holder/takeover.h"
#include "keys/reserved.h"
#include "ledger/testing.h"

namespace holder {
namespace {

using base::Code;

constexpr const char* kOrigin = "log.example";

/// A call within this process, in which what is given can be changed.
class Call final : public Channel {
 public:
  base::Result<base::Bytes> call(Method method, base::View body) override {
    if (before) before(method);
    base::Bytes answer = TRY(replica->handle(method, body));
    if (after) after(method, answer);
    return answer;
  }
  Replica* replica = nullptr;
  std::function<void(Method)> before;
  std::function<void(Method, base::Bytes&)> after;
};

/// A replica with a tree of some pages and a log of 300 entries, and the disk of a new host.
class RestoreTest : public testing::Test {
 protected:
  RestoreTest() {
    server_.mint(0, 60);
    server_.mint(64 * 300, 3);
    for (std::uint64_t n = 0; n < 300; ++n) leaves_.push_back(ledger::test_leaf(n));
    open();
    ship(1).value();
    ship_leaves(1, 300).value();
    host_.make_directory("data").value();
  }
  void open() {
    replica_.reset();
    replica_ = Replica::open(disk_, clock_, kReplicaDirectory).value();
    call_.replica = replica_.get();
  }
  base::Result<base::Bytes> ship(std::uint64_t incarnation) {
    const std::uint64_t since = replica_->status().epoch;
    PagesRequest request{incarnation, ++transfer_, 0, {}};
    const auto pages = server_.pages(since);
    for (const PageImage& page : pages) request.pages.push_back({page.page, page.image});
    TRY(replica_->handle(Method::replica_pages, encode(request)));
    return replica_->handle(
        Method::replica_commit,
        encode(CommitRequest{incarnation, transfer_, 1, since, server_.root(), {}}));
  }
  std::string signed_at(std::uint64_t size, std::uint8_t seed = 7) {
    const std::span<const ledger::Leaf> all(leaves_.data(), size);
    return ledger::sign_checkpoint({kOrigin, {size, ledger::naive_root(all)}},
                                   ledger::test_signer(seed));
  }
  base::Result<base::Bytes> ship_leaves(std::uint64_t incarnation, std::uint64_t size) {
    const std::uint64_t from = replica_->status().leaves;
    LeavesRequest request{incarnation, from, {}, signed_at(size), {}};
    request.key = ledger::VerifierKey::of(kOrigin, ledger::test_signer().public_key()).str();
    for (std::uint64_t n = from; n < size; ++n) request.leaves.push_back(leaves_[n]);
    return replica_->handle(Method::replica_leaves, encode(request));
  }
  base::Result<base::Bytes> intend(const Intents& intents) {
    return replica_->handle(Method::replica_intend, encode(IntendRequest{1, intents}));
  }
  base::Result<Offer> begin(Claim claim, const std::string& checkpoint, Lag lag = Lag::refuse,
                            std::uint64_t incarnation = 2) {
    return begin_restore(call_, {claim, lag, claim == Claim::take ? incarnation : 0, checkpoint});
  }
  Verdict verdict(const std::string& checkpoint, Lag lag = Lag::refuse) {
    return begin(Claim::look, checkpoint, lag).value().verdict;
  }
  base::Result<Fetched> fetch(const Offer& offer, std::uint64_t incarnation) {
    return fetch_restore(call_, offer, incarnation, {host_, "data/keys.ktn", "data/log"}, {});
  }

  Server server_;
  base::ThreadWait wait_;
  base::FaultyDisk disk_{wait_};
  base::FaultyDisk host_{wait_};
  base::SystemEntropy entropy_;
  base::ManualClock clock_{base::Time(std::chrono::seconds(1'800'000'000))};
  std::unique_ptr<Replica> replica_;
  std::vector<ledger::Leaf> leaves_;
  Call call_;
  std::uint64_t transfer_ = 0;
};

TEST_F(RestoreTest, GivesTreeAndLogToTheHostThatTakesOver) {
  const Offer offer = begin(Claim::take, signed_at(300)).value();
  ASSERT_EQ(offer.verdict, Verdict::ready);
  ASSERT_TRUE(offer.root.has_value());
  EXPECT_EQ(offer.status.incarnation, 2U);
  const Fetched fetched = fetch(offer, 2).value();
  EXPECT_EQ(fetched.pages, server_.pages(0).size());
  EXPECT_EQ(fetched.pages_unreadable, 0U);
  EXPECT_EQ(fetched.leaves, 300U);
  host_.crash();
  for (const PageImage& page : server_.pages(0)) {
    const auto file = host_.open("data/keys.ktn", base::Open::read).value();
    base::Bytes image(keys::kPageSize);
    ASSERT_EQ(file->read_at(page.page * keys::kPageSize, image).value(), image.size());
    EXPECT_EQ(image, page.image);
  }
  EXPECT_EQ(ledger::read_log(host_, "data/log").size(), 300U);
  EXPECT_FALSE(host_.exists("data/log/staged").value());
  // The older host is out, durably; the new one goes on with the same tree and log.
  open();
  EXPECT_EQ(ship(1).code(), Code::denied);
  EXPECT_EQ(ship_leaves(1, 300).code(), Code::denied);
  server_.erase(5);
  ASSERT_TRUE(ship(2).ok());
  EXPECT_EQ(replica_->status().tree_incarnation, 2U);
  leaves_.push_back(ledger::test_leaf(300));
  EXPECT_TRUE(ship_leaves(2, 301).ok());
}

TEST_F(RestoreTest, RefusesWhatWouldBringErasedOwnersBack) {
  for (std::uint64_t n = 300; n < 310; ++n) leaves_.push_back(ledger::test_leaf(n));
  EXPECT_EQ(verdict(signed_at(300)), Verdict::ready);
  EXPECT_EQ(verdict(signed_at(301)), Verdict::newer_shown);
  EXPECT_EQ(verdict(signed_at(301), Lag::accept), Verdict::newer_shown);
  EXPECT_EQ(verdict(signed_at(301, 8)), Verdict::other_shown);
  EXPECT_EQ(verdict("nonsense", Lag::accept), Verdict::other_shown);
  EXPECT_EQ(verdict(""), Verdict::lag_unaccepted);
  EXPECT_EQ(verdict("", Lag::accept), Verdict::lag_accepted);
  // An older one says that it is the same log, and not how much more there was.
  EXPECT_EQ(verdict(signed_at(200)), Verdict::lag_unaccepted);
  EXPECT_EQ(verdict(signed_at(200), Lag::accept), Verdict::lag_accepted);
  intend({4, 17}).value();
  for (const Lag lag : {Lag::refuse, Lag::accept}) {
    const Offer offer = begin(Claim::take, signed_at(300), lag).value();
    EXPECT_EQ(offer.verdict, Verdict::intents_open);
    EXPECT_EQ(offer.status.intents, (Intents{4, 17}));
    EXPECT_FALSE(offer.root.has_value());
  }
  // Whoever is refused has not taken anything.
  EXPECT_TRUE(intend({}).ok());
  EXPECT_EQ(replica_->status().incarnation, 1U);
}

TEST_F(RestoreTest, ReplicasWithoutATreeOrALogServeNobody) {
  const std::string directory = "another";
  const auto empty = Replica::open(disk_, clock_, directory).value();
  call_.replica = empty.get();
  EXPECT_EQ(verdict("", Lag::accept), Verdict::nothing);
  EXPECT_EQ(begin(Claim::take, "", Lag::accept).value().root.has_value(), false);
  // Damaged: what the root does not open is nothing to begin with.
  disk_
      .flip_bit(std::string(kReplicaDirectory) + "/keys.ktn",
                server_.root().page * keys::kPageSize * 8 + 999)
      .value();
  open();
  EXPECT_EQ(verdict(signed_at(300)), Verdict::nothing);
}

TEST_F(RestoreTest, OneHostTakesOver) {
  const Offer first = begin(Claim::take, signed_at(300)).value();
  EXPECT_EQ(begin(Claim::take, signed_at(300)).code(), Code::stale);
  EXPECT_EQ(begin(Claim::take, signed_at(300), Lag::refuse, 1).code(), Code::stale);
  // Another one, later: the first is out in the middle of its copying.
  ASSERT_TRUE(begin(Claim::take, signed_at(300), Lag::refuse, 3).ok());
  EXPECT_EQ(fetch(first, 2).code(), Code::denied);
}

TEST_F(RestoreTest, ADrillChangesNothing) {
  const auto before = disk_.live();
  const Offer offer = begin(Claim::drill, signed_at(300)).value();
  ASSERT_TRUE(offer.root.has_value());
  EXPECT_EQ(fetch(offer, 0)->leaves, 300U);
  EXPECT_EQ(disk_.live(), before);
  EXPECT_FALSE(begin(Claim::look, signed_at(300)).value().root.has_value());
  // The server commits on: the drill is told, and begins anew.
  server_.erase(5);
  ASSERT_TRUE(ship(1).ok());
  EXPECT_EQ(fetch(offer, 0).code(), Code::stale);
  const Offer again = begin(Claim::drill, signed_at(300)).value();
  EXPECT_TRUE(fetch(again, 0).ok());
}

TEST_F(RestoreTest, WhatComesIsHeldAgainstRootAndCheckpoint) {
  const Offer offer = begin(Claim::drill, signed_at(300)).value();
  const auto changed = [&](Method what, const std::function<void(base::Bytes&)>& change) {
    call_.after = [&, what](Method method, base::Bytes& answer) {
      if (method == what) change(answer);
    };
    const auto fetched = fetch(offer, 0);
    call_.after = {};
    return fetched;
  };
  ASSERT_TRUE(changed(Method::restore_pages, [](base::Bytes&) {}).ok());
  // A page twice in another's place, one missing, none at all; then leaves.
  EXPECT_FALSE(
      changed(Method::restore_pages, [](base::Bytes& answer) { answer[12 + 8 + 100] ^= 1; }).ok());
  EXPECT_FALSE(changed(Method::restore_pages, [](base::Bytes& answer) {
                 answer.resize(answer.size() - 8 - keys::kPageSize);
                 answer[11] = static_cast<std::uint8_t>(answer[11] - 1);
               }).ok());
  EXPECT_FALSE(changed(Method::restore_pages, [](base::Bytes& answer) { answer.resize(5); }).ok());
  EXPECT_FALSE(changed(Method::restore_leaves, [](base::Bytes& answer) {
                 answer[4 + 65 * 7 + 20] ^= 1;
               }).ok());
  EXPECT_FALSE(
      changed(Method::restore_leaves, [](base::Bytes& answer) { answer = base::Bytes(4); }).ok());
  EXPECT_TRUE(fetch(offer, 0).ok());
}

TEST_F(RestoreTest, RefusesWhatIsNoRequest) {
  for (const Method method :
       {Method::restore_begin, Method::restore_pages, Method::restore_leaves}) {
    EXPECT_FALSE(replica_->handle(method, {}).ok());
    EXPECT_FALSE(replica_->handle(method, base::Bytes(9'000, 1)).ok());
  }
  EXPECT_EQ(begin(Claim::take, signed_at(300), Lag::refuse, 0).code(), Code::invalid);
  EXPECT_EQ(begin_restore(call_, {Claim::drill, Lag::refuse, 4, ""}).code(), Code::invalid);
  EXPECT_EQ(replica_->handle(Method::restore_pages, encode(FetchPages{0, 2, 0})).code(),
            Code::stale)
      << "nothing was begun";
}

// One leaf keeps nobody from taking over, and is told before anything is taken.
TEST_F(RestoreTest, ADamagedLeafIsToldByTheLookAndIsLeftOut) {
  server_
      .commit({{keys::Change::Kind::mint, 64 * 300 + 5,
                base::load_u64(keys::log_signer().bytes().data())}})
      .value();
  ship(1).value();
  keys::damage_leaf(disk_, "replica/keys.ktn", 0);
  const Offer look = begin(Claim::look, signed_at(300)).value();
  EXPECT_EQ(look.verdict, Verdict::ready);
  EXPECT_EQ(look.status.pages_damaged, 1U);
  EXPECT_EQ(replica_->status().incarnation, 1U);
  const Offer drill = begin(Claim::drill, signed_at(300)).value();
  EXPECT_EQ(fetch(drill, 0)->pages_unreadable, 1U);
  const Offer offer = begin(Claim::take, signed_at(300)).value();
  ASSERT_EQ(offer.verdict, Verdict::ready);
  const Fetched fetched = fetch(offer, 2).value();
  EXPECT_EQ(fetched.pages, server_.pages(0).size());
  EXPECT_EQ(fetched.pages_unreadable, 1U);
}

// What rots after a look is seen by the next one.
TEST_F(RestoreTest, TheKeyOfTheLogMustOpen) {
  EXPECT_EQ(verdict(signed_at(300)), Verdict::ready) << "this tree has none, and every leaf opens";
  keys::damage_leaf(disk_, "replica/keys.ktn", 300);
  clock_.advance(std::chrono::minutes(2));
  EXPECT_EQ(verdict(signed_at(300)), Verdict::log_key_lost);
  EXPECT_EQ(verdict(signed_at(300), Lag::accept), Verdict::log_key_lost);
  EXPECT_EQ(begin(Claim::take, signed_at(300))->verdict, Verdict::log_key_lost);
  EXPECT_EQ(replica_->status().incarnation, 1U);
}

TEST_F(RestoreTest, ADamagedInnerPageRefusesBeforeAnythingIsTaken) {
  const base::Bytes file = disk_.live().at("replica/keys.ktn");
  for (std::size_t at = 0; at < file.size(); at += keys::kPageSize)
    if (file[at + 4] == 1) disk_.flip_bit("replica/keys.ktn", (at + 100) * 8).value();
  EXPECT_EQ(begin(Claim::take, signed_at(300))->verdict, Verdict::nothing);
  EXPECT_EQ(verdict(signed_at(300)), Verdict::nothing);
  EXPECT_EQ(replica_->status().incarnation, 1U);
  EXPECT_EQ(replica_->status().tree_incarnation, 0U) << "the server is asked for all of it";
}

}  // namespace
}  // namespace holder
