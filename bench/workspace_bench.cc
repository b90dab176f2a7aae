// The workspace: a page of a folder of 100,000 entries, at its beginning and ever deeper (the bar:
// the first in less than 5 ms, and every other like it, of this thread's time), what a move of that
// folder and its way into the trash take, how much is kept in all of so many pieces; and a file of
// 4 GiB through it, for what it costs in memory (the bar: 20 MiB).
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "accounts/accounts.h"
#include "egress/outbox.h"
#include "measure.h"
#include "tests/support/stack.h"
#include "vault/vault.h"
#include "workspace/tree.h"

namespace {

using base::Result;

constexpr int kEntries = 100'000;
constexpr int kAtOnce = 1'000;
constexpr std::size_t kPage = 500;  // as the JSON face asks where nobody says another number
constexpr int kRuns = 101;

workspace::Path path(std::string_view text) { return workspace::Path::parse(text).value(); }

class Filled {
 public:
  Filled() : account(stack.join("Kari", "kari@example.com", "a long password").identity.account) {
    auto tree =
        workspace::Tree::open(*stack.vault, stack.clock, stack.entropy, *stack.room).value();
    const auto permit = tree.ask(account, workspace::Kept::files).value();
    stack.workspace->make_folder(account, path("large")).value();
    folder = stack.workspace->find(account, path("large"))->folder;
    for (int from = 0; from < kEntries; from += kAtOnce)
      stack.store
          ->write([&](store::Tx& tx) -> Result<void> {
            for (int i = from; i < from + kAtOnce; ++i) {
              workspace::Entry entry;
              entry.kind = workspace::Kind::folder;
              entry.name = support::personal("Entry with a name of its own " + std::to_string(i));
              entry.changed = stack.clock.now();
              entry.folder = base::RecordId::random(stack.entropy);
              TRY(tree.put(tx, permit, folder, entry));
            }
            return {};
          })
          .value();
    (void)stack.store->fold_log(1).ok();
  }

  support::Stack stack;
  base::AccountId account;
  base::RecordId folder;
};

void pages_of_a_folder(benchmark::State& state) {
  Filled filled;
  std::vector<base::RecordId> cursors = {base::RecordId()};
  while (true) {
    const auto entries =
        filled.stack.workspace->list(filled.account, path("large"), cursors.back(), kPage).value();
    if (entries.size() < kPage) break;
    cursors.push_back(entries.back().id);
  }
  const auto page = [&](std::size_t number) {
    std::vector<double> took;
    for (int run = 0; run < kRuns; ++run)
      took.push_back(bench::cpu_seconds_of([&] {
        benchmark::DoNotOptimize(
            filled.stack.workspace->list(filled.account, path("large"), cursors[number], kPage)
                .value());
      }));
    return bench::median(took) * 1e3;
  };
  for (auto _ : state) {
    state.counters["first_ms"] = page(0);
    state.counters["middle_ms"] = page(cursors.size() / 2);
    state.counters["last_ms"] = page(cursors.size() - 2);
    state.counters["usage_us"] =
        1e6 * bench::seconds_of([&] { filled.stack.workspace->usage(filled.account).value(); });
    state.counters["move_ms"] = 1e3 * bench::seconds_of([&] {
                                  filled.stack.workspace
                                      ->move(filled.account, path("large"), path("other/large"), {},
                                             workspace::Taken::refuse)
                                      .value();
                                });
    state.counters["remove_s"] = bench::seconds_of(
        [&] { filled.stack.workspace->remove(filled.account, path("other/large"), {}).value(); });
  }
}
BENCHMARK(pages_of_a_folder)->Iterations(1)->Unit(benchmark::kSecond);

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// The peak never falls: this one is to be run alone, with --benchmark_filter=upload_of_four.
void upload_of_four_gibibytes(benchmark::State& state) {
  support::Stack stack;
  const auto account = stack.join("Kari", "kari@example.com", "a long password").identity.account;
  const base::Bytes piece(256 * 1024, 0x42);
  const double before = peak_mib();
  for (auto _ : state) {
    auto upload =
        stack.workspace->begin(account, path("large"), support::personal("text/plain"), 4UL << 30)
            .value();
    for (std::uint64_t at = 0; at < 4UL << 30; at += piece.size()) upload.write(piece).value();
    stack.workspace->keep(std::move(upload), {}).value();
  }
  state.counters["extra_mib"] = peak_mib() - before;
}
BENCHMARK(upload_of_four_gibibytes)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
