#include "holder/replica_line.h"

#include "holder/replica_messages.h"

namespace holder {

using base::Code;
using base::Error;
using base::Result;

ReplicaLine::ReplicaLine(const Parts& parts, const Identity& identity, const TreeName& tree,
                         Known known)
    : known_(std::move(known)),
      dialer_(parts.wait, parts.dial, known_.place, parts.starter),
      link_(
          identity, [this](base::Duration at_most) { return dialer_.dial(at_most); },
          {known_.key, Lane::replica, tree}, parts.steady, parts.wait, Link::Limits{}) {}

Result<void> ReplicaLine::ask_whether_replaced(std::uint64_t incarnation) {
  const auto answer = link_.call(Method::replica_status, encode(StatusRequest{incarnation}));
  if (!answer.ok() && answer.code() == Code::denied)
    return Error{Code::denied, "another host has taken this service over, as a replica says"};
  return {};
}

}  // namespace holder
