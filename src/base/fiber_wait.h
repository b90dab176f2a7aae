// Waiting by fibers: a scheduler on one thread that decides from a seed who runs next, so that
// every interleaving of a test or simulation can be replayed. Owns the fibers and their stacks; its
// time is a ManualClock that jumps to the next deadline when nobody is ready. Never starts a
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "base/wait.h"

namespace base {

/// Every lock, wait, sleep and yield is a point where another fiber may run; a wait may also end
/// without a notification, as threads' waits may. Outside a fiber only what need not wait works:
/// locks that are free, notifications, yield (does nothing), sleep and a wait that ends by itself
/// (move the clock); the rest CHECKs. Not for use from several threads.
class FiberWait final : public Wait {
 public:
  FiberWait(std::uint64_t seed, ManualClock& clock);
  ~FiberWait() override;
  FiberWait(const FiberWait&) = delete;
  FiberWait& operator=(const FiberWait&) = delete;

  /// Adds a fiber, from outside or from another fiber. It starts when run() picks it.
  void spawn(std::function<void()> body);
  /// Runs until no fiber is left, on return in every case. Code::conflict where they waited for
  /// each other for ever (then ended as by stop()).
  Result<void> run();
  /// From inside a fiber: all fibers end, as in a process that is going down. Whoever can run goes
  /// on until nobody can; then those who sleep or wait are unwound, one after another, by an
  /// exception that only run() knows. A destructor must therefore not sleep or wait for a
  /// condition.
  void stop();

  /// A digest of every choice so far: the same for the same seed and the same program.
  std::uint64_t trace() const noexcept;
  /// How often a fiber was given its turn.
  std::uint64_t turns() const noexcept;

  std::unique_ptr<MutexImpl> make_mutex() override;
  std::unique_ptr<ConditionImpl> make_condition() override;
  std::unique_ptr<BellImpl> make_bell() override;
  void sleep(Duration at_least) override;
  void yield() override;

 private:
  class Scheduler;
  class FiberMutex;
  class FiberCondition;
  class FiberBell;
  std::unique_ptr<Scheduler> scheduler_;
};

}  // namespace base
