#include "gate/gate.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "gate/bits.h"
#include "gate/testing.h"
#include "store/testing.h"

namespace gate {
namespace {

using base::Code;
using base::Error;
using base::Result;
using notice::Reason;
using notice::Standing;
using N = SampleNotice;

class GateTest : public testing::Test {
 protected:
  void reopen() { gate_ = Gate::open(*store_, store_.wait(), policy_).value(); }
  base::OwnerId owner() { return base::OwnerId::random(entropy_); }
  Result<void> set(base::OwnerId who, const Standing& standing) {
    return store_->write([&](store::Tx& tx) {
      return gate_->set_standing(tx, RecordedForTests::make(), who, standing);
    });
  }
  Reason reason(base::OwnerId who, notice::PurposeId purpose) {
    return gate_->decide(who, N::identity, purpose).reason;
  }
  Result<Permit> ask(base::OwnerId who, notice::PurposeId purpose) {
    return gate_->ask(Actor::person, who, N::identity, purpose);
  }

  base::SystemEntropy entropy_;
  store::TemporaryStore store_{{Gate::schema()}};
  notice::PolicyHandle policy_{N::policy()};
  std::unique_ptr<Gate> gate_ = Gate::open(*store_, store_.wait(), policy_).value();
};

Standing restricted() {
  Standing standing;
  standing.restricted = true;
  return standing;
}

TEST_F(GateTest, APermitNamesWhatWasAskedFor) {
  const auto who = owner();
  const auto permit = gate_->ask(Actor::token, who, N::workspace_content, N::service);
  ASSERT_TRUE(permit.ok());
  EXPECT_EQ(permit->owner(), who);
  EXPECT_EQ(permit->category(), N::workspace_content);
  EXPECT_EQ(permit->purpose(), N::service);
  EXPECT_EQ(permit->actor(), Actor::token);
}

TEST_F(GateTest, WhatTheNoticeDoesNotSayIsRefused) {
  const auto who = owner();
  EXPECT_EQ(gate_->ask(Actor::system, who, notice::CategoryId{40}, N::service).code(),
            Code::denied);
  EXPECT_EQ(gate_->decide(who, notice::CategoryId{40}, N::service).reason, Reason::not_declared);
  EXPECT_EQ(gate_->decide(who, N::log_openings, N::service).reason,
            Reason::purpose_not_for_category);
  EXPECT_EQ(reason(who, N::later), Reason::not_enabled);
}

TEST_F(GateTest, RefusalsSayWhy) {
  struct Case {
    notice::PurposeId purpose;
    Standing standing;
    Code code;
    Reason reason;
  };
  std::vector<Case> cases;
  cases.push_back({N::analytics, {}, Code::denied, Reason::consent_missing});
  Standing withdrawn;
  withdrawn.withdrawn.add(N::analytics);
  cases.push_back({N::analytics, withdrawn, Code::denied, Reason::withdrawn});
  Standing objected;
  objected.objected.add(N::improvement);
  objected.objected.add(N::fraud);
  cases.push_back({N::improvement, objected, Code::denied, Reason::objected});
  cases.push_back({N::fraud, objected, Code::denied, Reason::under_review});
  cases.push_back({N::service, restricted(), Code::denied, Reason::restricted});
  Standing suspended;
  suspended.suspended = true;
  cases.push_back({N::service, suspended, Code::denied, Reason::suspended});
  Standing erasing;
  erasing.erasing = true;
  cases.push_back({N::accounts, erasing, Code::gone, Reason::erasing});
  Standing erased;
  erased.erased = true;
  cases.push_back({N::accounts, erased, Code::gone, Reason::erased});
  Standing unconfirmed;
  unconfirmed.unconfirmed = true;
  cases.push_back({N::service, unconfirmed, Code::denied, Reason::unconfirmed});
  for (const Case& each : cases) {
    const auto who = owner();
    ASSERT_TRUE(set(who, each.standing).ok());
    const auto answer = ask(who, each.purpose);
    ASSERT_FALSE(answer.ok()) << notice::to_string(each.reason);
    EXPECT_EQ(answer.code(), each.code) << notice::to_string(each.reason);
    EXPECT_EQ(answer.error().chain(), notice::describe(each.reason));
    EXPECT_EQ(reason(who, each.purpose), each.reason);
  }
}

TEST_F(GateTest, StandingOutlivesTheProcess) {
  const auto who = owner();
  Standing standing = restricted();
  standing.consented.add(N::analytics);
  ASSERT_TRUE(set(who, standing).ok());
  gate_.reset();
  store_.reopen();
  reopen();
  EXPECT_TRUE(same(gate_->standing(who), standing));
  EXPECT_TRUE(same(gate_->standing(owner()), Standing{}));
}

TEST_F(GateTest, AChangeIsInForceBeforeItIsDurable) {
  const auto who = owner();
  ASSERT_TRUE(ask(who, N::service).ok());  // remembered as free
  const auto written = store_->write([&](store::Tx& tx) -> Result<void> {
    TRY(gate_->set_standing(tx, RecordedForTests::make(), who, restricted()));
    EXPECT_EQ(ask(who, N::service).code(), Code::denied);
    return {};
  });
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(ask(who, N::service).code(), Code::denied);
}

TEST_F(GateTest, LiftingIsNotInForceBeforeItIsDurable) {
  const auto who = owner();
  ASSERT_TRUE(set(who, restricted()).ok());
  const auto written = store_->write([&](store::Tx& tx) -> Result<void> {
    TRY(gate_->set_standing(tx, RecordedForTests::make(), who, Standing{}));
    EXPECT_EQ(ask(who, N::service).code(), Code::denied);
    return Error{Code::internal, "on purpose"};
  });
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(ask(who, N::service).code(), Code::denied);
  ASSERT_TRUE(set(owner(), Standing{}).ok());  // settles what failed
  EXPECT_EQ(ask(who, N::service).code(), Code::denied);
  ASSERT_TRUE(set(who, Standing{}).ok());
  EXPECT_TRUE(ask(who, N::service).ok());
}

TEST_F(GateTest, AFailedChangeIsReadAgain) {
  const auto who = owner();
  const auto written = store_->write([&](store::Tx& tx) -> Result<void> {
    TRY(gate_->set_standing(tx, RecordedForTests::make(), who, restricted()));
    return Error{Code::internal, "on purpose"};
  });
  ASSERT_FALSE(written.ok());
  // Until the next change, the stricter answer; after it, the table's.
  EXPECT_EQ(ask(who, N::service).code(), Code::denied);
  ASSERT_TRUE(set(owner(), Standing{}).ok());
  EXPECT_TRUE(ask(who, N::service).ok());
}

TEST_F(GateTest, SettlingReadsWhatFailedAgain) {
  std::vector<base::OwnerId> owners;
  for (int i = 0; i < 40; ++i) owners.push_back(owner());
  const auto written = store_->write([&](store::Tx& tx) -> Result<void> {
    for (const auto who : owners)
      TRY(gate_->set_standing(tx, RecordedForTests::make(), who, restricted()));
    return Error{Code::internal, "on purpose"};
  });
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(ask(owners[0], N::service).code(), Code::denied);
  ASSERT_TRUE(store_->write([&](store::Tx& tx) { return gate_->settle(tx); }).ok());
  for (const auto who : owners) EXPECT_TRUE(ask(who, N::service).ok());
}

TEST_F(GateTest, ConsentWithdrawnAndGivenAgain) {
  const auto who = owner();
  Standing given;
  given.consented.add(N::analytics);
  ASSERT_TRUE(set(who, given).ok());
  EXPECT_TRUE(ask(who, N::analytics).ok());
  Standing withdrawn;
  withdrawn.withdrawn.add(N::analytics);
  ASSERT_TRUE(set(who, withdrawn).ok());
  EXPECT_EQ(reason(who, N::analytics), Reason::withdrawn);
  ASSERT_TRUE(set(who, given).ok());
  EXPECT_TRUE(ask(who, N::analytics).ok());
}

TEST_F(GateTest, UnconfirmedAllowsWhatNeedsNothingOfHers) {
  const auto who = owner();
  Standing standing;
  standing.consented.add(N::analytics);
  standing.unconfirmed = true;
  ASSERT_TRUE(set(who, standing).ok());
  for (const auto purpose : {N::analytics, N::improvement, N::fraud, N::service})
    EXPECT_EQ(reason(who, purpose), Reason::unconfirmed) << int{purpose.number};
  EXPECT_TRUE(ask(who, N::accounts).ok());  // her own rights: or she could never confirm
  // What the restored data says of her is kept, so that she can be shown it.
  EXPECT_TRUE(gate_->standing(who).consented.has(N::analytics));
}

TEST_F(GateTest, ManyChangesWithoutQuestionsSettle) {
  // What nobody asks about must not pile up; each change also settles some of the others.
  const auto watched = owner();
  ASSERT_TRUE(set(watched, restricted()).ok());
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(set(owner(), restricted()).ok());
  EXPECT_EQ(ask(watched, N::service).code(), Code::denied);
}

TEST_F(GateTest, AStandingThatCannotBeReadAllowsLess) {
  const auto who = owner();
  ASSERT_TRUE(
      store_
          ->write([&](store::Tx& tx) -> Result<void> {
            const base::Bytes broken = {1, 2, 3};
            TRY(tx.run("INSERT INTO gate_standing (owner, bits) VALUES (?, ?)", {who, broken}));
            return {};
          })
          .ok());
  EXPECT_EQ(ask(who, N::service).code(), Code::corrupt);
  EXPECT_EQ(reason(who, N::service), Reason::restricted);
  EXPECT_EQ(reason(who, N::analytics), Reason::consent_missing);
  EXPECT_EQ(reason(who, N::improvement), Reason::objected);
}

TEST_F(GateTest, ANewNoticeIsInForceAtOnce) {
  const auto who = owner();
  ASSERT_TRUE(ask(who, N::service).ok());
  auto next = N::document();
  next.version = 2;
  for (auto& purpose : next.purposes)
    if (purpose.id == "service") purpose.enabled = false;
  policy_.install(notice::Policy::compile(next));
  EXPECT_EQ(reason(who, N::service), Reason::not_enabled);
}

Standing arbitrary() {
  Standing standing;
  standing.objected = notice::PurposeSet(*rc::gen::arbitrary<std::uint64_t>());
  standing.consented = notice::PurposeSet(*rc::gen::arbitrary<std::uint64_t>());
  standing.withdrawn = notice::PurposeSet(*rc::gen::arbitrary<std::uint64_t>());
  standing.restricted = *rc::gen::arbitrary<bool>();
  standing.suspended = *rc::gen::arbitrary<bool>();
  standing.erasing = *rc::gen::arbitrary<bool>();
  standing.erased = *rc::gen::arbitrary<bool>();
  standing.unconfirmed = *rc::gen::arbitrary<bool>();
  return standing;
}

RC_GTEST_PROP(StandingBits, SurviveStorage, ()) {
  const Standing standing = arbitrary();
  RC_ASSERT(same(decode_standing(encode_standing(standing)).value(), standing));
}

RC_GTEST_PROP(StandingBits, TheStrictestAllowsNothingThatEitherDenies, ()) {
  const auto policy = N::policy();
  const Standing a = arbitrary();
  const Standing b = arbitrary();
  const Standing both = strictest(a, b);
  for (std::uint8_t purpose = 1; purpose <= 7; ++purpose) {
    const auto allowed = [&](const Standing& s) {
      return policy.allowed(N::identity, notice::PurposeId{purpose}, s).allowed();
    };
    RC_ASSERT(!allowed(both) || (allowed(a) && allowed(b)));
  }
}

TEST(StandingBits, OnlyWhatWasWrittenIsRead) {
  auto bits = encode_standing({});
  ASSERT_EQ(bits.size(), 25U);
  bits.push_back(0);
  EXPECT_EQ(decode_standing(bits).code(), Code::corrupt);
  bits.resize(24);
  EXPECT_EQ(decode_standing(bits).code(), Code::corrupt);
  bits = encode_standing({});
  bits.back() = 32;
  EXPECT_EQ(decode_standing(bits).code(), Code::corrupt);
}

}  // namespace
}  // namespace gate
