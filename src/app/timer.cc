#include "app/timer.h"

#include <algorithm>

namespace app {
namespace {

constexpr base::Duration kStep = std::chrono::milliseconds(50);
constexpr std::uint64_t kWaitStepsMax = std::chrono::seconds(30) / kStep;
constexpr std::uint64_t kSayAgainSteps = std::chrono::minutes(1) / kStep;

std::vector<Turns> turns_of(base::Log& log, std::vector<Job> jobs) {
  std::vector<Turns> turns;
  turns.reserve(jobs.size());
  for (Job& job : jobs) turns.emplace_back(log, std::move(job));
  return turns;
}

}  // namespace

Turns::Turns(base::Log& log, Job job)
    : log_(log),
      job_(std::move(job)),
      period_steps_(static_cast<std::uint64_t>(std::max<std::int64_t>(job_.every / kStep, 1))),
      wait_steps_(period_steps_) {}

void Turns::pass(std::uint64_t step) {
  if (step < due_) return;
  const auto done = job_.tick();
  if (done.ok()) {
    succeeded();
    due_ = step + period_steps_;
  } else {
    failed(step, done.error());
  }
}

void Turns::failed(std::uint64_t step, const base::Error& error) {
  // On a full disk, say, every try costs what is left of it, and so does every line of the log.
  due_ = step + wait_steps_;
  wait_steps_ = std::max(period_steps_, std::min(2 * wait_steps_, kWaitStepsMax));
  ++failures_;
  std::string chain = error.chain();
  // Also of a job that works now and then: its next failure is no first one.
  if (said_at_ && chain == said_ && step - *said_at_ < kSayAgainSteps) return;
  log_.error("timer job failed", {{"job", job_.name}, {"error", error}, {"failures", failures_}});
  said_ = std::move(chain);
  said_at_ = step;
  said_failing_ = true;
}

void Turns::succeeded() {
  wait_steps_ = period_steps_;
  if (!said_failing_) return;
  log_.info("timer job works again", {{"job", job_.name}, {"failures", failures_}});
  failures_ = 0;
  said_failing_ = false;
}

Timer::Timer(base::Log& log, std::vector<Job> jobs)
    : turns_(turns_of(log, std::move(jobs))), thread_([this] { run(); }) {}

Timer::~Timer() {
  stop_ = true;
  thread_.join();
}

void Timer::run() {
  for (std::uint64_t step = 0; !stop_; ++step) {
    for (Turns& turns : turns_) turns.pass(step);
    std::this_thread::sleep_for(kStep);
  }
}

}  // namespace app
