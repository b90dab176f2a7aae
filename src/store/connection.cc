#include "store/connection.h"

#include <sqlite3.h>

#include <algorithm>

#include "base/mutant.h"
#include "store/vfs.h"

namespace store {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kPreparedMax = 256;
constexpr int kBusyTimeoutMs = 10'000;
// "SclN": marks the file as ours, for us and for file(1).
constexpr std::int64_t kApplicationId = 0x53636c4e;

Error error_of(int outcome) {
  if (outcome == SQLITE_IOERR_DATA)
    return {Code::corrupt, "the database is damaged: a page does not have its checksum"};
  switch (outcome & 0xff) {
    case SQLITE_FULL:
      return {Code::full, "no space left for the database"};
    case SQLITE_CONSTRAINT:
      return {Code::conflict, "a constraint of the database refuses this"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Code::corrupt, "the database is damaged"};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {Code::io, "the database cannot be read or written"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Code::unavailable, "the database is locked by another program"};
    case SQLITE_NOMEM:
      return {Code::exhausted, "no memory left for the database"};
    case SQLITE_TOOBIG:
      return {Code::too_large, "a value is too large for the database"};
    default:
      return {Code::internal, "a statement is wrong"};
  }
}

class StatementRow final : public Row {
 public:
  explicit StatementRow(sqlite3_stmt* statement) : statement_(statement) {}
  std::int64_t integer(int column) const override {
    return sqlite3_column_int64(statement_, checked(column));
  }
  base::View blob(int column) const override {
    const void* data = sqlite3_column_blob(statement_, checked(column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return {static_cast<const std::uint8_t*>(data), data == nullptr ? 0 : size};
  }
  std::string_view text(int column) const override {
    const auto* data = sqlite3_column_text(statement_, checked(column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return {reinterpret_cast<const char*>(data), data == nullptr ? 0 : size};
  }
  bool null(int column) const override {
    return sqlite3_column_type(statement_, checked(column)) == SQLITE_NULL;
  }

 private:
  // SQLite answers NULL for a column that is not there; we would rather know.
  int checked(int column) const {
    CHECK(column >= 0 && column < sqlite3_data_count(statement_));
    return column;
  }
  sqlite3_stmt* statement_;
};

/// Binds one value; it outlives the statement's use, so nothing is copied.
struct Bind {
  sqlite3_stmt* statement;
  int at;
  int operator()(std::nullptr_t) const { return sqlite3_bind_null(statement, at); }
  int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, at, number); }
  int operator()(std::string_view text) const {
    return sqlite3_bind_text64(statement, at, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  int operator()(base::View blob) const {
    // An empty blob may have no address, and SQLite would take that for NULL.
    if (blob.empty()) return sqlite3_bind_zeroblob(statement, at, 0);
    return sqlite3_bind_blob64(statement, at, blob.data(), blob.size(), SQLITE_STATIC);
  }
};

Result<Cell> cell_at(sqlite3_stmt* statement, std::size_t index) {
  const int column = static_cast<int>(index);
  const StatementRow row(statement);
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return Cell(nullptr);
    case SQLITE_INTEGER:
      return Cell(row.integer(column));
    case SQLITE_TEXT:
      return Cell(std::string(row.text(column)));
    case SQLITE_BLOB:
      return Cell(base::copy(row.blob(column)));
    default:
      return Error{Code::corrupt, "a column holds a kind of value that no table of ours has"};
  }
}

}  // namespace

/// Gives the statement back to the cache, or drops it, when the use is over.
class Connection::Statement {
 public:
  explicit Statement(Prepared& cached) : cached_(&cached), statement_(cached.statement) {
    cached_->busy = true;
  }
  explicit Statement(sqlite3_stmt* owned) : statement_(owned) {}
  Statement(Statement&& other) noexcept
      : cached_(std::exchange(other.cached_, nullptr)),
        statement_(std::exchange(other.statement_, nullptr)) {}
  Statement& operator=(Statement&&) = delete;
  ~Statement() {
    if (cached_ != nullptr) {
      // What was bound stays behind, unread: the next use binds every parameter anew.
      sqlite3_reset(statement_);
      cached_->busy = false;
    } else {
      sqlite3_finalize(statement_);
    }
  }
  sqlite3_stmt* get() const noexcept { return statement_; }

 private:
  Prepared* cached_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
};

Result<std::unique_ptr<Connection>> Connection::open(const Database& place, Access access) {
  sqlite3* database = nullptr;
  // Without SQLite's own mutexes: a connection is lent to one caller at a time.
  const int outcome =
      sqlite3_open_v2(place.path.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                      place.vfs == nullptr ? checked_pages() : place.vfs->name());
  std::unique_ptr<Connection> connection(new Connection(database));
  if (outcome != SQLITE_OK) return error_of(outcome);
  TRY(connection->configure(access));
  return connection;
}

Connection::~Connection() {
  for (auto& [text, prepared] : prepared_) sqlite3_finalize(prepared.statement);
  CHECK(sqlite3_close(database_) == SQLITE_OK);
}

Result<void> Connection::configure(Access access) {
  sqlite3_extended_result_codes(database_, 1);
  sqlite3_busy_timeout(database_, kBusyTimeoutMs);
  // Takes effect where the database is made: an existing one stays as it is until it is rewritten.
  int free_bytes = kPageChecksumBytes;
  CHECK(sqlite3_file_control(database_, "main", SQLITE_FCNTL_RESERVE_BYTES, &free_bytes) ==
        SQLITE_OK);
  for (const auto& [option, value] : {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                      {SQLITE_DBCONFIG_DQS_DML, 0},
                                      {SQLITE_DBCONFIG_DQS_DDL, 0},
                                      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}})
    CHECK(sqlite3_db_config(database_, option, value, nullptr) == SQLITE_OK);
  TRY(claim(access));
  // Deleted rows are overwritten, and the log is kept small, so that they do not linger in it.
  TRY(
      script("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"
             "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"
             "PRAGMA journal_size_limit = 67108864"));
  if (base::mutated(base::Mutant::commit_not_synced)) TRY(script("PRAGMA synchronous = OFF"));
  if (access == Access::write) return script("PRAGMA cache_size = -16384");
  return script("PRAGMA cache_size = -8192; PRAGMA query_only = ON");
}

/// Refuses another program's database; marks a new one as ours, in WAL mode.
Result<void> Connection::claim(Access access) {
  std::int64_t id = 0;
  TRY(query("PRAGMA application_id", {}, [&](const Row& row) -> Result<void> {
    id = row.integer(0);
    return {};
  }));
  if (id == kApplicationId && access == Access::read) return {};
  std::int64_t tables = 0;
  TRY(query("SELECT count(*) FROM sqlite_schema", {}, [&](const Row& row) -> Result<void> {
    tables = row.integer(0);
    return {};
  }));
  if (id != kApplicationId && (id != 0 || tables != 0))
    return Error{Code::conflict, "the file is another program's database"};
  bool wal = false;
  TRY(query("PRAGMA journal_mode = WAL", {}, [&](const Row& row) -> Result<void> {
    wal = row.text(0) == "wal";
    return {};
  }));
  if (!wal) return Error{Code::io, "the file system cannot carry a write-ahead log"};
  if (id != kApplicationId) return script("PRAGMA application_id = 0x53636c4e");
  return {};
}

Result<sqlite3_stmt*> Connection::compile(base::Literal sql) {
  sqlite3_stmt* statement = nullptr;
  const int outcome = sqlite3_prepare_v3(database_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                                         &statement, nullptr);
  if (outcome != SQLITE_OK) return error_of(outcome);
  CHECK(statement != nullptr);  // the literal was empty
  return statement;
}

void Connection::make_room() {
  auto oldest = prepared_.end();
  for (auto at = prepared_.begin(); at != prepared_.end(); ++at) {
    if (at->second.busy) continue;
    if (oldest == prepared_.end() || at->second.used_at < oldest->second.used_at) oldest = at;
  }
  if (oldest == prepared_.end()) return;
  sqlite3_finalize(oldest->second.statement);
  prepared_.erase(oldest);
}

Result<Connection::Statement> Connection::prepare(base::Literal sql,
                                                  std::initializer_list<Value> values) {
  auto found = prepared_.find(sql.c_str());
  if (found == prepared_.end()) {
    sqlite3_stmt* compiled = TRY(compile(sql));
    if (prepared_.size() >= kPreparedMax) make_room();
    found = prepared_.emplace(sql.c_str(), Prepared{compiled}).first;
  }
  found->second.used_at = ++uses_;
  sqlite3_stmt* again = nullptr;
  // The same query inside its own answer: it needs a statement of its own.
  if (found->second.busy) again = TRY(compile(sql));
  Statement statement = again == nullptr ? Statement(found->second) : Statement(again);
  CHECK(sqlite3_bind_parameter_count(statement.get()) == static_cast<int>(values.size()));
  int at = 0;
  for (const Value& value : values) {
    const int outcome = std::visit(Bind{statement.get(), ++at}, value.get());
    if (outcome != SQLITE_OK) return error_of(outcome);
  }
  return Result<Statement>(std::move(statement));
}

Result<void> Connection::query(base::Literal sql, std::initializer_list<Value> values,
                               const EachRow& each) {
  const Statement statement = TRY(prepare(sql, values));
  const StatementRow row(statement.get());
  for (;;) {
    const int outcome = sqlite3_step(statement.get());
    if (outcome == SQLITE_DONE) return {};
    if (outcome != SQLITE_ROW) return error_of(outcome);
    TRY(each(row));
  }
}

Result<std::int64_t> Connection::run(base::Literal sql, std::initializer_list<Value> values) {
  const Statement statement = TRY(prepare(sql, values));
  int outcome = SQLITE_ROW;
  while (outcome == SQLITE_ROW) outcome = sqlite3_step(statement.get());
  if (outcome != SQLITE_DONE) return error_of(outcome);
  if (sqlite3_stmt_readonly(statement.get()) != 0) return 0;
  return sqlite3_changes64(database_);
}

Result<void> Connection::script(base::Literal sql) {
  const int outcome = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  if (outcome != SQLITE_OK) return error_of(outcome);
  return {};
}

Result<void> Connection::query_text(const std::string& sql, const Cells& values,
                                    const Tables::OnRow& each) {
  sqlite3_stmt* compiled = nullptr;
  if (const int outcome = sqlite3_prepare_v3(database_, sql.c_str(), -1, 0, &compiled, nullptr);
      outcome != SQLITE_OK)
    return error_of(outcome);
  const Statement statement(compiled);
  CHECK(sqlite3_bind_parameter_count(compiled) == static_cast<int>(values.size()));
  int at = 0;
  for (const Cell& value : values) {
    const int outcome = std::visit(Bind{compiled, ++at}, value);
    if (outcome != SQLITE_OK) return error_of(outcome);
  }
  for (;;) {
    const int outcome = sqlite3_step(compiled);
    if (outcome == SQLITE_DONE) return {};
    if (outcome != SQLITE_ROW) return error_of(outcome);
    Cells row(static_cast<std::size_t>(sqlite3_data_count(compiled)));
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = TRY(cell_at(compiled, i));
    TRY(each(row));
  }
}

bool Connection::has_checksums() const noexcept { return store::has_checksums(database_); }

Result<void> Connection::rewrite(const std::string& path) {
  return query_text("VACUUM INTO ?", {path}, [](const Cells&) { return Result<void>(); });
}

Result<PageFindings> Connection::check_pages() { return store::check_pages(database_); }

int Connection::on_log(void* watch, sqlite3* database, const char* name, int pages) {
  const auto& [counted, most] = *static_cast<const LogWatch*>(watch);
  forget_log_writes(database);  // they are committed
  counted->store(static_cast<std::uint64_t>(pages));
  // What is committed is durable in the log: an error of the fold is no error of the commit.
  if (static_cast<std::uint64_t>(pages) < most) return SQLITE_OK;
  int left = 0, folded = 0;
  sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_PASSIVE, &left, &folded);
  if (left == folded) counted->store(0);
  return SQLITE_OK;
}

void Connection::watch_log(std::atomic<std::uint64_t>& pages, std::uint64_t most) {
  watch_ = {&pages, most};
  forget_log_writes(database_);
  sqlite3_wal_hook(database_, on_log, &watch_);
}

Result<bool> Connection::fold_log() {
  int pages = 0, folded = 0;
  const int outcome =
      sqlite3_wal_checkpoint_v2(database_, "main", SQLITE_CHECKPOINT_PASSIVE, &pages, &folded);
  // Another connection folds just now.
  if ((outcome & 0xff) == SQLITE_BUSY) return false;
  if (outcome != SQLITE_OK) return error_of(outcome);
  return folded == pages;
}

std::optional<std::uint64_t> Connection::log_remains() const { return log_written_from(database_); }

void Connection::forget_log_remains() { forget_log_writes(database_); }

void Connection::leave_log() {
  CHECK(sqlite3_db_config(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr) == SQLITE_OK);
}

bool Connection::in_transaction() const noexcept { return sqlite3_get_autocommit(database_) == 0; }

}  // namespace store
