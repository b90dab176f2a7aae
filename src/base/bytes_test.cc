#include "base/bytes.h"

#include <gtest/gtest.h>

#include "base/entropy.h"

namespace base {
namespace {

// RFC 4648, section 10: plain, base32 (ours is lower case, without padding), base64.
struct Vector {
  const char* plain;
  const char* base32;
  const char* base64;
  const char* hex;
};
constexpr Vector kVectors[] = {
    {"", "", "", ""},
    {"f", "my", "Zg==", "66"},
    {"fo", "mzxq", "Zm8=", "666f"},
    {"foo", "mzxw6", "Zm9v", "666f6f"},
    {"foob", "mzxw6yq", "Zm9vYg==", "666f6f62"},
    {"fooba", "mzxw6ytb", "Zm9vYmE=", "666f6f6261"},
    {"foobar", "mzxw6ytboi", "Zm9vYmFy", "666f6f626172"},
};

TEST(Bytes, EncodeAsRfc4648) {
  for (const Vector& v : kVectors) {
    EXPECT_EQ(base32(view(v.plain)), v.base32);
    EXPECT_EQ(base64(view(v.plain)), v.base64);
    EXPECT_EQ(hex(view(v.plain)), v.hex);
  }
  const Bytes high = {0xfb, 0xff, 0xfe};
  EXPECT_EQ(base64(high), "+//+");
  EXPECT_EQ(base64url(high), "-__-");
  EXPECT_EQ(base64url(view("f")), "Zg");
}

TEST(Bytes, DecodeWhatWasEncoded) {
  for (const Vector& v : kVectors) {
    EXPECT_EQ(parse_base32(v.base32).value(), copy(view(v.plain)));
    EXPECT_EQ(parse_base64(v.base64).value(), copy(view(v.plain)));
    EXPECT_EQ(parse_hex(v.hex).value(), copy(view(v.plain)));
  }
  SeededEntropy entropy(1);
  for (std::size_t size = 0; size < 100; ++size) {
    const Bytes bytes = entropy.bytes(size);
    EXPECT_EQ(parse_base32(base32(bytes)).value(), bytes);
    EXPECT_EQ(parse_base64(base64(bytes)).value(), bytes);
    EXPECT_EQ(parse_base64url(base64url(bytes)).value(), bytes);
    EXPECT_EQ(parse_hex(hex(bytes)).value(), bytes);
  }
}

TEST(Bytes, DecodingRefusesWhatEncodingNeverMakes) {
  for (const char* bad : {"MY", "m", "my======", "mz", "m1", "mzx w6", "mzxw6===", "mzxw"})
    EXPECT_EQ(parse_base32(bad).code(), Code::invalid) << bad;
  // Missing or stray padding, bits left over (Zh), another alphabet, space, line ends.
  for (const char* bad :
       {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "-__-", "Zm 9v", "Zm9v\n", "=", "Z"})
    EXPECT_EQ(parse_base64(bad).code(), Code::invalid) << bad;
  for (const char* bad : {"Zg==", "Zh", "+//+", "Z", "Zg\n"})
    EXPECT_EQ(parse_base64url(bad).code(), Code::invalid) << bad;
  for (const char* bad : {"6", "6g", "66 6f", "0x66", "6:6f"})
    EXPECT_EQ(parse_hex(bad).code(), Code::invalid) << bad;
  EXPECT_EQ(parse_base64(std::string_view("Zm9v\0", 5)).code(), Code::invalid);
  EXPECT_EQ(parse_base32(std::string_view("m\0", 2)).code(), Code::invalid);
}

TEST(Bytes, IntegersAreBigEndian) {
  Bytes out;
  put_u16(out, 0x0102);
  put_u32(out, 0x03040506);
  put_u64(out, 0x0708090a0b0c0d0eULL);
  EXPECT_EQ(hex(out), "0102030405060708090a0b0c0d0e");
  Reader reader(out);
  EXPECT_EQ(reader.u16().value(), 0x0102);
  EXPECT_EQ(reader.u32().value(), 0x03040506U);
  EXPECT_EQ(reader.u64().value(), 0x0708090a0b0c0d0eULL);
  EXPECT_TRUE(reader.done());

  Bytes at(8);
  store_u64(at.data(), 0x0102030405060708ULL);
  EXPECT_EQ(hex(at), "0102030405060708");
  EXPECT_EQ(load_u64(at.data()), 0x0102030405060708ULL);
  store_u32(at.data(), 0xfffefdfcU);
  EXPECT_EQ(load_u32(at.data()), 0xfffefdfcU);
}

TEST(Bytes, BlocksAreUnambiguous) {
  Bytes one, other;
  put_block(one, view("ab"));
  put_block(one, view("c"));
  put_block(other, view("a"));
  put_block(other, view("bc"));
  EXPECT_NE(one, other);
  Reader reader(one);
  EXPECT_EQ(text(reader.block().value()), "ab");
  EXPECT_EQ(text(reader.rest()), std::string_view("\0\0\0\1c", 5));
  EXPECT_EQ(text(reader.block().value()), "c");
  EXPECT_EQ(reader.block().code(), Code::corrupt);
}

TEST(Bytes, AReaderNeverReadsBehindTheEnd) {
  const Bytes three = {1, 2, 3};
  EXPECT_EQ(Reader(three).u32().code(), Code::corrupt);
  EXPECT_EQ(Reader(three).take(4).code(), Code::corrupt);
  EXPECT_EQ(Reader(three).take(SIZE_MAX).code(), Code::corrupt);
  const Bytes long_block = {0xff, 0xff, 0xff, 0xff, 1};
  EXPECT_EQ(Reader(long_block).block().code(), Code::corrupt);
  Reader reader(three);
  EXPECT_EQ(reader.u64().code(), Code::corrupt);
  EXPECT_EQ(reader.u8().value(), 1);  // a refused read takes nothing
}

TEST(Bytes, EqualConstantTime) {
  EXPECT_TRUE(equal_constant_time(view("same"), view("same")));
  EXPECT_FALSE(equal_constant_time(view("same"), view("sane")));
  EXPECT_FALSE(equal_constant_time(view("same"), view("sam")));
  EXPECT_TRUE(equal_constant_time({}, {}));
}

}  // namespace
}  // namespace base
