// Putting and removing records. A document is checked against its collection's schema before the
// transaction, in which the collection is looked at once more: whoever gave it another schema
// meanwhile has the change prepared again.
#include <algorithm>

#include "workspace/record_fields.h"

namespace workspace {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr int kTries = 3;
constexpr std::size_t kRules = 64;  // compiled schemas kept

}  // namespace

/// What a change is before its transaction.
struct Records::Prepared {
  base::RecordId group;
  base::RecordId place;
  Name id;
  base::RecordId tag;   // of the new version
  base::RecordId rule;  // the collection's version that the document was checked against
  base::Time changed{};
  std::uint64_t takes = 0;
};

Result<Records::Ruled> Records::rule(const gate::Permit& permit, base::RecordId collection) {
  {
    const base::Lock lock(mutex_);
    if (const auto kept = rules_.find(collection); kept != rules_.end()) {
      kept->second.used = ++uses_;
      return kept->second;
    }
  }
  std::optional<RecordCollection> found;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    found = TRY(find(reader, permit, collection));
    return {};
  }));
  Ruled ruled{permit.owner(), found->tag, nullptr};
  if (!found->schema.empty()) {
    const auto text = TRY_AS(Document::parse(base::text(found->schema)), "a schema is not whole");
    ruled.schema = TRY_AS(JsonSchema::parse(text), "a schema is not whole");
  }
  const base::Lock lock(mutex_);
  if (rules_.size() == kRules && !rules_.contains(collection))
    rules_.erase(
        std::ranges::min_element(rules_, {}, [](const auto& one) { return one.second.used; }));
  ruled.used = ++uses_;
  rules_[collection] = ruled;
  return ruled;
}

void Records::forget_rule(base::RecordId collection) {
  const base::Lock lock(mutex_);
  rules_.erase(collection);
}

void Records::tick() {
  const base::Lock lock(mutex_);
  std::erase_if(rules_, [this](const auto& one) {
    const auto leave =
        parts_.vault.gate().ask(gate::Actor::member, one.second.owner, category_, purpose_);
    return !leave.ok() && leave.code() == Code::gone;
  });
}

std::size_t Records::schemas_remembered() {
  const base::Lock lock(mutex_);
  return rules_.size();
}

Result<Records::Prepared> Records::prepare(const gate::Permit& permit, const Change& change,
                                           JsonSchema::Steps& steps, Refusal& refusal) {
  Prepared prepared;
  prepared.group = TRY(parts_.vault.pseudonym(permit, collection_names(), change.collection));
  const auto ours = [&] { return Name(base::RecordId::random(parts_.entropy).str()); };
  prepared.id = change.id ? *change.id : ours();
  prepared.place = TRY(parts_.vault.pseudonym(permit, prepared.group, prepared.id));
  prepared.changed = parts_.clock.now();
  if (!change.draft) return prepared;
  const Draft& draft = *change.draft;
  if (draft.expires && *draft.expires <= prepared.changed)
    return Error{Code::invalid, "expires: a time that is still to come"};
  prepared.tag = base::RecordId::random(parts_.entropy);
  prepared.takes = bytes_taken(draft.document.text_.size(), draft.subject.has_value());
  const Ruled ruled = TRY(rule(permit, prepared.group));
  prepared.rule = ruled.tag;
  if (!ruled.schema) return prepared;
  refusal.mismatch = TRY(ruled.schema->check(draft.document, steps));
  if (refusal.mismatch)
    return Error{Code::invalid, "the document is not as the collection's schema says"};
  return prepared;
}

Result<vault::Key> Records::subject_key(const gate::Permit& permit, const Name& subject,
                                        base::RecordId group, base::RecordId id) {
  const auto whose = TRY(parts_.vault.pseudonym(permit, subject_names(), subject));
  const auto place = TRY(parts_.vault.pseudonym(permit, whose, Name(group.str() + id.str())));
  return vault::Key{kRecordSubjects, whose, place};
}

Result<void> Records::put(store::Tx& tx, const gate::Permit& permit, const Prepared& prepared,
                          const Draft& draft, const Changed& changed) {
  vault::Fields fields;
  fields.set("id", prepared.id)
      .set("tag", changed.tag)
      .set("changed", changed.changed)
      .set("size", static_cast<std::int64_t>(draft.document.text_.size()))
      .set("document", Name(draft.document.text_));
  if (draft.subject) fields.set("subject", *draft.subject);
  TRY(parts_.vault.put(tx, permit, {kRecords, prepared.group, prepared.place}, fields,
                       draft.expires));
  if (!draft.subject) return {};
  const auto at = TRY(subject_key(permit, *draft.subject, prepared.group, prepared.place));
  vault::Fields about;
  about.set("collection", prepared.group).set("record", prepared.place);
  return parts_.vault.put(tx, permit, at, about, draft.expires);
}

Result<void> Records::drop(store::Tx& tx, const gate::Permit& permit, base::RecordId group,
                           const StoredRecord& record) {
  // One that somebody removed meanwhile, or a sweep, is gone as it should be.
  const auto gone = parts_.vault.remove(tx, permit, {kRecords, group, record.place});
  if (!gone.ok() && gone.code() != Code::missing) return gone.error();
  if (!record.subject) return {};
  const auto at = TRY(subject_key(permit, *record.subject, group, record.place));
  const auto forgotten = parts_.vault.remove(tx, permit, at);
  if (!forgotten.ok() && forgotten.code() != Code::missing) return forgotten.error();
  return {};
}

Result<Changed> Records::apply(store::Tx& tx, const gate::Permit& permit, const Change& change,
                               const Prepared& prepared, std::int64_t& filled) {
  // One of ours is new: nothing can be there.
  std::optional<StoredRecord> there;
  if (change.id) there = TRY(find(tx, permit, prepared.group, prepared.place));
  if (change.condition &&
      !change.condition(there ? std::optional<std::string_view>(entity_tag(there->tag))
                              : std::nullopt))
    return Error{Code::stale, "the record is not the version that was asked for"};
  if (!change.draft && !there) return Error{Code::missing, "there is no such record"};
  if (there)
    filled -=
        static_cast<std::int64_t>(bytes_taken(there->document_bytes, there->subject.has_value()));
  Changed changed{Changed::How::removed, prepared.id, prepared.tag, prepared.changed};
  if (!change.draft) {
    TRY(drop(tx, permit, prepared.group, *there));
    return changed;
  }
  if (there && there->subject && there->subject != change.draft->subject) {
    const auto at = TRY(subject_key(permit, *there->subject, prepared.group, prepared.place));
    TRY(parts_.vault.remove(tx, permit, at));
  }
  filled += static_cast<std::int64_t>(prepared.takes);
  changed.how = there ? Changed::How::replaced : Changed::How::created;
  changed.expires = change.draft->expires;
  TRY(put(tx, permit, prepared, *change.draft, changed));
  return changed;
}

Result<std::vector<Changed>> Records::change(base::AccountId account,
                                             const std::vector<Change>& changes, Refusal& refusal) {
  if (changes.size() > changes_max) return Error{Code::too_large, "at most 500 changes at once"};
  const auto permit = TRY(ask(account));
  JsonSchema::Steps steps;
  for (int tries = 0; tries < kTries; ++tries) {
    std::vector<Prepared> prepared;
    std::uint64_t takes = 0;
    for (refusal.change = 0; refusal.change < changes.size(); ++refusal.change) {
      prepared.push_back(TRY(prepare(permit, changes[refusal.change], steps, refusal)));
      takes += prepared.back().takes;
    }
    auto room = TRY(parts_.room.take(permit, account, {.bytes = takes}));
    std::vector<Changed> made;
    std::int64_t filled = 0;
    bool moved = false;
    const auto body = [&](store::Tx& tx) -> Result<void> {
      made.clear();
      filled = 0;
      std::optional<RecordCollection> seen;
      for (refusal.change = 0; refusal.change < changes.size(); ++refusal.change) {
        const Prepared& one = prepared[refusal.change];
        const Change& change = changes[refusal.change];
        if (change.draft) {
          if (!seen || seen->id != one.group) seen = TRY(find(tx, permit, one.group));
          if (seen->closing) return Error{Code::conflict, "this collection is being deleted"};
          moved = seen->tag != one.rule;
          if (moved) return Error{Code::conflict, "the collection's schema keeps changing"};
        }
        made.push_back(TRY(apply(tx, permit, change, one, filled)));
      }
      return {};
    };
    const auto written = parts_.vault.store().write(body);
    if (written.ok()) {
      room.fill_with_records(filled);
      return made;
    }
    for (const Prepared& one : prepared) forget_rule(one.group);
    if (!moved || tries + 1 == kTries) return written.error();
  }
  return Error{Code::conflict, "the collection's schema keeps changing"};
}

}  // namespace workspace
