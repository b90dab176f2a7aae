// The one SQL database: transactions, snapshots and migrations over SQLite (WAL, full sync). Owns
// the connection and the file; one writer at a time commits for all who wait, readers run beside it
// on snapshots. Never knows what a module keeps in its table, and never sees plaintext.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "base/wait.h"

namespace store {

/// A value bound to a `?` of a statement. Text is for closed names (states, collection names) only.
class Value {
 public:
  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  Value(T number) : value_(static_cast<std::int64_t>(number)) {}  // NOLINT
  Value(base::View blob) : value_(blob) {}                        // NOLINT
  template <std::size_t N>
  Value(const std::array<std::uint8_t, N>& blob) : value_(base::View(blob)) {}  // NOLINT: digests
  Value(const base::Bytes& blob) : value_(base::View(blob)) {}                  // NOLINT
  template <std::size_t N>
  consteval Value(const char (&text)[N]) : value_(std::string_view(text)) {}  // NOLINT
  Value(base::Literal text) : value_(std::string_view(text.c_str())) {}       // NOLINT
  Value(base::Time time) : value_(time.time_since_epoch().count()) {}  // NOLINT: microseconds
  template <class Tag>
  Value(const base::Id<Tag>& id) : value_(id.bytes()) {}  // NOLINT
  Value(std::nullptr_t) : value_(nullptr) {}              // NOLINT

  const auto& get() const noexcept { return value_; }

 private:
  std::variant<std::nullptr_t, std::int64_t, std::string_view, base::View> value_;
};

/// One row of an answer; valid only inside the callback that receives it.
class Row {
 public:
  virtual ~Row() = default;
  virtual std::int64_t integer(int column) const = 0;
  virtual base::View blob(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual bool null(int column) const = 0;

  base::Time time(int column) const { return base::Time(base::Duration(integer(column))); }
  template <class IdType>
  base::Result<IdType> id(int column) const {
    return IdType::from(blob(column));
  }
};

using EachRow = std::function<base::Result<void>(const Row&)>;

/// What can be read: a snapshot, or a transaction's own view.
class Reader {
 public:
  virtual ~Reader() = default;
  /// Calls `each` for every row; an error from `each` ends the query and is returned.
  virtual base::Result<void> query(base::Literal sql, std::initializer_list<Value> values,
                                   const EachRow& each) = 0;
};

/// A transaction in progress. All of it becomes durable, or none.
class Tx : public Reader {
 public:
  /// Runs one statement and answers how many rows it changed. Code::conflict on a constraint.
  virtual base::Result<std::int64_t> run(base::Literal sql,
                                         std::initializer_list<Value> values) = 0;
};

/// What a restore does with a module's tables. live: never in a backup and never replaced, since an
/// older state would bring back what is erased. bulk: ciphertext and states that may be old.
enum class Keeping : std::uint8_t { undeclared, live, bulk };

/// A column that holds owners' ids: without the owner's key, the row means nothing any more.
struct OwnerColumn {
  base::Literal table;
  base::Literal column;
};

/// A module's own table(s): SQL steps, forward only. Step n brings version n-1 to n. The name of
/// each table is the module's, or begins with it and an underscore.
struct Schema {
  base::Literal module;
  std::vector<base::Literal> steps;
  Keeping keeping = Keeping::undeclared;  // a backup refuses what is not declared
  std::vector<OwnerColumn> owners = {};   // of bulk tables
};

/// What was found of the database file's pages.
struct PageFindings {
  std::uint64_t pages = 0;
  std::uint64_t damaged = 0;
};

class Vfs;

/// Where a database is: a file of the machine's, or one on the disk of a `vfs` (store/vfs.h).
struct Database {
  Database(std::string its_path, const Vfs* its_vfs = nullptr)  // NOLINT: a path is a place
      : path(std::move(its_path)), vfs(its_vfs) {}
  Database(const char* its_path) : path(its_path) {}  // NOLINT
  std::string path;
  const Vfs* vfs = nullptr;
};

class Store {
 public:
  /// Opens or makes the database and brings every schema up to date; one whose pages have
  /// no checksums is written anew with them. Code::conflict where the database is newer than this
  /// program, Code::corrupt where it is damaged or its write-ahead log has lost what was
  /// acknowledged.
  static base::Result<std::unique_ptr<Store>> open(base::Wait& wait, const Database& database,
                                                   std::span<const Schema> schemas);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  using Body = std::function<base::Result<void>(Tx&)>;
  /// Runs `body` in a transaction and returns when it is durable; rolls back its part alone where
  /// it returns an error. Many callers' bodies share one commit, so `body` may run on another
  /// caller's thread; it must not call write() itself, nor wait for anybody who might.
  base::Result<void> write(const Body& body);

  using ReadBody = std::function<base::Result<void>(Reader&)>;
  /// Runs `body` on a snapshot, beside the writer. It must not call write().
  base::Result<void> read(const ReadBody& body);
  /// As read(), for a body that asks one query: a statement is a snapshot by itself, and the two
  /// that begin and end one are saved. A second query is refused (Code::internal).
  base::Result<void> read_once(const ReadBody& body);

  /// Another one with each commit, before who wrote hears of it: while it stays the same, what was
  /// read after it was asked is what would be read again (remembered.h).
  std::uint64_t version() const;
  /// By which the store waits, for what stands beside it.
  base::Wait& wait() const;

  /// So many pages of the write-ahead log are worth a fold: 16 MiB, for which SQLite
  /// needs one page of its index.
  static constexpr std::uint64_t kLogPages = 4'000;
  /// Copies the write-ahead log into the database file where it has `from` pages or more, beside
  /// readers and writers, and does nothing where it has fewer. To be called again and again by a
  /// thread that nobody waits for: a log that nobody folds is folded by a writer once it is four
  /// times as long, and its commit then takes as long as that does.
  base::Result<void> fold_log(std::uint64_t from = kLogPages);

  /// Reads every page of the database file, also those that nothing asks for, and verifies its
  /// checksum, beside readers and writers.
  base::Result<PageFindings> check_pages();

  /// Counted since open: transactions committed (or tried), and bodies that shared them; and the
  /// pages of the write-ahead log now, none where all are folded in.
  struct Figures {
    std::uint64_t commits = 0;
    std::uint64_t writes = 0;
    std::uint64_t log_pages = 0;
  };
  Figures figures();

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace store
