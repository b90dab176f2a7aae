#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "app/replication.h"

namespace app {
namespace {

using holder::LinkState;
using prometheus::MetricFamily;
using prometheus::MetricType;

/// A gauge of each replica; names of holders are the operator's own words.
template <class Value>
MetricFamily gauge(const char* name, const char* help, const std::vector<ReplicaStanding>& replicas,
                   Value value) {
  MetricFamily family{name, help, MetricType::Gauge, {}};
  for (const ReplicaStanding& one : replicas) {
    prometheus::ClientMetric metric;
    metric.label = {{"replica", one.name}};
    metric.gauge.value = value(one.standing);
    family.metric.push_back(std::move(metric));
  }
  return family;
}

MetricFamily link_family(const std::vector<ReplicaStanding>& replicas) {
  MetricFamily family{
      "replica_link", "How the replica was found last: 1 for that state", MetricType::Gauge, {}};
  for (const ReplicaStanding& one : replicas)
    for (const LinkState state : {LinkState::unknown, LinkState::following, LinkState::away,
                                  LinkState::refusing, LinkState::replaced}) {
      prometheus::ClientMetric metric;
      metric.label = {{"replica", one.name}, {"state", name_of(state).c_str()}};
      metric.gauge.value = one.standing.link == state ? 1 : 0;
      family.metric.push_back(std::move(metric));
    }
  return family;
}

}  // namespace

std::string replica_metrics_text(const std::vector<ReplicaStanding>& replicas) {
  if (replicas.empty()) return "";
  using holder::Standing;
  return prometheus::TextSerializer().Serialize(
      {gauge("replica_epochs_behind", "Commits of the key tree that the replica has not confirmed",
             replicas,
             [](const Standing& standing) { return static_cast<double>(standing.epochs_behind); }),
       gauge("replica_leaves_behind", "Entries of the log that the replica lacks", replicas,
             [](const Standing& standing) { return static_cast<double>(standing.leaves_behind); }),
       gauge("replica_behind_seconds",
             "For how long, at most since the start, the replica has been behind", replicas,
             [](const Standing& standing) {
               return std::chrono::duration<double>(standing.behind_for).count();
             }),
       link_family(replicas)});
}

}  // namespace app
