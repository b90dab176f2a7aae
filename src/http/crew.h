// Threads that take work from one queue. Owns threads and queue; knows nothing of what the work is.
#pragma once

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/wait.h"

namespace http {

/// Asio's thread_pool wakes a thread for each piece of work, which is two changes of threads a
/// request. Here one thread at a time is on its way, and calls the next where there is more than it
/// can take: what comes together is done by few, and what blocks keeps nobody waiting.
class Crew {
 public:
  using Work = std::move_only_function<void()>;

  Crew(base::Wait& wait, unsigned threads);
  /// Waits for all that was posted.
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Not after join(). What throws ends the process.
  void post(Work work);
  /// Waits for all that was posted; more than once does nothing.
  void join();

 private:
  void serve();
  bool call_another();

  base::Mutex mutex_;
  base::Condition called_;
  std::deque<Work> queue_;
  unsigned idle_ = 0;
  bool coming_ = false;  // one was called, and is not here yet
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace http
