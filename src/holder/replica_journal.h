// The redo journal of a replica: the pages of one commit, durable before the root that reaches
// them, and copied into the page file after it. Owns the file `journal`; what is in it is sealed
// under keys that it never sees. Never decides whether its commit happened: the root does.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/crypto.h"
#include "base/disk.h"

namespace holder {

class ReplicaJournal {
 public:
  /// An empty journal, instead of any that was there.
  static base::Result<ReplicaJournal> begin(base::Disk& disk, const std::string& path);
  /// The journal that a crash left; nothing where there is none, or none that was sealed.
  static base::Result<std::optional<ReplicaJournal>> recover(base::Disk& disk,
                                                             const std::string& path);
  static base::Result<void> remove(base::Disk& disk, const std::string& path);

  /// Code::invalid where the page was added before.
  base::Result<void> add(std::uint64_t page, base::View image);
  bool holds(std::uint64_t page) const { return places_.contains(page); }
  base::Result<base::Bytes> read(std::uint64_t page);
  std::uint64_t size() const noexcept { return count_; }
  /// Durable on return, as the pages of `epoch`.
  base::Result<void> seal(std::uint64_t epoch);
  std::uint64_t epoch() const noexcept { return epoch_; }
  /// Copies pages into a page file, durable on return: `count` of them, from the one that was added
  /// as number `first` on. As often as one likes.
  base::Result<void> apply(base::File& pages, std::uint64_t first, std::uint64_t count);

 private:
  ReplicaJournal(base::Disk& disk, std::string path, std::unique_ptr<base::File> file);
  base::Result<bool> adopt();
  base::Result<std::uint64_t> record(std::uint64_t place, base::Bytes& image);

  base::Disk* disk_;
  std::string path_;
  std::unique_ptr<base::File> file_;
  std::unique_ptr<base::Sha256> digest_;                     // of the records
  std::unordered_map<std::uint64_t, std::uint64_t> places_;  // page -> record
  std::uint64_t count_ = 0;
  std::uint64_t epoch_ = 0;
};

}  // namespace holder
