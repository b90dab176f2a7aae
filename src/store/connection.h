// One connection to the SQLite database, with its prepared statements. Owns the handle; used by one
// thread at a time. Never decides where a transaction begins or ends: store.cc does.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "store/checked_pages.h"
#include "store/store.h"
#include "store/tables.h"

struct sqlite3;
struct sqlite3_stmt;

namespace store {

enum class Access : std::uint8_t { write, read };

class Connection final : public Tx {
 public:
  /// Opens the database file, which must be there. Code::corrupt where it is not a database,
  /// Code::conflict where it is another program's.
  static base::Result<std::unique_ptr<Connection>> open(const Database& database, Access access);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  base::Result<void> query(base::Literal sql, std::initializer_list<Value> values,
                           const EachRow& each) override;
  base::Result<std::int64_t> run(base::Literal sql, std::initializer_list<Value> values) override;
  /// Runs one or more statements without values or rows, unprepared: schema steps and settings.
  base::Result<void> script(base::Literal sql);
  bool in_transaction() const noexcept;
  /// A statement over tables that are named at run time, by the database: for tables.cc alone.
  base::Result<void> query_text(const std::string& sql, const Cells& values,
                                const Tables::OnRow& each);
  bool has_checksums() const noexcept;
  /// Writes the whole database into a new file, whose pages have checksums. Not synced.
  base::Result<void> rewrite(const std::string& path);
  /// Reads every page of the file, whatever the write-ahead log has of it.
  base::Result<PageFindings> check_pages();
  /// Has the pages of the write-ahead log counted after each commit of this connection, which from
  /// `most` on folds it in itself.
  void watch_log(std::atomic<std::uint64_t>& pages, std::uint64_t most);
  /// Copies what the write-ahead log has into the database file, as far as no reader needs the
  /// older pages, beside readers and the writer. Whether that was all of it.
  base::Result<bool> fold_log();
  /// Where in the log the remains of a transaction that failed begin, in bytes: what this
  /// connection has written there since its last commit. For the time after watch_log().
  std::optional<std::uint64_t> log_remains() const;
  void forget_log_remains();
  /// Leaves the write-ahead log as it is at the end, for another process or the next start.
  void leave_log();

 private:
  struct Prepared {
    sqlite3_stmt* statement = nullptr;
    std::uint64_t used_at = 0;
    bool busy = false;
  };
  class Statement;  // a prepared statement in use

  struct LogWatch {
    std::atomic<std::uint64_t>* pages = nullptr;
    std::uint64_t most = 0;
  };

  explicit Connection(sqlite3* database) : database_(database) {}
  static int on_log(void* watch, sqlite3* database, const char* name, int pages);
  base::Result<void> configure(Access access);
  base::Result<void> claim(Access access);
  base::Result<Statement> prepare(base::Literal sql, std::initializer_list<Value> values);
  base::Result<sqlite3_stmt*> compile(base::Literal sql);
  void make_room();

  sqlite3* database_;
  LogWatch watch_;
  // Keyed by the literal's address: the same text elsewhere in the program is another statement.
  std::unordered_map<const char*, Prepared> prepared_;
  std::uint64_t uses_ = 0;
};

}  // namespace store
