// What a mirror has open, shared by its files. Private to the ledger.
#pragma once

#include "ledger/growth.h"
#include "ledger/handover.h"
#include "ledger/mirror.h"

namespace ledger {

struct Mirror::Impl {
  Impl(base::Disk& its_disk, const std::string& its_directory)
      : disk(its_disk), directory(its_directory), files(its_disk, its_directory) {}

  using OnLeaf = std::function<base::Result<void>(const Leaf&)>;
  base::Result<void> load();
  base::Result<std::optional<VerifierKey>> key();
  base::Result<KeyHistory> history();
  base::Result<bool> may_follow(const VerifierKey& next);
  base::Result<std::optional<Checkpoint>> open_published(const std::string& note);
  base::Result<void> each_staged(std::uint64_t first, std::uint64_t count, const OnLeaf& on_leaf);
  base::Result<void> check(const TreeHead& next);
  base::Result<void> publish(const std::string& note, const std::string& key_text);
  base::Result<void> restage(std::uint64_t published);
  std::uint64_t size() const { return tree.edge().size(); }

  base::Disk& disk;
  const std::string directory;
  LogFiles files;
  Growth tree;  // the one that is published
  std::optional<std::string> checkpoint;
  std::unique_ptr<base::File> staged;  // from leaf size() on
  std::uint64_t staged_count = 0;
};

}  // namespace ledger
