#include "base/secret_bytes.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <type_traits>

namespace base {
namespace {

static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<SecretBytes>);
static_assert(std::is_nothrow_move_assignable_v<SecretBytes>);
static_assert(!std::is_convertible_v<SecretBytes, std::string>);

constexpr std::size_t kLink = sizeof(void*);  // a free slot begins with the pool's link

/// Whether the bytes at a freed slot are zero behind the pool's link.
bool wiped(const std::uint8_t* slot, std::size_t size) {
  for (std::size_t i = kLink; i < size; ++i)
    if (slot[i] != 0) return false;
  return true;
}

TEST(SecretBytes, StartsZeroedAndHoldsWhatIsPutIn) {
  SecretBytes secret(48);
  EXPECT_EQ(copy(secret.view()), Bytes(48));
  secret.mutable_view()[47] = 9;
  EXPECT_EQ(secret.view()[47], 9);
  EXPECT_EQ(text(SecretBytes::copy_of(view("key")).view()), "key");
  EXPECT_TRUE(SecretBytes().empty());
  EXPECT_TRUE(SecretBytes(0).empty());
}

TEST(SecretBytes, IsWipedWhenDropped) {
  for (const std::size_t size : {32UL, 33UL, 64UL, 200UL, 1024UL, 4096UL}) {
    const std::uint8_t* slot = nullptr;
    {
      SecretBytes secret(size);
      std::memset(secret.mutable_view().data(), 0xaa, size);
      slot = secret.view().data();
      ASSERT_FALSE(wiped(slot, size));
    }
    EXPECT_TRUE(wiped(slot, size)) << size;
  }
}

TEST(SecretBytes, IsWipedWhenReplacedOrToldTo) {
  SecretBytes one = SecretBytes::copy_of(Bytes(32, 0xaa));
  SecretBytes other = SecretBytes::copy_of(Bytes(32, 0xbb));
  const std::uint8_t* slot_one = one.view().data();
  const std::uint8_t* slot_other = other.view().data();
  one = std::move(other);
  EXPECT_TRUE(wiped(slot_one, 32));
  EXPECT_EQ(one.view().data(), slot_other);  // moved, not copied
  one.wipe();
  EXPECT_TRUE(wiped(slot_other, 32));
  EXPECT_TRUE(one.empty());
}

TEST(SecretBytes, AReusedSlotIsZeroed) {
  const std::uint8_t* slot = nullptr;
  {
    const SecretBytes first = SecretBytes::copy_of(Bytes(32, 0xff));
    slot = first.view().data();
  }
  const SecretBytes second(32);
  ASSERT_EQ(second.view().data(), slot);
  EXPECT_EQ(copy(second.view()), Bytes(32));
}

TEST(SecretBytes, MovingLeavesNothingBehind) {
  SecretBytes one = SecretBytes::copy_of(Bytes(32, 1));
  const SecretBytes other = std::move(one);
  EXPECT_TRUE(one.empty());  // NOLINT(bugprone-use-after-move): that is the question
  EXPECT_EQ(other.size(), 32U);
  SecretBytes self = SecretBytes::copy_of(Bytes(32, 2));
  SecretBytes& alias = self;
  self = std::move(alias);
  EXPECT_EQ(copy(self.view()), Bytes(32, 2));
}

TEST(SecretBytes, ComparesByContents) {
  const SecretBytes one = SecretBytes::copy_of(view("0123456789abcdef"));
  EXPECT_TRUE(one == one.clone());
  EXPECT_FALSE(one == SecretBytes::copy_of(view("0123456789abcdeg")));
  EXPECT_FALSE(one == SecretBytes::copy_of(view("0123456789abcde")));
}

TEST(SecretBytes, ManySecretsDoNotOverlap) {
  std::vector<SecretBytes> secrets;
  for (std::size_t i = 0; i < 3000; ++i)
    secrets.push_back(SecretBytes::copy_of(Bytes(32 + i % 40, static_cast<std::uint8_t>(i))));
  for (std::size_t i = 0; i < secrets.size(); ++i)
    ASSERT_EQ(copy(secrets[i].view()), Bytes(32 + i % 40, static_cast<std::uint8_t>(i)));
}

TEST(SecretBytes, LargeOnesHaveTheirOwnMemory) {
  SecretBytes large(100'000);
  std::memset(large.mutable_view().data(), 0xcc, large.size());
  const SecretBytes twin = large.clone();
  EXPECT_TRUE(large == twin);
}

#if !defined(__SANITIZE_ADDRESS__) && !__has_feature(address_sanitizer) && \
    !__has_feature(thread_sanitizer)  // they do not lock
TEST(SecretBytes, IsLockedAndLeftOutOfDumps) {
  const SecretBytes secret = SecretBytes::copy_of(Bytes(32, 1));
  const auto at = reinterpret_cast<std::uintptr_t>(secret.view().data());
  std::ifstream maps("/proc/self/smaps");
  bool inside = false, locked = false, not_dumped = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t low = 0, high = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &low, &high) == 2) inside = low <= at && at < high;
    if (inside && line.starts_with("VmFlags:")) {
      locked = line.find(" lo") != std::string::npos;
      not_dumped = line.find(" dd") != std::string::npos;
    }
  }
  EXPECT_TRUE(locked);
  EXPECT_TRUE(not_dumped);
}
#endif

TEST(SecretBytes, TellsWhetherMemoryCanBeLocked) { EXPECT_TRUE(secret_memory_available(4096)); }

TEST(Wipe, Zeroes) {
  Bytes bytes(100, 7);
  wipe(bytes);
  EXPECT_EQ(bytes, Bytes(100));
}

}  // namespace
}  // namespace base
