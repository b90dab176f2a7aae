// The one thread that lets time pass below: it calls the modules' tick() at their pace, and at a
// slower one while they fail. Owned by app, since nothing below http starts a thread.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"

namespace app {

struct Job {
  base::Literal name;
  base::Duration every;
  std::function<base::Result<void>()> tick;
};

/// When a job's turn comes, and what the log hears of its failures. Time is counted in steps of
/// 50 ms at least, and not read from a clock: the server's clock may jump under test.
class Turns {
 public:
  Turns(base::Log& log, Job job);
  /// Runs the job where its turn has come; `step` only grows.
  void pass(std::uint64_t step);

 private:
  void failed(std::uint64_t step, const base::Error& error);
  void succeeded();

  base::Log& log_;
  Job job_;
  const std::uint64_t period_steps_;
  std::uint64_t wait_steps_;  // from the next failure to the turn behind it
  std::uint64_t due_ = 0;
  std::uint64_t failures_ = 0;  // since it was last said to work
  bool said_failing_ = false;   // and not yet that it works again
  std::string said_;            // the error that was logged last
  std::optional<std::uint64_t> said_at_;
};

class Timer {
 public:
  /// Starts at once. A job that fails is tried again after its period, then after twice that, and
  /// so on to 30 s; the first success ends it. The log has an error when it begins or changes, once
  /// a minute while it lasts, and when the job works again.
  Timer(base::Log& log, std::vector<Job> jobs);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

 private:
  void run();
  std::vector<Turns> turns_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace app
