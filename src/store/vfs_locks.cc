#include "store/vfs_locks.h"

#include <sqlite3.h>

namespace store {

bool Shared::lock(Locks& holder, int level) {
  if (level <= holder.level) return true;
  if (holder.level == SQLITE_LOCK_NONE) {
    if (writer_ != nullptr && writer_->level >= SQLITE_LOCK_PENDING) return false;
    ++sharers_;
    holder.level = SQLITE_LOCK_SHARED;
    if (level == SQLITE_LOCK_SHARED) return true;
  }
  if (writer_ != nullptr && writer_ != &holder) return false;
  writer_ = &holder;
  if (level == SQLITE_LOCK_RESERVED) {
    holder.level = level;
    return true;
  }
  // Pending: nobody new may share, and whoever asks waits for those who do.
  holder.level = SQLITE_LOCK_PENDING;
  if (sharers_ > 1) return false;
  holder.level = level;
  return true;
}

void Shared::unlock(Locks& holder, int level) {
  if (holder.level <= level) return;
  if (writer_ == &holder) writer_ = nullptr;
  if (level == SQLITE_LOCK_NONE) --sharers_;
  holder.level = level;
}

bool Shared::lock_shared_memory(Locks& holder, Span span, bool exclusive) {
  const std::uint32_t bits = span.bits();
  if (!exclusive) {
    if ((exclusive_ & bits & ~holder.exclusive) != 0) return false;
    for (unsigned i = span.first; i < span.first + span.count; ++i)
      if ((holder.shared >> i & 1U) == 0) ++shared_.at(i);
    holder.shared |= bits;
    return true;
  }
  if ((exclusive_ & bits & ~holder.exclusive) != 0) return false;
  for (unsigned i = span.first; i < span.first + span.count; ++i)
    if (shared_.at(i) > static_cast<int>(holder.shared >> i & 1U)) return false;
  exclusive_ |= bits;
  holder.exclusive |= bits;
  return true;
}

void Shared::unlock_shared_memory(Locks& holder, Span span) {
  const std::uint32_t bits = span.bits();
  for (unsigned i = span.first; i < span.first + span.count; ++i)
    if ((holder.shared >> i & 1U) != 0) --shared_.at(i);
  holder.shared &= ~bits;
  exclusive_ &= ~(bits & holder.exclusive);
  holder.exclusive &= ~bits;
}

void* Shared::region(std::size_t number, std::size_t bytes, bool extend) {
  if (number >= regions_.size() && !extend) return nullptr;
  while (number >= regions_.size())
    regions_.push_back(std::make_unique<std::vector<std::uint64_t>>(bytes / sizeof(std::uint64_t)));
  return regions_[number]->data();
}

void Shared::release(Locks& holder) {
  unlock_shared_memory(holder, {0, kSharedMemoryLocks});
  unlock(holder, SQLITE_LOCK_NONE);
}

}  // namespace store
