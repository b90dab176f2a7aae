#include <thread>

#include "app/local_copy.h"
#include "app/restoring.h"

// Everything that a drill makes lies below DATA.drill: ciphertext, and no root. What a killed one
// leaves there, the next one removes.

namespace app {
namespace {

using base::Code;
using base::Result;
using holder::Claim;
using holder::Lag;

constexpr int kAttempts = 8;

struct Brought {
  holder::Offer offer;
  holder::Fetched fetched;
};

/// Tree and log as they are now. A server goes on beside it: what it commits meanwhile makes this
/// begin anew, and so does an erasure that is under way.
Result<Brought> bring(holder::Channel& from, const TakeOver& how, const holder::FetchInto& into,
                      const holder::OnFetched& progress) {
  for (int attempt = 1;; ++attempt) {
    Brought brought;
    const auto once = [&]() -> Result<void> {
      // Asked as a restore would be, so that its answer is known; fetched whatever nobody can show.
      auto asked = TRY(holder::begin_restore(from, {Claim::look, how.lag, 0, how.checkpoint}));
      const auto verdict = asked.verdict;
      brought.offer = std::move(asked);
      if (!holder::serves(verdict) && verdict != holder::Verdict::lag_unaccepted) return {};
      brought.offer =
          TRY(holder::begin_restore(from, {Claim::drill, Lag::accept, 0, how.checkpoint}));
      if (!holder::serves(brought.offer.verdict)) return {};
      brought.fetched = TRY(holder::fetch_restore(from, brought.offer, 0, into, progress));
      brought.offer.verdict = verdict;
      return {};
    };
    const auto done = once();
    const bool passing =
        brought.offer.verdict == holder::Verdict::intents_open ||
        (!done.ok() && (done.code() == Code::stale || done.code() == Code::corrupt));
    if (!passing || attempt == kAttempts) {
      TRY(done);
      return brought;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(250 * attempt));
  }
}

Result<RestoreReport> rehearse(const ServeOptions& live, const ServeOptions& options,
                               const notice::Document& document, const RestorePlan& plan,
                               const OnStep& step, const holder::OnFetched& progress) {
  base::RealDisk disk;
  step("fetching tree and log");
  std::unique_ptr<RestoreLine> line;
  std::unique_ptr<holder::Channel> here;
  if (plan.from) {
    line = TRY(RestoreLine::open(disk, root_of(live), plan.from->holder, live.passphrase_file));
  } else {
    here = std::make_unique<LocalCopy>(disk, live);
  }
  holder::Channel& from = plan.from ? static_cast<holder::Channel&>(line->link()) : *here;
  auto brought = TRY(bring(from, plan.from.value_or(TakeOver()),
                           {disk, options.data + "/keys.ktn", options.data + "/log"}, progress));
  std::optional<TakenOver> taken;
  if (plan.from) {
    taken.emplace();
    taken->fetched = brought.fetched;
  }
  if (!brought.offer.root) {
    RestoreReport refused;
    taken.emplace();
    taken->offer = std::move(brought.offer);
    refused.taken = std::move(taken);
    return refused;
  }
  auto root = std::make_unique<HeldRoot>(std::move(*brought.offer.root));
  brought.offer.root.reset();
  auto report = TRY(Restoring(options, document, plan, step, progress, std::move(root)).run());
  if (taken) taken->offer = std::move(brought.offer);
  report.taken = std::move(taken);
  return report;
}

}  // namespace

Result<RestoreReport> drill(const ServeOptions& options, const notice::Document& document,
                            const RestorePlan& plan, const OnStep& step,
                            const holder::OnFetched& progress) {
  base::RealDisk disk;
  const std::string place = options.data + ".drill";
  const auto lock =
      TRY_AS(base::LockFile::take(place + ".lock"), "another drill of this data is running");
  TRY_AS(base::remove_all(disk, place), "cannot remove what an earlier drill left");
  ServeOptions aside = options;
  aside.data = place;
  aside.root = place + "/root";  // stays empty
  aside.root_holder.clear();
  TRY_AS(disk.make_directory(aside.root), "cannot make a directory for the drill");
  auto report = rehearse(options, aside, document, plan, step, progress);
  TRY_AS(base::remove_all(disk, place), "cannot remove what the drill made");
  TRY(base::remove_all(disk, place + ".lock"));
  return report;
}

}  // namespace app
