#include <algorithm>

#include "ledger/edge.h"
#include "ledger/leaf_table.h"
#include "ledger/note.h"
#include "store/tables.h"
#include "tests/sim/check.h"
#include "tests/sim/workload.h"

// The log, the nonces, the keys and the replica: what is not of one owner.

namespace sim {

using base::Code;
using base::Result;

namespace {

/// The head of every size, from the leaves.
std::vector<base::Digest> roots_of(const std::vector<base::Bytes>& leaves) {
  std::vector<base::Digest> roots{ledger::empty_root()};
  ledger::Edge edge;
  for (const base::Bytes& leaf : leaves) {
    edge.append(ledger::hash_leaf(leaf),
                [](const ledger::Tile&, std::span<const ledger::Digest>) { return Result<void>(); })
        .value();
    roots.push_back(edge.head().root);
  }
  return roots;
}

}  // namespace

void Check::log() {
  for (int i = 0; i < 4; ++i)
    findings_.expect(world_.ledger->tick().ok(), Invariant::log_grows,
                     "pending leaves are not sequenced");
  std::vector<base::Bytes> leaves;
  ledger::LeafTable table(*world_.store);
  const auto read =
      table.each(0, std::uint64_t{1} << 32U, [&](const ledger::Leaf& leaf) -> Result<void> {
        leaves.push_back(leaf.encode());
        return {};
      });
  findings_.expect(read.ok(), Invariant::log_grows, "the leaves cannot be read");
  findings_.expect(leaves.size() >= model_.leaves.size() &&
                       std::equal(model_.leaves.begin(), model_.leaves.end(), leaves.begin()),
                   Invariant::log_grows, "the log has lost or changed a leaf");
  findings_.expect(world_.ledger->size() == leaves.size(), Invariant::log_grows,
                   "the log is not of the size of its leaves");
  model_.checkpoints.push_back(world_.ledger->checkpoint());
  const auto key = ledger::parse_verifier_key(world_.verifier_key()).value();
  const auto roots = roots_of(leaves);
  for (const std::string& note : model_.checkpoints) {
    if (note.empty()) continue;
    const auto checkpoint = ledger::open_checkpoint(note, key);
    findings_.expect(checkpoint.ok() && checkpoint->head.size < roots.size() &&
                         roots[checkpoint->head.size] == checkpoint->head.root,
                     Invariant::log_grows, "a signed checkpoint is not of this log");
  }
  model_.checkpoints.clear();
  model_.checkpoints.push_back(world_.ledger->checkpoint());
  model_.leaves = std::move(leaves);
}

/// No salt twice, in what the database holds now.
void Check::sealed() {
  constexpr std::size_t kSalt = 32;
  std::set<std::string> salts;
  const auto look = [&](const store::Row& row) -> Result<void> {
    const base::View sealed = row.blob(0);
    if (sealed.size() <= kSalt) return {};
    findings_.expect(salts.insert(base::hex(sealed.subspan(1, kSalt))).second,
                     Invariant::sealed_once, "two records are sealed under one salt");
    return {};
  };
  const auto read = world_.store->read([&](store::Reader& reader) -> Result<void> {
    TRY(reader.query("SELECT sealed FROM vault_record", {}, look));
    return reader.query("SELECT sealed FROM vault_directory WHERE generation > 0", {}, look);
  });
  findings_.expect(read.ok(), Invariant::sealed_once, "sealed rows cannot be read");
  constexpr std::size_t kSegmentSalt = 24;
  std::set<std::string> segments;
  for (const auto& [path, bytes] : world_.disk.faulty().durable("data/content/"))
    if (bytes.size() > kSegmentSalt)
      findings_.expect(segments.insert(base::hex(base::View(bytes).first(kSegmentSalt))).second,
                       Invariant::sealed_once, "two segments are sealed under one salt");
}

/// Every root that can be read now, and every image of a page that there ever was.
void Check::keys() {
  const auto newest = world_.keys->epoch();
  const auto epochs = world_.witness.standing(world_.disk.faulty(), kRootDirectory);
  findings_.expect(epochs == std::set{newest}, Invariant::erased_gone,
                   "another root than the one in force stands after a recovery");
  Witness::Reached reached;
  for (const std::uint64_t epoch : epochs)
    for (const auto& [tag, generations] : world_.witness.reach(*world_.witness.root_of(epoch)))
      reached[tag].insert(generations.begin(), generations.end());
  for (const Owner& owner : model_.owners)
    if (owner.life == Life::erased)
      findings_.expect(!reached.contains(tag_of(owner)), Invariant::erased_gone,
                       "a standing root opens an erased owner's key");
  findings_.expect(world_.witness.keys_used_twice() == 0, Invariant::sealed_once,
                   "a key page's key has sealed another page");
  for (const auto& [tag, generations] : reached)
    for (const auto& [generation, key] : generations) {
      const auto place = std::pair(tag, generation);
      const auto [at, first] = world_.keys_seen.emplace(key, place);
      findings_.expect(first || at->second == place, Invariant::sealed_once,
                       "two generations of owners have one key");
    }
}

void Check::replica() {
  if (world_.link.disk().operations() == 0) return;
  auto replica = world_.link.replica();
  if (!replica.ok()) {
    findings_.add(Invariant::replica_honest,
                  "the replica does not open: " + replica.error().chain());
    return;
  }
  const auto status = (*replica)->status();
  findings_.expect(status.epoch <= world_.keys->epoch(), Invariant::replica_honest,
                   "the replica is ahead of its server");
  const auto epochs = world_.witness.standing(world_.link.disk(), "replica");
  for (const std::uint64_t epoch : epochs)
    findings_.expect(epoch >= status.epoch, Invariant::replica_honest,
                     "the replica keeps an older root");
  findings_.expect(status.leaves <= model_.leaves.size(), Invariant::replica_honest,
                   "the replica has leaves that its server does not have");
}

Result<base::Digest> digest_of(World& world) {
  const auto tables = TRY(store::Tables::snapshot(world.database()));
  base::Sha256 hash;
  const auto all = TRY(tables->list());
  for (const store::Table& table : all) {
    hash.update(base::view(table.name));
    TRY(tables->each(table, [&](const store::Cells& row) -> Result<void> {
      base::Bytes bytes;
      for (const store::Cell& cell : row) {
        base::put_u64(bytes, cell.index());
        if (const auto* number = std::get_if<std::int64_t>(&cell))
          base::put_u64(bytes, static_cast<std::uint64_t>(*number));
        if (const auto* text = std::get_if<std::string>(&cell))
          base::put_block(bytes, base::view(*text));
        if (const auto* blob = std::get_if<base::Bytes>(&cell)) base::put_block(bytes, *blob);
      }
      hash.update(bytes);
      return {};
    }));
  }
  return hash.finish();
}

}  // namespace sim
