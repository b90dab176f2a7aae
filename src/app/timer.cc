#include "app/timer.h"

namespace app {
namespace {

constexpr base::Duration kStep = std::chrono::milliseconds(50);

}  // namespace

Timer::Timer(base::Log& log, std::vector<Job> jobs)
    : log_(log), jobs_(std::move(jobs)), thread_([this] { run(); }) {}

Timer::~Timer() {
  stop_ = true;
  thread_.join();
}

void Timer::run() {
  // Steps are counted, not read from a clock: the server's clock may jump under test.
  for (std::uint64_t step = 0; !stop_; ++step) {
    for (const Job& job : jobs_) {
      const auto steps = static_cast<std::uint64_t>(std::max<std::int64_t>(job.every / kStep, 1));
      if (step % steps != 0) continue;
      const auto done = job.tick();
      if (!done.ok()) log_.error("timer job failed", {{"job", job.name}, {"error", done.error()}});
    }
    std::this_thread::sleep_for(kStep);
  }
}

}  // namespace app
