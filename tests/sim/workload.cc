#include "tests/sim/workload.h"

#include <algorithm>

// The clockwork, and the requests about owners as a whole. What is done with an owner's data is in
// requests.cc, erasures are in erasures.cc.

namespace sim {

using base::Result;

namespace {

constexpr std::uint64_t kErase = 22;  // of the kinds of requests, and those behind it

// The server's own mark is not reached by so few requests.
constexpr std::uint64_t kFoldFrom = 200;

}  // namespace

void Figures::add(const Figures& other) {
  requests += other.requests;
  operations += other.operations;
  crashes += other.crashes;
  owners += other.owners;
  erasures += other.erasures;
  restores += other.restores;
  backups += other.backups;
  faults += other.faults;
  detected += other.detected;
}

std::uint64_t tag_of(const Owner& owner) { return base::load_u64(owner.id.bytes().data()); }

bool Workload::powered() const { return world_.disk.powered(); }

void Workload::judge(const base::Error& error, const char* what) {
  if (!powered() || plan_.faulty) return;
  findings_.add(Invariant::model_agrees, std::string(what) + " is refused: " + error.chain());
}

void Workload::judge(const base::Error& error, const Owner& owner, const char* what) {
  if (owner.life != Life::live) return;
  judge(error, what);
}

void Workload::run(const Plan& plan) {
  plan_ = plan;
  world_.disk.arm(plan.outage);
  at_work_ = plan.fibers;
  for (std::uint64_t i = 0; i < plan.fibers; ++i) world_.fibers.spawn([this] { work(); });
  world_.fibers.spawn([this] { clockwork(); });
  if (plan.with_replica) world_.fibers.spawn([this] { follow(); });
  if (plan.with_backup) world_.fibers.spawn([this] { back_up(); });
  if (!world_.fibers.run().ok())
    findings_.add(Invariant::starts_again, "requests wait for each other for ever");
}

void Workload::work() {
  for (std::uint64_t i = 0; i < plan_.requests && powered(); ++i) {
    ++figures_.requests;
    request();
    world_.trace.add("request", "done", i, model_.now);
  }
  --at_work_;
}

void Workload::clockwork() {
  while (at_work_ > 0 && powered()) {
    for (const auto& done : {world_.vault->tick(), world_.outbox->tick(), world_.ledger->tick(),
                             world_.store->fold_log(1 + choice_.below(kFoldFrom))})
      if (!done.ok()) judge(done.error(), "the clockwork");
    world_.fibers.sleep(std::chrono::milliseconds(1 + choice_.below(400)));
  }
}

void Workload::follow() {
  while (at_work_ > 0 && powered()) {
    (void)world_.replicator->step().ok();  // the link is what fails
    world_.fibers.sleep(std::chrono::milliseconds(1 + choice_.below(60)));
  }
}

void Workload::back_up() {
  world_.fibers.sleep(std::chrono::milliseconds(choice_.below(50)));
  const Window window{model_.next(), kNow};
  const auto made = backup::make(world_.disk, world_.clock, world_.source(), kBackup, {});
  if (made.ok()) {
    model_.backups = {{window.from, model_.next()}};
    ++figures_.backups;
    return;
  }
  // The manifest is written last: the state that was there before, or this one.
  model_.backups.push_back({window.from, model_.next()});
  judge(made.error(), "a backup");
}

Owner* Workload::pick() {
  if (model_.owners.empty()) return nullptr;
  for (int tries = 0; tries < 8; ++tries) {
    Owner& owner = model_.owners[choice_.below(model_.owners.size())];
    if (owner.life == Life::live) return &owner;
  }
  return nullptr;
}

void Workload::request() {
  Owner* owner = pick();
  if (owner == nullptr || choice_.one_in(10)) return create();
  ++owner->at_work;
  switch (plan_.erase_often && choice_.one_in(3) ? kErase : choice_.below(kErase + 2)) {
    case 0:
    case 1:
    case 2:
    case 3:
      put(*owner);
      break;
    case 4:
    case 5:
      get(*owner);
      break;
    case 6:
      list(*owner);
      break;
    case 7:
      remove(*owner);
      break;
    case 8:
      fail_a_part(*owner);
      break;
    case 9:
    case 10:
      write_content(*owner);
      break;
    case 11:
    case 12:
      grow_content(*owner);
      break;
    case 13:
      read_content(*owner);
      break;
    case 14:
      remove_content(*owner);
      break;
    case 15:
    case 16:
      change_standing(*owner);
      break;
    case 17:
      probe_gate(*owner);
      break;
    case 18:
      enter(*owner);
      break;
    case 19:
      notify(*owner);
      break;
    case 20:
      find(*owner);
      break;
    case 21:
      ask_of_the_erased();
      break;
    default:
      erase();
  }
  --owner->at_work;
}

Result<gate::Permit> Workload::permit(const Owner& owner, notice::CategoryId category) {
  return world_.gate->ask(gate::Actor::person, owner.id, category,
                          category == N::log_openings ? N::accountability : N::accounts);
}

vault::Key record_key(std::uint64_t slot) {
  base::Bytes id(base::RecordId::size);
  base::store_u64(id.data(), slot + 1);
  return {kPeople.name, {}, base::RecordId::from(id).value()};
}

vault::Fields Workload::fields(const Owner& owner, std::uint64_t slot, std::uint64_t value) {
  vault::Fields fields;
  fields.set("owner", owner.id);
  fields.set("slot", static_cast<std::int64_t>(slot));
  fields.set("value", static_cast<std::int64_t>(value));
  fields.set("address", vault::Fields::Text(owner.address));
  return fields;
}

std::optional<std::uint64_t> value_in(const vault::Record& record, const Owner& owner,
                                      std::uint64_t slot) {
  const auto whose = record.fields.id<base::OwnerId>("owner");
  const auto where = record.fields.integer("slot");
  const auto value = record.fields.integer("value");
  if (!whose.ok() || !where.ok() || !value.ok()) return std::nullopt;
  if (*whose != owner.id || static_cast<std::uint64_t>(*where) != slot) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

/// A sign-up: key, profile, address, entry in the log and a mail, in one transaction.
void Workload::create() {
  Owner& owner = model_.owners.emplace_back();
  owner.id = base::OwnerId::random(world_.entropy);
  owner.address = "person" + std::to_string(model_.owners.size()) + "@example.com";
  owner.created = model_.next();
  owner.at_work = 1;
  const std::uint64_t value = ++values_;
  Cell<std::uint64_t>& profile = owner.records.emplace(0, Cell<std::uint64_t>(0, 0)).first->second;
  profile.begin(value, owner.created);
  const auto address = vault::Address::parse(owner.address).value();
  const vault::Vault::Listed listed{owner.id.as<base::UserTag>(), owner.id.as<base::AccountTag>()};
  std::string token;
  const auto made = [&]() -> Result<void> {
    TRY(world_.keys->mint(std::span(&owner.id, 1)));
    const auto hold = TRY(world_.vault->hold_directory(std::span(&address, 1)));
    const auto leave = TRY(permit(owner));
    owner.entries.most = 1;
    return world_.store->write([&](store::Tx& tx) -> Result<void> {
      TRY(world_.keys->bind(tx, owner.id));
      TRY(world_.vault->put(tx, leave, record_key(0), fields(owner, 0, value)));
      TRY(world_.vault->enlist(tx, hold, address, listed));
      TRY(world_.vault->journal(tx, owner.id, {"account_created", "{}"}));
      Result<void> queued;
      token = queue_mail(tx, owner, queued);
      return queued;
    });
  }();
  --owner.at_work;
  if (made.ok()) {
    profile.done(model_.next());
    owner.entries = {1, 1};
    owner.life = Life::live;
    model_.mails[token].acknowledged = true;
    ++figures_.owners;
    return;
  }
  profile.in_doubt();
  judge(made.error(), "a sign-up");
  if (powered()) (void)world_.keys->abandon(std::span(&owner.id, 1)).ok();
}

std::string Workload::queue_mail(store::Tx& tx, Owner& owner, Result<void>& queued) {
  std::string token = "token-" + std::to_string(model_.mails.size());
  const auto at = static_cast<std::size_t>(std::ranges::find(model_.owners, owner.id, &Owner::id) -
                                           model_.owners.begin());
  model_.mails[token] = {at, false, false};
  queued = world_.outbox->queue(
      tx, {egress::MailKind::verify, owner.id, vault::Address::parse(owner.address).value(),
           base::Personal<std::string>(token), "http://localhost"});
  return token;
}

}  // namespace sim
