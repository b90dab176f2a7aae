#include <fmt/format.h>

#include "client/trusted_log.h"
#include "client/verify.h"
#include "ledger/edge.h"
#include "ledger/ledger.h"

namespace client {
namespace {

using base::Code;
using base::Result;

/// Compares the log's tiles with those that its entries give; remembers the first that differs.
class TileCheck {
 public:
  explicit TileCheck(LogSource& log) : log_(log) {}

  Result<void> compare(const ledger::Tile& tile, std::span<const base::Digest> hashes) {
    const auto bytes = get_tile(log_, tile);
    if (!bytes.ok() && !damage(bytes.error())) return bytes.error();
    ++tiles_;
    const bool same = bytes.ok() && *bytes == ledger::encode_tile(hashes);
    if (!same && wrong_.empty()) wrong_ = path_of(tile);
    return {};
  }
  void report(Report& report) const {
    if (wrong_.empty())
      report.add("tiles", fmt::format("All {} tiles are what the entries give.", tiles_));
    else
      report.fail("tiles", fmt::format("{} is missing or is not what the entries give.", wrong_));
  }

 private:
  LogSource& log_;
  std::uint64_t tiles_ = 0;
  std::string wrong_;
};

/// Whether each change of the log's key or origin names a tree that the log had, and stands in its
/// own entry: the last one of the tree where the key changes, the first one behind it where the
/// origin does.
class HandoverCheck {
 public:
  explicit HandoverCheck(const ledger::KeyHistory& keys) : keys_(keys) {}

  void after(const ledger::Leaf& leaf, const ledger::Edge& edge) {
    if (expected_) agrees_ = agrees_ && leaf.encode() == *expected_;
    expected_.reset();
    for (; next_ < keys_.ends.size() && keys_.ends[next_].size <= edge.size(); ++next_) {
      const ledger::Handover change{keys_.keys[next_], keys_.keys[next_ + 1], keys_.ends[next_]};
      agrees_ = agrees_ && edge.head() == change.head;
      if (ledger::moves_origin(change.from, change.to))
        expected_ = ledger::origin_leaf(change).encode();
      else
        agrees_ =
            agrees_ && leaf.encode() == ledger::handover_leaf(change.from, change.to).encode();
    }
  }
  void report(Report& report) const {
    if (keys_.ends.empty()) return;
    if (agrees_ && next_ == keys_.ends.size())
      report.add(
          "keys",
          fmt::format("The log has an entry for each of the {} changes of its key or origin.",
                      keys_.ends.size()));
    else
      report.fail("keys",
                  "A change of the log's key or origin names a tree that the log did not have.");
  }

 private:
  const ledger::KeyHistory& keys_;
  std::size_t next_ = 0;
  std::optional<base::Bytes> expected_;  // of the next entry, behind a change of the origin
  bool agrees_ = true;
};

/// Appends the entries of a bundle; false, with the check failed, where they are not all there.
Result<bool> add_bundle(LogSource& log, const ledger::Bundle& bundle, ledger::Edge& edge,
                        TileCheck& tiles, HandoverCheck& handovers, Report& report) {
  const auto entries = get_bundle(log, bundle);
  if (!entries.ok() && !damage(entries.error())) return entries.error();
  if (!entries.ok()) {
    report.fail("entries",
                fmt::format("{} cannot be read: {}.", path_of(bundle), entries.error().chain()));
    return false;
  }
  for (const base::Bytes& entry : *entries) {
    const auto leaf = ledger::Leaf::decode(entry);
    if (!leaf.ok()) {
      report.fail("entries", fmt::format("Entry {} is not a leaf of this log.", edge.size()));
      return false;
    }
    TRY(edge.append(ledger::hash_leaf(entry),
                    [&](const ledger::Tile& tile, std::span<const base::Digest> hashes) {
                      return tiles.compare(tile, hashes);
                    }));
    handovers.after(*leaf, edge);
  }
  return true;
}

}  // namespace

Result<Report> verify_ledger(LogSource& log, const std::optional<std::string>& verifier_key,
                             const Progress& progress) {
  Report report;
  const ledger::KeyHistory keys = TRY(trusted_keys(log, verifier_key, report));
  const std::optional<ledger::TreeHead> head = TRY(current_head(log, keys, report));
  const auto skip = [&](std::initializer_list<const char*> names) {
    for (const char* name : names) report.skip(name, "Needs the checks before it.");
    return std::move(report);
  };
  if (!head) return skip({"entries", "tiles", "root"});

  ledger::Edge edge;
  TileCheck tiles(log);
  HandoverCheck handovers(keys);
  for (std::uint64_t index = 0; edge.size() < head->size; ++index) {
    const ledger::Bundle bundle{index, ledger::tile_width(0, index, head->size)};
    if (!TRY(add_bundle(log, bundle, edge, tiles, handovers, report)))
      return skip({"tiles", "root"});
    if (progress) progress(edge.size(), head->size);
  }
  TRY(edge.each_partial([&](const ledger::Tile& tile, std::span<const base::Digest> hashes) {
    return tiles.compare(tile, hashes);
  }));
  report.add("entries", fmt::format("All {} entries are there.", head->size));
  tiles.report(report);
  handovers.report(report);
  if (edge.root() == head->root)
    report.add("root", "The entries give the root that the checkpoint signs.");
  else
    report.fail("root", "The entries give another root than the one that is signed.");
  return report;
}

}  // namespace client
