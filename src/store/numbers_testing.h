// For tests: a table of numbers, and a store of it under fibers, over a disk in memory whose power
// can go. Never part of the program.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "base/faulty_disk.h"
#include "base/fiber_wait.h"
#include "store/store.h"
#include "store/vfs.h"

namespace store {

/// Each number may have some bytes.
inline std::vector<Schema> numbers(Keeping keeping = Keeping::undeclared) {
  return {
      {"numbers",
       {"CREATE TABLE number (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL DEFAULT x'') STRICT"},
       keeping}};
}

inline base::Result<void> insert(Tx& tx, std::int64_t n, base::View bytes = {}) {
  TRY(tx.run("INSERT INTO number (number, bytes) VALUES (?, ?)", {n, bytes}));
  return {};
}

inline base::Result<std::set<std::int64_t>> all_numbers(Reader& reader) {
  std::set<std::int64_t> found;
  TRY(reader.query("SELECT number FROM number ORDER BY number", {},
                   [&](const Row& row) -> base::Result<void> {
                     found.insert(row.integer(0));
                     return {};
                   }));
  return found;
}

inline std::set<std::int64_t> read_numbers(Store& store) {
  std::set<std::int64_t> found;
  store
      .read([&](Reader& reader) -> base::Result<void> {
        found = TRY(all_numbers(reader));
        return {};
      })
      .value();
  return found;
}

/// Who goes when is chosen from the seed, and time passes only where everybody waits.
struct FiberStage {
  static constexpr const char* kPath = "data/store.db";

  explicit FiberStage(std::uint64_t seed) : entropy(seed), fibers(seed, clock) {
    disk.make_directory("data").value();
  }
  base::Result<void> open(const std::vector<Schema>& schemas) {
    store = TRY(Store::open(fibers, {kPath, &vfs}, schemas));
    return {};
  }
  base::Result<void> insert(std::int64_t n, base::View bytes = {}) {
    return store->write([&](Tx& tx) { return store::insert(tx, n, bytes); });
  }
  std::set<std::int64_t> all() { return read_numbers(*store); }

  base::ManualClock clock{base::Time(std::chrono::days(20'000))};
  base::SeededEntropy entropy;
  base::FiberWait fibers;
  base::FaultyDisk disk{fibers};
  Vfs vfs{disk, fibers, clock, entropy};
  std::unique_ptr<Store> store;
};

}  // namespace store
