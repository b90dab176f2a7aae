#include "app/restore.h"

#include <algorithm>

#include "backup/dormant.h"

// The steps, and what a kill between them leaves:
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

Result<void> remove_if_there(base::Disk& disk, const std::string& path) {
  const auto removed = disk.remove(path);
  if (!removed.ok() && removed.code() != Code::missing) return removed;
  return {};
}

Result<void> remove_staged(base::Disk& disk, const std::string& data) {
  for (const std::string end : {"", "-wal", "-shm", "-journal"})
    TRY(remove_if_there(disk, data + "/" + kStaged.c_str() + end));
  const auto gone = disk.remove_directory(data + "/" + kStagedContent.c_str());
  if (!gone.ok() && gone.code() != Code::missing) return gone;
  return {};
}

/// A log that is left beside a database holds a part of it.
Result<void> check_folded(base::Disk& disk, const std::string& database) {
  if (!TRY(disk.exists(database + "-wal"))) return {};
  return Error{Code::conflict, "another program has the database open"};
}

class Restoring {
 public:
  Restoring(const ServeOptions& options, const notice::Document& document, std::string directory,
            const OnStep& step)
      : options_(options),
        document_(document),
        directory_(std::move(directory)),
        step_(step),
        data_(options.data),
        schemas_(Core::schemas()),
        source_{data_, schemas_} {}

  Result<RestoreReport> run() {
    report_.manifest = TRY(backup::admit(disk_, source_, directory_));
    report_.store_lost = !TRY(disk_.exists(data_ + "/store.db"));
    step_("finishing what was begun");
    TRY(finish_begun());
    const auto others =
        TRY_AS(base::LockFile::take(data_ + "/backup.lock"), "a backup of this data is running");
    TRY(remove_staged(disk_, data_));
    step_("putting content in place");
    TRY(backup::place_content(disk_, source_, directory_, report_.manifest, report_.restored, {}));
    step_("building the database");
    const std::string staged = data_ + "/" + kStaged.c_str();
    std::optional<std::string> live;
    if (!report_.store_lost) live = data_ + "/store.db";
    TRY(backup::build(disk_, wait_, source_, directory_, report_.manifest, staged, live,
                      report_.restored, {}));
    step_("bringing it to today");
    TRY(bring_to_today());
    step_("swapping it in");
    TRY(swap(staged));
    step_("opening it");
    TRY(open_and_close({}));
    return std::move(report_);
  }

 private:
  Result<void> open_and_close(Layout layout) {
    layout.lock = std::move(lock_);
    const auto core = TRY(Core::open(options_, document_, std::move(layout)));
    TRY(core->vault->tick());
    lock_ = std::move(core->lock);
    return {};
  }

  Result<void> finish_begun() {
    if (report_.store_lost) {
      lock_ = std::make_unique<base::LockFile>(TRY(base::LockFile::take(data_ + "/lock")));
      return {};
    }
    const auto core = TRY_AS(Core::open(options_, document_),
                             "the data cannot be opened (where its store.db is lost, move it away: "
                             "what is live in it is made again from the key tree and the log)");
    TRY(core->vault->tick());
    for (std::uint64_t before = ~core->ledger->size(); before != core->ledger->size();) {
      before = core->ledger->size();
      TRY(core->ledger->tick());
    }
    lock_ = std::move(core->lock);
    return {};
  }

  Result<void> bring_to_today() {
    Layout layout;
    layout.store = kStaged.c_str();
    layout.content = kStagedContent.c_str();
    layout.lock = std::move(lock_);
    layout.store_lost = report_.store_lost;
    const auto core = TRY(Core::open(options_, document_, std::move(layout)));
    const auto named = TRY(Core::owners_in(data_ + "/" + kStaged.c_str()));
    TRY(settle_owners(*core, named));
    TRY(find_dormant(*core, named));
    // Who has something to do after a restore. Today nothing else is tied to the day of the backup.
    TRY(core->outbox->restored());
    report_.unlisted = TRY(core->accounts->restored());
    lock_ = std::move(core->lock);
    return {};
  }

  /// Rows of the erased go; the others' counts are moved past what the log has.
  Result<void> settle_owners(Core& core, const std::vector<base::OwnerId>& named) {
    std::vector<base::OwnerId> live;
    for (const base::OwnerId owner : named)
      (core.keys->state(owner) == keys::State::live ? live : report_.erased).push_back(owner);
    TRY(backup::remove_owners(data_ + "/" + kStaged.c_str(), schemas_, report_.erased));
    return in_batches(core, live, [&](store::Tx& tx, base::OwnerId owner) -> Result<void> {
      const vault::CaughtUp ahead = TRY(core.vault->catch_up(tx, owner));
      if (ahead.entries > 0) report_.entries_ahead.push_back(owner);
      if (ahead.standing > 0) report_.unconfirmed.push_back(owner);
      return {};
    });
  }

  template <class Each>
  static Result<void> in_batches(Core& core, const std::vector<base::OwnerId>& owners,
                                 const Each& each) {
    for (std::size_t from = 0; from < owners.size(); from += kAtOnce)
      TRY(core.store->write([&](store::Tx& tx) -> Result<void> {
        for (std::size_t i = from; i < std::min(owners.size(), from + kAtOnce); ++i)
          TRY(each(tx, owners[i]));
        return {};
      }));
    return {};
  }

  Result<void> find_dormant(Core& core, const std::vector<base::OwnerId>& named) {
    std::optional<base::OwnerId> after;
    while (true) {
      const auto known = TRY(core.keys->known(after, kAtOnce));
      for (const auto& [owner, state] : known)
        if (state == keys::State::live && !std::ranges::binary_search(named, owner))
          report_.dormant.push_back(owner);
      if (known.size() < kAtOnce) break;
      after = known.back().owner;
    }
    report_.dormant_unnamed = TRY(core.keys->dormant());
    return backup::set_dormant(*core.store, report_.dormant);
  }

  Result<void> swap(const std::string& staged) {
    const std::string database = data_ + "/store.db";
    TRY(check_folded(disk_, staged));
    if (report_.store_lost) {
      // What is left of a log without its database belongs to nothing.
      TRY(remove_if_there(disk_, database + "-wal"));
      TRY(remove_if_there(disk_, database + "-shm"));
    }
    TRY(check_folded(disk_, database));
    const auto file = TRY(disk_.open(staged, base::Open::update));
    TRY(file->sync());
    TRY(disk_.rename(staged, database));
    TRY(disk_.sync_directory(data_));
    return remove_staged(disk_, data_);
  }

  const ServeOptions& options_;
  const notice::Document& document_;
  const std::string directory_;
  const OnStep& step_;
  base::RealDisk disk_;
  base::ThreadWait wait_;
  const std::string data_;
  const std::vector<store::Schema> schemas_;
  const backup::Source source_;
  std::unique_ptr<base::LockFile> lock_;
  RestoreReport report_;
};

}  // namespace

Result<RestoreReport> restore(const ServeOptions& options, const notice::Document& document,
                              const std::string& directory, const OnStep& step) {
  return Restoring(options, document, directory, step).run();
}

Result<std::uint64_t> finish_restore(const ServeOptions& options,
                                     const notice::Document& document) {
  const auto core = TRY(Core::open(options, document));
  std::vector<base::OwnerId> unlogged;
  const auto dormant = TRY(backup::dormant(*core->store));
  const auto named = TRY(Core::owners_in(options.data + "/store.db"));
  std::uint64_t destroyed = 0;
  for (const base::OwnerId owner : dormant) {
    if (core->keys->state(owner) != keys::State::live) continue;
    // She has come to have data since: whoever gave it to her knew her.
    if (std::ranges::binary_search(named, owner)) continue;
    ++destroyed;
    vault::CaughtUp ahead;
    TRY(core->store->write([&](store::Tx& tx) -> Result<void> {
      ahead = TRY(core->vault->catch_up(tx, owner));
      return {};
    }));
    if (ahead.entries == 0) {
      unlogged.push_back(owner);
      continue;
    }
    // She has entries in the log: this is the last of them.
    const vault::Entry last{"erasure", R"({"cause":"unknown to the backup that was restored"})"};
    TRY(core->vault->erase({owner, {}, {}, last}, {}));
  }
  for (std::size_t from = 0; from < unlogged.size(); from += kAtOnce) {
    const auto first = unlogged.begin() + static_cast<std::ptrdiff_t>(from);
    const auto count = static_cast<std::ptrdiff_t>(std::min(kAtOnce, unlogged.size() - from));
    TRY(core->vault->erase({*first, {first + 1, first + count}, {}, std::nullopt}, {}));
  }
  const std::uint64_t unnamed = TRY(core->keys->dormant());
  if (unnamed > 0) TRY(core->keys->destroy_dormant({}));
  TRY(backup::set_dormant(*core->store, {}));
  return destroyed + unnamed;
}

}  // namespace app
