// The adversary that an erasure is held against: she has every image that was ever written of every
// key page, synced or not, and every root key that stands anywhere now. Owns these copies; tells
// which master keys they open.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/faulty_disk.h"
#include "keys/page.h"
#include "keys/root_holder.h"

namespace sim {

class Witness {
 public:
  /// What was written to the page file, and to the file of roots.
  void pages(std::uint64_t offset, base::View bytes);
  void roots(base::View bytes);

  /// Live keys below `root`, in any mixture of images: owner's tag -> generation -> key.
  using Reached = std::map<std::uint64_t, std::map<std::uint64_t, base::Bytes>>;
  Reached reach(const keys::Root& root);
  /// The epochs of the roots whose bytes stand in a file whose path begins with `begin`, as seen or
  /// as a crash would leave it.
  std::set<std::uint64_t> standing(const base::FaultyDisk& disk, const std::string& begin) const;
  /// The newest root of that epoch.
  const keys::Root* root_of(std::uint64_t epoch) const;
  std::uint64_t newest_epoch() const;
  /// Key pages that opened under one key and are not the same page: a nonce was used twice.
  std::uint64_t keys_used_twice() const noexcept { return used_twice_; }

 private:
  struct Image {
    base::Bytes bytes;
    base::Digest digest;
  };
  void collect_standing(const base::FaultyDisk::Files& files,
                        std::set<std::uint64_t>& epochs) const;
  void descend(std::uint64_t page, base::View key, Reached& reached);

  std::map<std::uint64_t, std::vector<Image>> images_;  // by page
  std::vector<keys::Root> roots_;
  std::map<std::string, base::Digest> sealed_by_;  // digest of a page's key -> of its image
  std::uint64_t used_twice_ = 0;
};

}  // namespace sim
