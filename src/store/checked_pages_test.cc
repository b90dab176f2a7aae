#include "store/checked_pages.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "store/connection.h"
#include "store/log_check.h"
#include "store/tables.h"
#include "store/testing.h"

namespace store {
namespace {

using base::Code;
using base::Result;

std::vector<Schema> things() {
  return {{"thing",
           {"CREATE TABLE thing (id INTEGER PRIMARY KEY, state INTEGER NOT NULL,"
            " sealed BLOB NOT NULL) STRICT"}}};
}

Result<void> insert(Store& store, std::int64_t from, std::int64_t count) {
  const base::Bytes raw(300, 0x5a);
  return store.write([&](Tx& tx) -> Result<void> {
    for (std::int64_t i = from; i < from + count; ++i)
      TRY(tx.run("INSERT INTO thing (id, state, sealed) VALUES (?, 4, ?)", {i, raw}));
    return {};
  });
}

/// How many rows there are, all of them right; -1 where one is wrong.
Result<std::int64_t> read_all(Store& store) {
  std::int64_t rows = 0;
  TRY(store.read([&](Reader& reader) {
    return reader.query("SELECT id, state, sealed FROM thing ORDER BY id", {},
                        [&](const Row& row) -> Result<void> {
                          const bool right = row.integer(0) == rows && row.integer(1) == 4 &&
                                             base::copy(row.blob(2)) == base::Bytes(300, 0x5a);
                          rows = right && rows >= 0 ? rows + 1 : -1;
                          return {};
                        });
  }));
  return rows;
}

class CheckedPages : public testing::Test {
 protected:
  Result<std::unique_ptr<Store>> open() { return Store::open(wait, path, schemas); }
  base::Bytes contents(const std::string& of) { return base::read_file(disk, of, 1 << 28).value(); }
  void put(const std::string& at, const base::Bytes& bytes) {
    base::write_file_atomically(disk, at, bytes).value();
  }
  /// A database as an older program made it: over SQLite's own files, which leave no room.
  void make_old(std::int64_t rows) const {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    const std::string sql =
        "PRAGMA journal_mode = WAL; PRAGMA application_id = 0x53636c4e;"
        "CREATE TABLE schema_version (module TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;"
        "INSERT INTO schema_version VALUES ('thing', 1);" +
        std::string(schemas[0].steps[0].c_str()) +
        ";WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " +
        std::to_string(rows) +
        ") INSERT INTO thing SELECT i, 4, raw FROM n,"
        " (SELECT CAST(replace(hex(zeroblob(150)), '0', 'Z') AS BLOB) AS raw)";
    ASSERT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    ASSERT_EQ(sqlite3_close(database), SQLITE_OK);
  }

  TemporaryDirectory directory;
  base::RealDisk disk;
  base::ThreadWait wait;
  base::SystemEntropy entropy;
  const std::string path = directory.file("store.db");
  const std::vector<Schema> schemas = things();
};

TEST_F(CheckedPages, AChecksumChangesWithEveryBitAndPlace) {
  base::Bytes page = entropy.bytes(kPageBytes);
  const std::uint64_t sum = page_checksum(page, 4096);
  EXPECT_NE(page_checksum(page, 8192), sum);
  for (std::size_t bit = 0; bit < (kPageBytes - kPageChecksumBytes) * 8; bit += 7) {
    page[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_NE(page_checksum(page, 4096), sum) << bit;
    page[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
  }
  EXPECT_EQ(page_checksum(page, 4096), sum);
  EXPECT_NE(page_checksum(base::Bytes(kPageBytes, 0), 0), 0U);
}

TEST_F(CheckedPages, ChecksumsAreOfOneForm) {
  // Written down once: another form could not read what is on disks already.
  base::Bytes page(kPageBytes);
  for (std::size_t i = 0; i < page.size(); ++i) page[i] = static_cast<std::uint8_t>(i * 7);
  EXPECT_EQ(page_checksum(page, 4096), 7276378473317871540U);
}

TEST_F(CheckedPages, EveryPageHasItsChecksum) {
  {
    insert(*open().value(), 0, 200).value();
    const auto store = open().value();  // the log of before is folded in
    const auto found = store->check_pages();
    ASSERT_TRUE(found.ok()) << found.error().chain();
    EXPECT_GE(found->pages, 15U);
    EXPECT_EQ(found->damaged, 0U);
  }
  const base::Bytes file = contents(path);
  for (std::size_t at = 0; at < file.size(); at += kPageBytes) {
    const base::View page = base::View(file).subspan(at, kPageBytes);
    std::uint64_t stored = 0;
    std::memcpy(&stored, page.data() + kPageBytes - 8, 8);
    EXPECT_EQ(stored, page_checksum(page, at)) << at;
  }
}

TEST_F(CheckedPages, AFlippedBitIsNeverServed) {
  {
    const auto store = open().value();
    ASSERT_TRUE(insert(*store, 0, 200).ok());
  }
  const base::Bytes whole = contents(path);
  std::size_t detected = 0;
  constexpr std::size_t kFlips = 300;
  for (std::size_t i = 0; i < kFlips; ++i) {
    base::Bytes file = whole;
    // The header's bits in turn, where a flip could turn the checksums off, then all over the file.
    const std::size_t byte = i < 100 ? i : base::load_u64(entropy.bytes(8).data()) % file.size();
    file[byte] ^= static_cast<std::uint8_t>(1U << (i < 100 ? 3 : i % 8));
    put(path, file);
    const auto store = open();
    if (!store.ok()) {
      EXPECT_TRUE(store.code() == Code::corrupt || store.code() == Code::io) << byte;
      ++detected;
      continue;
    }
    const auto rows = read_all(**store);
    if (rows.ok())
      EXPECT_EQ(*rows, 200) << "a wrong row was served; byte " << byte;
    else
      EXPECT_EQ(rows.code(), Code::corrupt) << byte;
    const auto pages = (*store)->check_pages();
    EXPECT_TRUE(!pages.ok() || pages->damaged == 1) << byte;
    detected += !pages.ok() || pages->damaged == 1 ? 1 : 0;
  }
  EXPECT_EQ(detected, kFlips);
}

TEST_F(CheckedPages, APageInAnothersPlaceIsDamage) {
  {
    const auto store = open().value();
    ASSERT_TRUE(insert(*store, 0, 200).ok());
  }
  base::Bytes file = contents(path);
  std::swap_ranges(file.begin() + 5 * 4096, file.begin() + 6 * 4096, file.begin() + 7 * 4096);
  put(path, file);
  const auto store = open();
  ASSERT_TRUE(store.ok());
  EXPECT_EQ(read_all(**store).code(), Code::corrupt);
  EXPECT_EQ((*store)->check_pages()->damaged, 2U);
}

TEST_F(CheckedPages, AnOldDatabaseIsWrittenAnewWithThem) {
  make_old(150);
  EXPECT_NE(contents(path)[20], kPageChecksumBytes);
  {
    const auto store = open();
    ASSERT_TRUE(store.ok()) << store.error().chain();
    EXPECT_EQ(read_all(**store).value(), 150);
    ASSERT_TRUE(insert(**store, 150, 1).ok());
    EXPECT_EQ((*store)->check_pages()->damaged, 0U);
  }
  EXPECT_EQ(contents(path)[20], kPageChecksumBytes);
  EXPECT_FALSE(disk.exists(path + ".new").value());
  EXPECT_EQ(read_all(*open().value()).value(), 151);
}

TEST_F(CheckedPages, ACutShortRewriteBeginsAgain) {
  make_old(20);
  put(path + ".new", entropy.bytes(9000));
  const auto store = open();
  ASSERT_TRUE(store.ok()) << store.error().chain();
  EXPECT_EQ(read_all(**store).value(), 20);
}

/// The log of a program that was killed: `commits` transactions that are in no page yet.
class KilledLog : public CheckedPages {
 protected:
  static constexpr std::size_t kFrame = 24 + kPageBytes;
  void make(int commits) {
    const auto store = make_busy(commits);
    put(path, contents(busy));
    log = contents(busy + "-wal");
  }
  std::unique_ptr<Store> make_busy(int commits) {
    auto store = Store::open(wait, busy, schemas).value();
    for (int i = 0; i < commits; ++i) insert(*store, i, 1).value();
    return store;
  }
  /// Twenty transactions that are in the pages: the next one begins its log anew.
  std::unique_ptr<Store> make_used() {
    auto store = make_busy(20);
    const auto connection = Connection::open(busy, Access::write).value();
    EXPECT_TRUE(connection->script("PRAGMA wal_checkpoint(RESTART)").ok());
    return store;
  }
  base::Result<std::int64_t> rows_with(const base::Bytes& bytes) {
    put(path + "-wal", bytes);
    const auto store = TRY(open());
    return read_all(*store);
  }
  const std::string busy = directory.file("busy.db");
  base::Bytes log;
};

TEST_F(KilledLog, IsTakenUp) {
  make(6);
  EXPECT_EQ(rows_with(log).value(), 6);
}

TEST_F(KilledLog, ATornEndIsForgotten) {
  make(6);
  base::Bytes torn(log.begin(), log.end() - 1000);
  EXPECT_EQ(rows_with(torn).value(), 5);
}

// A long transaction was torn, and in its place a short one, and torn too.
TEST_F(KilledLog, RemainsOfAnotherTransactionBehindATornOneAreNoDamageAndAreCutOff) {
  make(6);
  const std::size_t whole = log.size() - 2 * kFrame;
  for (const std::size_t at : {whole + 100, whole + kFrame + 100}) log[at] ^= 1;
  put(path + "-wal", log);
  ASSERT_TRUE(settle_log(disk, path).ok());
  const base::Bytes settled = contents(path + "-wal");
  EXPECT_TRUE(std::ranges::equal(settled, base::View(log).first(whole)));
  EXPECT_EQ(rows_with(settled).value(), 4);
}

TEST_F(KilledLog, AFlippedBitInWhatWasAcknowledgedIsSaid) {
  make(6);
  const base::Bytes database = contents(path);
  const std::size_t frames = (log.size() - 32) / kFrame;
  for (std::size_t frame = 0; frame + 2 < frames; ++frame)
    for (const std::size_t within : {std::size_t{1}, std::size_t{9}, std::size_t{17}, kFrame / 2}) {
      base::Bytes flipped = log;
      flipped[32 + frame * kFrame + within] ^= 4;
      put(path, database);
      const auto rows = rows_with(flipped);
      EXPECT_TRUE(!rows.ok() && rows.code() == Code::corrupt) << frame << " " << within;
    }
  for (std::size_t byte = 0; byte < 32; ++byte) {
    base::Bytes flipped = log;
    flipped[byte] ^= 1;
    put(path, database);
    EXPECT_EQ(rows_with(flipped).code(), Code::corrupt) << byte;
  }
}

TEST_F(KilledLog, FramesOfAnOlderUseAreNoDamage) {
  const auto store = make_used();
  insert(*store, 20, 1).value();
  put(path, contents(busy));
  EXPECT_EQ(rows_with(contents(busy + "-wal")).value(), 21);
}

/// A crash cuts a long transaction short; after it a short one is written over its beginning, and
/// the next crash tears that. What is left of the long one behind it was never acknowledged.
TEST_F(KilledLog, LeftoversOfTransactionsThatWereCutShortAreNoDamage) {
  make(3);
  const base::Bytes database = contents(path);
  const auto log_with = [&](const std::function<void(Store&)>& work) {
    put(path, database);
    put(path + "-wal", log);
    const auto store = open().value();
    work(*store);
    return contents(path + "-wal");
  };
  const base::Bytes longer = log_with([&](Store& store) { insert(store, 10, 2'000).value(); });
  base::Bytes torn = log_with([&](Store& store) { insert(store, 10, 1).value(); });
  ASSERT_GT(longer.size(), torn.size() + kFrame);
  torn[log.size() + kFrame / 2] ^= 0xff;
  torn.insert(torn.end(), longer.begin() + static_cast<std::ptrdiff_t>(torn.size()), longer.end());
  put(path, database);
  EXPECT_EQ(rows_with(torn).value(), 3);
}

/// The header is written anew when all that is in the log is in the database.
TEST_F(KilledLog, AHeaderThatWasTornWhileItWasWrittenAnewIsNoDamage) {
  const auto store = make_used();
  const base::Bytes database = contents(busy);
  const base::Bytes older = contents(busy + "-wal");
  insert(*store, 20, 1).value();
  const base::Bytes newer = contents(busy + "-wal");
  for (std::ptrdiff_t arrived = 0; arrived <= 32; ++arrived) {
    base::Bytes torn = older;
    std::copy_n(newer.begin(), arrived, torn.begin());
    put(path, database);
    EXPECT_EQ(rows_with(torn).value(), 20) << arrived;
  }
}

}  // namespace
}  // namespace store
