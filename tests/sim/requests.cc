#include "tests/sim/workload.h"

// What is done with one owner's data. Each tells the model before and after, so that a request that
// is cut short leaves exactly the doubt that it should.

namespace sim {

using base::Code;
using base::Result;

namespace {

constexpr std::uint64_t kSlots = 6;
constexpr std::uint64_t kListMax = 100;

}  // namespace

void Workload::settle(Cell<std::uint64_t>& cell, const Result<void>& done) {
  if (done.ok())
    cell.done(model_.next());
  else if (definite(done.code()))
    cell.refused();
  else
    cell.in_doubt();
}

void Workload::put(Owner& owner) {
  const std::uint64_t slot = 1 + choice_.below(kSlots);
  auto& cell = owner.records.emplace(slot, Cell<std::uint64_t>(0, 0)).first->second;
  if (cell.busy) return;
  const std::uint64_t value = ++values_;
  cell.begin(value, model_.next());
  const auto done = [&]() -> Result<void> {
    const auto leave = TRY(permit(owner));
    return world_.store->write([&](store::Tx& tx) {
      return world_.vault->put(tx, leave, record_key(slot), fields(owner, slot, value));
    });
  }();
  settle(cell, done);
  if (!done.ok()) judge(done.error(), owner, "a record");
}

void Workload::remove(Owner& owner) {
  const std::uint64_t slot = 1 + choice_.below(kSlots);
  const auto found = owner.records.find(slot);
  if (found == owner.records.end() || found->second.busy) return;
  Cell<std::uint64_t>& cell = found->second;
  const bool there = cell.certain().value_or(0) != 0;
  cell.begin(0, model_.next());
  const auto done = [&]() -> Result<void> {
    const auto leave = TRY(permit(owner));
    return world_.store->write(
        [&](store::Tx& tx) { return world_.vault->remove(tx, leave, record_key(slot)); });
  }();
  settle(cell, done);
  if (!done.ok() && there) judge(done.error(), owner, "removing a record");
}

/// A transaction that writes and then fails: nothing of it may stay, whoever shares its commit.
void Workload::fail_a_part(Owner& owner) {
  const std::uint64_t slot = 1 + choice_.below(kSlots);
  auto& cell = owner.records.emplace(slot, Cell<std::uint64_t>(0, 0)).first->second;
  if (cell.busy) return;
  cell.begin(++values_, model_.next());
  const std::uint64_t value = values_;
  (void)[&]()->Result<void> {
    const auto leave = TRY(permit(owner));
    return world_.store->write([&](store::Tx& tx) -> Result<void> {
      TRY(world_.vault->put(tx, leave, record_key(slot), fields(owner, slot, value)));
      return base::Error{Code::invalid, "the request is wrong after all"};
    });
  }
  ().ok();
  cell.refused();
}

void Workload::get(Owner& owner) {
  const std::uint64_t slot = choice_.below(kSlots + 1);
  const auto found = owner.records.find(slot);
  if (found == owner.records.end()) return;
  const Moment from = model_.next();
  std::optional<vault::Record> record;
  const auto done = [&]() -> Result<void> {
    const auto leave = TRY(permit(owner));
    return world_.store->read([&](store::Reader& reader) -> Result<void> {
      record = TRY(world_.vault->get(reader, leave, record_key(slot)));
      return {};
    });
  }();
  if (!done.ok() && done.code() != Code::missing) return judge(done.error(), owner, "reading");
  std::uint64_t value = 0;
  if (done.ok()) {
    const auto hers = value_in(*record, owner, slot);
    findings_.expect(hers.has_value(), Invariant::owners_apart, "a record is another's");
    value = hers.value_or(0);
  }
  if (owner.life != Life::live) return;
  findings_.expect(found->second.allows(value, {from, model_.next()}), Invariant::acknowledged_kept,
                   "a record does not read as it was written");
}

void Workload::list(Owner& owner) {
  std::vector<vault::Record> all;
  const auto done = [&]() -> Result<void> {
    const auto leave = TRY(permit(owner));
    return world_.store->read([&](store::Reader& reader) -> Result<void> {
      all = TRY(world_.vault->list(reader, leave, {kPeople.name, {}, {}}, kListMax));
      return {};
    });
  }();
  if (!done.ok()) return judge(done.error(), owner, "a list");
  for (const vault::Record& record : all) {
    const auto whose = record.fields.id<base::OwnerId>("owner");
    findings_.expect(whose.ok() && *whose == owner.id, Invariant::owners_apart,
                     "a list has another's record");
  }
}

void Workload::write_content(Owner& owner) {
  const std::uint64_t bytes = choice_.any_size(16);
  const auto filler = static_cast<std::uint8_t>(1 + choice_.below(255));
  Content* content = nullptr;
  const auto done = [&]() -> Result<void> {
    const auto leave = TRY(permit(owner, N::workspace_content));
    auto writer = TRY(world_.vault->create_content(leave, kFiles.name));
    TRY(writer->write(base::Bytes(bytes, filler)));
    TRY(writer->finish());
    content =
        &owner.contents.emplace_back(Content{writer->id(), bytes, filler, Cell<bool>(false, 0)});
    content->there.begin(true, model_.next());
    return world_.store->write([&](store::Tx& tx) { return world_.vault->publish(tx, *writer); });
  }();
  if (!done.ok()) judge(done.error(), owner, "content");
  if (content == nullptr) return;
  if (done.ok())
    content->there.done(model_.next());
  else
    content->there.in_doubt();
}

/// The next part of content that grows, or the first of another one.
void Workload::grow_content(Owner& owner) {
  if (owner.growths.empty() || owner.growths.back().over || choice_.one_in(8)) {
    const std::uint64_t length = 2 + choice_.any_size(16);
    owner.growths.push_back({{}, length, static_cast<std::uint8_t>(1 + choice_.below(255))});
  }
  Growth& growth = owner.growths.back();
  const auto from = growth.bytes.certain();
  if (growth.held || growth.over || !from) return;
  const std::uint64_t left = growth.length - *from;
  const std::uint64_t size = choice_.one_in(3) ? left : 1 + choice_.below(left);
  growth.held = true;
  Content* whole = nullptr;
  const auto done = bring_part(owner, growth, *from, size, whole);
  growth.held = false;
  if (!done.ok()) judge(done.error(), owner, "a part of content");
  // Of what failed before its transaction nothing has begun.
  if (growth.bytes.busy) settle(growth.bytes, done);
  if (whole == nullptr) return;
  growth.over = done.ok();
  if (done.ok())
    whole->there.done(model_.next());
  else
    whole->there.in_doubt();
}

Result<void> Workload::bring_part(Owner& owner, Growth& growth, std::uint64_t from,
                                  std::uint64_t size, Content*& whole) {
  const auto leave = TRY(permit(owner, N::workspace_content));
  auto opened = from == 0 ? world_.vault->create_content(leave, kGrowing.name)
                          : world_.vault->append_content({leave, kGrowing.name}, growth.id);
  const auto writer = TRY(std::move(opened));
  findings_.expect(writer->size() == from, Invariant::acknowledged_kept,
                   "content does not go on where it was acknowledged");
  TRY(writer->write(base::Bytes(size, growth.filler)));
  TRY(writer->finish());
  growth.id = writer->id();
  growth.bytes.begin(from + size, model_.next());
  if (from + size == growth.length) {
    whole = &owner.contents.emplace_back(
        Content{growth.id, growth.length, growth.filler, Cell<bool>(false, 0)});
    whole->there.begin(true, model_.next());
  }
  return world_.store->write([&](store::Tx& tx) -> Result<void> {
    TRY(world_.vault->publish(tx, *writer, {}, vault::Whole::no));
    if (whole == nullptr) return {};
    return world_.vault->move_content(tx, {leave, kGrowing.name}, {leave, kFiles.name}, growth.id);
  });
}

void Workload::read_content(Owner& owner) {
  if (owner.contents.empty()) return;
  Content& content = owner.contents[choice_.below(owner.contents.size())];
  const Moment from = model_.next();
  base::Bytes bytes(content.bytes + 1);
  std::size_t size = 0;
  const auto done = [&]() -> Result<void> {
    const auto leave = TRY(permit(owner, N::workspace_content));
    auto reader = TRY(world_.vault->open_content(leave, kFiles.name, content.id));
    size = TRY(reader->read_at(0, bytes));
    return {};
  }();
  if (owner.life != Life::live) return;
  const bool there = done.ok();
  // The file may go between a look at its row and its opening.
  if (!there && done.code() != Code::missing) return judge(done.error(), owner, "reading content");
  findings_.expect(content.there.allows(there, {from, model_.next()}), Invariant::acknowledged_kept,
                   "content is not there, or there again");
  if (!there) return;
  bytes.resize(size);
  findings_.expect(bytes == base::Bytes(content.bytes, content.filler), Invariant::owners_apart,
                   "content does not read as it was written");
}

void Workload::remove_content(Owner& owner) {
  if (owner.contents.empty()) return;
  Content& content = owner.contents[choice_.below(owner.contents.size())];
  if (content.there.busy || content.there.certain() != true) return;
  content.there.begin(false, model_.next());
  const auto done = [&]() -> Result<void> {
    const auto leave = TRY(permit(owner, N::workspace_content));
    return world_.store->write([&](store::Tx& tx) {
      return world_.vault->remove_content(tx, leave, kFiles.name, content.id);
    });
  }();
  if (done.ok()) return content.there.done(model_.next());
  if (definite(done.code()))
    content.there.refused();
  else
    content.there.in_doubt();
  judge(done.error(), owner, "removing content");
}

void Workload::change_standing(Owner& owner) {
  const auto now = owner.stand.certain();
  if (owner.stand.busy || !now) return;
  Stand next = *now;
  vault::StandingChange change;
  switch (now->unconfirmed ? 3 : choice_.below(3)) {
    case 0:
      next.restricted = !now->restricted;
      change.restriction = next.restricted ? vault::Restriction::on : vault::Restriction::off;
      break;
    case 1:
      next.consented = !now->consented;
      (next.consented ? change.consents : change.withdraws).add(N::analytics);
      break;
    case 2:
      next.objected = !now->objected;
      (next.objected ? change.objects : change.agrees).add(N::improvement);
      break;
    default:
      next.unconfirmed = false;
      change.confirmation = vault::Confirmation::hers;
  }
  owner.stand.begin(next, model_.next());
  ++owner.stand_changes;
  ++owner.changes.most;
  if (next.restricted)
    for (auto& [token, mail] : model_.mails)
      if (model_.owners[mail.owner].id == owner.id) mail.excused = true;
  const auto done = world_.store->write([&](store::Tx& tx) -> Result<void> {
    TRY(world_.vault->change_standing(tx, owner.id, change, {"standing", "{}"}));
    return {};
  });
  if (done.ok()) {
    ++owner.changes.least;
    return owner.stand.done(model_.next());
  }
  if (definite(done.code())) {
    --owner.changes.most;
    owner.stand.refused();
  } else {
    owner.stand.in_doubt();
  }
  judge(done.error(), owner, "a change of standing");
}

void Workload::probe_gate(Owner& owner) {
  const std::uint64_t changes = owner.stand_changes;
  const auto always = [&](bool Stand::* bit) {
    return owner.stand.all_present([&](const Stand& stand) { return stand.*bit; });
  };
  const bool restricted = always(&Stand::restricted);
  const bool unconfirmed = always(&Stand::unconfirmed);
  const bool objected = always(&Stand::objected);
  const bool dissents =
      owner.stand.all_present([](const Stand& stand) { return !stand.consented; });
  const auto before = owner.stand.certain();
  const auto ask = [&](notice::PurposeId purpose) {
    return world_.gate->ask(gate::Actor::system, owner.id, N::identity, purpose);
  };
  const auto service = ask(N::service);
  const bool analytics = ask(N::analytics).ok();
  const bool improvement = ask(N::improvement).ok();
  // One of the answers may be from after a change that began meanwhile.
  if (owner.stand_changes != changes || owner.life != Life::live) return;
  findings_.expect(!service.ok() || !restricted, Invariant::restricted_unused,
                   "restricted data may be used");
  findings_.expect(!analytics || !(restricted || unconfirmed || dissents),
                   Invariant::restricted_unused, "data is used without consent");
  findings_.expect(!improvement || !(restricted || unconfirmed || objected),
                   Invariant::restricted_unused, "data is used in spite of an objection");
  if (!service.ok() && before == Stand{}) judge(service.error(), owner, "a permit");
}

void Workload::enter(Owner& owner) {
  ++owner.entries.most;
  std::optional<ledger::Ticket> ticket;
  const auto done = world_.store->write([&](store::Tx& tx) -> Result<void> {
    ticket = TRY(world_.vault->journal(tx, owner.id, {"login", "{}"}));
    return {};
  });
  if (!done.ok()) {
    if (definite(done.code())) --owner.entries.most;
    return judge(done.error(), owner, "an entry");
  }
  ++owner.entries.least;
  if (choice_.one_in(2)) return;
  const auto index = world_.ledger->await(*ticket);
  if (!index.ok()) return judge(index.error(), "an awaited entry");
  model_.checkpoints.push_back(world_.ledger->checkpoint());
}

void Workload::notify(Owner& owner) {
  std::string token;
  const std::uint64_t changes = owner.stand_changes;
  const bool free_then = owner.stand.certain() == Stand{};
  const auto free = [&] { return free_then && owner.stand_changes == changes; };
  const auto done = world_.store->write([&](store::Tx& tx) -> Result<void> {
    Result<void> queued;
    token = queue_mail(tx, owner, queued);
    return queued;
  });
  if (!done.ok()) {
    if (free()) judge(done.error(), owner, "a mail");
    return;
  }
  Mail& mail = model_.mails[token];
  mail.acknowledged = true;
  if (!free()) mail.excused = true;
}

void Workload::find(Owner& owner) {
  const Moment from = model_.next();
  const auto listed = world_.vault->find(vault::Address::parse(owner.address).value());
  if (!listed.ok()) return judge(listed.error(), owner, "a look into the directory");
  if (owner.life != Life::live) return;
  const auto& profile = owner.records.at(0);
  const bool there = !profile.allows(0, {from, model_.next()});
  findings_.expect(listed->has_value() || !there, Invariant::acknowledged_kept,
                   "somebody is not in the directory");
  if (listed->has_value())
    findings_.expect((*listed)->user.as<base::OwnerTag>() == owner.id, Invariant::owners_apart,
                     "an address leads to another owner");
}

}  // namespace sim
