// What a host that takes a service over asks of a replica, and what it is answered, as bytes
// (docs/formats/replica.md). Owns nothing and believes nothing: what is parsed is well formed, no
// more.
#pragma once

#include <optional>

#include "holder/replica_messages.h"
#include "holder/replica_walk.h"

namespace holder {

/// look: what would be answered. drill: the same with the root, and nothing changes. take: the
/// replica follows the new host from now on and refuses the older ones.
enum class Claim : std::uint8_t { look = 0, drill = 1, take = 2 };
/// Whether the host goes on although nobody can show that the replica has everything.
enum class Lag : std::uint8_t { refuse = 0, accept = 1 };

struct BeginRequest {
  Claim claim = Claim::look;
  Lag lag = Lag::refuse;
  std::uint64_t incarnation = 0;  // with `take`: higher than any that the replica has met
  std::string checkpoint{};       // the newest that anybody has; empty: nobody has one
};
base::Bytes encode(const BeginRequest& request);
base::Result<BeginRequest> parse_begin(base::View body);

/// Whether a replica may be restored from. As on the wire: never renumbered.
enum class Verdict : std::uint8_t {
  ready = 0,           // it has all that the shown checkpoint counts
  lag_accepted = 1,    // nobody can say whether it has everything
  nothing = 2,         // refused: it has no whole tree, or no log
  intents_open = 3,    // refused: erasures were announced whose commit never came
  newer_shown = 4,     // refused: the shown checkpoint counts entries that it lacks
  other_shown = 5,     // refused: the shown checkpoint is not of the log that it has
  lag_unaccepted = 6,  // refused: as lag_accepted, and it was not accepted
  log_key_lost = 7,    // refused: no leaf that opens has the key that signs the log
};
inline bool serves(Verdict verdict) {
  return verdict == Verdict::ready || verdict == Verdict::lag_accepted;
}
/// A sentence for the operator.
base::Literal meaning_of(Verdict verdict);

struct Offer {
  Verdict verdict = Verdict::nothing;
  ReplicaStatus status{};
  std::uint64_t pages = 0;   // of the tree
  keys::TreeId tree{};       // which one it is: zeros where there is none
  std::string checkpoint{};  // of the log
  std::string key{};
  std::string chain{};
  std::optional<keys::Root> root{};  // where it serves, and not for a look
};
/// Holds a key: whoever has the bytes wipes them.
base::Bytes encode(const Offer& offer);
base::Result<Offer> parse_offer(base::View body);

/// Pages of the tree from number `from` on. `incarnation` is the one that was taken, 0 in a drill.
struct FetchPages {
  std::uint64_t incarnation = 0;
  std::uint64_t epoch = 0;
  std::uint64_t from = 0;
};
base::Bytes encode(const FetchPages& request);
base::Result<FetchPages> parse_fetch_pages(base::View body);

struct FetchedPages {
  std::uint64_t next = 0;  // ask from here on; 0: these are the last
  std::vector<PagesRequest::Page> pages{};
};
base::Bytes encode(const FetchedPages& answer);
/// The answer out of the pages that are listed, from number `from` on, as many as a body holds.
base::Result<base::Bytes> encode_pages(const std::vector<bool>& listed, std::uint64_t from,
                                       const ReadPage& read);
base::Result<FetchedPages> parse_fetched_pages(base::View body);

struct FetchLeaves {
  std::uint64_t incarnation = 0;
  std::uint64_t first = 0;
};
base::Bytes encode(const FetchLeaves& request);
base::Result<FetchLeaves> parse_fetch_leaves(base::View body);
base::Bytes encode_leaves(const std::vector<ledger::Leaf>& leaves);
base::Result<std::vector<ledger::Leaf>> parse_fetched_leaves(base::View body);

}  // namespace holder
