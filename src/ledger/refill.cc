#include "ledger/growth.h"
#include "ledger/handover.h"
#include "ledger/leaf_table.h"
#include "ledger/published.h"

// The store filled again from the published log. Two passes over the bundles: the first holds them
// against the signed root and writes nothing, the second appends what the store lacks, many leaves
// a transaction. A crash leaves a store with the first of the leaves and no remembered tree, which
// open() refuses; the next call goes on behind them. Where the log's origin was changed and the
// entry of that is not in the log yet, it is appended behind the log's own.

namespace ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::uint64_t kBundlesAtATime = 64;
using OnLeaves = std::function<Result<void>(std::span<const Leaf>)>;

/// Calls `on_leaves` for the leaves from `first` on (the start of a bundle), in runs.
Result<void> each_run(LogFiles& files, std::uint64_t first, std::uint64_t size,
                      const OnLeaves& on_leaves) {
  std::vector<Leaf> run;
  for (std::uint64_t index = first / kTileWidth; index < tile_count(0, size); ++index) {
    const unsigned width = tile_width(0, index, size);
    const base::Bytes bundle = TRY_AS(files.read_bundle(Bundle{index, width}),
                                      "an entry bundle of the log cannot be read");
    const std::vector<base::View> entries = TRY(parse_bundle(bundle, width));
    for (const base::View entry : entries) {
      Leaf leaf = TRY(Leaf::decode(entry));
      run.push_back(leaf);
    }
    if (run.size() < kBundlesAtATime * kTileWidth && width == kTileWidth) continue;
    TRY(on_leaves(run));
    run.clear();
  }
  return run.empty() ? Result<void>() : on_leaves(run);
}

/// Where the log goes on under another origin from this very tree: the entry that has to follow.
Result<std::optional<Leaf>> entry_of_change(LogFiles& files, const TreeHead& head) {
  const std::optional<std::string> chain = TRY(files.read("keys", kChainBytesMax));
  const KeyHistory history = TRY(parse_chain(chain.value_or("")));
  if (history.ends.empty() || history.ends.back() != head) return std::optional<Leaf>();
  const Handover last{history.keys[history.ends.size() - 1], history.current(), head};
  if (!moves_origin(last.from, last.to)) return std::optional<Leaf>();
  return std::optional(origin_leaf(last));
}

Result<void> check_root(LogFiles& files, const TreeHead& head) {
  Edge edge;
  TRY(each_run(files, 0, head.size, [&](std::span<const Leaf> leaves) -> Result<void> {
    for (const Leaf& leaf : leaves)
      TRY(edge.append(hash_leaf(leaf.encode()),
                      [](const Tile&, std::span<const Digest>) { return Result<void>(); }));
    return {};
  }));
  if (edge.head() != head) return Error{Code::corrupt, "the log's entries have another root"};
  return {};
}

}  // namespace

Result<std::uint64_t> Ledger::refill(store::Store& store, base::Disk& disk,
                                     const std::string& directory,
                                     const std::string& verifier_key) {
  LogFiles files(disk, directory);
  const VerifierKey key = TRY(parse_verifier_key(verifier_key));
  const auto published = TRY(published_head(files, key));
  if (!published) return Error{Code::missing, "the log has no checkpoint"};
  const TreeHead head = *published;
  LeafTable table(store);
  const std::uint64_t there = TRY(table.count());
  const std::optional<Leaf> first = TRY(entry_of_change(files, head));
  if (there > head.size + (first ? 1 : 0))
    return Error{Code::conflict, "the store has more leaves than the log"};
  TRY(check_root(files, head));
  // What is there must be the log's own: its appending answers its index, or a conflict.
  std::uint64_t next = 0;
  TRY(each_run(files, 0, head.size, [&](std::span<const Leaf> leaves) {
    return store.write([&](store::Tx& tx) -> Result<void> {
      for (const Leaf& leaf : leaves)
        if (TRY(LeafTable::append(tx, leaf)) != next++)
          return Error{Code::conflict, "the store has other leaves than the log"};
      return {};
    });
  }));
  if (!first) return next;
  // The first entry under the new origin, before anybody can append another.
  TRY(store.write([&](store::Tx& tx) -> Result<void> {
    if (TRY(LeafTable::append(tx, *first)) != next)
      return Error{Code::conflict, "the store has other leaves than the log"};
    return {};
  }));
  return next + 1;
}

}  // namespace ledger
