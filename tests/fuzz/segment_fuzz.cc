// Sealed bytes from the disk, taken apart: content segments, sealed records, and the plaintexts
// that they would open to (fields, manifests, buckets, the note of an erasure). The keys are
// constant, and commitments and tags are made for the input, so that what lies behind them is
// reached too: by the mutator, which seals what it changed, and below.
#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/entropy.h"
#include "tests/fuzz/mutate.h"
#include "vault/bucket.h"
#include "vault/content_file.h"
#include "vault/door.h"
#include "vault/erase_note.h"
#include "vault/sealing.h"
#include "vault/segment.h"

namespace {

const base::Bytes kKey(vault::Segment::input_key_size, 7);
const vault::SealHeader kHeader{{}, "people", {}, {}, 1};
// Three chunks and a little: whoever handles the last one wrongly is found.
constexpr std::size_t kPlainMax = 3 * vault::Segment::chunk_size + 100;

vault::Segment made_for(base::View message) {
  return vault::Segment::create(kKey, base::view("context"),
                                message.first(vault::Segment::salt_size));
}

/// The content, where every chunk opens.
std::optional<base::Bytes> unsealed(base::View message) {
  const auto size = vault::Segment::plain_size(message.size());
  if (!size.ok()) return std::nullopt;
  vault::Segment made = made_for(message);
  base::View rest = message.subspan(vault::Segment::header_size);
  base::Bytes plain(*size);
  base::Mutable out(plain);
  for (std::uint64_t number = 0; !rest.empty(); ++number) {
    const base::View chunk = rest.first(std::min(rest.size(), vault::Segment::sealed_chunk_size));
    const std::size_t bytes = chunk.size() - base::Aead::tag_size;
    if (!made.unseal(number, chunk, out.first(bytes)).ok()) return std::nullopt;
    rest = rest.subspan(chunk.size());
    out = out.subspan(bytes);
  }
  return plain;
}

base::Bytes sealed(base::View salt, base::View plain) {
  vault::Segment made = made_for(salt);
  base::Bytes message(vault::Segment::sealed_size(plain.size()));
  std::ranges::copy(made.header(), message.begin());
  base::Mutable out = base::Mutable(message).subspan(vault::Segment::header_size);
  for (std::uint64_t number = 0; !out.empty(); ++number) {
    const std::size_t bytes = std::min(plain.size(), vault::Segment::chunk_size);
    made.seal(number, plain.first(bytes), out.first(bytes + base::Aead::tag_size));
    plain = plain.subspan(bytes);
    out = out.subspan(bytes + base::Aead::tag_size);
  }
  return message;
}

void segment(base::View message) {
  const auto size = vault::Segment::plain_size(message.size());
  if (message.size() < vault::Segment::header_size) {
    CHECK(!size.ok());
    return;
  }
  const base::View header = message.first(vault::Segment::header_size);
  const bool bound = vault::Segment::open(kKey, base::view("context"), header).ok();
  CHECK(bound == std::ranges::equal(made_for(message).header(), header));
  if (!size.ok()) return;
  CHECK(vault::Segment::sealed_size(*size) == message.size());
  const auto plain = unsealed(message);
  if (bound && plain) CHECK(sealed(header, *plain) == base::copy(message));
}

void plaintexts(base::View bytes) {
  if (const auto fields = vault::Door::decode(bytes); fields.ok())
    CHECK(vault::Door::encode(*fields).value() == base::copy(bytes));
  if (const auto bucket = vault::Bucket::decode(bytes); bucket.ok())
    CHECK(bucket->encode() == base::copy(bytes));
  if (const auto note = vault::EraseNote::decode(bytes); note.ok())
    CHECK(note->encode() == base::copy(bytes));
  if (const auto places = vault::decode_manifest(bytes); places.ok()) {
    std::vector<std::uint64_t> sizes;
    for (const auto& place : *places) sizes.push_back(place.plain_size);
    CHECK(vault::encode_manifest(sizes) == base::copy(bytes));
  }
}

base::Bytes sealed_record(base::View plain) {
  base::SeededEntropy entropy(1);
  return vault::seal_record(kKey, kHeader, plain, vault::kRecordPadding, entropy);
}

void record(base::View bytes) {
  const auto found = vault::open_record(kKey, kHeader, bytes);
  if (found.ok()) plaintexts(*found);
  CHECK(vault::open_record(kKey, kHeader, sealed_record(bytes)).value() == base::copy(bytes));
}

base::Bytes changed_segment(base::View message, fuzz::Draws& draws) {
  base::Bytes padded = base::copy(message);
  padded.resize(std::max(padded.size(), vault::Segment::header_size));
  base::Bytes plain = unsealed(padded).value_or(base::Bytes());
  if (draws.one_in(4))
    plain.resize(draws.below(kPlainMax));
  else
    plain = fuzz::mutated(plain, kPlainMax);
  return sealed(padded, plain);
}

base::Bytes changed_record(base::View bytes) {
  const auto plain = vault::open_record(kKey, kHeader, bytes);
  return sealed_record(fuzz::mutated(plain.ok() ? *plain : base::copy(bytes), 1024));
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  fuzz::Draws draws(seed);
  if (size == 0 || data[0] % 3 == 2 || draws.one_in(2))
    return LLVMFuzzerMutate(data, size, max_size);
  const base::View inside(data + 1, size - 1);
  const base::Bytes changed =
      data[0] % 3 == 0 ? changed_segment(inside, draws) : changed_record(inside);
  return fuzz::answer(fuzz::chosen(data[0], changed), data, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const base::View input(data, size);
  switch (input[0] % 3) {
    case 0:
      segment(input.subspan(1));
      break;
    case 1:
      record(input.subspan(1));
      break;
    default:
      plaintexts(input.subspan(1));
      break;
  }
  return 0;
}
