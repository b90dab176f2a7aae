#include "holder/replica_part.h"

namespace holder {

using base::Result;

Result<void> ReplicaPart::open() {
  if (replica_ != nullptr) return {};
  TRY_AS(disk_.make_directory(directory_), "cannot make the replica's directory");
  replica_ = TRY_AS(Replica::open(disk_, clock_, directory_, wrapping_, fence_),
                    "cannot open the replica");
  return {};
}

Result<void> ReplicaPart::recover() {
  if (!TRY(disk_.exists(directory_))) return {};
  return open();
}

Result<void> ReplicaPart::tick() {
  if (replica_ == nullptr) return {};
  return replica_->tick();
}

std::uint64_t ReplicaPart::pages_damaged() const {
  return replica_ == nullptr ? 0 : replica_->pages_damaged();
}

Result<base::Bytes> ReplicaPart::handle(Method method, base::View body) {
  if (auto opened = open(); !opened.ok())
    return own_failure(std::move(opened).error(), "the replica's root does not open");
  return replica_->handle(method, body);
}

}  // namespace holder
