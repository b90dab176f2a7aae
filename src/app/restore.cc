#include <algorithm>

#include "app/restoring.h"
#include "backup/dormant.h"

// The steps, and what a kill between them leaves:
//  0. from a holder: tree, log and root come here      DATA/taking-over: only a restore goes on
//  1. what was begun is finished: intents to erase, pending leaves    the old state, finished
//  2. content of the backup is put in its place        files of nobody, removed by the next start
//  3. DATA/restore.db: live tables, the backup's rows  the old state; restore.db is made anew
//  4. restore.db is brought to today                   the same; no key and no log changes here
//  5. it is renamed over store.db                      the commit point
//  6. it is opened as a server would                   as any start: files of nobody are removed

namespace app {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kAtOnce = 500;
constexpr base::Literal kStaged = "restore.db";
constexpr base::Literal kStagedContent = "restore.content";

Result<void> remove_staged(base::Disk& disk, const std::string& data) {
  for (const std::string end : {"", "-wal", "-shm", "-journal"})
    TRY(base::remove_all(disk, data + "/" + kStaged.c_str() + end));
  const auto gone = disk.remove_directory(data + "/" + kStagedContent.c_str());
  if (!gone.ok() && gone.code() != Code::missing) return gone;
  return {};
}

/// A log that is left beside a database holds a part of it.
Result<void> check_folded(base::Disk& disk, const std::string& database) {
  if (!TRY(disk.exists(database + "-wal"))) return {};
  return Error{Code::conflict, "another program has the database open"};
}

template <class Each>
Result<void> in_batches(Core& core, const std::vector<base::OwnerId>& owners, const Each& each) {
  for (std::size_t from = 0; from < owners.size(); from += kAtOnce)
    TRY(core.store->write([&](store::Tx& tx) -> Result<void> {
      for (std::size_t i = from; i < std::min(owners.size(), from + kAtOnce); ++i)
        TRY(each(tx, owners[i]));
      return {};
    }));
  return {};
}

/// Where the store cannot be read, in what of it is live.
Result<bool> damaged(const std::string& database, const std::vector<store::Schema>& schemas) {
  const auto read = [&]() -> Result<void> {
    const auto from = TRY(store::Tables::snapshot(database));
    const auto tables = TRY(from->list());
    for (const store::Table& table : tables) {
      const auto* schema = TRY(store::schema_of(table.name, schemas));
      if (schema->keeping != store::Keeping::live) continue;
      TRY(from->each(table, [](const store::Cells&) { return Result<void>(); }));
    }
    return {};
  };
  const auto whole = read();
  if (!whole.ok() && whole.code() != Code::corrupt) return whole.error();
  return !whole.ok();
}

}  // namespace

ledger::Leaf restore_leaf(const std::string& statement) {
  ledger::Leaf leaf;
  leaf.label = base::sha256(base::view("restore/v1 label\n" + statement));
  leaf.commit = base::sha256(base::view("restore/v1 commit\n" + statement));
  return leaf;
}

Result<RestoreReport> Restoring::run() {
  TRY_AS(disk_.make_directory(data_), "cannot make the data directory");
  lock_ = std::make_unique<base::LockFile>(TRY(base::LockFile::take(data_ + "/lock")));
  if (plan_.from && !drill_) {
    const auto judge_it = [this](const holder::Offer& offer) { return judge(offer); };
    report_.taken = TRY(take_over(options_, document_.operator_.log_origin, *plan_.from, judge_it,
                                  step_, progress_));
    if (!holder::serves(report_.taken->offer.verdict)) {
      report_.manifest = {};  // nothing was restored
      return std::move(report_);
    }
  }
  report_.manifest = TRY(backup::admit(disk_, source_, plan_.backup));
  const auto history = TRY(ledger::read_chain(disk_, data_ + "/log"));
  TRY(check_origin(history));
  report_.store_lost = taken() || !TRY(disk_.exists(data_ + "/store.db"));
  step_("finishing what was begun");
  TRY(finish_begun());
  const auto others =
      TRY_AS(base::LockFile::take(data_ + "/backup.lock"), "a backup of this data is running");
  TRY(remove_staged(disk_, data_));
  step_("putting content in place");
  TRY(backup::place_content(disk_, source_, plan_.backup, report_.manifest, report_.restored, {}));
  step_("building the database");
  const std::string staged = data_ + "/" + kStaged.c_str();
  std::optional<std::string> live;
  if (!report_.store_lost) live = data_ + "/store.db";
  TRY(backup::build(disk_, wait_, source_, plan_.backup, report_.manifest, staged, live,
                    report_.restored, {}));
  step_("bringing it to today");
  TRY(bring_to_today());
  step_("swapping it in");
  TRY(swap(staged));
  step_("opening it");
  TRY(open_at_last());
  if (plan_.from && !drill_) TRY(end_take_over(options_, *plan_.from));
  return std::move(report_);
}

/// Before a holder turns from the host that it follows: whether what it has, the backup and this
/// program go together.
Result<void> Restoring::judge(const holder::Offer& offer) {
  TRY(Core::check_memory());
  report_.manifest = TRY(backup::admit(disk_, schemas_, plan_.backup, offer.tree));
  const auto history = TRY(ledger::parse_chain(offer.chain));
  return check_origin(history);
}

/// A backup may be older than a change of the log's origin, but never of another log.
Result<void> Restoring::check_origin(const ledger::KeyHistory& history) const {
  const std::string& made_under = report_.manifest.origin;
  const bool ours = made_under.empty() || made_under == document_.operator_.log_origin ||
                    std::ranges::any_of(history.keys, [&](const ledger::VerifierKey& key) {
                      return key.name == made_under;
                    });
  if (ours) return {};
  return Error{Code::conflict,
               "the backup was made under another log: neither the notice's log_origin nor the "
               "log's chain of keys has its name"};
}

Layout Restoring::layout() {
  Layout layout;
  layout.lock = std::move(lock_);
  layout.holder = std::move(root_);
  layout.replicas = !taken();
  layout.begun = taken();
  return layout;
}

void Restoring::take_back(Core& core) {
  lock_ = std::move(core.lock);
  if (drill_) root_ = std::move(core.holder);
}

Result<void> Restoring::open_at_last() {
  const auto core = TRY(Core::open(options_, document_, layout()));
  TRY(core->vault->tick());
  if (drill_) {
    // Nothing is sequenced: the log that is in force would be signed in two histories.
    report_.found = TRY(core->vault->check({}));
  } else {
    ledger::Ticket entry{};
    TRY(core->store->write([&](store::Tx& tx) -> Result<void> {
      entry = TRY(core->ledger->append(tx, restore_leaf(report_.statement)));
      return {};
    }));
    report_.entry = TRY(core->ledger->await(entry));
  }
  lock_ = std::move(core->lock);
  return {};
}

Result<void> Restoring::move_damaged() {
  const std::string database = data_ + "/store.db";
  report_.damaged_store = database + ".damaged";
  for (int number = 2; TRY(disk_.exists(report_.damaged_store)); ++number)
    report_.damaged_store = database + ".damaged" + std::to_string(number);
  // The database last: as long as it stands, this is done again.
  for (const char* end : {"-wal", "-shm", ""})
    if (TRY(disk_.exists(database + end)))
      TRY(disk_.rename(database + end, report_.damaged_store + end));
  TRY(disk_.sync_directory(data_));
  report_.store_lost = true;
  return {};
}

Result<void> Restoring::finish_begun() {
  if (!report_.store_lost && plan_.replace_damaged_store &&
      TRY(damaged(data_ + "/store.db", schemas_)))
    TRY(move_damaged());
  if (report_.store_lost) return {};
  const auto core = TRY_AS(Core::open(options_, document_, layout()),
                           "the data cannot be opened (where its store.db is damaged: "
                           "--replace-damaged-store)");
  TRY(core->vault->tick());
  for (std::uint64_t before = ~core->ledger->size(); before != core->ledger->size();) {
    before = core->ledger->size();
    TRY(core->ledger->tick());
  }
  take_back(*core);
  return {};
}

Result<void> Restoring::bring_to_today() {
  Layout staged = layout();
  staged.store = kStaged.c_str();
  staged.content = kStagedContent.c_str();
  staged.store_lost = report_.store_lost;
  staged.replicas = false;  // what stands beside what is in force is nobody's to follow
  if (report_.taken) staged.origin = report_.taken->origin;
  const auto core = TRY(Core::open(options_, document_, std::move(staged)));
  const auto named = TRY(Core::owners_in(data_ + "/" + kStaged.c_str()));
  TRY(settle_owners(*core, named));
  TRY(find_dormant(*core, named));
  // Who has something to do after a restore. Today nothing else is tied to the day of the backup.
  TRY(core->outbox->restored());
  report_.unlisted = TRY(core->accounts->restored());
  report_.statement = "restore/v1\nbackup " + report_.manifest.made_at + "\nlog " +
                      core->ledger->origin() + " " + std::to_string(core->ledger->size()) +
                      "\nkeys from " + (plan_.from ? "a holder" : "here") + "\n";
  // Pending in the very database that is swapped in: no restore without its entry. In a drill it
  // stays so.
  TRY(core->store->write([&](store::Tx& tx) -> Result<void> {
    TRY(core->ledger->append(tx, restore_leaf(report_.statement)));
    return {};
  }));
  take_back(*core);
  return {};
}

/// Rows of the erased go; the others' counts are moved past what the log has.
Result<void> Restoring::settle_owners(Core& core, const std::vector<base::OwnerId>& named) {
  std::vector<base::OwnerId> live;
  for (const base::OwnerId owner : named) {
    const auto state = TRY(core.keys->state(owner));
    if (state != keys::State::live && state != keys::State::unreadable)
      report_.erased.push_back(owner);
    else if (TRY(core.keys->readable(owner)))
      live.push_back(owner);
    else
      report_.unreadable.push_back(owner);
  }
  TRY(backup::remove_owners(data_ + "/" + kStaged.c_str(), schemas_, report_.erased));
  return in_batches(core, live, [&](store::Tx& tx, base::OwnerId owner) -> Result<void> {
    const vault::CaughtUp ahead = TRY(core.vault->catch_up(tx, owner));
    if (ahead.entries > 0) report_.entries_ahead.push_back(owner);
    if (ahead.standing > 0) report_.unconfirmed.push_back(owner);
    return {};
  });
}

Result<void> Restoring::find_dormant(Core& core, const std::vector<base::OwnerId>& named) {
  std::optional<base::OwnerId> after;
  while (true) {
    const auto known = TRY(core.keys->known(after, kAtOnce));
    for (const auto& [owner, state] : known) {
      if (state != keys::State::live || std::ranges::binary_search(named, owner)) continue;
      report_.dormant.push_back(owner);
      if (!TRY(core.keys->readable(owner))) report_.unreadable.push_back(owner);
    }
    if (known.size() < kAtOnce) break;
    after = known.back().owner;
  }
  report_.dormant_unnamed = TRY(core.keys->dormant());
  return backup::set_dormant(*core.store, report_.dormant);
}

Result<void> Restoring::swap(const std::string& staged) {
  const std::string database = data_ + "/store.db";
  TRY(check_folded(disk_, staged));
  if (report_.store_lost) {
    // What is left of a log without its database belongs to nothing.
    TRY(base::remove_all(disk_, database + "-wal"));
    TRY(base::remove_all(disk_, database + "-shm"));
  }
  TRY(check_folded(disk_, database));
  const auto file = TRY(disk_.open(staged, base::Open::update));
  TRY(file->sync());
  TRY(disk_.rename(staged, database));
  TRY(disk_.sync_directory(data_));
  return remove_staged(disk_, data_);
}

Result<RestoreReport> restore(const ServeOptions& options, const notice::Document& document,
                              const RestorePlan& plan, const OnStep& step,
                              const holder::OnFetched& progress) {
  return Restoring(options, document, plan, step, progress, nullptr).run();
}

Result<Finished> finish_restore(const ServeOptions& options, const notice::Document& document) {
  const auto core = TRY(Core::open(options, document));
  std::vector<base::OwnerId> unlogged;
  std::vector<base::OwnerId> unreadable;  // a page that does not open can destroy nothing
  const auto dormant = TRY(backup::dormant(*core->store));
  const auto named = TRY(Core::owners_in(options.data + "/store.db"));
  std::uint64_t destroyed = 0;
  for (const base::OwnerId owner : dormant) {
    const auto state = TRY(core->keys->state(owner));
    if (state != keys::State::live) continue;
    // She has come to have data since: whoever gave it to her knew her.
    if (std::ranges::binary_search(named, owner)) continue;
    if (!TRY(core->keys->readable(owner))) {
      unreadable.push_back(owner);
      continue;
    }
    ++destroyed;
    const std::uint64_t logged = TRY(core->vault->logged(owner));
    if (logged == 0) {
      unlogged.push_back(owner);
      continue;
    }
    // She has entries in the log: this is the last of them. Her count is moved in the transaction
    // that intends it: a row of hers alone would make her somebody who has data.
    const vault::Entry last{"erasure", R"({"cause":"unknown to the backup that was restored"})"};
    TRY(core->vault->erase({owner, {}, {}, last, logged}, {}));
  }
  for (std::size_t from = 0; from < unlogged.size(); from += kAtOnce) {
    const auto first = unlogged.begin() + static_cast<std::ptrdiff_t>(from);
    const auto count = static_cast<std::ptrdiff_t>(std::min(kAtOnce, unlogged.size() - from));
    TRY(core->vault->erase({*first, {first + 1, first + count}, {}, std::nullopt}, {}));
  }
  const std::uint64_t unnamed = TRY(core->keys->dormant());
  if (unnamed > 0) TRY(core->keys->destroy_dormant({}));
  TRY(backup::set_dormant(*core->store, unreadable));
  return Finished{destroyed + unnamed, unreadable.size()};
}

}  // namespace app
