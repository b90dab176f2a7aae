// Waiting as an argument: locks, conditions and sleep come from a Wait, which is threads in the
// server and seeded fibers in tests and simulation, so that every interleaving can be replayed.
// Nothing outside base uses std::mutex or std::condition_variable.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>  // std::unique_lock, which works over our Mutex

#include "base/clock.h"

namespace base {

class Wait {
 public:
  class MutexImpl {
   public:
    virtual ~MutexImpl() = default;
    virtual void lock() = 0;
    virtual void unlock() = 0;
  };
  class ConditionImpl {
   public:
    virtual ~ConditionImpl() = default;
    virtual void wait(MutexImpl& held) = 0;
    /// False when the time passed first.
    virtual bool wait_for(MutexImpl& held, Duration at_most) = 0;
    virtual void notify_one() = 0;
    virtual void notify_all() = 0;
  };

  class BellImpl {
   public:
    virtual ~BellImpl() = default;
    virtual std::uint32_t strokes() const = 0;
    /// False when the time passed first; Duration::max() is for ever.
    virtual bool wait_for(std::uint32_t heard, Duration at_most) = 0;
    virtual void ring() = 0;
  };

  virtual ~Wait() = default;
  virtual std::unique_ptr<MutexImpl> make_mutex() = 0;
  virtual std::unique_ptr<ConditionImpl> make_condition() = 0;
  virtual std::unique_ptr<BellImpl> make_bell() = 0;
  virtual void sleep(Duration at_least) = 0;
  /// A point where another may run.
  virtual void yield() = 0;
};

/// Mutual exclusion; use with std::unique_lock<Mutex>.
class Mutex {
 public:
  explicit Mutex(Wait& wait) : impl_(wait.make_mutex()) {}
  void lock() { impl_->lock(); }
  void unlock() { impl_->unlock(); }

 private:
  friend class Condition;
  std::unique_ptr<Wait::MutexImpl> impl_;
};

using Lock = std::unique_lock<Mutex>;

/// A condition to wait for under a Mutex.
class Condition {
 public:
  explicit Condition(Wait& wait) : impl_(wait.make_condition()) {}
  template <class Predicate>
  void wait(Lock& lock, Predicate ready) {
    while (!ready()) impl_->wait(*lock.mutex()->impl_);
  }
  /// Waits once, for a notification or for `at_most`; false when the time passed first.
  bool wait_for(Lock& lock, Duration at_most) {
    return impl_->wait_for(*lock.mutex()->impl_, at_most);
  }
  void notify_one() { impl_->notify_one(); }
  void notify_all() { impl_->notify_all(); }

 private:
  std::unique_ptr<Wait::ConditionImpl> impl_;
};

/// Wakes many at once, of whom none has to take a lock to go on. Who waits asks for the strokes,
/// looks whether what it waits for has come, and waits until the strokes are others; who rings lets
/// it come first. A wait may end although nobody rang.
class Bell {
 public:
  explicit Bell(Wait& wait) : impl_(wait.make_bell()) {}
  /// How often it was rung (and from the beginning again after 2^32 times).
  std::uint32_t strokes() const { return impl_->strokes(); }
  /// Returns at once where the strokes are no longer those that were `heard`.
  void wait(std::uint32_t heard) { impl_->wait_for(heard, Duration::max()); }
  /// False when the time passed first.
  bool wait_for(std::uint32_t heard, Duration at_most) { return impl_->wait_for(heard, at_most); }
  void ring() { impl_->ring(); }

 private:
  std::unique_ptr<Wait::BellImpl> impl_;
};

/// Waiting by the operating system's threads.
class ThreadWait final : public Wait {
 public:
  std::unique_ptr<MutexImpl> make_mutex() override;
  std::unique_ptr<ConditionImpl> make_condition() override;
  std::unique_ptr<BellImpl> make_bell() override;
  void sleep(Duration at_least) override;
  void yield() override;
};

}  // namespace base
