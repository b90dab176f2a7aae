// What a published log is made of, as a server is asked for it and as a reader gets it: paths of
// tiles, bundles of entries, hashes and proofs.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ledger/edge.h"
#include "ledger/ledger.h"
#include "ledger/tlog.h"

namespace {

void read_path(std::string_view text) {
  // A path has one spelling: a server cannot be made to open any other file.
  if (const auto tile = ledger::parse_tile_path(text)) CHECK(path_of(*tile) == text);
  if (const auto bundle = ledger::parse_bundle_path(text)) CHECK(path_of(*bundle) == text);
}

void read_bundle(base::View bytes, unsigned width) {
  const auto entries = ledger::parse_bundle(bytes, width);
  if (!entries.ok()) return;
  CHECK(entries->size() == width);
  base::Bytes again;
  for (const base::View entry : *entries) {
    ledger::put_entry(again, entry);
    const auto leaf = ledger::Leaf::decode(entry);
    if (leaf.ok()) CHECK(base::text(leaf->encode()) == base::text(entry));
  }
  CHECK(base::text(again) == base::text(bytes));
}

void read_tile(base::View bytes, unsigned width) {
  const auto hashes = ledger::parse_tile(bytes, width);
  if (hashes.ok()) CHECK(base::text(ledger::encode_tile(*hashes)) == base::text(bytes));
}

/// Proofs as somebody might forge them, over trees of any size.
void verify_proofs(base::View bytes) {
  base::Reader reader(bytes);
  const auto index = reader.u64();
  const auto size = reader.u64();
  if (!index.ok() || !size.ok()) return;
  const base::View rest = reader.rest();
  const auto hashes = ledger::parse_tile(rest.first(rest.size() / 32 * 32),
                                         static_cast<unsigned>(rest.size() / 32));
  CHECK(hashes.ok());
  const base::Digest digest = base::sha256(rest);
  const ledger::TreeHead head{*size, digest};
  // Nobody knows a proof for a root that is a hash of the proof itself.
  CHECK(!ledger::verify_inclusion(*index, ledger::hash_leaf(rest), head, *hashes).ok());
  if (*index != *size)
    CHECK(!ledger::verify_consistency({*index, ledger::hash_leaf(rest)}, head, *hashes).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::View bytes(data, size);
  read_path(base::text(bytes));
  if (size == 0) return 0;
  read_bundle(bytes.subspan(1), data[0] + 1U);
  read_tile(bytes.subspan(1), data[0] + 1U);
  verify_proofs(bytes);
  return 0;
}
