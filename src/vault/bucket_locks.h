// One lock for each bucket of the directory, so that those who change different buckets do not wait
// for each other. Owns who holds which; knows nothing of what is in a bucket.
#pragma once

#include <utility>
#include <vector>

#include "base/wait.h"

namespace vault {

/// Safe from any thread.
class BucketLocks {
 public:
  BucketLocks(base::Wait& wait, std::size_t buckets)
      : mutex_(wait), freed_(wait), held_(buckets, false) {}
  BucketLocks(const BucketLocks&) = delete;
  BucketLocks& operator=(const BucketLocks&) = delete;

  /// Some buckets, held until the end of its life.
  class Hold {
   public:
    Hold() = default;
    Hold(Hold&& other) noexcept
        : locks_(std::exchange(other.locks_, nullptr)), numbers_(std::move(other.numbers_)) {}
    Hold& operator=(Hold&& other) noexcept;
    ~Hold() { release(); }
    void release();
    bool holds(std::size_t number) const;

   private:
    friend class BucketLocks;
    Hold(BucketLocks& locks, std::vector<std::size_t> numbers)
        : locks_(&locks), numbers_(std::move(numbers)) {}
    BucketLocks* locks_ = nullptr;
    std::vector<std::size_t> numbers_;  // ascending
  };

  /// Waits until all of `numbers` are held. Nobody who holds some may ask for more: they are taken
  /// in ascending order, so that no two wait for each other.
  Hold take(std::vector<std::size_t> numbers);
  Hold take_all();

 private:
  base::Mutex mutex_;
  base::Condition freed_;
  std::vector<bool> held_;
};

}  // namespace vault
