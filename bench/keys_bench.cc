// What it takes to erase an owner among a thousand, a hundred thousand and ten million: the real
// Keys, store and file root holder on a disk. The bars: one erasure's p99 flat within 1.5 times
// over the three and below 10 times the p99 of a 4 KiB fdatasync on the same disk; at ten million,
// 5,000 erasures a second in batches, less than 300 MiB, and a start after kill -9 in less than a
// second. Each tree is made once a run, the largest in minutes: --benchmark_filter=-owners leaves
// out all that needs it.
#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <map>
#include <random>
#include <thread>

#include "keys/check.h"
#include "keys/keys.h"
#include "measure.h"
#include "store/testing.h"

namespace {

using base::OwnerId;
using base::Result;

constexpr std::uint64_t kThousand = 1'000;
constexpr std::uint64_t kHundredThousand = 100'000;
constexpr std::uint64_t kTenMillion = 10'000'000;
constexpr std::uint64_t kMintedAtOnce = 1 << 16;
constexpr std::size_t kErasures = 1'000;  // of which the tenth worst is the p99
constexpr std::size_t kInARow = 50;
constexpr std::size_t kBatch = 4'096;
constexpr std::size_t kBatches = 4;
constexpr std::size_t kCallers = 64;
constexpr std::size_t kErasuresEach = 64;
constexpr std::size_t kReads = 200'000;

/// A tree of so many owners, and always of so many: whoever is erased gets a successor.
class Grown {
 public:
  explicit Grown(std::uint64_t owners) : owners_(owners), random_(owners) {
    open();
    const double took = bench::seconds_of([&] {
      for (std::uint64_t first = 0; first < owners_; first += kMintedAtOnce) {
        std::vector<OwnerId> some;
        for (auto n = first; n < std::min(first + kMintedAtOnce, owners_); ++n)
          some.push_back(owner(n));
        create(some);
      }
    });
    created_per_second = static_cast<double>(owners_) / took;
  }

  void open() {
    store_ =
        store::Store::open(wait_, directory_.file("store.db"), std::array{keys::Keys::schema()})
            .value();
    folding_ = std::jthread([this](const std::stop_token& stop) { fold(stop); });
    holder_ = keys::FileRootHolder::open(disk_, directory_.file("root")).value();
    keys_ = keys::Keys::open(*store_, *holder_, disk_, wait_, entropy_, tree()).value();
  }
  void close() {
    keys_.reset();
    holder_.reset();
    folding_ = {};
    store_.reset();
  }

  /// Some who live now, none of them twice.
  std::vector<std::uint64_t> choose(std::size_t count) {
    std::vector<std::uint64_t> chosen;
    std::uint64_t at = random_() % owners_;
    for (std::size_t i = 0; i < count; ++i) {
      chosen.push_back(at);
      at = (at + kStride) % owners_;
    }
    return chosen;
  }
  OwnerId owner(std::uint64_t number) const {
    const auto found = successors_.find(number);
    const std::uint64_t successor = found == successors_.end() ? 0 : found->second;
    // In ascending order at first, so that the map of the largest is made in one sweep.
    base::Bytes id;
    base::put_u64(id, number * (UINT64_MAX / owners_) + successor);
    base::put_u64(id, successor);
    return OwnerId::from(id).value();
  }
  std::vector<OwnerId> owners(std::span<const std::uint64_t> numbers) const {
    std::vector<OwnerId> all;
    for (const auto number : numbers) all.push_back(owner(number));
    return all;
  }

  void create(std::span<const OwnerId> owners) {
    keys_->mint(owners).value();
    store_
        ->write([&](store::Tx& tx) -> Result<void> {
          for (const OwnerId one : owners) TRY(keys_->bind(tx, one));
          return {};
        })
        .value();
  }
  /// All that an erasure asks of the keys.
  void erase(std::span<const OwnerId> owners) {
    auto erasure = keys_->prepare(owners, {}).value();
    const base::Bytes note(200, 0x42);
    store_->write([&](store::Tx& tx) { return keys_->intend(tx, erasure, note); }).value();
    keys_->commit(std::move(erasure)).value();
    store_->write([&](store::Tx& tx) { return keys_->finish(tx, owners); }).value();
  }
  void replace(std::span<const std::uint64_t> erased) {
    for (const auto number : erased) ++successors_[number];
    create(owners(erased));
  }

  keys::CheckReport check() {
    return keys::check(*store_, *holder_, disk_, tree(), [](std::uint64_t, std::uint64_t) {})
        .value();
  }
  keys::Keys& keys() { return *keys_; }
  std::uint64_t size() const { return owners_; }
  /// Makes and erases one owner after the other, beyond those who are counted.
  [[noreturn]] void work_until_killed() {
    open();
    for (;;) {
      const std::array one{OwnerId::random(entropy_)};
      create(one);
      erase(one);
    }
  }

  double created_per_second = 0;

 private:
  static constexpr std::uint64_t kStride = 7'654'321;  // has no divisor with any size in common
  std::string tree() const { return directory_.file("keys.ktn"); }
  /// As the server does.
  void fold(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      store_->fold_log().value();
      wait_.sleep(std::chrono::milliseconds(50));
    }
  }

  const std::uint64_t owners_;
  store::TemporaryDirectory directory_{store::Medium::disk};
  base::RealDisk disk_;
  base::ThreadWait wait_;
  base::SystemEntropy entropy_;
  std::mt19937_64 random_;
  std::map<std::uint64_t, std::uint64_t> successors_;  // how many an owner's number has had
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<keys::FileRootHolder> holder_;
  std::unique_ptr<keys::Keys> keys_;
  std::jthread folding_;  // ends before the store does
};

/// Made once a run, for all repetitions.
Grown& grown(std::uint64_t owners) {
  static std::map<std::uint64_t, std::unique_ptr<Grown>> all;
  auto& found = all[owners];
  if (found == nullptr) found = std::make_unique<Grown>(owners);
  return *found;
}

/// The peer: a page of a file written over, and its sync.
class Page {
 public:
  Page() {
    file_->write_at(0, base::Bytes(64 * page_.size())).value();
    file_->sync().value();
  }
  void write() {
    file_->write_at(at_ * page_.size(), page_).value();
    file_->sync().value();
    at_ = (at_ + 1) % 64;
  }

 private:
  store::TemporaryDirectory directory_{store::Medium::disk};
  base::RealDisk disk_;
  std::unique_ptr<base::File> file_ =
      disk_.open(directory_.file("page"), base::Open::create).value();
  const base::Bytes page_ = base::Bytes(4096, 0x42);
  std::uint64_t at_ = 0;
};

// The trees and the peer take turns, so that whatever else the disk does is borne by all of them.
// Real time, and the callers wait for nobody: five syncs one after the other are most of it.
void erase_one_among_owners(benchmark::State& state) {
  const std::array trees = {&grown(kThousand), &grown(kHundredThousand), &grown(kTenMillion)};
  Page page;
  std::map<std::uint64_t, std::vector<double>> took;
  std::vector<double> syncs;
  for (auto _ : state) {
    for (std::size_t done = 0; done < kErasures; done += kInARow) {
      for (Grown* tree : trees) {
        const auto chosen = tree->choose(kInARow);
        for (const auto number : chosen) {
          const std::array one{tree->owner(number)};
          took[tree->size()].push_back(bench::seconds_of([&] { tree->erase(one); }));
          syncs.push_back(bench::seconds_of([&] { page.write(); }));
        }
        tree->replace(chosen);
      }
    }
  }
  const auto counters = [&](const char* name, double part) {
    const double sync = bench::quantile(syncs, part);
    state.counters[std::string(name) + "_sync_ms"] = sync * 1e3;
    std::vector<double> each;
    for (const auto& [size, all] : took) {
      each.push_back(bench::quantile(all, part));
      state.counters[std::string(name) + "_ms_" + std::to_string(size)] = each.back() * 1e3;
    }
    state.counters[std::string(name) + "_flat"] = each.back() / each.front();
    state.counters[std::string(name) + "_syncs"] = std::ranges::max(each) / sync;
  };
  counters("p50", 0.5);
  counters("p99", 0.99);
}
BENCHMARK(erase_one_among_owners)->Iterations(1)->Unit(benchmark::kSecond);

void erase_many_of_ten_million_owners(benchmark::State& state) {
  Grown& tree = grown(kTenMillion);
  double batched = 0;
  double concurrent = 0;
  for (auto _ : state) {
    for (std::size_t batch = 0; batch < kBatches; ++batch) {
      const auto chosen = tree.choose(kBatch);
      const auto owners = tree.owners(chosen);
      batched += bench::seconds_of([&] { tree.erase(owners); });
      tree.replace(chosen);
    }
    const auto chosen = tree.choose(kCallers * kErasuresEach);
    const auto owners = tree.owners(chosen);
    concurrent += bench::seconds_of([&] {
      std::vector<std::jthread> callers;
      for (std::size_t caller = 0; caller < kCallers; ++caller)
        callers.emplace_back([&, caller] {
          for (std::size_t n = 0; n < kErasuresEach; ++n)
            tree.erase(std::span(owners).subspan(caller * kErasuresEach + n, 1));
        });
    });
    tree.replace(chosen);
  }
  state.counters["batched_per_second"] = kBatch * kBatches / batched;
  state.counters["concurrent_per_second"] = kCallers * kErasuresEach / concurrent;
  state.counters["created_per_second"] = tree.created_per_second;
}
BENCHMARK(erase_many_of_ten_million_owners)->Iterations(1)->Unit(benchmark::kSecond);

// The whole process, all it did before included, while keys of random owners are derived.
void serve_ten_million_owners(benchmark::State& state) {
  Grown& tree = grown(kTenMillion);
  double took = 0;
  for (auto _ : state) {
    const auto chosen = tree.choose(kReads);
    took = bench::cpu_seconds_of([&] {
      for (const auto number : chosen)
        benchmark::DoNotOptimize(tree.keys().derive(tree.owner(number), "bench").value());
    });
  }
  state.counters["derived_per_second"] = kReads / took;
  state.counters["resident_mib"] = bench::resident_mib();
}
BENCHMARK(serve_ten_million_owners)->Iterations(1)->Unit(benchmark::kSecond);

// A process that erases is killed; what the next one needs before keys can be asked for.
void start_with_ten_million_owners(benchmark::State& state) {
  Grown& tree = grown(kTenMillion);
  for (auto _ : state) {
    tree.close();  // SQLite must not be carried into another process
    const pid_t child = fork();
    if (child < 0) std::abort();
    if (child == 0) tree.work_until_killed();
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    if (kill(child, SIGKILL) != 0 || waitpid(child, nullptr, 0) != child) std::abort();
    state.SetIterationTime(bench::seconds_of([&] { tree.open(); }));
  }
}
BENCHMARK(start_with_ten_million_owners)
    ->Iterations(1)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

void check_ten_million_owners(benchmark::State& state) {
  Grown& tree = grown(kTenMillion);
  for (auto _ : state)
    if (!tree.check().whole()) std::abort();
}
BENCHMARK(check_ten_million_owners)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
