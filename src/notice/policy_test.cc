// What the compiled notice allows and denies, and that it says why.
#include "notice/policy.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>

#include "notice/testing.h"

namespace {

// Counts what is allocated on this thread, to prove that a decision allocates nothing.
thread_local std::size_t allocations = 0;

}  // namespace

#if !__has_feature(thread_sanitizer)  // which has its own, and takes no others
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace notice {
namespace {

Policy compiled(const std::string& text) {
  Checked checked = check("test.yaml", text);
  EXPECT_TRUE(checked.ok()) << checked.report();
  return Policy::compile(std::move(*checked.document));
}

Policy the_default() { return compiled(std::string(default_text())); }

/// The default notice with one purpose switched on.
Policy with_enabled(std::string_view purpose) {
  std::string text(default_text());
  const std::size_t start = text.find(std::string("\n  ").append(purpose).append(":\n"));
  constexpr std::string_view off = "    enabled: false\n";
  const std::size_t at = text.find(off, start);
  return compiled(text.erase(at, off.size()));
}

struct Ask {
  const Policy& policy;
  Decision operator()(std::string_view category, std::string_view purpose,
                      const Standing& standing = {}) const {
    const auto c = policy.category(category);
    const auto p = policy.purpose(purpose);
    EXPECT_TRUE(c.has_value() && p.has_value());
    return policy.allowed(*c, *p, standing);
  }
};

constexpr Decision yes{Verdict::allowed, Reason::none};
constexpr Decision no(Reason reason) { return {Verdict::denied, reason}; }

TEST(Policy, AllowsWhatTheNoticeSays) {
  const Policy policy = the_default();
  const Ask ask{policy};
  EXPECT_EQ(ask("identity", "manage_accounts"), yes);
  EXPECT_EQ(ask("credentials", "manage_accounts"), yes);
  EXPECT_EQ(ask("sessions", "manage_accounts"), yes);
  EXPECT_EQ(ask("attestation", "manage_accounts"), yes);
  EXPECT_EQ(ask("workspace_content", "provide_service"), yes);
  EXPECT_EQ(ask("mail", "notify"), yes);
  EXPECT_EQ(ask("log_openings", "accountability"), yes);
}

TEST(Policy, DeniesWhatTheNoticeDoesNotSay) {
  const Policy policy = the_default();
  const Ask ask{policy};
  EXPECT_EQ(ask("workspace_content", "manage_accounts"), no(Reason::purpose_not_for_category));
  EXPECT_EQ(ask("credentials", "provide_service"), no(Reason::purpose_not_for_category));
  EXPECT_EQ(policy.category("star_signs"), std::nullopt);
  EXPECT_EQ(policy.purpose("marketing"), std::nullopt);
}

TEST(Policy, DeniesIdsThatAreNoOnes) {
  const Policy policy = the_default();
  for (int c = 0; c < 256; ++c) {
    for (int p = 0; p < 256; ++p) {
      const CategoryId category{static_cast<std::uint8_t>(c)};
      const PurposeId purpose{static_cast<std::uint8_t>(p)};
      if (policy.category(category) != nullptr && policy.purpose(purpose) != nullptr) continue;
      EXPECT_EQ(policy.allowed(category, purpose, {}), no(Reason::not_declared));
    }
  }
}

TEST(Policy, DeniesWhatIsNotEnabled) {
  const Policy policy = the_default();
  EXPECT_EQ(Ask{policy}("payment", "payments"), no(Reason::not_enabled));
  const Policy enabled = with_enabled("payments");
  EXPECT_EQ(Ask{enabled}("payment", "payments"), yes);
}

TEST(Policy, ConsentIsNeededAndCanBeWithdrawn) {
  const Policy policy = with_enabled("analytics_product");
  const Ask ask{policy};
  const PurposeId purpose = *policy.purpose("analytics_product");
  EXPECT_EQ(ask("analytics_events", "analytics_product"), no(Reason::consent_missing));
  Standing standing;
  standing.consented.add(purpose);
  EXPECT_EQ(ask("analytics_events", "analytics_product", standing), yes);
  standing.consented.remove(purpose);
  standing.withdrawn.add(purpose);
  EXPECT_EQ(ask("analytics_events", "analytics_product", standing), no(Reason::withdrawn));
  EXPECT_TRUE(policy.consent_purposes().has(purpose));
}

TEST(Policy, ConsentToOnePurposeIsNoConsentToAnother) {
  const Policy policy = with_enabled("analytics_product");
  Standing standing;
  standing.consented.add(*policy.purpose("analytics_traffic"));
  EXPECT_EQ(Ask{policy}("analytics_events", "analytics_product", standing),
            no(Reason::consent_missing));
}

TEST(Policy, ObjectionStopsOrFreezesLegitimateInterest) {
  Standing standing;
  const Policy stops = with_enabled("error_monitoring");
  standing.objected.add(*stops.purpose("error_monitoring"));
  EXPECT_EQ(Ask{stops}("error_reports", "error_monitoring", standing), no(Reason::objected));
  const Policy freezes = the_default();
  standing.objected.add(*freezes.purpose("security"));
  EXPECT_EQ(Ask{freezes}("security_events", "security", standing), no(Reason::under_review));
  EXPECT_TRUE(freezes.objectable_purposes().has(*freezes.purpose("security")));
}

TEST(Policy, ThereIsNoObjectionToAContract) {
  const Policy policy = the_default();
  Standing standing;
  standing.objected.add(*policy.purpose("provide_service"));
  EXPECT_EQ(Ask{policy}("workspace_content", "provide_service", standing), yes);
  EXPECT_FALSE(policy.objectable_purposes().has(*policy.purpose("provide_service")));
}

TEST(Policy, RestrictionLeavesOwnRightsClaimsAndProtection) {
  const Policy policy = the_default();
  const Ask ask{policy};
  Standing standing;
  standing.restricted = true;
  EXPECT_EQ(ask("workspace_content", "provide_service", standing), no(Reason::restricted));
  EXPECT_EQ(ask("identity", "manage_accounts", standing), yes);
  EXPECT_EQ(ask("log_openings", "accountability", standing), yes);
  EXPECT_EQ(ask("security_events", "security", standing), yes);
  const Policy rights = with_enabled("rights_requests");
  EXPECT_EQ(Ask{rights}("workspace_content", "rights_requests", standing), yes);
}

TEST(Policy, SuspensionLeavesTheSame) {
  const Policy policy = the_default();
  Standing standing;
  standing.suspended = true;
  EXPECT_EQ(Ask{policy}("workspace_content", "provide_service", standing), no(Reason::suspended));
  EXPECT_EQ(Ask{policy}("identity", "manage_accounts", standing), yes);
}

TEST(Policy, NothingIsAllowedOnceErasureHasBegun) {
  const Policy policy = the_default();
  for (const Category& category : policy.document().categories) {
    for (const Purpose& purpose : policy.document().purposes) {
      Standing standing;
      standing.consented = PurposeSet(~std::uint64_t{0});
      standing.erasing = true;
      EXPECT_EQ(Ask{policy}(category.id, purpose.id, standing), no(Reason::erasing));
      standing.erased = true;
      EXPECT_EQ(Ask{policy}(category.id, purpose.id, standing), no(Reason::erased));
    }
  }
}

TEST(Policy, EveryReasonHasWords) {
  for (int i = 0; i <= static_cast<int>(Reason::erased); ++i) {
    EXPECT_STRNE(describe(static_cast<Reason>(i)), "unknown");
    EXPECT_STRNE(to_string(static_cast<Reason>(i)), "unknown");
  }
}

TEST(Policy, IdsAreTheNumbersOfTheFile) {
  const Policy policy = the_default();
  EXPECT_EQ(policy.category("workspace_content")->number, 6);
  EXPECT_EQ(policy.purpose("notify")->number, 3);
  EXPECT_EQ(policy.purpose(PurposeId{3})->id, "notify");
  EXPECT_EQ(policy.category(CategoryId{6})->role, Role::processor);
  EXPECT_EQ(policy.category(CategoryId{63}), nullptr);
}

TEST(Policy, ADecisionAllocatesNothing) {
#if __has_feature(thread_sanitizer)
  GTEST_SKIP() << "allocations are not counted under the thread sanitizer";
#endif
  const Policy policy = the_default();
  const CategoryId category = *policy.category("identity");
  const PurposeId purpose = *policy.purpose("manage_accounts");
  const PolicyHandle handle(the_default());
  Standing standing;
  const std::size_t before = allocations;
  int allowed = 0;
  for (int i = 0; i < 1000; ++i) {
    standing.restricted = i % 2 == 0;
    allowed += handle.current().allowed(category, purpose, standing).allowed() ? 1 : 0;
  }
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(allowed, 1000);
}

TEST(Policy, ANewPolicyComesIntoForceWhileOthersRead) {
  PolicyHandle handle(the_default());
  const Policy& first = handle.current();
  std::atomic<bool> stop{false};
  std::atomic<int> reads{0};
  std::thread reader([&] {
    while (!stop) {
      const Policy& policy = handle.current();
      EXPECT_TRUE(policy.version() >= 1 && policy.purpose("notify").has_value());
      ++reads;
    }
  });
  while (reads == 0) std::this_thread::yield();
  for (int version = 2; version <= 4; ++version) {
    handle.install(compiled(
        testing::changed("\nversion: 1\n", "\nversion: " + std::to_string(version) + "\n")));
    EXPECT_EQ(handle.current().version(), version);
  }
  stop = true;
  reader.join();
  EXPECT_EQ(first.version(), 1);  // still readable for whoever holds it
}

TEST(Policy, KnowsItsSource) {
  const Policy policy = the_default();
  EXPECT_EQ(policy.version(), 1);
  EXPECT_EQ(policy.digest().size(), 64U);
  EXPECT_NE(policy.digest(), with_enabled("payments").digest());
}

}  // namespace
}  // namespace notice
