#include "workspace/records.h"

#include "workspace/record_fields.h"

namespace workspace {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kPiece = 200;      // records removed in one transaction
constexpr std::size_t kReadAtOnce = 16;  // so that a page ends soon behind its bytes
constexpr std::uint64_t kPageBytes = 1UL << 20;

Error no_collection() { return {Code::missing, "there is no such collection: make it first"}; }

}  // namespace

std::vector<vault::Collection> Records::collections() {
  using vault::FieldKind;
  using vault::Presence;
  return {{kRecordCollections,
           "workspace_content",
           "record_collections",
           {{"name", FieldKind::text, "Name of the collection"},
            {"tag", FieldKind::id, "Version"},
            {"changed", FieldKind::time, "When it was changed last"},
            {"closing", FieldKind::integer, "1: it is being deleted"},
            {"schema", FieldKind::words, "JSON Schema of its documents", Presence::optional}}},
          {kRecords,
           "workspace_content",
           "records",
           {{"id", FieldKind::text, "Name of the record; its group is the id of its collection"},
            {"tag", FieldKind::id, "Version"},
            {"changed", FieldKind::time, "When it was changed last"},
            {"size", FieldKind::integer, "Size of the document in bytes"},
            {"document", FieldKind::text, "The document, as JSON"},
            {"subject", FieldKind::text, "Whom it is about, by your own name for her",
             Presence::optional}},
           vault::Expiry::if_given()},
          {kRecordSubjects,
           "workspace_content",
           "record_subjects",
           {{"collection", FieldKind::id, "Collection of a record about somebody"},
            {"record", FieldKind::id, "The record"}},
           vault::Expiry::if_given()}};
}

Result<std::unique_ptr<Records>> Records::open(const Parts& parts) {
  const notice::Policy& policy = parts.vault.gate().policy().current();
  const auto category = policy.category("workspace_content");
  const auto purpose = policy.purpose("provide_service");
  if (!category || !purpose)
    return Error{Code::invalid,
                 "records need the category workspace_content and the purpose provide_service"};
  return std::unique_ptr<Records>(new Records(parts, *category, *purpose));
}

Records::Records(const Parts& parts, notice::CategoryId category, notice::PurposeId purpose)
    : parts_(parts), category_(category), purpose_(purpose), mutex_(parts.wait) {}

Result<gate::Permit> Records::ask(base::AccountId account) {
  return parts_.vault.gate().ask(gate::Actor::member, base::owner_of(account), category_, purpose_);
}

Result<void> Records::allowed(base::AccountId account) {
  TRY(ask(account));
  return {};
}

Result<RecordCollection> Records::find(store::Reader& reader, const gate::Permit& permit,
                                       base::RecordId id) {
  auto record = parts_.vault.get(reader, permit, {kRecordCollections, {}, id});
  if (!record.ok() && record.code() == Code::missing) return no_collection();
  const auto found = TRY(std::move(record));
  return to_collection(found);
}

Result<std::optional<StoredRecord>> Records::find(store::Reader& reader, const gate::Permit& permit,
                                                  base::RecordId group, base::RecordId id) {
  auto record = parts_.vault.get(reader, permit, {kRecords, group, id});
  if (!record.ok() && record.code() == Code::missing) return std::optional<StoredRecord>();
  const auto found = TRY(std::move(record));
  auto stored = TRY(to_stored(found));
  return std::optional(std::move(stored));
}

Result<RecordCollection> Records::collection(base::AccountId account, const Name& name) {
  const auto permit = TRY(ask(account));
  const auto id = TRY(parts_.vault.pseudonym(permit, collection_names(), name));
  std::optional<RecordCollection> found;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    found = TRY(find(reader, permit, id));
    return {};
  }));
  return std::move(*found);
}

Result<Records::Kept> Records::keep(base::AccountId account, const Name& name,
                                    const std::optional<Document>& schema,
                                    const Precondition& condition) {
  const auto permit = TRY(ask(account));
  Kept kept;
  RecordCollection& made = kept.collection;
  made.name = name;
  made.id = TRY(parts_.vault.pseudonym(permit, collection_names(), name));
  made.tag = base::RecordId::random(parts_.entropy);
  made.changed = parts_.clock.now();
  if (schema) {
    TRY(JsonSchema::parse(*schema));
    made.schema = base::copy(base::view(schema->text_));
  }
  const std::uint64_t takes = bytes_taken(made.schema.size(), false);
  std::uint64_t took = 0;  // before
  auto room = TRY(parts_.room.take(permit, account, {.bytes = takes}));
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    const auto there = find(tx, permit, made.id);
    if (!there.ok() && there.code() != Code::missing) return there.error();
    if (there.ok() && there->closing)
      return Error{Code::conflict,
                   "this collection is being deleted: delete it again, then make it"};
    if (condition && !condition(there.ok() ? std::optional<std::string_view>(entity_tag(there->tag))
                                           : std::nullopt))
      return Error{Code::stale, "the collection has changed since you read it"};
    kept.stored = there.ok() ? Stored::replaced : Stored::created;
    took = there.ok() ? bytes_taken(there->schema.size(), false) : 0;
    return parts_.vault.put(tx, permit, {kRecordCollections, {}, made.id}, to_fields(made));
  }));
  room.fill_with_records(static_cast<std::int64_t>(takes) - static_cast<std::int64_t>(took));
  forget_rule(made.id);
  return kept;
}

Result<std::vector<RecordCollection>> Records::list(base::AccountId account, base::RecordId after,
                                                    std::size_t collections_max) {
  const auto permit = TRY(ask(account));
  std::vector<RecordCollection> found;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    const auto records =
        TRY(parts_.vault.list(reader, permit, {kRecordCollections, {}, after}, collections_max));
    for (const vault::Record& record : records) {
      found.push_back(TRY(to_collection(record)));
    }
    return {};
  }));
  return found;
}

/// Whether the collection that is being deleted is there still: of two deletions at once one has
/// ended it, and its name may be another's by now.
Result<bool> Records::is_closing(store::Reader& reader, const gate::Permit& permit,
                                 const RecordCollection& closing) {
  const auto there = find(reader, permit, closing.id);
  if (!there.ok() && there.code() == Code::missing) return false;
  const RecordCollection found = TRY(there);
  return found.closing && found.tag == closing.tag;
}

Result<bool> Records::remove_some(const gate::Permit& permit, const RecordCollection& closing) {
  // Nothing is put any more: what is read here is what is there.
  std::vector<StoredRecord> found;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    const auto records = TRY(parts_.vault.list(reader, permit, {kRecords, closing.id, {}}, kPiece));
    for (const vault::Record& record : records) {
      found.push_back(TRY(to_stored(record)));
    }
    return {};
  }));
  if (found.empty()) return false;
  bool ours = false;
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    ours = TRY(is_closing(tx, permit, closing));
    if (!ours) return {};
    for (const StoredRecord& record : found) {
      TRY(drop(tx, permit, closing.id, record));
    }
    return {};
  }));
  return ours && found.size() == kPiece;
}

Result<void> Records::remove(base::AccountId account, const Name& name,
                             const Precondition& condition) {
  const auto permit = TRY(ask(account));
  const auto id = TRY(parts_.vault.pseudonym(permit, collection_names(), name));
  RecordCollection there;
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    there = TRY(find(tx, permit, id));
    if (condition && !condition(entity_tag(there.tag)))
      return Error{Code::stale, "the collection has changed since you read it"};
    there.closing = true;
    return parts_.vault.put(tx, permit, {kRecordCollections, {}, id}, to_fields(there));
  }));
  for (bool more = true; more;) more = TRY(remove_some(permit, there));
  forget_rule(id);
  return parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    const bool ours = TRY(is_closing(tx, permit, there));
    // Somebody else deleted it at the same time: that is what we wanted.
    if (!ours) return {};
    return parts_.vault.remove(tx, permit, {kRecordCollections, {}, id});
  });
}

Result<StoredRecord> Records::get(base::AccountId account, const Name& collection, const Name& id) {
  const auto permit = TRY(ask(account));
  const auto group = TRY(parts_.vault.pseudonym(permit, collection_names(), collection));
  const auto place = TRY(parts_.vault.pseudonym(permit, group, id));
  std::optional<StoredRecord> found;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    found = TRY(find(reader, permit, group, place));
    return {};
  }));
  if (!found) return Error{Code::missing, "there is no such record"};
  return std::move(*found);
}

Result<RecordPage> Records::list(base::AccountId account, const Name& collection,
                                 base::RecordId after, std::size_t records_max) {
  const auto permit = TRY(ask(account));
  const auto group = TRY(parts_.vault.pseudonym(permit, collection_names(), collection));
  RecordPage page;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> Result<void> {
    TRY(find(reader, permit, group));
    std::uint64_t bytes = 0;
    base::RecordId at = after;
    while (page.records.size() < records_max && bytes < kPageBytes) {
      const std::size_t wanted = std::min(records_max - page.records.size(), kReadAtOnce);
      const auto records = TRY(parts_.vault.list(reader, permit, {kRecords, group, at}, wanted));
      for (const vault::Record& record : records) {
        page.records.push_back(TRY(to_stored(record)));
        bytes += page.records.back().document_bytes;
        at = record.id;
      }
      if (records.size() < wanted) return {};
    }
    page.next = at;
    return {};
  }));
  return page;
}

}  // namespace workspace
