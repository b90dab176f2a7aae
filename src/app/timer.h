// The one thread that lets time pass below: it calls the modules' tick() at their pace. Owned by
// app, since nothing below http starts a thread.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"

namespace app {

class Timer {
 public:
  struct Job {
    base::Literal name;
    base::Duration every;
    std::function<base::Result<void>()> tick;
  };
  /// Starts at once. A failing job is logged and tried again at its next turn.
  Timer(base::Log& log, std::vector<Job> jobs);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

 private:
  void run();
  base::Log& log_;
  std::vector<Job> jobs_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace app
