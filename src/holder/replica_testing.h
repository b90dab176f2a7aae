// For tests: a server's key tree whose pages can be handed to a replica, over disks in memory that
// can fail. Owns both. Never part of the program.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "holder/replica_tree.h"
#include "keys/testing.h"

namespace holder {

constexpr const char* kReplicaDirectory = "replica";

/// The server's tree, alone on its disk.
class Server : public keys::TreeStage {
 public:
  Server() { create().value(); }

  keys::Root root() {
    auto roots = holder->read().value();
    for (auto& root : roots)
      if (root) return std::move(*root);
    CHECK(false);
    return {};
  }
  base::Result<base::Bytes> read(std::uint64_t page) {
    auto file = TRY(disk.open(keys::kTreePath, base::Open::read));
    base::Bytes image(keys::kPageSize);
    TRY(file->read_at(page * keys::kPageSize, image));
    return image;
  }
  /// The pages written since an epoch, as they would be sent.
  std::vector<PageImage> pages(std::uint64_t since) {
    std::vector<PageImage> all;
    const keys::Root now = root();
    walk(
        {.root = now, .since = since}, [&](std::uint64_t page) { return read(page); },
        [&](std::uint64_t page) -> base::Result<void> {
          all.push_back({page, TRY(read(page))});
          return {};
        })
        .value();
    return all;
  }
  void mint(std::uint64_t first, std::uint64_t count) {
    std::vector<keys::Change> changes;
    for (std::uint64_t slot = first; slot < first + count; ++slot)
      changes.push_back({keys::Change::Kind::mint, slot, tag(slot)});
    commit(std::move(changes)).value();
  }
  void erase(std::uint64_t slot) { change(keys::Change::Kind::erase, slot).value(); }
};

/// The replica's tree, alone on its disk.
class Host {
 public:
  base::Result<void> open() {
    tree.reset();
    tree = TRY(ReplicaTree::open(disk, kReplicaDirectory));
    return {};
  }
  base::Result<void> crash() {
    tree.reset();
    disk.crash(entropy);
    return open();
  }
  base::Result<void> stage(Server& server, std::uint64_t since) {
    TRY(tree->begin());
    for (const PageImage& page : server.pages(since)) TRY(tree->stage(page.page, page.image));
    return {};
  }
  base::Result<void> take(Server& server, std::uint64_t since,
                          SameEpoch rule = SameEpoch::refuses) {
    TRY(stage(server, since));
    return tree->commit(since, server.root(), rule);
  }
  bool holds(const keys::Root& root) { return !disk.find(root.key.view()).empty(); }

  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
  base::SystemEntropy entropy;
  std::unique_ptr<ReplicaTree> tree;
};

/// What a tree says of its first slots, read from the replica's files under its root.
inline std::vector<std::string> contents(ReplicaTree& replica) {
  std::vector<std::string> all;
  walk(
      {.root = replica.root()}, [&](std::uint64_t page) { return replica.read(page); },
      [&](std::uint64_t page) -> base::Result<void> {
        all.push_back(std::to_string(page) + base::hex(base::sha256(TRY(replica.read(page)))));
        return {};
      })
      .value();
  return all;
}

/// The same of the server's.
inline std::vector<std::string> contents(Server& server) {
  std::vector<std::string> all;
  for (const PageImage& page : server.pages(0))
    all.push_back(std::to_string(page.page) + base::hex(base::sha256(page.image)));
  return all;
}

}  // namespace holder
