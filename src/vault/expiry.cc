#include "vault/expiry.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kAtOnce = 200;
constexpr std::size_t kStepsMax = 100;
constexpr std::int64_t kUnsettled = -1;

std::int64_t us_of(base::Time time) { return time.time_since_epoch().count(); }

/// What will not open another time either; a disk that cannot be read just now is not that.
bool for_good(Code code) {
  return code == Code::corrupt || code == Code::gone || code == Code::missing;
}

}  // namespace

/// A record or a piece of content that is over; content has no group.
struct Expiries::Due {
  std::int64_t expires = 0;
  std::int64_t kind = 0;  // 0: a record, 1: content
  base::OwnerId owner{};
  std::string collection;
  base::RecordId group{};
  base::RecordId id{};
  std::int64_t row = 0;  // where a record stands in its table: without it, all of hers are read
};

store::Schema Expiries::schema() {
  return {"vault_expiry",
          {"CREATE TABLE vault_expiry (ordinal INTEGER NOT NULL PRIMARY KEY,"
           " swept_at INTEGER NOT NULL) STRICT"},
          // What was over once stays over, also where a backup is put in.
          store::Keeping::live};
}

Expiries::Expiries(const Parts& parts, base::Time floor)
    : parts_(parts),
      floor_us_(us_of(floor)),
      sweeping_(parts.wait),
      at_(std::make_unique<Due>()),
      mutex_(parts.wait) {}
Expiries::~Expiries() = default;

Result<std::unique_ptr<Expiries>> Expiries::open(const Parts& parts) {
  base::Time floor{};
  TRY(parts.store.read([&](store::Reader& reader) -> Result<void> {
    floor = TRY(swept_at(reader)).value_or(base::Time{});
    return {};
  }));
  return std::unique_ptr<Expiries>(new Expiries(parts, floor));
}

Result<std::optional<base::Time>> Expiries::swept_at(store::Reader& reader) {
  std::optional<base::Time> at;
  TRY(reader.query("SELECT swept_at FROM vault_expiry", {}, [&](const store::Row& row) {
    at = row.time(0);
    return Result<void>();
  }));
  return at;
}

base::Time Expiries::now() const {
  return std::max(parts_.clock.now(), base::Time(base::Duration(floor_us_.load())));
}

Swept Expiries::total() const {
  const base::Lock lock(mutex_);
  return total_;
}

Result<Swept> Expiries::sweep() {
  Swept swept;
  const base::Time now = parts_.clock.now();
  swept.clock_behind = us_of(now) < floor_us_.load();
  if (swept.clock_behind) return swept;
  const base::Lock one_at_a_time(sweeping_);
  Result<void> settled;
  bool more = true;
  for (std::size_t step = 0; more && step < kStepsMax; ++step) more = TRY(settle_some(settled));
  if (!more) settled_to_ = 0;
  more = true;
  for (std::size_t step = 0; more && step < kStepsMax; ++step)
    more = TRY(sweep_some(swept, now, *at_));
  if (!more) *at_ = Due();
  base::Lock lock(mutex_);
  total_.records += swept.records;
  total_.content += swept.content;
  lock.unlock();
  TRY(settled);
  return swept;
}

/// Gives their term to records that were put before their collection had one. Those that cannot be
/// read just now wait for another sweep: `outcome` is the first such error, and they are passed.
Result<bool> Expiries::settle_some(Result<void>& outcome) {
  std::vector<Due> found;
  TRY(parts_.store.read([&](store::Reader& reader) {
    return reader.query(
        "SELECT owner, collection, grouping, id, rowid FROM vault_record WHERE expires_at <> 0 "
        "AND expires_at = ? AND rowid > ? ORDER BY rowid LIMIT ?",
        {kUnsettled, settled_to_, kAtOnce}, [&](const store::Row& row) -> Result<void> {
          Due due;
          due.owner = TRY(row.id<base::OwnerId>(0));
          due.collection = row.text(1);
          due.group = TRY(row.id<base::RecordId>(2));
          due.id = TRY(row.id<base::RecordId>(3));
          due.row = row.integer(4);
          found.push_back(std::move(due));
          return {};
        });
  }));
  if (found.empty()) return false;
  Result<void> waits;
  TRY(parts_.store.write([&](store::Tx& tx) -> Result<void> {
    waits = {};
    for (const Due& each : found) TRY(settle(tx, each, waits));
    return {};
  }));
  settled_to_ = found.back().row;
  if (outcome.ok()) outcome = std::move(waits);
  return found.size() == kAtOnce;
}

Result<void> Expiries::settle(store::Tx& tx, const Due& due, Result<void>& waits) {
  const auto* declared = parts_.collections.find(due.collection);
  const Expiry expiry = declared != nullptr ? declared->collection.expiry : Expiry{};
  if (expiry.after > base::Duration::zero()) {
    const Key key{declared->collection.name, due.group, due.id};
    const auto record = parts_.records.get(tx, due.owner, key, kNothingExpired);
    if (record.ok())
      return parts_.records.put(tx, due.owner, key, record->fields,
                                Stay{parts_.clock.now(), parts_.clock.now() + expiry.after});
    if (!for_good(record.code())) {
      if (waits.ok()) waits = record.error();
      return {};
    }
  }
  // One that does not open, or has no term any more, stays as it is, and is not looked at again.
  TRY(
      tx.run("UPDATE vault_record SET expires_at = 0 WHERE rowid = ? AND owner = ? AND "
             "grouping = ? AND id = ? AND expires_at = ?",
             {due.row, due.owner, due.group, due.id, kUnsettled}));
  return {};
}

Result<std::vector<Expiries::Due>> Expiries::next_due(base::Time now, const Due& after) {
  std::vector<Due> due;
  const auto add = [&](const store::Row& row) -> Result<void> {
    Due each;
    each.expires = row.integer(0);
    each.kind = row.integer(1);
    each.owner = TRY(row.id<base::OwnerId>(2));
    each.collection = row.text(3);
    each.group = TRY(row.id<base::RecordId>(4));
    each.id = TRY(row.id<base::RecordId>(5));
    each.row = row.integer(6);
    due.push_back(std::move(each));
    return {};
  };
  // Each half by its own index of what expires; the order is that in which things came due.
  TRY(parts_.store.read([&](store::Reader& reader) {
    return reader.query(
        "SELECT * FROM ("
        "SELECT * FROM (SELECT expires_at AS due_at, 0, owner, collection, grouping, id, rowid "
        "FROM vault_record WHERE expires_at <> 0 AND expires_at > 0 AND expires_at <= ?1 "
        "AND (expires_at, 0, owner, id) > (?2, ?3, ?4, ?5) ORDER BY expires_at, owner, id LIMIT ?6)"
        " UNION ALL "
        "SELECT * FROM (SELECT expires_at AS due_at, 1, owner, collection, zeroblob(16), id, 0 "
        "FROM vault_content WHERE expires_at <> 0 AND expires_at <= ?1 AND state <> 2 "
        "AND (expires_at, 1, owner, id) > (?2, ?3, ?4, ?5) ORDER BY expires_at, owner, id LIMIT ?6)"
        ") ORDER BY 1, 2, 3, 6 LIMIT ?6",
        {now, after.expires, after.kind, after.owner, after.id, kAtOnce}, add);
  }));
  return due;
}

Result<bool> Expiries::sweep_some(Swept& swept, base::Time now, Due& after) {
  const auto due = TRY(next_due(now, after));
  if (due.empty()) return false;
  std::uint64_t records = 0;
  std::uint64_t content = 0;
  std::uint64_t kept = 0;
  TRY(parts_.store.write([&](store::Tx& tx) -> Result<void> {
    records = content = kept = 0;
    for (const Due& each : due) {
      const notice::Standing standing = TRY(gate::Gate::standing(tx, each.owner));
      // Without their expires_at as it was seen, they have been put again meanwhile.
      std::int64_t removed = 0;
      if (standing.restricted)
        ++kept;
      else if (each.kind == 0)
        removed =
            TRY(tx.run("DELETE FROM vault_record WHERE rowid = ? AND owner = ? AND grouping = ? "
                       "AND id = ? AND expires_at = ?",
                       {each.row, each.owner, each.group, each.id, each.expires}));
      else
        removed =
            TRY(ContentStore::expire(tx, each.owner, each.id.as<base::ContentTag>(), each.expires));
      (each.kind == 0 ? records : content) += static_cast<std::uint64_t>(removed);
    }
    return remember(tx, now);
  }));
  floor_us_ = std::max(floor_us_.load(), us_of(now));
  swept.records += records;
  swept.content += content;
  swept.kept_restricted += kept;
  after = due.back();
  return due.size() == kAtOnce;
}

Result<void> Expiries::remember(store::Tx& tx, base::Time now) {
  TRY(
      tx.run("INSERT INTO vault_expiry (ordinal, swept_at) VALUES (1, ?) ON CONFLICT (ordinal) "
             "DO UPDATE SET swept_at = max(swept_at, excluded.swept_at)",
             {now}));
  return {};
}

}  // namespace vault
