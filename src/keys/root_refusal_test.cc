// What keepers of the root refuse: files that give other bytes back than they took, or are cut off,
// passphrases that cost more than there is, and shares that are not all there.
#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "keys/rewrap.h"
#include "keys/root_file.h"
#include "keys/split_root_holder.h"
#include "keys/testing.h"
#include "keys/wrap_testing.h"

namespace keys {
namespace {

using base::Code;
using base::Result;

/// A file that takes writes and gives other bytes back, as many as it likes.
class OtherFile final : public base::File {
 public:
  explicit OtherFile(std::size_t gives) : gives_(gives) {}
  Result<std::size_t> read_at(std::uint64_t, base::Mutable out) override {
    std::ranges::fill(out, std::uint8_t{0xff});
    return std::min(gives_, out.size());
  }
  Result<void> write_at(std::uint64_t, base::View) override { return {}; }
  Result<std::uint64_t> size() override { return std::uint64_t{kRootSlots * kRootBlockSize}; }
  Result<void> truncate(std::uint64_t) override { return {}; }
  Result<void> sync() override { return {}; }

 private:
  std::size_t gives_;
};

class OtherDisk final : public base::Disk {
 public:
  Result<std::unique_ptr<base::File>> open(const std::string&, base::Open) override {
    return std::unique_ptr<base::File>(new OtherFile(SIZE_MAX));
  }
  Result<void> make_directory(const std::string&) override { return {}; }
  Result<void> rename(const std::string&, const std::string&) override { return {}; }
  Result<void> remove(const std::string&) override { return {}; }
  Result<void> remove_directory(const std::string&) override { return {}; }
  Result<std::vector<std::string>> list(const std::string&) override {
    return std::vector<std::string>();
  }
  Result<bool> exists(const std::string&) override { return true; }
  Result<void> sync_directory(const std::string&) override { return {}; }
  Result<void> sync_all(const std::string&) override { return {}; }
};

TEST(RootRefusals, WhatDoesNotReadBackIsNeitherWrittenNorDestroyed) {
  OtherFile other(SIZE_MAX);
  OtherFile shorter(100);
  EXPECT_EQ(replace_root_block(other, 0, base::Bytes(kRootBlockSize)).code(), Code::io);
  EXPECT_EQ(replace_root_block(shorter, 0, base::Bytes(kRootBlockSize, 0xff)).code(), Code::io);
  OtherDisk disk;
  EXPECT_EQ(destroy_root_file(disk, {kRootDirectory}).code(), Code::io);
}

TEST(RootRefusals, AFileThatIsCutOffHoldsNoRoot) {
  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
  const auto holder = FileRootHolder::open(disk, kRootDirectory).value();
  holder->write(0, {5, base::SecretBytes(32), 3}).value();
  disk.open(kRootPath, base::Open::update).value()->truncate(10).value();
  const auto roots = holder->read().value();
  EXPECT_TRUE(!roots[0] && !roots[1]);
}

TEST(RootRefusals, APassphraseThatCostsMoreThanThereIsChangesNothing) {
  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
  base::SystemEntropy entropy;
  const base::SecretBytes secret = base::SecretBytes::copy_of(base::view("correct horse"));
  const Wrapping dear{secret, entropy, {.passes = 1, .memory_bytes = std::size_t{1} << 60}};
  const RootFile where{kRootDirectory};
  EXPECT_EQ(FileRootHolder::open(disk, where, &dear).code(), Code::exhausted);
  const auto holder = FileRootHolder::open(disk, kRootDirectory).value();
  EXPECT_EQ(rewrap(disk, where, nullptr, nullptr).code(), Code::missing) << "no root";
  holder->write(1, {5, base::SecretBytes(32), 3}).value();
  EXPECT_EQ(rewrap(disk, where, nullptr, &dear).code(), Code::exhausted);
  EXPECT_EQ(holder->read().value()[1]->epoch, 5U);
  // One root of two is carried over alone.
  const CheapWrapping horse("correct horse");
  ASSERT_TRUE(rewrap(disk, where, nullptr, horse.get()).ok());
  const auto wrapped = FileRootHolder::open(disk, where, horse.get()).value()->read().value();
  EXPECT_TRUE(!wrapped[0] && wrapped[1] && wrapped[1]->epoch == 5);
}

TEST(RootRefusals, ASecondShareAloneMakesNoRoot) {
  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
  base::SystemEntropy entropy;
  const auto first = FileRootHolder::open(disk, kRootDirectory).value();
  const auto second = FileRootHolder::open(disk, {kRootDirectory, "rest.ktn"}, nullptr).value();
  SplitRootHolder split(*first, *second, entropy);
  for (const std::size_t slot : {0UL, 1UL}) {
    split.write(slot, {5, base::SecretBytes(32), 3}).value();
    second->destroy(0).value();
    EXPECT_EQ(split.read().code(), Code::missing);
    EXPECT_EQ(split.write(1 - slot, {6, base::SecretBytes(32), 3}).code(), Code::missing);
    split.destroy(slot).value();
    ASSERT_TRUE(split.read().ok());
  }
}

}  // namespace
}  // namespace keys
