// The host that takes a service over, as it asks a replica for tree and log: begins, fetches,
// verifies what came against the root and the signed checkpoint. Owns nothing that stands: it
// writes into places that were nobody's, and whoever uses it says when they count.
#pragma once

#include <functional>
#include <string>

#include "base/disk.h"
#include "holder/channel.h"
#include "holder/restore_messages.h"

namespace holder {

/// Asks a replica. With Claim::take it follows this host once the answer serves.
base::Result<Offer> begin_restore(Channel& replica, const BeginRequest& request);

struct Fetched {
  std::uint64_t pages = 0;
  std::uint64_t pages_unreadable = 0;  // leaves of the tree that do not open, as at the replica
  std::uint64_t leaves = 0;
};
using OnFetched = std::function<void(const Fetched& so_far)>;

struct FetchInto {
  base::Disk& disk;
  std::string tree;  // the file; replaced
  std::string log;   // the directory; replaced
};
/// Fetches what `offer` (which serves, with its root) names, and makes it durable. `incarnation` is
/// the one that was taken, 0 in a drill. Code::stale where the replica's tree has gone on since, as
/// it may in a drill; Code::denied where another host has taken over; Code::corrupt where what came
/// is not what root and checkpoint say.
base::Result<Fetched> fetch_restore(Channel& replica, const Offer& offer, std::uint64_t incarnation,
                                    const FetchInto& into, const OnFetched& progress);

}  // namespace holder
