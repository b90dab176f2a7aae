// The newest host that a holder has met, in whatever it keeps for its service: an older one has
// been replaced and is refused, whether it comes with a root or with pages for a replica. Owns the
// file `incarnation` of the holder's directory.
#pragma once

#include <memory>

#include "holder/incarnation.h"

namespace holder {

/// Not for several threads.
class Fence {
 public:
  /// Code::corrupt where the file is damaged: nobody could be refused then, and nobody is served.
  static base::Result<std::unique_ptr<Fence>> open(base::Disk& disk, const std::string& directory);
  Fence(const Fence&) = delete;
  Fence& operator=(const Fence&) = delete;

  /// Code::denied for a host that is older than one that was met. A newer one is remembered,
  /// durably, before this returns. Code::invalid for 0, which is nobody's.
  base::Result<void> admit(std::uint64_t incarnation);
  std::uint64_t newest() const noexcept { return newest_; }

 private:
  Fence(base::Disk& disk, std::string directory, std::uint64_t newest)
      : disk_(disk), directory_(std::move(directory)), newest_(newest) {}
  base::Disk& disk_;
  const std::string directory_;
  std::uint64_t newest_;
};

}  // namespace holder
