// For tests: keys over a disk in memory that can fail, and a store in a temporary directory. Owns
// all of them. Never part of the program.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/faulty_disk.h"
#include "keys/following.h"
#include "keys/keys.h"
#include "keys/tree.h"
#include "store/testing.h"

namespace keys {

constexpr const char* kTreePath = "data/tree.ktn";
constexpr const char* kRootDirectory = "root";
constexpr const char* kRootPath = "root/root.ktn";

/// For long work whose progress nobody follows.
inline const Progress kSilent;

/// Whether `needle` stands anywhere in `hay`.
inline bool holds(base::View hay, base::View needle) {
  return !std::ranges::search(hay, needle).empty();
}

/// Flips one bit in every image of that leaf, the one in force among them. Twice: as it was.
inline void damage_leaf(base::FaultyDisk& disk, const std::string& path, std::uint64_t index) {
  // The disk names its files from its root.
  const base::Bytes file = disk.live().at(path.starts_with('/') ? path.substr(1) : path);
  for (std::size_t at = 0; at + kPageSize <= file.size(); at += kPageSize)
    if (file[at + 4] == 0 && base::load_u64(file.data() + at + 5) == index)
      disk.flip_bit(path, (at + 2'000) * 8).value();
}

/// A tree alone.
class TreeStage {
 public:
  TreeStage() : TreeStage(nullptr) {}
  /// Over another's Wait, such as fibers.
  explicit TreeStage(base::Wait* others) : wait(others != nullptr ? *others : threads) {
    disk.make_directory("data").value();
    disk.sync_directory(".").value();
  }

  Tree::Parts parts() { return {*holder, disk, wait, entropy}; }
  base::Result<void> create() {
    tree.reset();
    holder = TRY(FileRootHolder::open(disk, kRootDirectory));
    tree = TRY(Tree::create(parts(), kTreePath));
    return {};
  }
  base::Result<void> open() {
    tree.reset();
    holder = TRY(FileRootHolder::open(disk, kRootDirectory));
    tree = TRY(Tree::open(parts(), kTreePath, 0));
    return {};
  }
  base::Result<std::uint64_t> commit(std::vector<Change> changes) { return tree->commit(changes); }
  base::Result<std::uint64_t> change(Change::Kind kind, std::uint64_t slot) {
    return commit({{kind, slot, tag(slot)}});
  }
  static std::uint64_t tag(std::uint64_t slot) { return slot * 2 + 1; }

  base::ThreadWait threads;
  base::Wait& wait;
  base::FaultyDisk disk{wait};
  base::SystemEntropy entropy;
  std::unique_ptr<RootHolder> holder;
  std::unique_ptr<Tree> tree;
};

/// The whole module, over threads or another Wait.
class Stage {
 public:
  Stage() : Stage(std::make_unique<base::ThreadWait>()) {}
  explicit Stage(std::unique_ptr<base::Wait> its_wait) : wait(std::move(its_wait)), disk(*wait) {
    disk.make_directory("data").value();
    disk.sync_directory(".").value();
    store =
        store::Store::open(*wait, directory.file("store.db"), std::array{Keys::schema()}).value();
  }

  base::Result<void> open() {
    keys.reset();
    holder = TRY(FileRootHolder::open(disk, kRootDirectory));
    keys = TRY(Keys::open(*store, *holder, disk, *wait, entropy, kTreePath));
    return {};
  }
  /// The power goes: of what was not synced some survives, and the keys open again.
  base::Result<void> crash() {
    keys.reset();
    holder.reset();
    disk.crash(entropy);
    return open();
  }

  base::OwnerId owner() { return base::OwnerId::random(entropy); }
  /// Owners with a key and bound.
  std::vector<base::OwnerId> settle(std::size_t count) {
    std::vector<base::OwnerId> owners;
    for (std::size_t i = 0; i < count; ++i) owners.push_back(owner());
    keys->mint(owners).value();
    bind(owners).value();
    return owners;
  }
  base::Result<void> bind(std::span<const base::OwnerId> owners) {
    return store->write([&](store::Tx& tx) -> base::Result<void> {
      for (const base::OwnerId one : owners) TRY(keys->bind(tx, one));
      return {};
    });
  }
  base::Result<void> intend(const Erasure& erasure, base::View note) {
    return store->write([&](store::Tx& tx) { return keys->intend(tx, erasure, note); });
  }
  base::Result<void> finish(std::span<const base::OwnerId> owners) {
    return store->write([&](store::Tx& tx) { return keys->finish(tx, owners); });
  }
  /// All of an erasure; answers its epoch.
  base::Result<std::uint64_t> erase(std::span<const base::OwnerId> erased,
                                    std::span<const base::OwnerId> rekeyed = {}) {
    Erasure erasure = TRY(keys->prepare(erased, rekeyed));
    TRY(intend(erasure, base::view("note")));
    const std::uint64_t epoch = TRY(keys->commit(std::move(erasure)));
    TRY(finish(erased));
    return epoch;
  }
  std::string subkey(base::OwnerId owner) {
    auto key = keys->derive(owner, "test");
    return key.ok() ? base::hex(key->view()) : std::string();
  }

  std::unique_ptr<base::Wait> wait;
  store::TemporaryDirectory directory;
  base::FaultyDisk disk;
  base::SystemEntropy entropy;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<RootHolder> holder;
  std::unique_ptr<Keys> keys;
};

}  // namespace keys
