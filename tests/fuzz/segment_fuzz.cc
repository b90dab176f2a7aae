// Sealed bytes from the disk, taken apart: content segments, sealed records, and the plaintexts
// that they would open to (fields, manifests, buckets, the note of an erasure). The keys are
// constant, and commitments and tags are made for the input, so that what lies behind them is
// reached too.
#include <algorithm>
#include <cstdint>

#include "base/entropy.h"
#include "vault/bucket.h"
#include "vault/content_file.h"
#include "vault/door.h"
#include "vault/erase_note.h"
#include "vault/sealing.h"
#include "vault/segment.h"

namespace {

const base::Bytes kKey(vault::Segment::input_key_size, 7);

void segment(base::View message) {
  const auto size = vault::Segment::plain_size(message.size());
  if (message.size() < vault::Segment::header_size) {
    CHECK(!size.ok());
    return;
  }
  const base::View header = message.first(vault::Segment::header_size);
  // As found, and with the commitment that its salt asks for.
  (void)vault::Segment::open(kKey, base::view("context"), header).ok();
  auto made =
      vault::Segment::create(kKey, base::view("context"), header.first(vault::Segment::salt_size));
  CHECK(vault::Segment::open(kKey, base::view("context"), made.header()).ok());
  if (!size.ok()) return;
  CHECK(vault::Segment::sealed_size(*size) == message.size());
  base::View rest = message.subspan(vault::Segment::header_size);
  base::Bytes plain(vault::Segment::chunk_size);
  for (std::uint64_t number = 0; !rest.empty(); ++number) {
    const base::View chunk = rest.first(std::min(rest.size(), vault::Segment::sealed_chunk_size));
    const base::Mutable out = base::Mutable(plain).first(chunk.size() - base::Aead::tag_size);
    if (!made.unseal(number, chunk, out).ok()) return;
    rest = rest.subspan(chunk.size());
  }
}

void record(base::View bytes) {
  const vault::SealHeader header{{}, "people", {}, {}, 1};
  (void)vault::open_record(kKey, header, bytes).ok();
  base::SeededEntropy entropy(1);
  const base::Bytes sealed =
      vault::seal_record(kKey, header, bytes, vault::kRecordPadding, entropy);
  CHECK(vault::open_record(kKey, header, sealed).value() == base::copy(bytes));
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

}  // namespace

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
