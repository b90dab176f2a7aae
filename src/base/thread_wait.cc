#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

#include "base/wait.h"

namespace base {
namespace {

// Added to the time now, the longest Duration would overflow and end the wait at once.
constexpr Duration kLongest = std::chrono::hours(24 * 365);

class ThreadMutex final : public Wait::MutexImpl {
 public:
  void lock() override { mutex_.lock(); }
  void unlock() override { mutex_.unlock(); }
  std::mutex& native() { return mutex_; }

 private:
  std::mutex mutex_;
};

class ThreadCondition final : public Wait::ConditionImpl {
 public:
  void wait(Wait::MutexImpl& held) override {
    std::unique_lock lock(static_cast<ThreadMutex&>(held).native(), std::adopt_lock);
    condition_.wait(lock);
    lock.release();  // the caller's lock still holds it
  }
  bool wait_for(Wait::MutexImpl& held, Duration at_most) override {
    std::unique_lock lock(static_cast<ThreadMutex&>(held).native(), std::adopt_lock);
    const auto status = condition_.wait_for(lock, std::min(at_most, kLongest));
    lock.release();
    return status == std::cv_status::no_timeout;
  }
  void notify_one() override { condition_.notify_one(); }
  void notify_all() override { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

/// One word that the kernel looks at: the standard library has no wait for one that ends with time,
/// and gives way several times before it sleeps, which costs more than the sleep where many wait.
class ThreadBell final : public Wait::BellImpl {
 public:
  std::uint32_t strokes() const override { return strokes_; }
  bool wait_for(std::uint32_t heard, Duration at_most) override {
    if (strokes_ != heard) return true;
    const auto nanoseconds = std::chrono::nanoseconds(std::clamp(at_most, Duration(0), kLongest));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(nanoseconds);
    const timespec time{.tv_sec = seconds.count(), .tv_nsec = (nanoseconds - seconds).count()};
    ++sleepers_;
    const long outcome = futex(FUTEX_WAIT_PRIVATE, heard, at_most < kLongest ? &time : nullptr);
    const bool timed_out = outcome != 0 && errno == ETIMEDOUT;
    --sleepers_;
    return !timed_out;
  }
  void ring() override {
    ++strokes_;  // before the sleepers are looked at; they look at the strokes after they are one
    if (sleepers_ > 0) futex(FUTEX_WAKE_PRIVATE, std::numeric_limits<int>::max(), nullptr);
  }

 private:
  long futex(int operation, std::uint32_t value, const timespec* time) {
    return ::syscall(SYS_futex, &strokes_, operation, value, time, nullptr, 0);
  }

  std::atomic<std::uint32_t> strokes_ = 0;
  std::atomic<std::uint32_t> sleepers_ = 0;
  static_assert(sizeof(strokes_) == sizeof(std::uint32_t) &&
                std::atomic<std::uint32_t>::is_always_lock_free);
};

}  // namespace

std::unique_ptr<Wait::MutexImpl> ThreadWait::make_mutex() {
  return std::make_unique<ThreadMutex>();
}
std::unique_ptr<Wait::ConditionImpl> ThreadWait::make_condition() {
  return std::make_unique<ThreadCondition>();
}
std::unique_ptr<Wait::BellImpl> ThreadWait::make_bell() { return std::make_unique<ThreadBell>(); }
void ThreadWait::sleep(Duration at_least) { std::this_thread::sleep_for(at_least); }
void ThreadWait::yield() { std::this_thread::yield(); }

}  // namespace base
