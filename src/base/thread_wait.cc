#include <algorithm>
#include <condition_variable>
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

}  // namespace

std::unique_ptr<Wait::MutexImpl> ThreadWait::make_mutex() {
  return std::make_unique<ThreadMutex>();
}
std::unique_ptr<Wait::ConditionImpl> ThreadWait::make_condition() {
  return std::make_unique<ThreadCondition>();
}
void ThreadWait::sleep(Duration at_least) { std::this_thread::sleep_for(at_least); }
void ThreadWait::yield() { std::this_thread::yield(); }

}  // namespace base
