// Every clause of the notice has a suite of its name here, or stands below with what it waits for.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "notice/notice.h"

namespace {

struct Missing {
  const char* id;
  const char* waits_for;
};

/// Clauses without a mechanism yet. Whoever builds one takes the line out.
constexpr std::array kMissing = {
    Missing{"DATA-2", "plans and payment"},
    Missing{"DATA-4", "integrations"},
    Missing{"PURP-2", "integrations"},
    Missing{"PURP-3", "usage metering"},
    Missing{"TECH-3", "the tunnel for error reports"},
    Missing{"TECH-5", "consent"},
    Missing{"TECH-6", "consent"},
    Missing{"TECH-7", "consent"},
    Missing{"TECH-8", "the door for analytics events"},
    Missing{"TECH-9", "the preferences of the banner"},
    Missing{"CONS-1", "the banner"},
    Missing{"CONS-2", "the banner"},
    Missing{"BASIS-1", "objection"},
    Missing{"BASIS-2", "consent"},
    Missing{"RECP-1", "calls to other hosts"},
    Missing{"RECP-2", "integrations"},
    Missing{"STAF-1", "staff access"},
    Missing{"STAF-2", "staff access"},
    Missing{"STAF-3", "staff access"},
    Missing{"STAF-4", "staff access"},
    Missing{"STAF-5", "staff access"},
    Missing{"TRAN-1", "integrations"},
    Missing{"RETN-2", "the sweep of inactive accounts"},
    Missing{"RETN-3", "the sweep of inactive accounts"},
    Missing{"RETN-4", "plans and payment"},
    Missing{"RETN-5", "aggregates"},
    Missing{"RGHT-1", "the archive"},
    Missing{"RGHT-2", "correcting the profile"},
    Missing{"RGHT-3", "erasing one person of several"},
    Missing{"RGHT-4", "restriction"},
    Missing{"RGHT-5", "objection"},
    Missing{"RGHT-6", "the archive"},
};

using Ids = std::set<std::string>;

Ids in_the_notice() {
  const auto checked =
      notice::check(std::string(notice::default_file), std::string(notice::default_text()));
  Ids ids;
  for (const notice::Section& section : checked.document->sections)
    for (const notice::Clause& clause : section.clauses) ids.insert(clause.id);
  return ids;
}

/// Suites are named after their clause: DATA_1 is DATA-1.
Ids with_a_suite() {
  Ids ids;
  const testing::UnitTest& all = *testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    std::string name = all.GetTestSuite(i)->name();
    std::replace(name.begin(), name.end(), '_', '-');
    if (name != "Clauses") ids.insert(name);
  }
  return ids;
}

Ids without_one() {
  Ids ids;
  for (const Missing& each : kMissing) ids.insert(each.id);
  return ids;
}

TEST(Clauses, HaveASuiteOrAreKnownToLackOne) {
  const Ids notice = in_the_notice(), suites = with_a_suite(), missing = without_one();
  EXPECT_EQ(missing.size(), kMissing.size()) << "a clause is listed twice";
  for (const std::string& id : suites) {
    EXPECT_TRUE(notice.contains(id)) << id << " has a suite, and is no clause of the notice";
    EXPECT_FALSE(missing.contains(id)) << id << " has a suite, and is listed as missing";
  }
  for (const std::string& id : missing)
    EXPECT_TRUE(notice.contains(id)) << id << " is listed as missing, and is no clause";
  for (const std::string& id : notice)
    EXPECT_TRUE(suites.contains(id) || missing.contains(id))
        << id << " has no suite and is not listed";
}

TEST(Clauses, WithoutASuiteArePrinted) {
  for (const Missing& each : kMissing)
    std::printf("no suite yet: %-8s waits for %s\n", each.id, each.waits_for);
  EXPECT_EQ(kMissing.size() + with_a_suite().size(), in_the_notice().size());
}

}  // namespace
