// What a server and its replica say to each other, as bytes (docs/formats/replica.md). Owns nothing
// and believes nothing: what is parsed is well formed, no more.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "holder/channel.h"
#include "keys/page.h"
#include "keys/root_holder.h"
#include "ledger/ledger.h"

namespace holder {

/// As many as a body holds, with room for its head.
inline constexpr std::size_t kPagesPerBody = 250;
inline constexpr std::size_t kLeavesPerBody = 8'000;
inline constexpr std::size_t kIntentsMax = 10'000;
/// 1 TiB, some 17 thousand million owners: a number beyond was never a page's.
inline constexpr std::uint64_t kPagesMax = 1ULL << 28;

/// Numbers of erasures that are intended and whose commit has not come, ascending.
using Intents = std::vector<std::uint64_t>;
/// All of both. Code::too_large where they are more than a message holds.
base::Result<Intents> united(const Intents& a, const Intents& b);
void put_intents(base::Bytes& out, const Intents& intents);
/// From the end of a body.
base::Result<Intents> take_intents(base::Reader& in);

// Every request begins with the incarnation of its server: how often this service has been put on
// another host. A replica that has met a newer one refuses the older (Code::denied).

/// Where a replica stands.
struct ReplicaStatus {
  std::uint64_t incarnation = 0;       // the newest that it has met
  std::uint64_t tree_incarnation = 0;  // of the server that wrote its tree; 0: none, or damaged
  std::uint64_t epoch = 0;             // of its root, whose predecessor is destroyed; 0: none
  std::uint64_t leaves = 0;            // of the log, up to its signed checkpoint
  Intents intents{};
  std::uint64_t pages_damaged = 0;  // of the tree: leaves that do not open, as far as is known
};
base::Bytes encode_status(const ReplicaStatus& status);
base::Result<ReplicaStatus> parse_status(base::View body);

struct StatusRequest {
  std::uint64_t incarnation = 0;
};
base::Bytes encode(const StatusRequest& request);
base::Result<StatusRequest> parse_status_request(base::View body);

/// The intents, instead of those that the replica has.
struct IntendRequest {
  std::uint64_t incarnation = 0;
  Intents intents{};
};
base::Bytes encode(const IntendRequest& request);
base::Result<IntendRequest> parse_intend(base::View body);

/// Some pages of a transfer. Its first ones have number 0 and begin it; a number that was the last
/// one is the same request again.
struct PagesRequest {
  struct Page {
    std::uint64_t page = 0;
    base::View image{};  // lent
  };
  std::uint64_t incarnation = 0;
  std::uint64_t transfer = 0;
  std::uint32_t number = 0;
  std::vector<Page> pages{};
};
base::Bytes encode(const PagesRequest& request);
base::Result<PagesRequest> parse_pages(base::View body);

/// Puts a root in force over the pages of a transfer. Holds a key: whoever has its bytes wipes
/// them.
struct CommitRequest {
  std::uint64_t incarnation = 0;
  std::uint64_t transfer = 0;
  std::uint32_t requests = 0;  // how many brought its pages
  std::uint64_t since = 0;     // as ReplicaTree::commit has it
  keys::Root root{};
  Intents intents{};  // instead of those that the replica has
};
base::Bytes encode(const CommitRequest& request);
base::Result<CommitRequest> parse_commit(base::View body);

/// Leaves of the log from index `first` on, and the checkpoint that they lead to.
struct LeavesRequest {
  std::uint64_t incarnation = 0;
  std::uint64_t first = 0;
  std::vector<ledger::Leaf> leaves{};
  std::string checkpoint{};  // empty: more leaves follow before it
  std::string key{};         // the log's verifier key
};
base::Bytes encode(const LeavesRequest& request);
base::Result<LeavesRequest> parse_leaves(base::View body);

/// How the log's signing key was handed over (ledger/handover.h): the whole chain.
struct KeysRequest {
  std::uint64_t incarnation = 0;
  std::string chain{};
};
base::Bytes encode(const KeysRequest& request);
base::Result<KeysRequest> parse_keys(base::View body);

}  // namespace holder
