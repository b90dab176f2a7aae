#include "client/prove_entry.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "client/trusted_log.h"

namespace client {
namespace {

using base::Code;
using base::Digest;
using base::Result;

constexpr const char* kNeeds = "Needs the checks before it.";

/// The hash of the entry itself, not the one in a tile: a proof is of what the log publishes.
Result<std::optional<Digest>> check_entry(LogSource& log, std::uint64_t index, std::uint64_t size,
                                          Report& report) {
  const auto fails = [&](std::string why) {
    report.fail("entry", std::move(why));
    return std::optional<Digest>();
  };
  if (index >= size) return fails(fmt::format("The log has no entry {}: it has {}.", index, size));
  const std::uint64_t tile = index / ledger::kTileWidth;
  const auto entries = get_bundle(log, ledger::Bundle{tile, ledger::tile_width(0, tile, size)});
  if (!entries.ok() && !damage(entries.error())) return entries.error();
  if (!entries.ok())
    return fails(fmt::format("The log does not give the entry: {}.", entries.error().chain()));
  report.add("entry", fmt::format("The log has an entry {}.", index));
  return std::optional(ledger::hash_leaf((*entries)[index % ledger::kTileWidth]));
}

/// The hashes from the entry to the root, once they have been found to lead there.
Result<std::optional<ledger::Proof>> check_proof(LogSource& log, std::uint64_t index,
                                                 const Digest& entry, Report& report) {
  const auto fails = [&](std::string why) {
    report.fail("proof", std::move(why));
    return std::optional<ledger::Proof>();
  };
  const ledger::TreeHead& head = report.head;
  const auto hashes = ledger::hashes_from_tiles(
      head.size, [&](const ledger::Tile& tile) { return get_tile(log, tile); });
  auto proof = ledger::prove_inclusion(index, head.size, hashes);
  if (!proof.ok() && !damage(proof.error())) return proof.error();
  if (!proof.ok())
    return fails(fmt::format("The log does not give its tiles: {}.", proof.error().chain()));
  if (!ledger::verify_inclusion(index, entry, head, *proof).ok())
    return fails("The log's tiles do not lead from the entry to the root that is signed.");
  report.add("proof", fmt::format("{} hashes lead from the entry to the root that is signed.",
                                  proof->size()));
  return std::optional(std::move(*proof));
}

}  // namespace

std::string EntryProof::json() const {
  auto out = nlohmann::ordered_json::parse(report.json());
  out["index"] = index;
  if (!proof.empty()) out["proof"] = proof;
  return out.dump(2) + "\n";
}

Result<EntryProof> prove_entry(LogSource& log, std::uint64_t index,
                               const std::optional<std::string>& verifier_key) {
  EntryProof out;
  out.index = index;
  Report& report = out.report;
  const ledger::KeyHistory keys = TRY(trusted_keys(log, verifier_key, report));
  const std::optional<std::string> note = TRY(current_checkpoint(log, keys, report));
  if (!note) {
    report.skip("entry", kNeeds);
    report.skip("proof", kNeeds);
    return out;
  }
  const std::optional<Digest> entry = TRY(check_entry(log, index, report.head.size, report));
  if (!entry) {
    report.skip("proof", kNeeds);
    return out;
  }
  const auto hashes = TRY(check_proof(log, index, *entry, report));
  if (hashes) out.proof = ledger::format_proof({index, *hashes, *note});
  return out;
}

}  // namespace client
