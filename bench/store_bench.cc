// Durable small writes of 64 writers, against plain SQLite on the same disk in the same run: one
// transaction each (the bar: 6 times that) and 64 rows a transaction (the bar: 0.4 of that).
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "store/testing.h"

namespace {

using base::Result;

constexpr int kWriters = 64;
constexpr int kRowsEach = 32;
constexpr int kSingles = 256;
constexpr int kGroups = 32;

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
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

void write_from_all(store::Store& store, const base::Bytes& digest) {
  std::vector<std::jthread> writers;
  for (int writer = 0; writer < kWriters; ++writer)
    writers.emplace_back([&] {
      for (int row = 0; row < kRowsEach; ++row)
        store
            .write([&](store::Tx& tx) -> Result<void> {
              TRY(tx.run("INSERT INTO bench_row (digest) VALUES (?)", {digest}));
              return {};
            })
            .value();
    });
}

// The three take turns, so that whatever else the disk does is borne by all of them.
void durable_writes(benchmark::State& state) {
  store::TemporaryStore store({{"bench",
                                {"CREATE TABLE bench_row (id INTEGER PRIMARY KEY,"
                                 " digest BLOB NOT NULL) STRICT"}}},
                              store::Medium::disk);
  PlainSqlite peer(store.directory().file("peer.db"));
  const base::Bytes digest(100, 0x42);
  double ours = 0;
  double singles = 0;
  double groups = 0;
  for (auto _ : state) {
    const double took = seconds_of([&] { write_from_all(*store, digest); });
    state.SetIterationTime(took);
    ours += took / (kWriters * kRowsEach);
    singles += seconds_of([&] {
                 for (int n = 0; n < kSingles; ++n) peer.write(digest, 1);
               }) /
               kSingles;
    groups += seconds_of([&] {
                for (int n = 0; n < kGroups; ++n) peer.write(digest, kWriters);
              }) /
              (kGroups * kWriters);
  }
  const auto runs = static_cast<double>(state.iterations());
  state.counters["writes_per_second"] = runs / ours;
  state.counters["single_per_second"] = runs / singles;
  state.counters["grouped_per_second"] = runs / groups;
  state.counters["times_single"] = singles / ours;
  state.counters["of_grouped"] = groups / ours;
}
BENCHMARK(durable_writes)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
