#include "tests/sim/check.h"

#include <algorithm>

#include "ledger/receipt_form.h"
#include "tests/sim/workload.h"
#include "vault/collections.h"
#include "vault/journal.h"

namespace sim {

using base::Code;
using base::Result;

namespace {

constexpr std::size_t kListMax = 10'000;

}  // namespace

void Check::run() {
  for (Owner& each : model_.owners) owner(each);
  std::set<std::string> keys_seen;
  for (const Owner& each : model_.owners)
    if (each.life == Life::live)
      findings_.expect(keys_seen.insert(each.fingerprint).second, Invariant::owners_apart,
                       "two owners have one key");
  log();
  sealed();
  keys();
  replica();
}

template <class T>
bool Check::allowed(const Cell<T>& cell, const T& value) const {
  if (after_ == After::crash) return cell.allows(value);
  return std::ranges::any_of(model_.backups,
                             [&](const Window& window) { return cell.allows(value, window); });
}

gate::Permit Check::permit(const Owner& owner, notice::CategoryId category) {
  return world_.gate->ask(gate::Actor::person, owner.id, category, N::accounts).value();
}

std::uint64_t Check::count_rows(base::Literal sql, const Owner& owner) {
  std::uint64_t rows = 0;
  const auto read = world_.store->read([&](store::Reader& reader) {
    return reader.query(sql, {owner.id}, [&](const store::Row& row) -> Result<void> {
      rows += static_cast<std::uint64_t>(row.integer(0));
      return {};
    });
  });
  findings_.expect(read.ok(), Invariant::model_agrees, "rows cannot be counted");
  return rows;
}

void Check::owner(Owner& owner) {
  settle_life(owner);
  if (owner.life == Life::live) live(owner);
  if (owner.life == Life::erased) erased(owner);
}

/// What was in doubt is decided now, and must have happened wholly or not at all.
void Check::settle_life(Owner& owner) {
  const keys::State state = world_.keys->state(owner.id).value();
  switch (owner.life) {
    case Life::creating:
      if (state == keys::State::live) {
        owner.life = Life::live;
        return;
      }
      findings_.expect(state == keys::State::unknown, Invariant::model_agrees,
                       "a sign-up that was cut short has left something");
      findings_.expect(count_rows("SELECT count(*) FROM vault_record WHERE owner = ?", owner) == 0,
                       Invariant::model_agrees, "somebody without a key has records");
      return;
    case Life::erasing:
      findings_.expect(state == keys::State::live || state == keys::State::erased,
                       Invariant::erasure_whole, "an erasure is half done after a recovery");
      owner.life = state == keys::State::erased ? Life::erased : Life::live;
      if (owner.life == Life::erased) owner.erased = model_.next();
      return;
    case Life::live:
      findings_.expect(state == keys::State::live, Invariant::acknowledged_kept,
                       "an owner is not there any more");
      return;
    case Life::erased:
      findings_.expect(state == keys::State::erased, Invariant::erasure_whole,
                       "an erased owner has no tombstone");
  }
}

void Check::erased(Owner& owner) {
  findings_.expect(!world_.keys->derive(owner.id, "sim").ok(), Invariant::erased_gone,
                   "an erased owner's key is derived");
  const auto decision = world_.gate->decide(owner.id, N::identity, N::accounts);
  // A restore brings back nothing of hers, and her standing neither: her key is what is gone.
  findings_.expect(owner.restored || !decision.allowed(), Invariant::erasure_whole,
                   "an erased owner's data may be used");
  for (const base::Literal sql :
       {base::Literal("SELECT count(*) FROM vault_record WHERE owner = ?"),
        base::Literal("SELECT count(*) FROM vault_journal WHERE owner = ?"),
        base::Literal("SELECT count(*) FROM vault_content WHERE owner = ? AND state <> 2"),
        base::Literal("SELECT count(*) FROM egress_mail WHERE owner = ?")})
    findings_.expect(count_rows(sql, owner) == 0, Invariant::erasure_whole,
                     "rows of an erased owner are left");
  const auto listed = world_.vault->find(vault::Address::parse(owner.address).value());
  findings_.expect(listed.ok() && !listed->has_value(), Invariant::erasure_whole,
                   "an erased owner is in the directory");
  last_entry(owner);
  const auto again = world_.keys->mint(std::span(&owner.id, 1));
  findings_.expect(!again.ok() && again.code() == Code::conflict, Invariant::erasure_whole,
                   "an erased owner is given a key again");
}

/// The erasure itself, behind all that she knew of, though her key is gone.
void Check::last_entry(const Owner& owner) {
  if (owner.log_key.empty()) return;
  std::uint64_t logged = 0;
  const auto read = world_.store->read([&](store::Reader& reader) -> Result<void> {
    while (TRY(ledger::Ledger::has(reader, vault::log_label(owner.log_key, logged)))) ++logged;
    return {};
  });
  findings_.expect(read.ok() && logged > owner.entries.least, Invariant::erasure_whole,
                   "an erasure is not in the log");
}

void Check::live(Owner& owner) {
  owner.log_key.clear();
  const auto key = world_.keys->derive(owner.id, "sim");
  findings_.expect(key.ok(), Invariant::acknowledged_kept, "an owner's key is lost");
  if (!key.ok()) return;
  const std::string fingerprint = base::hex(base::sha256(key->view()));
  if (owner.fingerprint.empty()) owner.fingerprint = fingerprint;
  findings_.expect(owner.fingerprint == fingerprint, Invariant::owners_apart,
                   "an owner has another key than before");
  standing(owner);
  if (!world_.gate->ask(gate::Actor::person, owner.id, N::identity, N::accounts).ok()) {
    findings_.add(Invariant::model_agrees, "somebody may not use what is hers");
    return;
  }
  records(owner);
  contents(owner);
  growths(owner);
  directory(owner);
  chain(owner, vault::Chain::entries, owner.entries);
  chain(owner, vault::Chain::standing, owner.changes);
  openings(owner);
}

void Check::records(Owner& owner) {
  const gate::Permit leave = permit(owner, N::identity);
  std::map<std::uint64_t, std::uint64_t> found;
  const auto read = world_.store->read([&](store::Reader& reader) -> Result<void> {
    const auto all = TRY(world_.vault->list(reader, leave, {kPeople.name, {}, {}}, kListMax));
    for (const vault::Record& record : all) {
      const std::uint64_t slot = base::load_u64(record.id.bytes().data()) - 1;
      const auto value = value_in(record, owner, slot);
      findings_.expect(value.has_value(), Invariant::owners_apart, "a record is another's");
      found[slot] = value.value_or(0);
    }
    return {};
  });
  if (!read.ok())
    findings_.add(Invariant::acknowledged_kept, "records do not open: " + read.error().chain());
  for (auto& [slot, cell] : owner.records) {
    const auto at = found.find(slot);
    const std::uint64_t value = at == found.end() ? 0 : at->second;
    if (!allowed(cell, value))
      findings_.add(value == 0 ? Invariant::acknowledged_kept : Invariant::model_agrees,
                    "a record is not one that it may be");
    cell.settle(value, model_.next());
    if (at != found.end()) found.erase(at);
  }
  findings_.expect(found.empty(), Invariant::model_agrees, "there are records that nobody wrote");
}

bool Check::has_content(const Owner& owner, base::ContentId id) {
  bool there = false;
  const auto read = world_.store->read([&](store::Reader& reader) {
    return reader.query("SELECT 1 FROM vault_content WHERE owner = ? AND id = ? AND state = 1",
                        {owner.id, id}, [&](const store::Row&) -> Result<void> {
                          there = true;
                          return {};
                        });
  });
  findings_.expect(read.ok(), Invariant::model_agrees, "content cannot be looked up");
  return there;
}

void Check::contents(Owner& owner) {
  const gate::Permit leave = permit(owner, N::workspace_content);
  for (Content& content : owner.contents) {
    const auto reader = world_.vault->open_content(leave, kFiles.name, content.id);
    // Where its row is there and its file is not, the disk is what says missing.
    const bool row = has_content(owner, content.id);
    const bool there = row || reader.ok();
    findings_.expect(allowed(content.there, there), Invariant::acknowledged_kept,
                     there ? "content is there again" : "content is lost");
    content.there.settle(there, model_.next());
    if (!there) continue;
    base::Bytes bytes(content.bytes + 1);
    const auto size = reader.ok() ? (*reader)->read_at(0, bytes) : reader.error();
    if (!size.ok()) {
      findings_.add(Invariant::acknowledged_kept, "content does not open: " + size.error().chain());
      continue;
    }
    bytes.resize(*size);
    findings_.expect(bytes == base::Bytes(content.bytes, content.filler),
                     Invariant::acknowledged_kept, "content does not read as it was written");
  }
}

std::pair<std::uint64_t, bool> Check::grown(const Owner& owner, base::ContentId id) {
  std::pair<std::uint64_t, bool> found{0, false};
  const auto read = world_.store->read([&](store::Reader& reader) {
    return reader.query(
        "SELECT bytes, state FROM vault_content WHERE owner = ? AND id = ? AND state <> 2",
        {owner.id, id}, [&](const store::Row& row) -> Result<void> {
          found = {static_cast<std::uint64_t>(row.integer(0)), row.integer(1) == 1};
          return {};
        });
  });
  findings_.expect(read.ok(), Invariant::model_agrees, "content that grows cannot be looked up");
  return found;
}

/// What grows is as long as was acknowledged, goes on there, and is read by nobody. A backup has
/// none of it: after a restore whoever brought it begins again.
void Check::growths(Owner& owner) {
  const gate::Permit leave = permit(owner, N::workspace_content);
  for (Growth& growth : owner.growths) {
    growth.held = false;
    if (growth.over) continue;
    growth.over = after_ == After::restore;
    if (growth.over) continue;
    const auto [bytes, whole] = grown(owner, growth.id);
    findings_.expect(growth.bytes.allows(bytes) && (!whole || bytes == growth.length),
                     Invariant::acknowledged_kept,
                     "content that grows is not as long as was acknowledged");
    growth.bytes.settle(bytes, model_.next());
    growth.over = whole || bytes == 0;
    if (growth.over) continue;
    const auto reader = world_.vault->open_content(leave, kGrowing.name, growth.id);
    findings_.expect(!reader.ok() && reader.code() == Code::missing, Invariant::model_agrees,
                     "content is read before it is whole");
    const auto writer = world_.vault->append_content({leave, kGrowing.name}, growth.id);
    if (!writer.ok())
      findings_.add(Invariant::acknowledged_kept,
                    "content that grows does not go on: " + writer.error().chain());
    else
      findings_.expect((*writer)->size() == bytes, Invariant::acknowledged_kept,
                       "content does not go on where it was acknowledged");
  }
}

void Check::directory(Owner& owner) {
  const auto listed = world_.vault->find(vault::Address::parse(owner.address).value());
  if (!listed.ok()) {
    findings_.add(Invariant::acknowledged_kept,
                  "the directory does not open: " + listed.error().chain());
    return;
  }
  const bool there = owner.records.at(0).certain().value_or(0) != 0;
  findings_.expect(listed->has_value() == there, Invariant::acknowledged_kept,
                   there ? "somebody is not in the directory" : "nobody is in the directory");
  if (listed->has_value())
    findings_.expect((*listed)->user.as<base::OwnerTag>() == owner.id, Invariant::owners_apart,
                     "an address leads to another owner");
}

void Check::standing(Owner& owner) {
  const notice::Standing found = world_.gate->standing(owner.id);
  const Stand stand{found.restricted, found.consented.has(N::analytics),
                    found.objected.has(N::improvement), found.unconfirmed};
  const auto may = [&](notice::PurposeId purpose) {
    return world_.gate->ask(gate::Actor::system, owner.id, N::identity, purpose).ok();
  };
  const auto always = [&](bool Stand::* bit, bool value) {
    return owner.stand.all_present([&](const Stand& each) { return each.*bit == value; });
  };
  // Whatever else a restore has forgotten.
  findings_.expect(!(always(&Stand::restricted, true) && may(N::service)),
                   Invariant::restricted_unused, "restricted data may be used");
  findings_.expect(!(always(&Stand::consented, false) && may(N::analytics)),
                   Invariant::restricted_unused, "data is used without consent");
  findings_.expect(!(always(&Stand::objected, true) && may(N::improvement)),
                   Invariant::restricted_unused, "data is used in spite of an objection");
  if (after_ == After::crash)
    findings_.expect(owner.stand.allows(stand), Invariant::acknowledged_kept,
                     "how somebody stands is not as she said");
  owner.stand.settle(stand, model_.next());
}

/// The labels of a chain: all of them, in the log, up to her count and none behind it.
void Check::chain(Owner& owner, vault::Chain chain, Count& count) {
  const auto key = world_.keys->derive(owner.id, vault::log_key_of(chain));
  if (!key.ok()) return;
  std::uint64_t counted = 0;
  std::uint64_t logged = 0;
  bool behind = false;
  const auto read = world_.store->read([&](store::Reader& reader) -> Result<void> {
    TRY(reader.query("SELECT count FROM vault_journal WHERE owner = ? AND chain = ?",
                     {owner.id, chain}, [&](const store::Row& row) -> Result<void> {
                       counted = static_cast<std::uint64_t>(row.integer(0));
                       return {};
                     }));
    while (TRY(ledger::Ledger::has(reader, vault::log_label(key->view(), logged)))) ++logged;
    behind = TRY(ledger::Ledger::has(reader, vault::log_label(key->view(), logged + 1)));
    return {};
  });
  findings_.expect(read.ok(), Invariant::log_grows, "an owner's chain cannot be read");
  findings_.expect(!behind, Invariant::log_grows, "an owner's chain has a gap");
  findings_.expect(counted == logged, Invariant::log_grows,
                   "an owner's count is not what the log has of her");
  findings_.expect(logged >= count.least, Invariant::log_grows,
                   "an acknowledged entry is not in the log");
  findings_.expect(logged <= count.most, Invariant::log_grows, "an entry is twice in the log");
  count = {logged, logged};
}

/// What opens her entries: each fits its leaf, and there is one for each, unless a restore lost it.
void Check::openings(const Owner& owner) {
  // While she is restricted, they are not for this.
  const auto leave =
      world_.gate->ask(gate::Actor::person, owner.id, N::log_openings, N::accountability);
  if (!leave.ok()) return;
  std::set<std::string> seen;
  std::uint64_t fitting = 0;
  const auto read = world_.store->read([&](store::Reader& reader) -> Result<void> {
    const auto all =
        TRY(world_.vault->list(reader, *leave, {vault::kLogOpenings, {}, {}}, kListMax));
    for (const vault::Record& record : all) {
      const auto number = TRY(record.fields.integer("number"));
      const auto chain = TRY(record.fields.integer("chain"));
      const auto nonce = TRY(record.fields.bytes("nonce"));
      const auto payload = TRY(record.fields.text("payload"));
      const auto key =
          TRY(world_.keys->derive(owner.id, vault::log_key_of(static_cast<vault::Chain>(chain))));
      const auto label = vault::log_label(key.view(), static_cast<std::uint64_t>(number));
      const auto commit = ledger::commit_of(nonce, payload.open(base::OpeningForTests::make()));
      TRY(reader.query("SELECT digest FROM ledger_leaf WHERE label = ?", {label},
                       [&](const store::Row& row) -> Result<void> {
                         if (std::ranges::equal(row.blob(0), commit)) ++fitting;
                         return {};
                       }));
      findings_.expect(seen.insert(base::hex(label)).second, Invariant::log_grows,
                       "two openings are of one entry");
    }
    return {};
  });
  findings_.expect(read.ok(), Invariant::log_grows, "openings of the log cannot be read");
  findings_.expect(fitting == seen.size(), Invariant::log_grows,
                   "an opening does not fit its leaf");
  findings_.expect(owner.restored || seen.size() == owner.entries.least + owner.changes.least,
                   Invariant::log_grows, "an entry has no opening");
}

}  // namespace sim
