#include "holder/fence.h"

namespace holder {

using base::Code;
using base::Error;
using base::Result;

Result<std::unique_ptr<Fence>> Fence::open(base::Disk& disk, const std::string& directory) {
  const std::uint64_t newest = TRY(read_incarnation(disk, directory));
  return std::unique_ptr<Fence>(new Fence(disk, directory, newest));
}

Result<void> Fence::admit(std::uint64_t incarnation) {
  if (incarnation == 0) return Error{Code::invalid, "no host has the incarnation 0"};
  if (incarnation < newest_) return Error{Code::denied, "another host has taken this service over"};
  if (incarnation == newest_) return {};
  TRY(write_incarnation(disk_, directory_, incarnation));
  newest_ = incarnation;
  return {};
}

}  // namespace holder
