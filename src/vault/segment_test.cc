#include "vault/segment.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <sstream>

#include "base/disk.h"
#include "base/entropy.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

/// All of a message, as the format says: used on the vectors, where the product reads ranges.
Result<base::Bytes> open_message(base::View key, base::View context, base::View message) {
  const std::uint64_t size = TRY(Segment::plain_size(message.size()));
  Segment segment = TRY(Segment::open(key, context, message.first(Segment::header_size)));
  base::View rest = message.subspan(Segment::header_size);
  base::Bytes plain(size);
  base::Mutable out(plain);
  for (std::uint64_t number = 0; !rest.empty(); ++number) {
    const base::View chunk = rest.first(std::min(rest.size(), Segment::sealed_chunk_size));
    const std::size_t some = chunk.size() - base::Aead::tag_size;
    TRY(segment.unseal(number, chunk, out.first(some)));
    out = out.subspan(some);
    rest = rest.subspan(chunk.size());
  }
  return plain;
}

base::Bytes seal_message(base::View key, base::View context, base::View salt, base::View plain) {
  Segment segment = Segment::create(key, context, salt);
  base::Bytes out(Segment::sealed_size(plain.size()));
  std::ranges::copy(segment.header(), out.begin());
  base::Mutable rest = base::Mutable(out).subspan(Segment::header_size);
  for (std::uint64_t number = 0;; ++number) {
    const base::View chunk = plain.first(std::min(plain.size(), Segment::chunk_size));
    segment.seal(number, chunk, rest.first(chunk.size() + base::Aead::tag_size));
    rest = rest.subspan(chunk.size() + base::Aead::tag_size);
    plain = plain.subspan(chunk.size());
    if (chunk.size() < Segment::chunk_size) break;
  }
  EXPECT_TRUE(rest.empty());
  return out;
}

struct Vector {
  std::string number;
  base::Bytes key, context, message;
  std::string outcome;
};

base::Bytes from_hex(const std::string& text) {
  base::Bytes out;
  for (std::size_t at = 0; at < text.size() && text != "-";) {
    if (text[at] == '<') {
      const std::size_t end = text.find('>', at);
      out.resize(out.size() + std::stoul(text.substr(at + 1, end - at - 1)));
      at = end + 1;
    } else {
      const std::size_t end = std::min(text.find('<', at), text.size());
      const base::Bytes some = base::parse_hex(text.substr(at, end - at)).value();
      out.insert(out.end(), some.begin(), some.end());
      at = end;
    }
  }
  return out;
}

std::vector<Vector> vectors() {
  base::RealDisk disk;
  const auto file = base::read_file(disk, "tests/vectors/cobblestone-256.txt", 1 << 20).value();
  std::istringstream lines{std::string(base::text(file))};
  std::vector<Vector> out;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string number, key, context, message, outcome, bar;
    words >> number >> bar >> key >> bar >> context >> bar >> message >> bar >> outcome;
    out.push_back({number, from_hex(key), from_hex(context), from_hex(message), outcome});
  }
  return out;
}

std::string sha512_start(base::View bytes) {
  std::array<std::uint8_t, 64> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha512(), nullptr);
  return base::hex(base::View(digest).first(16));
}

TEST(Segment, TheVectorsOfTheFormat) {
  const auto all = vectors();
  ASSERT_EQ(all.size(), 18U);
  for (const Vector& vector : all) {
    const auto opened = open_message(vector.key, vector.context, vector.message);
    if (vector.outcome == "invalid") {
      ASSERT_FALSE(opened.ok()) << vector.number;
      EXPECT_EQ(opened.code(), Code::corrupt) << vector.number;
      continue;
    }
    ASSERT_TRUE(opened.ok()) << vector.number;
    EXPECT_EQ(sha512_start(*opened), vector.outcome) << vector.number;
    // Sealing it again under its salt makes the same bytes.
    const base::View salt = base::View(vector.message).first(Segment::salt_size);
    EXPECT_EQ(seal_message(vector.key, vector.context, salt, *opened), vector.message);
  }
}

TEST(Segment, SizesGoBothWays) {
  for (const std::uint64_t plain : {0UL, 1UL, 16383UL, 16384UL, 16385UL, 32768UL, 1UL << 40}) {
    EXPECT_EQ(Segment::plain_size(Segment::sealed_size(plain)).value(), plain);
  }
  // No chunk, a truncated tag, a whole chunk without the short one behind it.
  for (const std::uint64_t sealed : {0UL, 55UL, 56UL, 71UL, 56UL + 16400, 56UL + 16400 + 15}) {
    EXPECT_EQ(Segment::plain_size(sealed).code(), Code::corrupt) << sealed;
  }
}

TEST(Segment, AnotherKeyContextSaltOrPlaceOpensNothing) {
  base::SystemEntropy entropy;
  const auto key = entropy.bytes(32);
  const auto salt = entropy.bytes(Segment::salt_size);
  const auto plain = entropy.bytes(40000);
  const auto message = seal_message(key, base::view("here"), salt, plain);
  EXPECT_EQ(open_message(key, base::view("here"), message).value(), plain);
  EXPECT_EQ(open_message(key, base::view("there"), message).code(), Code::corrupt);
  EXPECT_EQ(open_message(entropy.bytes(32), base::view("here"), message).code(), Code::corrupt);
  Segment segment = Segment::open(key, base::view("here"), base::View(message).first(56)).value();
  base::Bytes out(Segment::chunk_size);
  const base::View second = base::View(message).subspan(56 + 16400, 16400);
  EXPECT_EQ(segment.unseal(0, second, out).code(), Code::corrupt);
  EXPECT_TRUE(segment.unseal(1, second, out).ok());
  EXPECT_EQ(segment.unseal(Segment::chunks_max, second, out).code(), Code::corrupt);
  EXPECT_EQ(segment.unseal(1, second.first(15), base::Mutable(out).first(0)).code(), Code::corrupt);
}

}  // namespace
}  // namespace vault
