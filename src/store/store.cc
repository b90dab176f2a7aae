#include "store/store.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <limits>

#include "base/disk.h"
#include "base/mutant.h"
#include "store/connection.h"
#include "store/log_check.h"
#include "store/migrate.h"
#include "store/rewrite.h"
#include "store/vfs.h"

// Group commit, as in LevelDB. Invariants:
//  1. Whoever has set `led` is the leader, and alone uses the writing connection.
//  2. A waiter is in the queue, or in the leader's batch, until its result is set and it is done.
//     From then on nobody touches it: it may be gone.
//  3. A result is set ok only after a COMMIT that held the waiter's part.
//  4. Where nobody leads and somebody waits, the head of the queue is awake, or sleeps for kGather.
// What a write costs beyond its statements is the change from thread to thread. So there is one a
// write: whoever completes a batch leads it and need not be woken, and one ring wakes all of a
// batch, who take no lock to go on.

namespace store {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kBatchMax = 1024;
constexpr std::size_t kReadersKept = 8;
constexpr std::uint64_t kLogPagesMax = 4 * Store::kLogPages;
// The head of the queue waits so long for those who shared the last transaction and may be back at
// once, and again as long as half of them came: no longer than the fastest disks sync, and where
// many come, two syncs instead of one would cost more.
constexpr base::Duration kGather = std::chrono::microseconds(250);

/// Bodies run on other callers' threads, where their exceptions would unwind the wrong stack.
template <class Body, class Argument>
Result<void> guarded(const Body& body, Argument& argument) {
  try {
    return body(argument);
  } catch (const std::exception&) {
    return Error{Code::internal, "a transaction's body threw"};
  }
}

Error ended_by_body() {
  return {Code::internal, "a transaction's body hid an error or ended the transaction"};
}

/// The disk that the database stands on.
base::Disk& disk_of(const Database& database, base::Disk& real) {
  return database.vfs == nullptr ? real : database.vfs->disk();
}

Result<void> make_file(base::Disk& disk, const std::string& path) {
  // Made by us so that it is 0600; SQLite gives its log and index the same mode. An existing file
  // is not touched: closing a second descriptor would drop SQLite's locks on it.
  const auto file = disk.open(path, base::Open::create);
  if (file.ok()) return disk.sync_directory(base::parent_of(path));
  if (file.code() == Code::conflict) return {};
  return file.error();
}

/// Lets one query through. Outside a transaction a second one would see another snapshot.
class OneQuery final : public Reader {
 public:
  explicit OneQuery(Reader& reader) : reader_(reader) {}
  Result<void> query(base::Literal sql, std::initializer_list<Value> values,
                     const EachRow& each) override {
    if (std::exchange(asked_, true))
      return Error{Code::internal, "a body that reads once asked a second time"};
    return reader_.query(sql, values, each);
  }

 private:
  Reader& reader_;
  bool asked_ = false;
};

}  // namespace

struct Store::Impl {
  struct Waiter {
    const Body& body;
    std::size_t bell;                                               // it sleeps on this one
    std::size_t awaited = std::numeric_limits<std::size_t>::max();  // by it, as head of the queue
    Result<void> result = {};
    std::atomic<bool> done = false;
  };

  Impl(base::Wait& its_wait, Database its_database, std::unique_ptr<Connection> its_writer)
      : wait(its_wait),
        database(std::move(its_database)),
        writer(std::move(its_writer)),
        queue_mutex(wait),
        bells{base::Bell(wait), base::Bell(wait), base::Bell(wait)},
        readers_mutex(wait) {
    writer->watch_log(log_pages, kLogPagesMax);
  }

  Result<void> write(const Body& body);
  bool may_lead(const Waiter& waiter) const;
  void wait_for_turn(Waiter& waiter, base::Lock& lock, std::uint32_t heard);
  void lead(const Waiter& leader, base::Lock& lock);
  std::size_t commit(const std::vector<Waiter*>& batch);
  Result<void> cut_log();
  std::size_t end_alone(Waiter& waiter);
  Result<void> run_part(const Body& body);
  Result<std::unique_ptr<Connection>> borrow();
  void give_back(std::unique_ptr<Connection> connection);

  base::Wait& wait;
  const Database database;
  std::atomic<std::uint64_t> version = 0;
  std::atomic<std::uint64_t> log_pages = 0;  // outlives the writer, which counts them
  std::unique_ptr<Connection> writer;

  base::Mutex queue_mutex;
  std::vector<Waiter*> queue;
  std::size_t expected = 1;  // so many have written lately and may write again at once
  bool led = false;
  // On the first sleeps who came to an empty queue, and will be its head; the others on the second
  // and the third by turns, so that of two batches one can be woken alone.
  std::array<base::Bell, 3> bells;
  Figures figures;

  base::Mutex readers_mutex;
  std::vector<std::unique_ptr<Connection>> idle;
};

Result<void> Store::Impl::write(const Body& body) {
  base::Lock lock(queue_mutex);
  Waiter self{body, queue.empty() ? 0 : 1 + figures.commits % 2};
  queue.push_back(&self);
  for (;;) {
    const std::uint32_t heard = bells[self.bell].strokes();
    if (self.done) break;
    if (may_lead(self))
      lead(self, lock);
    else
      wait_for_turn(self, lock, heard);
    if (self.done) break;
    lock.lock();
  }
  return std::move(self.result);
}

/// Of one who is not done, and so in the queue where nobody leads.
bool Store::Impl::may_lead(const Waiter& waiter) const {
  if (led) return false;
  if (queue.size() >= expected) return true;
  return queue.front() == &waiter && expected - queue.size() > waiter.awaited / 2;
}

/// Sleeps until there may be something new for the waiter. Gives the lock back.
void Store::Impl::wait_for_turn(Waiter& waiter, base::Lock& lock, std::uint32_t heard) {
  const bool gathers = !led && queue.front() == &waiter;
  if (gathers) waiter.awaited = expected - queue.size();
  lock.unlock();
  bells[waiter.bell].wait_for(heard, gathers ? kGather : base::Duration::max());
}

/// Commits for all who wait, and wakes them. Gives the lock back.
void Store::Impl::lead(const Waiter& leader, base::Lock& lock) {
  const bool complete = queue.size() >= expected;
  const auto taken = static_cast<std::ptrdiff_t>(std::min(queue.size(), kBatchMax));
  const std::vector<Waiter*> batch(queue.begin(), queue.begin() + taken);
  queue.erase(queue.begin(), queue.begin() + taken);
  led = true;
  ++figures.commits;
  lock.unlock();
  const std::size_t ran = commit(batch);
  ++version;             // whatever became of it
  (void)cut_log().ok();  // or the next one does
  lock.lock();
  CHECK(led && ran > 0);
  led = false;
  figures.writes += ran;
  queue.insert(queue.begin(), batch.begin() + static_cast<std::ptrdiff_t>(ran), batch.end());
  // Those who are woken now may be back at once, beside those who came meanwhile; not where some
  // were waited for and did not come.
  expected = complete ? std::min(ran + queue.size(), kBatchMax) : ran;
  std::array<bool, 3> rings{};
  if (!queue.empty()) rings[queue.front()->bell] = true;
  for (std::size_t i = 0; i < ran; ++i) {
    if (batch[i] != &leader) rings[batch[i]->bell] = true;
    batch[i]->done = true;
  }
  lock.unlock();
  for (std::size_t i = 0; i < bells.size(); ++i)
    if (rings[i]) bells[i].ring();
}

/// What was rolled back, or could not be synced, may have left pages in the log. A crash that tears
/// the next transaction in their place would make them look like damage: none begins before.
Result<void> Store::Impl::cut_log() {
  const auto from = writer->log_remains();
  if (!from) return {};
  base::RealDisk real;
  TRY_AS(store::cut_log(disk_of(database, real), database.path, *from),
         "the remains of a failed transaction cannot be cut off");
  writer->forget_log_remains();
  return {};
}

/// Runs the batch in one transaction and sets the results of those that it ran, which it counts.
std::size_t Store::Impl::commit(const std::vector<Waiter*>& batch) {
  const auto fail = [&](std::size_t ran, const Error& error) {
    for (std::size_t i = 0; i < ran; ++i)
      if (batch[i]->result.ok()) batch[i]->result = error;
    return ran;
  };
  if (const auto cut = cut_log(); !cut.ok()) return fail(batch.size(), cut.error());
  if (const auto begun = writer->run("BEGIN IMMEDIATE", {}); !begun.ok())
    return fail(batch.size(), begun.error());
  if (batch.size() == 1) {
    // Nobody to protect from: the transaction itself is rolled back. Without a savepoint SQLite
    // keeps no second journal, whose cost grows with the square of a large body.
    batch[0]->result = guarded(batch[0]->body, *writer);
    return end_alone(*batch[0]);
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    batch[i]->result = run_part(batch[i]->body);
    if (writer->in_transaction()) continue;
    // SQLite has rolled back everything (a full disk does that). Bodies are not run twice, so those
    // before this one fail with it; those behind it are still queued for the next transaction.
    CHECK(!batch[i]->result.ok());
    const Error lost(batch[i]->result.code(), "the shared transaction was rolled back",
                     batch[i]->result.error());
    return fail(i + 1, lost);
  }
  const auto committed = writer->run("COMMIT", {});
  if (committed.ok()) return batch.size();
  if (writer->in_transaction()) CHECK(writer->run("ROLLBACK", {}).ok());
  return fail(batch.size(), committed.error());
}

/// Ends the transaction of a batch of one.
std::size_t Store::Impl::end_alone(Waiter& waiter) {
  if (!writer->in_transaction()) {
    if (waiter.result.ok()) waiter.result = ended_by_body();
    return 1;
  }
  if (waiter.result.ok()) {
    const auto committed = writer->run("COMMIT", {});
    if (!committed.ok()) waiter.result = committed.error();
  }
  if (writer->in_transaction()) CHECK(writer->run("ROLLBACK", {}).ok());
  return 1;
}

/// One caller's body in a savepoint of its own: its error undoes its part alone.
Result<void> Store::Impl::run_part(const Body& body) {
  TRY(writer->run("SAVEPOINT part", {}));
  Result<void> result = guarded(body, *writer);
  if (!writer->in_transaction()) {
    if (!result.ok()) return result;
    return ended_by_body();
  }
  const bool kept = base::mutated(base::Mutant::failed_part_kept);
  if (!result.ok() && !kept && !writer->run("ROLLBACK TO part", {}).ok()) {
    // The part cannot be taken out alone: nothing of this transaction may be committed.
    CHECK(writer->run("ROLLBACK", {}).ok());
    return result;
  }
  if (const auto released = writer->run("RELEASE part", {}); !released.ok() && result.ok()) {
    if (writer->in_transaction()) CHECK(writer->run("ROLLBACK", {}).ok());
    return released.error();
  }
  return result;
}

Result<std::unique_ptr<Connection>> Store::Impl::borrow() {
  {
    const base::Lock lock(readers_mutex);
    if (!idle.empty()) {
      auto connection = std::move(idle.back());
      idle.pop_back();
      return connection;
    }
  }
  // Never waits for another reader: a body may read again, and those who hold all connections and
  // wait for one more would wait for each other. Callers are bounded by who may call.
  return Connection::open(database, Access::read);
}

void Store::Impl::give_back(std::unique_ptr<Connection> connection) {
  const base::Lock lock(readers_mutex);
  if (connection != nullptr && idle.size() < kReadersKept) idle.push_back(std::move(connection));
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(base::Wait& wait, const Database& database,
                                           std::span<const Schema> schemas) {
  base::RealDisk real;
  base::Disk& disk = disk_of(database, real);
  TRY(make_file(disk, database.path));
  TRY(settle_log(disk, database.path));
  auto writer = TRY(Connection::open(database, Access::write));
  if (!writer->has_checksums()) writer = TRY(give_checksums(disk, database, std::move(writer)));
  TRY(migrate(*writer, schemas));
  auto impl = std::make_unique<Impl>(wait, database, std::move(writer));
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

Result<void> Store::write(const Body& body) { return impl_->write(body); }
std::uint64_t Store::version() const { return impl_->version; }
base::Wait& Store::wait() const { return impl_->wait; }

Result<void> Store::read(const ReadBody& body) {
  auto connection = TRY(impl_->borrow());
  Result<void> result;
  if (const auto begun = connection->run("BEGIN", {}); !begun.ok())
    result = begun.error();
  else
    result = guarded(body, *connection);
  // A connection that cannot end its snapshot would keep the log from shrinking: it is dropped.
  if (connection->in_transaction() && !connection->run("COMMIT", {}).ok()) connection = nullptr;
  impl_->give_back(std::move(connection));
  return result;
}

Result<void> Store::read_once(const ReadBody& body) {
  auto connection = TRY(impl_->borrow());
  OneQuery once(*connection);
  Result<void> result = guarded(body, once);
  impl_->give_back(std::move(connection));
  return result;
}

Result<void> Store::fold_log(std::uint64_t from) {
  std::uint64_t pages = impl_->log_pages;
  if (pages < from) return {};
  // SQLite before 3.51.3 may lose what is committed when the log is begun anew just as another
  // connection begins to fold it (sqlite.org/wal.html#walresetbug). While a snapshot of the log
  // stands nobody begins it anew; and one of a log that is folded already lets nobody fold.
  return read([&](Reader& snapshot) -> Result<void> {
    TRY(snapshot.query("SELECT count(*) FROM sqlite_schema", {},
                       [](const Row&) { return Result<void>(); }));
    auto connection = TRY(impl_->borrow());
    const auto folded = connection->fold_log();
    impl_->give_back(std::move(connection));
    if (!folded.ok()) return folded.error();
    // The next commit begins the log anew; until then there is nothing to fold.
    if (*folded) impl_->log_pages.compare_exchange_strong(pages, 0);
    return {};
  });
}

Result<PageFindings> Store::check_pages() {
  auto connection = TRY(impl_->borrow());
  auto found = connection->check_pages();
  impl_->give_back(std::move(connection));
  return found;
}

Store::Figures Store::figures() {
  const base::Lock lock(impl_->queue_mutex);
  Figures figures = impl_->figures;
  figures.log_pages = impl_->log_pages;
  return figures;
}

}  // namespace store
