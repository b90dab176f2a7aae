// Whether a backup is whole, found out without any secret: every digest, every size, nothing
// missing; and what is in it that it does not need. Owns nothing and repairs nothing.
#pragma once

#include "backup/shelf.h"

namespace backup {

struct Findings {
  static constexpr std::size_t damaged_max = 1'000;
  bool sound() const noexcept { return damages == 0; }

  Manifest manifest;
  std::uint64_t chunks = 0;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t surplus = 0;  // left by a run that was cut short: no harm
  std::uint64_t damages = 0;
  std::vector<std::string> damaged;  // the first ones, by path
};
using OnFindings = std::function<void(const Findings&)>;

/// Code::missing where there is no backup, Code::corrupt or Code::conflict where its manifest
/// cannot be used; other damage is a finding.
base::Result<Findings> verify(base::Disk& disk, const std::string& directory,
                              const OnFindings& progress);

/// The content files that the backup has, by id. Code::corrupt where its chunks are damaged.
using OnKept = std::function<base::Result<void>(const Kept&)>;
base::Result<void> each_content(Shelf& shelf, const Piece& piece, const OnKept& each);
/// The files in the directory that `manifest` does not need.
base::Result<void> each_surplus(Shelf& shelf, const Manifest& manifest, const Shelf::OnFile& each);

}  // namespace backup
