// A tree past 64^4 = 16,777,216 owners, every slot of it taken: five levels of pages, on a real
// disk. About 1.1 GB for the time of the test.
#include <gtest/gtest.h>

#include <set>

#include "keys/testing.h"
#include "store/testing.h"

namespace keys {
namespace {

using Kind = Change::Kind;

constexpr std::uint64_t kOwners = 16'777'216 + 1'000;
constexpr std::uint64_t kBatch = 1 << 16;

std::uint64_t tag(std::uint64_t slot) { return slot * 0x9e3779b97f4a7c15ULL | 1; }

TEST(DenseTree, HoldsSeventeenMillion) {
  const store::TemporaryDirectory directory(store::Medium::disk);
  base::RealDisk disk;
  base::ThreadWait wait;
  base::SystemEntropy entropy;
  const std::string path = directory.path() + "/keys.ktn";
  disk.make_directory(directory.path() + "/root").value();
  const auto holder = FileRootHolder::open(disk, directory.path() + "/root").value();
  const Tree::Parts parts{*holder, disk, wait, entropy};
  auto tree = Tree::create(parts, path).value();
  for (std::uint64_t from = 0; from < kOwners; from += kBatch) {
    std::vector<Change> changes;
    for (std::uint64_t slot = from; slot < std::min(from + kBatch, kOwners); ++slot)
      changes.push_back({Kind::mint, slot, tag(slot), {}});
    ASSERT_TRUE(tree->commit(changes).ok());
  }
  EXPECT_EQ(tree->level(), 4);
  const std::uint64_t epoch = tree->epoch();
  tree.reset();
  tree = Tree::open(parts, path, epoch).value();
  EXPECT_EQ(tree->epoch(), epoch);

  std::set<std::string> keys;
  std::size_t read = 0;
  for (std::uint64_t slot = 0; slot < kOwners; slot += 9'973, ++read) {
    const Leaf leaf = tree->read(slot).value();
    ASSERT_EQ(leaf.kind, SlotKind::live);
    ASSERT_EQ(leaf.tag, tag(slot));
    keys.insert(base::hex(leaf.key.view()));
  }
  EXPECT_EQ(keys.size(), read);

  // On either side of where the fifth level begins.
  for (const std::uint64_t slot : {16'777'215ULL, 16'777'216ULL}) {
    std::vector<Change> erase = {{Kind::erase, slot, tag(slot), {}}};
    ASSERT_TRUE(tree->commit(erase).ok());
    EXPECT_EQ(tree->read(slot)->kind, SlotKind::erased);
  }
  EXPECT_EQ(tree->read(16'777'214)->kind, SlotKind::live);
  EXPECT_EQ(tree->read(16'777'217)->kind, SlotKind::live);
}

}  // namespace
}  // namespace keys
