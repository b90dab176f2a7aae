// A sealed record read by its id, warm, against plain SQLite and against SQLCipher, each with the
// same table, the same keys and the same bytes, in the same run (the bar: 0.7 of plain SQLite, and
// more than SQLCipher). SQLCipher is Debian's libsqlcipher0, a peer here and nothing else: where it
// is not installed, its figure is 0.
#include <benchmark/benchmark.h>
#include <dlfcn.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>

#include "measure.h"
#include "vault/testing.h"

namespace {

using base::Result;

constexpr std::size_t kOwners = 1000;
constexpr std::size_t kRecordBytes = 1024;
constexpr std::size_t kAtOnce = 1000;
constexpr int kReads = 20'000;
constexpr int kRuns = 5;

/// SQLite's functions, from its own library or from SQLCipher's, which has the same.
struct Library {
  explicit Library(void* from) : handle(from) {
    find(open, "sqlite3_open");
    find(exec, "sqlite3_exec");
    find(prepare, "sqlite3_prepare_v2");
    find(bind_blob, "sqlite3_bind_blob");
    find(step, "sqlite3_step");
    find(reset, "sqlite3_reset");
    find(column_blob, "sqlite3_column_blob");
    find(column_bytes, "sqlite3_column_bytes");
    find(finalize, "sqlite3_finalize");
    find(close, "sqlite3_close");
  }
  template <class Function>
  void find(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(handle, name));
    if (function == nullptr) std::abort();
  }
  void* handle;
  decltype(&sqlite3_open) open;
  decltype(&sqlite3_exec) exec;
  decltype(&sqlite3_prepare_v2) prepare;
  decltype(&sqlite3_bind_blob) bind_blob;
  decltype(&sqlite3_step) step;
  decltype(&sqlite3_reset) reset;
  decltype(&sqlite3_column_blob) column_blob;
  decltype(&sqlite3_column_bytes) column_bytes;
  decltype(&sqlite3_finalize) finalize;
  decltype(&sqlite3_close) close;
};

struct Address {
  base::OwnerId owner;
  base::RecordId id;
};

/// A peer: the vault's table without its seal, used as SQLite's manual says.
class Peer {
 public:
  Peer(const Library& library, const std::string& path, const char* key) : sql_(library) {
    must(sql_.open(path.c_str(), &database_));
    if (key != nullptr) run(key);
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;"
        "CREATE TABLE record (owner BLOB NOT NULL, collection TEXT NOT NULL, grouping BLOB NOT "
        "NULL,"
        " id BLOB NOT NULL, version INTEGER NOT NULL, plain BLOB NOT NULL,"
        " PRIMARY KEY (owner, collection, grouping, id))");
  }
  ~Peer() {
    sql_.finalize(read_);
    sql_.close(database_);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void fill(std::span<const Address> all, const base::Bytes& plain) {
    sqlite3_stmt* insert = nullptr;
    must(sql_.prepare(database_, "INSERT INTO record VALUES (?, 'people', zeroblob(16), ?, 1, ?)",
                      -1, &insert, nullptr));
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i % kAtOnce == 0) run("BEGIN");
      bind(insert, 1, all[i].owner.bytes());
      bind(insert, 2, all[i].id.bytes());
      bind(insert, 3, plain);
      if (sql_.step(insert) != SQLITE_DONE) std::abort();
      must(sql_.reset(insert));
      if (i % kAtOnce == kAtOnce - 1) run("COMMIT");
    }
    must(sql_.finalize(insert));
    run("PRAGMA wal_checkpoint");
    must(sql_.prepare(database_,
                      "SELECT version, plain FROM record WHERE owner = ? AND collection = 'people'"
                      " AND grouping = zeroblob(16) AND id = ?",
                      -1, &read_, nullptr));
  }
  void read(const Address& at) {
    bind(read_, 1, at.owner.bytes());
    bind(read_, 2, at.id.bytes());
    if (sql_.step(read_) != SQLITE_ROW) std::abort();
    const auto* data = static_cast<const std::uint8_t*>(sql_.column_blob(read_, 1));
    const base::Bytes copy(data, data + sql_.column_bytes(read_, 1));
    benchmark::DoNotOptimize(copy.data());
    must(sql_.reset(read_));
  }

 private:
  static void must(int outcome) {
    if (outcome != SQLITE_OK) std::abort();
  }
  void run(const char* sql) { must(sql_.exec(database_, sql, nullptr, nullptr, nullptr)); }
  void bind(sqlite3_stmt* statement, int at, base::View bytes) {
    must(sql_.bind_blob(statement, at, bytes.data(), static_cast<int>(bytes.size()), nullptr));
  }

  const Library& sql_;
  sqlite3* database_ = nullptr;
  sqlite3_stmt* read_ = nullptr;
};

/// Our own: a permit, a snapshot, the record opened and taken apart.
struct Ours {
  Ours() { house.open().value(); }
  void fill(std::span<const Address> all, const base::Bytes& plain) {
    for (std::size_t first = 0; first < all.size(); first += kAtOnce) {
      house
          .write([&](store::Tx& tx) -> Result<void> {
            for (const Address& at : all.subspan(first, std::min(kAtOnce, all.size() - first))) {
              vault::Fields fields;
              fields.set("value", plain);
              TRY(house.vault->put(tx, house.permit(at.owner), {"people", {}, at.id}, fields));
            }
            return {};
          })
          .value();
    }
    house.store->fold_log(1).value();  // the peers' is folded, too
  }
  void read(const Address& at) {
    const auto record = house.get(house.permit(at.owner), at.id).value();
    benchmark::DoNotOptimize(record.version);
  }
  base::RealDisk disk;
  store::TemporaryDirectory directory{store::Medium::disk};
  vault::House house{disk, directory.path()};
};

std::vector<Address> addresses(vault::House& house, std::size_t records) {
  std::vector<base::OwnerId> owners;
  for (std::size_t i = 0; i < kOwners; ++i) owners.push_back(base::OwnerId::random(house.entropy));
  house.keys->mint(owners).value();
  house
      .write([&](store::Tx& tx) -> Result<void> {
        for (const auto owner : owners) TRY(house.keys->bind(tx, owner));
        return {};
      })
      .value();
  std::vector<Address> all;
  for (std::size_t i = 0; i < records; ++i)
    all.push_back({owners[i % kOwners], base::RecordId::random(house.entropy)});
  return all;
}

void record_by_id(benchmark::State& state) {
  const store::TemporaryDirectory directory(store::Medium::disk);
  const base::Bytes plain(kRecordBytes, 0x42);
  Ours ours;
  const auto all = addresses(ours.house, static_cast<std::size_t>(state.range(0)));
  ours.fill(all, plain);
  const Library sqlite(RTLD_DEFAULT);
  Peer peer(sqlite, directory.file("plain.db"), nullptr);
  peer.fill(all, plain);
  std::optional<Library> cipher_library;
  std::optional<Peer> cipher;
  if (void* handle = dlopen("libsqlcipher.so.0", RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND)) {
    cipher_library.emplace(handle);
    cipher.emplace(*cipher_library, directory.file("cipher.db"), "PRAGMA key = 'a passphrase'");
    cipher->fill(all, plain);
  }
  std::minstd_rand random(7);
  std::vector<Address> chosen;
  for (int i = 0; i < kReads; ++i) chosen.push_back(all[random() % all.size()]);
  std::map<std::string, std::vector<double>> took;
  const auto each = [&](const char* whose, const auto& read) {
    took[whose].push_back(bench::cpu_seconds_of([&] {
      for (const Address& at : chosen) read(at);
    }));
  };
  for (auto _ : state) {
    for (int run = 0; run <= kRuns; ++run) {
      if (run == 1) took.clear();  // the first warms all of them
      each("ours", [&](const Address& at) { ours.read(at); });
      each("plain", [&](const Address& at) { peer.read(at); });
      if (cipher) each("cipher", [&](const Address& at) { cipher->read(at); });
    }
  }
  const double mine = bench::median(took["ours"]);
  state.counters["reads_per_second"] = kReads / mine;
  state.counters["of_plain_sqlite"] = bench::median(took["plain"]) / mine;
  state.counters["of_sqlcipher"] = cipher ? bench::median(took["cipher"]) / mine : 0;
}
BENCHMARK(record_by_id)->Arg(1'000'000)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
