// Bundles of log entries as a server hands them out: the first byte is how many entries there must
// be, less one. The mutator changes single entries and makes lengths and count fit again.

#include "ledger/edge.h"
#include "ledger/ledger.h"
#include "tests/fuzz/mutate.h"

namespace {

constexpr std::size_t kWidthMax = 256;

base::Bytes joined(const std::vector<base::Bytes>& entries) {
  base::Bytes out = {static_cast<std::uint8_t>(entries.size() - 1)};
  for (const base::Bytes& entry : entries) ledger::put_entry(out, entry);
  return out;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  fuzz::Draws draws(seed);
  if (size == 0 || draws.one_in(4)) return LLVMFuzzerMutate(data, size, max_size);
  const auto views = ledger::parse_bundle({data + 1, size - 1}, data[0] + 1U);
  std::vector<base::Bytes> entries;
  if (views.ok())
    for (const base::View entry : *views) entries.push_back(base::copy(entry));
  if (entries.empty()) entries.push_back(ledger::Leaf{}.encode());
  const std::size_t one = draws.below(entries.size());
  switch (draws.below(4)) {
    case 0:
      if (entries.size() < kWidthMax) entries.insert(entries.begin(), entries[one]);
      break;
    case 1:
      if (entries.size() > 1) entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(one));
      break;
    default:
      entries[one] = fuzz::mutated(entries[one], 256);
  }
  return fuzz::answer(joined(entries), data, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const base::View bytes(data + 1, size - 1);
  const unsigned width = data[0] + 1U;
  const auto entries = ledger::parse_bundle(bytes, width);
  if (!entries.ok()) return 0;
  CHECK(entries->size() == width);
  base::Bytes again;
  ledger::Edge edge;
  const auto keep = [](const ledger::Tile& tile, std::span<const base::Digest> hashes) {
    CHECK(
        ledger::parse_tile(ledger::encode_tile(hashes), static_cast<unsigned>(hashes.size())).ok());
    CHECK(ledger::parse_tile_path(path_of(tile)).has_value());
    return base::Result<void>();
  };
  for (const base::View entry : *entries) {
    ledger::put_entry(again, entry);
    if (const auto leaf = ledger::Leaf::decode(entry); leaf.ok())
      CHECK(base::text(leaf->encode()) == base::text(entry));
    CHECK(edge.append(ledger::hash_leaf(entry), keep).ok());
  }
  CHECK(base::text(again) == base::text(bytes) && edge.head().size == width);
  CHECK(edge.each_partial(keep).ok());
  return 0;
}
