#include "base/fiber_wait.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/fiber_stack.h"

// A fiber is in one of these states; whoever moves it, moves it by the function named.
//
//   ready ---- run() picks it ---> running ---- yield(), sleep(), block() ---> ready | waiting
//   waiting -- wake(), deadline --> ready
//   waiting -- unwind() ----------> ready, and throws Stopped when it runs again
//
// Invariants: 1. at most one fiber is running, and only inside run(). 2. A fiber is in ready_ or in
// waiting_, never in both, nor in either while it runs. 3. A mutex is held by one fiber, or by the
// outside, or by nobody; those who want it are waiting with that mutex as their place.
namespace base {
namespace {

/// Thrown into fibers that stop() ends. Not a std::exception: adapters that catch those let it
/// pass.
struct Stopped {};

constexpr Time kNever = Time::max();
constexpr std::uint64_t kSpuriousOneIn = 32;
// Fibers that only ever yield would keep a stopped scheduler going for ever.
constexpr std::uint64_t kTurnsToStop = 10'000'000;

/// SplitMix64: choices only, never keys.
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

enum class Place : std::uint8_t { sleep, condition, mutex };  // where a fiber waits

struct Fiber {
  std::uint64_t number = 0;
  std::unique_ptr<FiberStack> stack;
  Place place = Place::sleep;
  const void* what = nullptr;  // the condition or mutex that it waits for
  Time deadline = kNever;
  bool notified = false;
  bool unwinding = false;  // throws Stopped when it runs next
};

}  // namespace

class FiberWait::Scheduler {
 public:
  Scheduler(std::uint64_t seed, ManualClock& clock) : state_(seed), clock_(clock) {}
  ~Scheduler() { CHECK(!inside() && waiting_.empty()); }

  void spawn(std::function<void()> body);
  Result<void> run();
  void stop() { stopping_ = true; }

  bool inside() const noexcept { return running_ != nullptr; }
  /// 0 outside.
  std::uint64_t current() const noexcept { return running_ == nullptr ? 0 : running_->number; }
  void yield();
  /// Leaves until woken or until `deadline`; true when woken. Throws Stopped.
  bool block(Place place, const void* what, Time deadline);
  void wake_one(const void* what);
  void wake_all(const void* what);
  bool chance(std::uint64_t one_in) { return next() % one_in == 0; }

  Time now() { return clock_.now(); }
  Time in(Duration time) { return time < kNever - now() ? now() + time : kNever; }
  void pass(Duration time) { clock_.advance(time); }
  bool stopping() const noexcept { return stopping_; }
  std::uint64_t trace() const noexcept { return trace_; }
  std::uint64_t turns() const noexcept { return turns_; }

 private:
  using Fibers = std::vector<std::unique_ptr<Fiber>>;

  std::uint64_t next() { return mixed(state_ += 0x9e3779b97f4a7c15ULL); }
  void ready(std::size_t waiting, bool notified);
  void wake_due();
  bool advance_to_next_deadline();
  void unwind_one();
  void take_turn();

  std::uint64_t state_;
  ManualClock& clock_;
  std::uint64_t trace_ = 0;
  std::uint64_t turns_ = 0;
  std::uint64_t spawned_ = 0;
  std::uint64_t stopping_turns_ = 0;
  bool stopping_ = false;
  Fibers ready_;
  Fibers waiting_;
  std::unique_ptr<Fiber> running_;
};

void FiberWait::Scheduler::spawn(std::function<void()> body) {
  auto fiber = std::make_unique<Fiber>();
  fiber->number = ++spawned_;
  fiber->stack = std::make_unique<FiberStack>([body = std::move(body)] {
    try {
      body();
    } catch (const Stopped&) {
      // The end that stop() asked for; the stack is unwound.
    }
  });
  ready_.push_back(std::move(fiber));
}

Result<void> FiberWait::Scheduler::run() {
  CHECK(!inside());
  bool deadlock = false;
  for (;;) {
    wake_due();
    if (!ready_.empty()) {
      take_turn();
    } else if (waiting_.empty()) {
      break;
    } else if (stopping_) {
      unwind_one();
    } else if (!advance_to_next_deadline()) {
      deadlock = true;
      stopping_ = true;
    }
  }
  stopping_ = false;
  stopping_turns_ = 0;
  if (deadlock) return Error{Code::conflict, "the fibers wait for each other"};
  return {};
}

void FiberWait::Scheduler::take_turn() {
  CHECK(!stopping_ || ++stopping_turns_ < kTurnsToStop);
  const std::size_t pick = next() % ready_.size();
  running_ = std::move(ready_[pick]);
  ready_[pick] = std::move(ready_.back());
  ready_.pop_back();
  ++turns_;
  const auto time = static_cast<std::uint64_t>(now().time_since_epoch().count());
  trace_ = mixed(trace_ ^ mixed(running_->number) ^ mixed(~time));
  running_->stack->enter();
  // Whoever left has put itself into ready_ or waiting_.
  if (running_ != nullptr) CHECK(running_->stack->ended());
  running_.reset();
}

void FiberWait::Scheduler::yield() {
  if (!inside()) return;
  Fiber& self = *running_;
  ready_.push_back(std::move(running_));
  self.stack->leave();
}

bool FiberWait::Scheduler::block(Place place, const void* what, Time deadline) {
  CHECK(inside());  // outside a fiber there is nobody else who could end the wait
  Fiber& self = *running_;
  self.place = place;
  self.what = what;
  self.deadline = deadline;
  self.notified = false;
  waiting_.push_back(std::move(running_));
  self.stack->leave();
  if (std::exchange(self.unwinding, false)) throw Stopped{};
  return self.notified;
}

void FiberWait::Scheduler::ready(std::size_t waiting, bool notified) {
  waiting_[waiting]->notified = notified;
  ready_.push_back(std::move(waiting_[waiting]));
  waiting_[waiting] = std::move(waiting_.back());
  waiting_.pop_back();
}

void FiberWait::Scheduler::wake_one(const void* what) {
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < waiting_.size(); ++i)
    if (waiting_[i]->what == what) candidates.push_back(i);
  if (!candidates.empty()) ready(candidates[next() % candidates.size()], true);
}

void FiberWait::Scheduler::wake_all(const void* what) {
  for (std::size_t i = waiting_.size(); i-- > 0;)
    if (waiting_[i]->what == what) ready(i, true);
}

void FiberWait::Scheduler::wake_due() {
  const Time time = now();
  for (std::size_t i = waiting_.size(); i-- > 0;)
    if (waiting_[i]->deadline <= time) ready(i, false);
}

bool FiberWait::Scheduler::advance_to_next_deadline() {
  Time earliest = kNever;
  for (const auto& fiber : waiting_) earliest = std::min(earliest, fiber->deadline);
  if (earliest == kNever) return false;
  clock_.advance(earliest - now());
  return true;
}

// Those who lead others (and sleep, perhaps) before those who wait for them, and those who only
// want a lock last: whoever holds it may still give it back.
void FiberWait::Scheduler::unwind_one() {
  std::size_t first = 0;
  for (std::size_t i = 1; i < waiting_.size(); ++i)
    if (std::pair(waiting_[i]->place, waiting_[i]->number) <
        std::pair(waiting_[first]->place, waiting_[first]->number))
      first = i;
  waiting_[first]->unwinding = true;
  ready(first, false);
}

class FiberWait::FiberMutex final : public Wait::MutexImpl {
 public:
  explicit FiberMutex(Scheduler& scheduler) : scheduler_(scheduler) {}
  ~FiberMutex() override { CHECK(!held_ || scheduler_.stopping()); }

  void lock() override {
    scheduler_.yield();
    acquire();
  }
  void acquire() {
    CHECK(!held_ || holder_ != scheduler_.current());  // locked twice by one
    while (held_) scheduler_.block(Place::mutex, this, kNever);
    held_ = true;
    holder_ = scheduler_.current();
  }
  void unlock() override {
    // A fiber that was unwound while it took the lock back does not hold what its guard gives back.
    if (scheduler_.stopping() && !(held_ && holder_ == scheduler_.current())) return;
    CHECK(held_ && holder_ == scheduler_.current());
    held_ = false;
    scheduler_.wake_all(this);
  }

 private:
  Scheduler& scheduler_;
  bool held_ = false;
  std::uint64_t holder_ = 0;
};

class FiberWait::FiberCondition final : public Wait::ConditionImpl {
 public:
  explicit FiberCondition(Scheduler& scheduler) : scheduler_(scheduler) {}

  void wait(MutexImpl& held) override { wait_until(held, kNever); }
  bool wait_for(MutexImpl& held, Duration at_most) override {
    if (!scheduler_.inside()) {  // nobody else runs who could notify: the time passes
      scheduler_.pass(at_most);
      return false;
    }
    return wait_until(held, scheduler_.in(at_most));
  }
  void notify_one() override { scheduler_.wake_one(this); }
  void notify_all() override { scheduler_.wake_all(this); }

 private:
  bool wait_until(MutexImpl& held, Time deadline) {
    CHECK(scheduler_.inside());
    auto& mutex = static_cast<FiberMutex&>(held);
    mutex.unlock();
    bool notified = true;
    try {
      if (!scheduler_.stopping() && scheduler_.chance(kSpuriousOneIn))
        scheduler_.yield();  // a wait may end without a notification
      else
        notified = scheduler_.block(Place::condition, this, deadline);
    } catch (const Stopped&) {
      mutex.acquire();  // the caller's guard gives it back
      throw;
    }
    mutex.acquire();
    return notified;
  }

  Scheduler& scheduler_;
};

class FiberWait::FiberBell final : public Wait::BellImpl {
 public:
  explicit FiberBell(Scheduler& scheduler) : scheduler_(scheduler) {}

  std::uint32_t strokes() const override { return strokes_; }
  bool wait_for(std::uint32_t heard, Duration at_most) override {
    if (strokes_ != heard) return true;
    if (!scheduler_.inside()) {
      CHECK(at_most != Duration::max());  // nobody else runs who could ring
      scheduler_.pass(at_most);
      return false;
    }
    if (scheduler_.stopping() || !scheduler_.chance(kSpuriousOneIn))
      return scheduler_.block(Place::condition, this, scheduler_.in(at_most));
    scheduler_.yield();
    return true;
  }
  void ring() override {
    ++strokes_;
    scheduler_.wake_all(this);
  }

 private:
  Scheduler& scheduler_;
  std::uint32_t strokes_ = 0;
};

FiberWait::FiberWait(std::uint64_t seed, ManualClock& clock)
    : scheduler_(std::make_unique<Scheduler>(seed, clock)) {}
FiberWait::~FiberWait() = default;

void FiberWait::spawn(std::function<void()> body) { scheduler_->spawn(std::move(body)); }
Result<void> FiberWait::run() { return scheduler_->run(); }
void FiberWait::stop() {
  CHECK(scheduler_->inside());
  scheduler_->stop();
}
std::uint64_t FiberWait::trace() const noexcept { return scheduler_->trace(); }
std::uint64_t FiberWait::turns() const noexcept { return scheduler_->turns(); }

std::unique_ptr<Wait::MutexImpl> FiberWait::make_mutex() {
  return std::make_unique<FiberMutex>(*scheduler_);
}
std::unique_ptr<Wait::ConditionImpl> FiberWait::make_condition() {
  return std::make_unique<FiberCondition>(*scheduler_);
}
std::unique_ptr<Wait::BellImpl> FiberWait::make_bell() {
  return std::make_unique<FiberBell>(*scheduler_);
}

void FiberWait::sleep(Duration at_least) {
  if (!scheduler_->inside()) {
    scheduler_->pass(at_least);
    return;
  }
  scheduler_->block(Place::sleep, nullptr, scheduler_->in(at_least));
}
void FiberWait::yield() { scheduler_->yield(); }

}  // namespace base
