#include "tests/sim/restore.h"

#include <algorithm>

#include "backup/dormant.h"
#include "backup/restore.h"
#include "tests/sim/workload.h"

namespace sim {

using base::Code;
using base::Error;
using base::OwnerId;
using base::Result;

namespace {

constexpr std::size_t kOwnersMax = 100'000;
const std::string kDatabase = "data/store.db";
const std::string kStaged = "data/restore.db";
const std::string kStagedContent = "data/restore.content";

Result<void> remove_if_there(base::Disk& disk, const std::string& path) {
  const auto removed = disk.remove(path);
  if (!removed.ok() && removed.code() != Code::missing) return removed;
  return {};
}

class Restoring {
 public:
  Restoring(World& world, const Model& model)
      : world_(world), model_(model), source_(world.source()), schemas_(World::schemas()) {}

  Result<void> run() {
    const auto manifest = TRY(backup::admit(world_.disk, source_, kBackup));
    TRY(finish_begun());
    TRY(remove_staged());
    backup::Restored restored;
    TRY(backup::place_content(world_.disk, source_, kBackup, manifest, restored, {}));
    TRY(backup::build(world_.disk, world_.fibers, source_, kBackup, manifest, kStaged, kDatabase,
                      restored, {}));
    world_.store_name = "restore.db";
    world_.content_name = "restore.content";
    const auto done = bring_to_today();
    world_.close();
    world_.store_name = "store.db";
    world_.content_name = "content";
    TRY(done);
    TRY(swap());
    return world_.open();
  }

 private:
  Result<void> finish_begun() {
    TRY(world_.open());
    TRY(world_.vault->tick());
    for (std::uint64_t before = ~world_.ledger->size(); before != world_.ledger->size();) {
      before = world_.ledger->size();
      TRY(world_.ledger->tick());
    }
    world_.close();
    return {};
  }

  Result<void> bring_to_today() {
    TRY(world_.open());
    const auto named = TRY(owners_in());
    std::vector<OwnerId> erased;
    std::vector<OwnerId> live;
    for (const OwnerId owner : named) {
      const auto state = TRY(world_.keys->state(owner));
      if (state != keys::State::live && state != keys::State::unreadable)
        erased.push_back(owner);
      else if (TRY(world_.keys->readable(owner)))
        live.push_back(owner);
    }
    TRY(backup::remove_owners({kStaged, &world_.vfs}, schemas_, erased));
    TRY(world_.store->write([&](store::Tx& tx) -> Result<void> {
      for (const OwnerId owner : live) TRY(world_.vault->catch_up(tx, owner));
      return {};
    }));
    TRY(find_dormant(named));
    TRY(world_.outbox->restored());
    TRY(world_.vault->rebuild_directory(
        [&](const vault::Vault::OnListed& list) { return listings(list); }));
    return {};
  }

  Result<void> find_dormant(const std::vector<OwnerId>& named) {
    const auto known = TRY(world_.keys->known(std::nullopt, kOwnersMax));
    std::vector<OwnerId> dormant;
    for (const auto& [owner, state] : known)
      if (state == keys::State::live && !std::ranges::binary_search(named, owner))
        dormant.push_back(owner);
    return backup::set_dormant(*world_.store, dormant);
  }

  /// From the owners' own records, as accounts does it from its users'.
  Result<void> listings(const vault::Vault::OnListed& list) {
    for (const Owner& owner : model_.owners) {
      const auto state = TRY(world_.keys->state(owner.id));
      if (state != keys::State::live) continue;
      const auto leave = world_.gate->ask(gate::Actor::person, owner.id, N::identity, N::accounts);
      if (!leave.ok()) continue;
      const auto read = world_.store->read([&](store::Reader& reader) -> Result<void> {
        TRY(world_.vault->get(reader, *leave, record_key(0)));
        return {};
      });
      if (!read.ok()) continue;
      const auto address = TRY(vault::Address::parse(owner.address));
      TRY(list(address, {owner.id.as<base::UserTag>(), owner.id.as<base::AccountTag>()}));
    }
    return {};
  }

  Result<std::vector<OwnerId>> owners_in() {
    std::vector<OwnerId> named;
    const auto tables = TRY(store::Tables::snapshot({kStaged, &world_.vfs}));
    TRY(backup::each_owner(*tables, schemas_, [&](OwnerId owner) -> Result<void> {
      named.push_back(owner);
      return {};
    }));
    std::ranges::sort(named);
    const auto twice = std::ranges::unique(named);
    named.erase(twice.begin(), twice.end());
    return named;
  }

  Result<void> remove_staged() {
    for (const std::string end : {"", "-wal", "-shm", "-journal"})
      TRY(remove_if_there(world_.disk, kStaged + end));
    const auto gone = world_.disk.remove_directory(kStagedContent);
    if (!gone.ok() && gone.code() != Code::missing) return gone;
    return {};
  }

  Result<void> swap() {
    for (const std::string& database : {kStaged, kDatabase})
      if (TRY(world_.disk.exists(database + "-wal")))
        return Error{Code::conflict, "another program has the database open"};
    const auto file = TRY(world_.disk.open(kStaged, base::Open::update));
    TRY(file->sync());
    TRY(world_.disk.rename(kStaged, kDatabase));
    TRY(world_.disk.sync_directory(kData));
    return remove_staged();
  }

  World& world_;
  const Model& model_;
  const backup::Source source_;
  const std::vector<store::Schema> schemas_;
};

}  // namespace

Result<void> finish_restore(World& world) {
  const auto dormant = TRY(backup::dormant(*world.store));
  for (const OwnerId owner : dormant) {
    const auto state = TRY(world.keys->state(owner));
    if (state != keys::State::live) continue;
    const std::uint64_t logged = TRY(world.vault->logged(owner));
    std::optional<vault::Entry> last;
    if (logged > 0) last = vault::Entry{"erasure", "{}"};
    TRY(world.vault->erase({owner, {}, {}, last, logged}, {}));
  }
  return backup::set_dormant(*world.store, {});
}

Result<void> restore(World& world, const Model& model) { return Restoring(world, model).run(); }

}  // namespace sim
