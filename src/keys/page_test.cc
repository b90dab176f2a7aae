#include "keys/page.h"

#include <gtest/gtest.h>

#include "base/crypto.h"

namespace keys {
namespace {

constexpr PageName kLeaf = {.level = 0, .index = 7, .tree = {1, 2, 3}};
constexpr PageName kInner = {.level = 2, .index = 5, .tree = {1, 2, 3}};

std::array<std::uint8_t, kKeySize> bytes_of(std::uint8_t byte) {
  std::array<std::uint8_t, kKeySize> key{};
  key.fill(byte);
  return key;
}

Page sample() {
  Page page(kLeaf);
  page.set(0, {SlotKind::live, bytes_of(0xa0), 11, 3});
  page.set(63, {SlotKind::erased, bytes_of(0), 12, 99});
  return page;
}

TEST(Page, OpensAsItWasSealed) {
  const base::Bytes image = sample().seal(bytes_of(9));
  ASSERT_EQ(image.size(), kPageSize);
  auto page = Page::open(image, bytes_of(9));
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->name(), kLeaf);
  EXPECT_EQ(page->slot(0).kind, SlotKind::live);
  EXPECT_EQ(base::hex(page->slot(0).key), base::hex(bytes_of(0xa0)));
  EXPECT_EQ(page->slot(0).target, 11U);
  EXPECT_EQ(page->slot(0).generation, 3U);
  EXPECT_EQ(page->slot(1).kind, SlotKind::empty);
  EXPECT_EQ(page->slot(63).kind, SlotKind::erased);
  EXPECT_EQ(page->slot(63).generation, 99U);
}

// The bytes themselves, so that the format cannot drift unseen: docs/formats/key-tree.md.
TEST(Page, IsLaidOutAsDocumented) {
  const base::Bytes image = sample().seal(bytes_of(9));
  EXPECT_EQ(base::hex(base::View(image).first(64)),
            "4b544e31"          // "KTN1"
            "00"                // level
            "0000000000000007"  // index
            "01020300000000000000000000000000" +
                std::string(70, '0'));
  // Opened here with nothing but the primitive.
  base::Bytes body(kPageSize - 64 - 16);
  const std::array<std::uint8_t, 12> nonce{};
  ASSERT_TRUE(base::Aead(bytes_of(9))
                  .open(nonce, base::View(image).first(64), base::View(image).subspan(64), body)
                  .ok());
  EXPECT_EQ(base::hex(base::View(body).first(56)), base::hex(bytes_of(0xa0)) + "000000000000000b" +
                                                       "0000000000000003" + "0000000000000001");
  EXPECT_EQ(base::hex(base::View(body).subspan(63 * 56, 56)),
            std::string(64, '0') + "000000000000000c" + "0000000000000063" + "0000000000000002");
  EXPECT_EQ(base::hex(base::View(body).subspan(64 * 56)), std::string(2 * 432, '0'));
}

TEST(Page, RefusesAnyFlippedBit) {
  const base::Bytes image = sample().seal(bytes_of(9));
  for (std::size_t bit = 0; bit < image.size() * 8; bit += bit < 600 ? 1 : 61) {
    base::Bytes flipped = image;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    auto page = Page::open(flipped, bytes_of(9));
    ASSERT_FALSE(page.ok()) << bit;
    EXPECT_EQ(page.code(), base::Code::corrupt);
  }
}

TEST(Page, RefusesAnotherKeyAndShortImages) {
  const base::Bytes image = sample().seal(bytes_of(9));
  EXPECT_EQ(Page::open(image, bytes_of(8)).code(), base::Code::corrupt);
  EXPECT_EQ(Page::open(base::View(image).first(4095), bytes_of(9)).code(), base::Code::corrupt);
  EXPECT_EQ(Page::open({}, bytes_of(9)).code(), base::Code::corrupt);
}

// What a future or a faulty writer might seal.
TEST(Page, RefusesMalformedSlots) {
  const auto parse = [](const PageName& name, std::size_t at, std::uint8_t byte) {
    base::SecretBytes body(kPageSize - 80);
    body.mutable_view()[at] = byte;
    return Page::parse(name, std::move(body)).ok();
  };
  EXPECT_TRUE(parse(kLeaf, 55, 0));  // empty
  EXPECT_TRUE(parse(kLeaf, 55, 1));  // live
  EXPECT_TRUE(parse(kLeaf, 55, 2));  // erased
  EXPECT_TRUE(parse(kInner, 55, 1));
  EXPECT_FALSE(parse(kInner, 55, 2));             // no owner stands in an inner page
  EXPECT_FALSE(parse(kLeaf, 55, 3));              // no such kind
  EXPECT_FALSE(parse(kLeaf, 0, 1));               // empty, with a key
  EXPECT_FALSE(parse(kLeaf, 47, 1));              // empty, with a generation
  EXPECT_FALSE(parse(kLeaf, 64 * 56, 1));         // reserved
  EXPECT_FALSE(parse(kLeaf, kPageSize - 81, 1));  // reserved
  EXPECT_FALSE(Page::parse(kLeaf, base::SecretBytes(100)).ok());
}

TEST(Page, RefusesAnErasedSlotThatStillHoldsAKey) {
  base::SecretBytes body(kPageSize - 80);
  body.mutable_view()[55] = 2;
  body.mutable_view()[31] = 1;
  EXPECT_EQ(Page::parse(kLeaf, std::move(body)).code(), base::Code::corrupt);
}

}  // namespace
}  // namespace keys
