// Durable small writes of 64 writers, against plain SQLite on the same disk in the same run: one
// transaction each (the bar: 6 times that) and 64 rows a transaction (the bar: 0.4 of that).
#include <benchmark/benchmark.h>
#include <sqlite3.h>
#include <time.h>

#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "measure.h"
#include "store/testing.h"

namespace {

using base::Result;

constexpr int kWriters = 64;
constexpr int kRowsEach = 64;
constexpr int kSingles = 256;
constexpr int kGroups = 32;

double process_cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The peer: the same table, WAL and full sync, used as its manual says.
class PlainSqlite {
 public:
  explicit PlainSqlite(const std::string& path) {
    must(sqlite3_open(path.c_str(), &database_));
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = FULL");
    run("CREATE TABLE bench_row (id INTEGER PRIMARY KEY, digest BLOB NOT NULL) STRICT");
    must(sqlite3_prepare_v2(database_, "INSERT INTO bench_row (digest) VALUES (?)", -1, &insert_,
                            nullptr));
  }
  ~PlainSqlite() {
    sqlite3_finalize(insert_);
    sqlite3_close(database_);
  }
  PlainSqlite(const PlainSqlite&) = delete;
  PlainSqlite& operator=(const PlainSqlite&) = delete;

  void write(const base::Bytes& digest, int rows) {
    run("BEGIN IMMEDIATE");
    for (int row = 0; row < rows; ++row) {
      must(sqlite3_bind_blob(insert_, 1, digest.data(), static_cast<int>(digest.size()), nullptr));
      if (sqlite3_step(insert_) != SQLITE_DONE) std::abort();
      must(sqlite3_reset(insert_));
    }
    run("COMMIT");
  }

 private:
  static void must(int outcome) {
    if (outcome != SQLITE_OK) std::abort();
  }
  void run(const char* sql) { must(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }

  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

/// As many threads as there are writers, which stand ready and then do the same, all at once.
class Writers {
 public:
  explicit Writers(const std::function<void()>& write_one) {
    for (int writer = 0; writer < kWriters; ++writer)
      threads_.emplace_back([this, write_one] {
        for (ready_.arrive_and_wait(); !ended_; ready_.arrive_and_wait()) {
          for (int row = 0; row < kRowsEach; ++row) write_one();
          ready_.arrive_and_wait();
        }
      });
  }
  ~Writers() {
    ended_ = true;
    ready_.arrive_and_wait();
  }
  Writers(const Writers&) = delete;
  Writers& operator=(const Writers&) = delete;

  void write() {
    ready_.arrive_and_wait();
    ready_.arrive_and_wait();
  }

 private:
  std::barrier<> ready_{kWriters + 1};
  std::atomic<bool> ended_ = false;
  std::vector<std::jthread> threads_;
};

/// What all writers together took: for a pass, and for each round of as many writes as there are
/// writers. The median of the rounds says what is usual where somebody else's work stops them now
/// and then, and says too much for a disk whose syncs are now fast, now slow.
class Rounds {
 public:
  /// Said by each writer after each write.
  void written() {
    const std::size_t count = ++written_;
    if (count % kWriters == 0) ended_.at(count / kWriters - 1) = Clock::now();
  }
  void pass(Writers& writers) {
    written_ = 0;
    const double cpu_before = process_cpu_seconds();
    pass_seconds_.push_back(bench::seconds_of([&] { writers.write(); }));
    cpu_seconds_ += process_cpu_seconds() - cpu_before;
    for (std::size_t i = 1; i < ended_.size(); ++i)
      round_seconds_.push_back(std::chrono::duration<double>(ended_[i] - ended_[i - 1]).count());
  }
  double seconds_a_write() const { return bench::median(pass_seconds_) / kWrites; }
  double seconds_a_write_in_round() const { return bench::median(round_seconds_) / kWriters; }
  void report(benchmark::State& state) const {
    state.counters["writes_per_second"] = 1 / seconds_a_write();
    state.counters["us_per_write"] = 1e6 * seconds_a_write();
    state.counters["us_per_write_in_round"] = 1e6 * seconds_a_write_in_round();
    state.counters["cpu_us_per_write"] =
        1e6 * cpu_seconds_ / static_cast<double>(pass_seconds_.size() * kWrites);
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kWrites = std::size_t{kWriters} * kRowsEach;
  std::atomic<std::size_t> written_ = 0;
  std::array<Clock::time_point, kRowsEach> ended_;
  std::vector<double> pass_seconds_;
  std::vector<double> round_seconds_;
  double cpu_seconds_ = 0;
};

// The three take turns, so that whatever else the disk does is borne by all of them.
void durable_writes(benchmark::State& state) {
  store::TemporaryStore store({{"bench",
                                {"CREATE TABLE bench_row (id INTEGER PRIMARY KEY,"
                                 " digest BLOB NOT NULL) STRICT"}}},
                              store::Medium::disk);
  PlainSqlite peer(store.directory().file("peer.db"));
  const base::Bytes digest(100, 0x42);
  Rounds ours;
  Writers writers([&] {
    store
        ->write([&](store::Tx& tx) -> Result<void> {
          TRY(tx.run("INSERT INTO bench_row (digest) VALUES (?)", {digest}));
          return {};
        })
        .value();
    ours.written();
  });
  std::vector<double> singles;
  std::vector<double> groups;
  std::vector<double> grouped_rounds;
  for (auto _ : state) {
    ours.pass(writers);
    singles.push_back(bench::seconds_of([&] {
      for (int n = 0; n < kSingles; ++n) peer.write(digest, 1);
    }));
    groups.push_back(bench::seconds_of([&] {
      for (int n = 0; n < kGroups; ++n)
        grouped_rounds.push_back(bench::seconds_of([&] { peer.write(digest, kWriters); }));
    }));
  }
  const double single = bench::median(singles) / kSingles;
  const double grouped = bench::median(groups) / (kGroups * kWriters);
  const auto figures = store->figures();
  ours.report(state);
  state.counters["writes_per_commit"] =
      static_cast<double>(figures.writes) / static_cast<double>(figures.commits);
  state.counters["single_per_second"] = 1 / single;
  state.counters["grouped_per_second"] = 1 / grouped;
  state.counters["times_single"] = single / ours.seconds_a_write();
  state.counters["of_grouped"] = grouped / ours.seconds_a_write();
  state.counters["of_grouped_in_round"] =
      bench::median(grouped_rounds) / kWriters / ours.seconds_a_write_in_round();
}
BENCHMARK(durable_writes)->UseRealTime()->Unit(benchmark::kMillisecond);

// What of it the threads cost: the store's lock and bell without a store, where the last of them
// rings for all others.
void hand_over(benchmark::State& state) {
  base::ThreadWait wait;
  base::Mutex mutex(wait);
  base::Bell bell(wait);
  int arrived = 0;
  Rounds rounds;
  Writers writers([&] {
    base::Lock lock(mutex);
    const auto heard = bell.strokes();
    const bool last = ++arrived == kWriters;
    if (last) arrived = 0;
    lock.unlock();
    if (last) bell.ring();
    while (bell.strokes() == heard) bell.wait(heard);
    rounds.written();
  });
  for (auto _ : state) rounds.pass(writers);
  rounds.report(state);
}
BENCHMARK(hand_over)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
