#include "vault/bucket_locks.h"

#include <algorithm>
#include <numeric>

#include "base/result.h"

namespace vault {

BucketLocks::Hold& BucketLocks::Hold::operator=(Hold&& other) noexcept {
  if (this == &other) return *this;
  release();
  locks_ = std::exchange(other.locks_, nullptr);
  numbers_ = std::move(other.numbers_);
  return *this;
}

void BucketLocks::Hold::release() {
  if (locks_ == nullptr) return;
  const base::Lock lock(locks_->mutex_);
  for (const std::size_t number : numbers_) locks_->held_[number] = false;
  locks_->freed_.notify_all();
  locks_ = nullptr;
  numbers_.clear();
}

bool BucketLocks::Hold::holds(std::size_t number) const {
  return std::ranges::binary_search(numbers_, number);
}

BucketLocks::Hold BucketLocks::take(std::vector<std::size_t> numbers) {
  std::ranges::sort(numbers);
  const auto doubled = std::ranges::unique(numbers);
  numbers.erase(doubled.begin(), doubled.end());
  base::Lock lock(mutex_);
  for (const std::size_t number : numbers) {
    CHECK(number < held_.size());
    freed_.wait(lock, [&] { return !held_[number]; });
    held_[number] = true;
  }
  return Hold(*this, std::move(numbers));
}

BucketLocks::Hold BucketLocks::take_all() {
  std::vector<std::size_t> all(held_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return take(std::move(all));
}

}  // namespace vault
