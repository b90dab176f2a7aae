#include <gtest/gtest.h>

#include "backup/chunk.h"
#include "backup/manifest.h"

namespace backup {
namespace {

using base::Code;

std::vector<store::Cells> rows(std::size_t count) {
  std::vector<store::Cells> made;
  for (std::size_t i = 0; i < count; ++i)
    made.push_back(
        {static_cast<std::int64_t>(i), std::string("state"), base::Bytes(1'000, 7), nullptr});
  return made;
}

std::vector<base::Bytes> cut(const std::vector<store::Cells>& from) {
  std::vector<base::Bytes> chunks;
  Chunker chunker(4, {0}, [&](base::View bytes, std::size_t) -> base::Result<void> {
    chunks.push_back(base::copy(bytes));
    return {};
  });
  for (const store::Cells& row : from) chunker.add(row).value();
  chunker.finish().value();
  return chunks;
}

TEST(Chunk, ComesBackAsItWas) {
  const auto made = rows(3);
  EXPECT_EQ(decode_chunk(encode_chunk(4, made)).value(), made);
}

TEST(Chunk, EveryCutAndEveryByteBehindIsRefused) {
  const base::Bytes whole = encode_chunk(4, rows(2));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(decode_chunk(base::View(whole).first(size)).code(), Code::corrupt) << size;
  base::Bytes longer = whole;
  longer.push_back(0);
  EXPECT_EQ(decode_chunk(longer).code(), Code::corrupt);
}

TEST(Chunker, ARowMoreChangesFewChunks) {
  auto many = rows(4'000);
  const auto before = cut(many);
  ASSERT_GE(before.size(), 3U) << "4 MB in one piece";
  many.insert(many.begin(),
              {std::int64_t{-1}, std::string("state"), base::Bytes(1'000, 7), nullptr});
  const auto after = cut(many);
  std::size_t same = 0;
  for (const base::Bytes& chunk : after)
    if (std::ranges::find(before, chunk) != before.end()) ++same;
  EXPECT_GE(same + 2, before.size());
}

TEST(Manifest, EveryFlippedBitIsFound) {
  Manifest manifest;
  manifest.origin = "log.example.com";
  manifest.schemas = {{"gate", 1}};
  manifest.tables = {{"gate_standing", {"owner", "bits"}, {{base::sha256({}), 12, 3}}}};
  const std::string text = manifest.encode();
  EXPECT_EQ(Manifest::decode(text).value().encode(), text);
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string flipped = text;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(Manifest::decode(flipped).code(), Code::corrupt) << bit;
  }
}

}  // namespace
}  // namespace backup
