#include "keys/keys.h"

#include <gtest/gtest.h>

#include <set>

#include "base/crypto.h"
#include "base/mandate.h"
#include "keys/testing.h"

namespace keys {
namespace {

using base::Code;
using base::OwnerId;

class KeysTest : public testing::Test, protected Stage {
 protected:
  KeysTest() { open().value(); }
};

TEST_F(KeysTest, DerivesSubkeysBoundToLabelAndOwner) {
  const auto owners = settle(2);
  std::set<std::string> all;
  for (const OwnerId owner : owners)
    for (const auto& key : {keys->derive(owner, "a"), keys->derive(owner, "b")})
      all.insert(base::hex(key->view()));
  EXPECT_EQ(all.size(), 4U);
  EXPECT_EQ(all.begin()->size(), 64U);
  EXPECT_EQ(keys->generation(owners[0]).value(), 0U);
  const std::string before = subkey(owners[0]);
  open().value();
  EXPECT_EQ(subkey(owners[0]), before);
}

// HKDF as documented, from the master key as it stands in the tree.
TEST_F(KeysTest, DerivesAsDocumented) {
  const OwnerId owner = settle(1)[0];
  const std::string derived = subkey(owner);
  keys.reset();
  auto tree = Tree::open({*holder, disk, *wait, entropy}, kTreePath, 0).value();
  const auto leaf = tree->read(0);
  base::Bytes info = base::copy(base::view("test"));
  info.push_back(0);
  info.insert(info.end(), owner.bytes().begin(), owner.bytes().end());
  base::put_u64(info, 0);
  EXPECT_EQ(base::hex(base::hkdf_sha256(leaf->key.view(), {}, info, 32).view()), derived);
}

TEST_F(KeysTest, AbandonsWhatWasNeverBound) {
  const OwnerId bound = settle(1)[0];
  const std::string key = subkey(bound);
  const std::array fresh = {owner(), owner()};
  keys->mint(fresh).value();
  keys->abandon(std::array{fresh[0], bound, owner()}).value();  // those who are bound are not meant
  EXPECT_EQ(subkey(bound), key);
  EXPECT_EQ(keys->state(fresh[0]).value(), State::unknown);
  EXPECT_EQ(keys->derive(fresh[0], "test").code(), Code::missing);
  EXPECT_EQ(keys->state(fresh[1]).value(), State::live);
  const OwnerId next = owner();
  keys->mint(std::array{next}).value();  // in the slot that is free again
  keys->abandon(std::array{next, fresh[1]}).value();
  keys.reset();
  auto tree = Tree::open({*holder, disk, *wait, entropy}, kTreePath, 0).value();
  EXPECT_EQ(tree->read(0)->kind, SlotKind::live);
  EXPECT_EQ(tree->read(1)->kind, SlotKind::erased);
  EXPECT_EQ(tree->read(2)->kind, SlotKind::erased);
  EXPECT_EQ(tree->read(3)->kind, SlotKind::empty);
}

TEST_F(KeysTest, KnowsWhoHasAKey) {
  const OwnerId stranger = owner();
  EXPECT_EQ(keys->state(stranger).value(), State::unknown);
  EXPECT_EQ(keys->derive(stranger, "test").code(), Code::missing);
  EXPECT_EQ(keys->generation(stranger).code(), Code::missing);
  const OwnerId fresh = owner();
  keys->mint(std::array{fresh}).value();
  EXPECT_EQ(keys->state(fresh).value(), State::live);
  EXPECT_TRUE(keys->derive(fresh, "test").ok());  // before it is bound, for what binds it
  EXPECT_EQ(bind(std::array{stranger}).code(), Code::missing);
}

TEST_F(KeysTest, NeverMintsTwice) {
  const auto owners = settle(3);
  const std::string before = subkey(owners[0]);
  EXPECT_EQ(keys->mint(std::array{owners[0]}).code(), Code::conflict);
  const OwnerId fresh = owner();
  EXPECT_EQ(keys->mint(std::array{fresh, owners[1]}).code(), Code::conflict);
  EXPECT_EQ(keys->state(fresh).value(), State::unknown);  // none of them
  EXPECT_EQ(keys->mint(std::array{fresh, fresh}).code(), Code::conflict);
  keys->mint(std::array{fresh}).value();
  EXPECT_EQ(keys->mint(std::array{fresh}).code(), Code::conflict);
  EXPECT_EQ(subkey(owners[0]), before);
  EXPECT_TRUE(keys->mint({}).ok());
}

TEST_F(KeysTest, HoldsFiveThousandOwners) {
  const auto owners = settle(5000);
  std::vector<std::string> before;
  for (const OwnerId owner : owners) before.push_back(subkey(owner));
  EXPECT_EQ(std::set(before.begin(), before.end()).size(), 5000U);
  open().value();
  for (std::size_t i = 0; i < owners.size(); ++i) EXPECT_EQ(subkey(owners[i]), before[i]);
  // Group commit of one erasure of many.
  const auto epoch = keys->epoch();
  const std::span<const OwnerId> leaving(owners.data(), 2500);
  EXPECT_EQ(erase(leaving).value(), epoch + 1);
  for (const OwnerId owner : leaving) EXPECT_EQ(subkey(owner), "");
  for (std::size_t i = 2500; i < owners.size(); ++i) EXPECT_EQ(subkey(owners[i]), before[i]);
}

TEST_F(KeysTest, AnErasedOwnerIsGoneForGood) {
  const auto owners = settle(3);
  const auto epoch = erase(std::array{owners[1]});
  EXPECT_EQ(epoch.value(), keys->epoch());
  for (int opened = 0; opened < 2; ++opened) {
    EXPECT_EQ(keys->state(owners[1]).value(), State::erased);
    EXPECT_EQ(keys->derive(owners[1], "test").code(), Code::gone);
    EXPECT_EQ(keys->mint(std::array{owners[1]}).code(), Code::conflict);
    EXPECT_EQ(bind(std::array{owners[1]}).code(), Code::gone);
    EXPECT_EQ(keys->prepare(std::array{owners[1]}, {}).code(), Code::gone);
    EXPECT_NE(subkey(owners[0]), "");
    open().value();
  }
}

TEST_F(KeysTest, AnErasedOwnersSlotServesAnother) {
  const auto owners = settle(3);
  erase(std::array{owners[1]}).value();
  const auto fresh = settle(1);
  EXPECT_NE(subkey(fresh[0]), "");
  EXPECT_EQ(subkey(owners[1]), "");
  open().value();
  EXPECT_NE(subkey(fresh[0]), "");
  EXPECT_EQ(keys->derive(owners[1], "test").code(), Code::gone);
  // In the slot that was free: three owners and no fourth slot.
  keys.reset();
  auto tree = Tree::open({*holder, disk, *wait, entropy}, kTreePath, 0).value();
  EXPECT_EQ(tree->read(1)->kind, SlotKind::live);
  EXPECT_EQ(tree->read(3)->kind, SlotKind::empty);
}

TEST_F(KeysTest, PreparationRefusesAtOnceAndDroppingRestores) {
  const auto owners = settle(3);
  const std::string before = subkey(owners[0]);
  {
    const Erasure erasure = keys->prepare(std::array{owners[0]}, std::array{owners[1]}).value();
    EXPECT_EQ(keys->derive(owners[0], "test").code(), Code::gone);
    EXPECT_TRUE(keys->derive(owners[1], "test").ok());
    EXPECT_EQ(keys->state(owners[0]).value(), State::live);  // no intent is durable
    EXPECT_EQ(keys->prepare(std::array{owners[0]}, {}).code(), Code::conflict);
    EXPECT_EQ(keys->prepare(std::array{owners[2]}, std::array{owners[1]}).code(), Code::conflict);
    EXPECT_TRUE(keys->prepare(std::array{owners[2]}, {}).ok());
  }
  EXPECT_EQ(subkey(owners[0]), before);
  EXPECT_EQ(keys->epoch(), 2U);
  EXPECT_TRUE(keys->unfinished()->empty());
  EXPECT_TRUE(erase(std::array{owners[0]}, std::array{owners[1]}).ok());
}

TEST_F(KeysTest, PreparationNamesItsOwnersOnce) {
  const auto owners = settle(2);
  EXPECT_EQ(keys->prepare({}, {}).code(), Code::invalid);
  EXPECT_EQ(keys->prepare(std::array{owners[0], owners[0]}, {}).code(), Code::invalid);
  EXPECT_EQ(keys->prepare(std::array{owners[0]}, std::array{owners[0]}).code(), Code::invalid);
  EXPECT_EQ(keys->prepare(std::array{owners[0], owner()}, {}).code(), Code::missing);
  EXPECT_NE(subkey(owners[0]), "");  // given back after each refusal
}

TEST_F(KeysTest, CommitNeedsADurableIntent) {
  const auto owners = settle(1);
  const std::string before = subkey(owners[0]);
  EXPECT_EQ(keys->commit(keys->prepare(owners, {}).value()).code(), Code::conflict);
  EXPECT_EQ(subkey(owners[0]), before);
  // One that is rolled back is none.
  Erasure erasure = keys->prepare(owners, {}).value();
  EXPECT_FALSE(store
                   ->write([&](store::Tx& tx) -> base::Result<void> {
                     TRY(keys->intend(tx, erasure, base::view("note")));
                     return base::Error{Code::denied, "thought better of it"};
                   })
                   .ok());
  EXPECT_EQ(keys->commit(std::move(erasure)).code(), Code::conflict);
  EXPECT_EQ(subkey(owners[0]), before);
}

TEST_F(KeysTest, RekeyGivesANewKeyAndGeneration) {
  const auto owners = settle(3);
  const std::string before = subkey(owners[1]);
  Erasure erasure = keys->prepare(std::array{owners[0]}, std::array{owners[1]}).value();
  EXPECT_EQ(erasure.next_generation(owners[1]).value(), 1U);
  EXPECT_EQ(erasure.next(owners[0], "test").code(), Code::missing);
  const std::string next = base::hex(erasure.next(owners[1], "test")->view());
  EXPECT_NE(next, before);
  EXPECT_EQ(subkey(owners[1]), before);
  intend(erasure, base::view("note")).value();
  keys->commit(std::move(erasure)).value();
  EXPECT_EQ(subkey(owners[1]), next);
  EXPECT_EQ(keys->generation(owners[1]).value(), 1U);
  finish(std::array{owners[0]}).value();
  open().value();
  EXPECT_EQ(subkey(owners[1]), next);
  EXPECT_TRUE(keys->unfinished()->empty());
}

TEST_F(KeysTest, ARekeyAloneIsClosedByTheRekeyed) {
  const auto owners = settle(1);
  Erasure erasure = keys->prepare({}, owners).value();
  intend(erasure, base::view("note")).value();
  keys->commit(std::move(erasure)).value();
  EXPECT_TRUE(keys->unfinished()->empty());  // its caller is at work
  open().value();
  auto unfinished = keys->unfinished().value();
  ASSERT_EQ(unfinished.size(), 1U);
  EXPECT_TRUE(unfinished[0].destroyed);
  EXPECT_EQ(keys->state(owners[0]).value(), State::live);
  finish(owners).value();
  EXPECT_TRUE(keys->unfinished()->empty());
}

TEST_F(KeysTest, AnIntentThatWasLeftIsListed) {
  const auto owners = settle(2);
  {
    const Erasure erasure = keys->prepare(std::array{owners[0]}, {}).value();
    intend(erasure, base::view("note")).value();
    EXPECT_TRUE(keys->unfinished()->empty());
    EXPECT_EQ(keys->state(owners[0]).value(), State::erasing);
  }
  EXPECT_EQ(keys->derive(owners[0], "test").code(), Code::gone);
  EXPECT_EQ(keys->prepare(std::array{owners[0]}, {}).code(), Code::conflict);
  auto unfinished = keys->unfinished().value();
  ASSERT_EQ(unfinished.size(), 1U);
  EXPECT_FALSE(unfinished[0].destroyed);
  EXPECT_EQ(finish(std::array{owners[0]}).code(), Code::conflict);
  keys->commit(keys->resume(unfinished[0]).value()).value();
  finish(std::array{owners[0]}).value();
  EXPECT_TRUE(keys->unfinished()->empty());
  EXPECT_EQ(keys->state(owners[0]).value(), State::erased);
}

// Two who stand in one bucket of the directory, of which the first's erasure was left.
TEST_F(KeysTest, AnIntentIsNotDoneByAnotherThatReKeyedTheSame) {
  const auto owners = settle(3);
  const std::array bucket = {owners[2]};
  {
    const Erasure left = keys->prepare(std::array{owners[0]}, bucket).value();
    intend(left, base::view("first")).value();
  }
  Erasure second = keys->prepare(std::array{owners[1]}, bucket).value();
  intend(second, base::view("second")).value();
  keys->commit(std::move(second)).value();
  finish(std::array{owners[1]}).value();
  open().value();
  auto unfinished = keys->unfinished().value();
  ASSERT_EQ(unfinished.size(), 1U);
  EXPECT_FALSE(unfinished[0].destroyed) << "her key still stands";
  keys->commit(keys->resume(unfinished[0]).value()).value();
  finish(std::array{owners[0]}).value();
  EXPECT_TRUE(keys->unfinished()->empty());
}

TEST_F(KeysTest, RefusesToStartWithoutItsRoot) {
  settle(1);
  const auto files = disk.live();
  disk.remove(kRootPath).value();
  const auto refused = open();
  ASSERT_EQ(refused.code(), Code::missing);
  EXPECT_STREQ(refused.error().reason().c_str(), "no root key for this data: refusing to start");
  EXPECT_EQ(disk.live().at(kTreePath), files.at(kTreePath));  // nothing is made anew over it
  disk.put(files);
  disk.remove(kTreePath).value();
  EXPECT_EQ(open().code(), Code::missing);
  disk.remove(kRootPath).value();
  EXPECT_EQ(open().code(), Code::missing);
  disk.put(files);
  EXPECT_TRUE(open().ok());
}

TEST_F(KeysTest, AFreshStoreBesideARootWithoutItsTreeIsRefused) {
  keys.reset();
  disk.remove(kTreePath).value();
  EXPECT_EQ(open().code(), Code::missing);
}

// Tree and root of before the erasure, put back together.
TEST_F(KeysTest, ARolledBackTreeIsRefused) {
  const auto owners = settle(2);
  keys.reset();
  const auto before = disk.live();
  open().value();
  erase(std::array{owners[0]}).value();
  keys.reset();
  disk.put(before);
  EXPECT_EQ(open().code(), Code::corrupt);
  EXPECT_EQ(disk.live(), before);  // nothing is touched: somebody has to look
}

// The store of before the erasure, beside the live tree and root.
TEST_F(KeysTest, AnOldStoreBesideTheLiveTreeOpensNothingOfTheErased) {
  const auto owners = settle(2);
  const std::string kept = subkey(owners[1]);
  base::RealDisk real;
  keys.reset();
  store.reset();
  const std::string path = directory.file("store.db");
  const base::Bytes old_store = base::read_file(real, path, 1 << 24).value();
  const auto open_store = [&] {
    store = store::Store::open(*wait, path, std::array{Keys::schema()}).value();
    open().value();
  };
  open_store();
  erase(std::array{owners[0]}).value();
  keys.reset();
  store.reset();
  (void)real.remove(path + "-wal").ok();
  (void)real.remove(path + "-shm").ok();
  base::write_file_atomically(real, path, old_store).value();
  open_store();
  EXPECT_EQ(keys->derive(owners[0], "test").code(), Code::gone);
  EXPECT_EQ(subkey(owners[1]), kept);
}

// All that a thief could have copied before, beside what is live after: no image in the old copy
// opens under the live root, nor under any key that can be reached from it.
TEST_F(KeysTest, AnOldTreeYieldsNothingOfTheErased) {
  const auto owners = settle(200);
  keys.reset();
  const base::Bytes old_tree = disk.live().at(kTreePath);
  const auto old_roots = FileRootHolder::open(disk, kRootDirectory).value()->read().value();
  const base::SecretBytes old_root = (old_roots[0] ? old_roots[0] : old_roots[1])->key.clone();
  open().value();
  erase(std::array{owners[0]}).value();
  keys.reset();
  EXPECT_TRUE(disk.find(old_root.view()).empty());

  const auto roots = holder->read().value();
  const Root& root = roots[0] ? *roots[0] : *roots[1];
  std::vector<base::SecretBytes> live_keys;
  live_keys.push_back(root.key.clone());
  const base::Bytes tree = disk.live().at(kTreePath);
  std::size_t opened_live = 0;
  for (std::size_t i = 0; i < live_keys.size(); ++i)  // grows while it runs
    for (std::size_t at = 0; at < tree.size(); at += kPageSize) {
      auto page = Page::open(base::View(tree).subspan(at, kPageSize), live_keys[i].view());
      if (!page.ok()) continue;
      ++opened_live;
      for (std::size_t n = 0; n < kFanout && page->name().level > 0; ++n)
        if (page->slot(n).kind == SlotKind::live)
          live_keys.push_back(base::SecretBytes::copy_of(page->slot(n).key));
    }
  EXPECT_EQ(opened_live, 5U);  // the root and four leaves
  std::size_t first_leaf_in_copy = 0;
  for (const auto& key : live_keys)
    for (std::size_t at = 0; at < old_tree.size(); at += kPageSize) {
      auto page = Page::open(base::View(old_tree).subspan(at, kPageSize), key.view());
      if (page.ok() && page->name().level == 0 && page->name().index == 0) ++first_leaf_in_copy;
      if (page.ok()) EXPECT_EQ(page->name().level, 0);  // the old root does not open
    }
  EXPECT_EQ(first_leaf_in_copy, 0U);
}

TEST_F(KeysTest, AFlippedBitIsDetectedAndNeverServed) {
  const auto owners = settle(10);
  keys.reset();
  // The only page in use is the root, a leaf; 10 owners, one commit: page 1 after page 0.
  disk.flip_bit(kTreePath, (kPageSize + 2000) * 8).value();
  EXPECT_EQ(open().code(), Code::corrupt);
  disk.flip_bit(kTreePath, (kPageSize + 2000) * 8).value();
  EXPECT_TRUE(open().ok());
}

TEST_F(KeysTest, ADamagedLeafConcernsItsOwnersAlone) {
  const auto owners = settle(200);
  std::size_t damaged_pages = 0;
  const std::size_t pages = disk.live().at(kTreePath).size() / kPageSize;
  for (std::size_t page = 0; page < pages; ++page) {
    keys.reset();
    disk.flip_bit(kTreePath, (page * kPageSize + 900) * 8).value();
    if (open().ok()) {
      std::size_t refused = 0;
      for (const OwnerId owner : owners) {
        const auto key = keys->derive(owner, "test");
        if (key.ok()) continue;
        EXPECT_EQ(key.code(), Code::corrupt);
        ++refused;
      }
      EXPECT_LE(refused, 64U);
      if (refused > 0) ++damaged_pages;
    }
    keys.reset();
    disk.flip_bit(kTreePath, (page * kPageSize + 900) * 8).value();
  }
  EXPECT_EQ(damaged_pages, 4U);
}

TEST_F(KeysTest, AFullDiskRefusesAndForgets) {
  settle(64);
  std::uint64_t bytes = 0;
  for (const auto& [path, content] : disk.live()) bytes += content.size();
  disk.set_space(bytes);
  const OwnerId fresh = owner();
  EXPECT_EQ(keys->mint(std::array{fresh}).code(), Code::full);
  EXPECT_EQ(keys->state(fresh).value(), State::unknown);
  disk.set_space(bytes * 100);
  EXPECT_TRUE(keys->mint(std::array{fresh}).ok());
}

TEST_F(KeysTest, NoOwnerAndNoKeyStandsInPlainInTheTree) {
  const auto owners = settle(5);
  for (const OwnerId owner : owners) EXPECT_TRUE(disk.find(owner.bytes()).empty());
}

// A host that another has replaced reads on, and changes no key.
TEST_F(KeysTest, CommitsNothingOnceItsMandateHasEnded) {
  base::Mandate mandate(*wait);
  keys.reset();
  keys = Keys::open(*store, *holder, disk, *wait, entropy, kTreePath, &mandate).value();
  const auto owners = settle(3);
  const std::uint64_t epoch = keys->epoch();
  Erasure erasure = keys->prepare(std::array{owners[0]}, {}).value();
  intend(erasure, base::view("note")).value();
  const std::string key = subkey(owners[1]);
  const auto root = disk.live().at(kRootPath);
  mandate.end();
  const OwnerId fresh = owner();
  EXPECT_EQ(keys->mint(std::array{fresh}).code(), Code::unavailable);
  EXPECT_EQ(keys->commit(std::move(erasure)).code(), Code::unavailable);
  EXPECT_EQ(keys->epoch(), epoch);
  EXPECT_EQ(disk.live().at(kRootPath), root);
  EXPECT_EQ(subkey(owners[1]), key);
  // Where it was not true, a start goes on: what was intended stands.
  open().value();
  EXPECT_EQ(keys->unfinished().value().size(), 1U);
  EXPECT_EQ(keys->state(fresh).value(), State::unknown);
  EXPECT_TRUE(keys->mint(std::array{fresh}).ok());
}

/// Another's holder, of which the word that ends this host's mandate comes as it writes.
class ReplacingHolder final : public RootHolder {
 public:
  ReplacingHolder(RootHolder& inner, base::Mandate& mandate) : inner_(inner), mandate_(mandate) {}
  base::Result<std::array<std::optional<Root>, 2>> read() override { return inner_.read(); }
  base::Result<void> write(std::size_t slot, const Root& root) override {
    if (!replaced) return inner_.write(slot, root);
    mandate_.end();
    return base::Error{Code::io, "no more from you"};
  }
  base::Result<void> destroy(std::size_t slot) override { return inner_.destroy(slot); }
  bool replaced = false;

 private:
  RootHolder& inner_;
  base::Mandate& mandate_;
};

TEST_F(KeysTest, ACommitThatLearnsOfItsMandatesEndSaysSo) {
  base::Mandate mandate(*wait);
  ReplacingHolder replacing(*holder, mandate);
  keys.reset();
  keys = Keys::open(*store, replacing, disk, *wait, entropy, kTreePath, &mandate).value();
  settle(1);
  replacing.replaced = true;
  const auto refused = keys->mint(std::array{owner()});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().chain(), base::replaced_host().chain());
  keys.reset();
}

}  // namespace
}  // namespace keys
