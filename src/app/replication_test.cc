#include "app/replication.h"

#include <gtest/gtest.h>

namespace app {
namespace {

using holder::LinkState;
using std::chrono::seconds;

TEST(LinkLines, SayWhatChangesAndNotTooOften) {
  LinkLines lines;
  base::Time now = base::parse_rfc3339("2026-11-23T12:00:00Z").value();
  EXPECT_FALSE(lines.due(LinkState::unknown, now)) << "nothing is known yet";
  EXPECT_TRUE(lines.due(LinkState::following, now));
  EXPECT_FALSE(lines.due(LinkState::following, now));
  int said = 1;
  for (int i = 0; i < 50; ++i) {
    now += seconds(1);
    said += lines.due(i % 2 == 0 ? LinkState::away : LinkState::following, now) ? 1 : 0;
  }
  EXPECT_EQ(said, LinkLines::a_minute);
  // In the end it is said how it stands, though nothing changes any more.
  EXPECT_TRUE(lines.due(LinkState::refusing, now + seconds(60)));
  EXPECT_FALSE(lines.due(LinkState::refusing, now + seconds(61)));
}

TEST(ReplicaMetrics, NameEachReplica) {
  EXPECT_EQ(replica_metrics_text({}), "");
  holder::Standing away;
  away.link = LinkState::away;
  away.epochs_behind = 3;
  away.leaves_behind = 4;
  away.behind_for = std::chrono::milliseconds(1'500);
  const std::string text = replica_metrics_text({{"oslo", {}}, {"bergen", away}});
  for (const char* line : {"replica_epochs_behind{replica=\"oslo\"} 0\n",
                           "replica_epochs_behind{replica=\"bergen\"} 3\n",
                           "replica_leaves_behind{replica=\"bergen\"} 4\n",
                           "replica_behind_seconds{replica=\"bergen\"} 1.5\n",
                           "replica_link{replica=\"oslo\",state=\"unknown\"} 1\n",
                           "replica_link{replica=\"bergen\",state=\"away\"} 1\n",
                           "replica_link{replica=\"bergen\",state=\"following\"} 0\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
}

}  // namespace
}  // namespace app
