#include "vault/rights.h"

#include "vault/door.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

// A record has at most 256 KiB: so many bound what a page holds.
constexpr std::size_t kRecordsAtOnce = 32;
constexpr std::size_t kPiecesAtOnce = 256;

Result<void> count(store::Reader& reader, base::Literal sql, base::OwnerId owner, base::Time now,
                   Inventory& found) {
  return reader.query(sql, {owner, now}, [&](const store::Row& row) -> Result<void> {
    const auto rows = static_cast<std::uint64_t>(row.integer(1));
    for (Holding& holding : found.holdings) {
      if (row.text(0) != holding.collection.c_str()) continue;
      holding.count += rows;
      holding.bytes += static_cast<std::uint64_t>(row.integer(2));
      holding.oldest = row.integer(3);
      holding.newest = row.integer(4);
      holding.due = row.integer(5);
      return {};
    }
    found.undeclared += rows;
    return {};
  });
}

}  // namespace

Result<void> Rights::ask(gate::Actor actor, base::OwnerId owner, const Declared& declared) {
  const auto purpose = parts_.gate.policy().current().purpose(kRights.c_str());
  if (!purpose) return Error{Code::denied, "our notice does not declare this"};
  TRY(parts_.gate.ask(actor, owner, declared.category, *purpose));
  return {};
}

/// What is over is kept while a restriction stands, and is then hers to see.
base::Time Rights::now(base::OwnerId owner) {
  return parts_.gate.standing(owner).restricted ? kNothingExpired : parts_.expiries.now();
}

Result<Inventory> Rights::inventory(gate::Actor actor, base::OwnerId owner) {
  Inventory found;
  for (const Declared& declared : parts_.collections.all()) {
    TRY(ask(actor, owner, declared));
    const Collection& collection = declared.collection;
    found.holdings.push_back(
        {collection.name, collection.export_name, collection.category, collection.expiry});
  }
  const base::Time now = this->now(owner);
  TRY(parts_.store.read([&](store::Reader& reader) -> Result<void> {
    TRY(count(reader,
              "SELECT collection, count(*), sum(length(sealed)), "
              "coalesce(min(nullif(put_day, 0)), 0), max(put_day), "
              "coalesce(min(CASE WHEN expires_at > 0 THEN expires_at END), 0) FROM vault_record "
              "WHERE owner = ? AND (expires_at <= 0 OR expires_at > ?) GROUP BY collection",
              owner, now, found));
    return count(reader,
                 "SELECT collection, count(*), sum(bytes), "
                 "coalesce(min(nullif(put_day, 0)), 0), max(put_day), "
                 "coalesce(min(nullif(expires_at, 0)), 0) FROM vault_content WHERE owner = ? "
                 "AND state = 1 AND (expires_at = 0 OR expires_at > ?) GROUP BY collection",
                 owner, now, found);
  }));
  return found;
}

Result<ExportPage> Rights::page(gate::Actor actor, base::OwnerId owner, const ExportCursor& at) {
  if (at.collection >= parts_.collections.all().size())
    return Error{Code::invalid, "the export does not go on there"};
  const Declared& declared = parts_.collections.all()[at.collection];
  TRY(ask(actor, owner, declared));
  ExportPage page;
  TRY(parts_.store.read([&](store::Reader& reader) {
    return declared.collection.holds_content() ? add_content(reader, owner, declared, at, page)
                                               : add_records(reader, owner, declared, at, page);
  }));
  if (!page.next && at.collection + 1 < parts_.collections.all().size())
    page.next = ExportCursor{at.collection + 1, {}};
  return page;
}

Result<void> Rights::add_records(store::Reader& reader, base::OwnerId owner,
                                 const Declared& declared, const ExportCursor& at,
                                 ExportPage& page) {
  const Collection& collection = declared.collection;
  std::optional<Records::Place> after;
  if (at.after) after = Records::Place{at.after->first, at.after->second};
  const auto records =
      TRY(parts_.records.page(reader, owner, collection.name, after, kRecordsAtOnce, now(owner)));
  for (const Records::Listed& record : records) {
    if (!record.fields.ok() && record.fields.code() != Code::corrupt) return record.fields.error();
    const Fields* fields = record.fields.ok() ? &*record.fields : nullptr;
    page.items.push_back(
        {collection.name, collection.export_name,
         Door::to_json(collection, {record.at.group, record.at.id, record.version, record.expires},
                       fields)});
  }
  if (records.size() == kRecordsAtOnce)
    page.next =
        ExportCursor{at.collection, std::pair(records.back().at.group, records.back().at.id)};
  return {};
}

Result<void> Rights::add_content(store::Reader& reader, base::OwnerId owner,
                                 const Declared& declared, const ExportCursor& at,
                                 ExportPage& page) {
  const Collection& collection = declared.collection;
  const auto after = at.after ? at.after->second.as<base::ContentTag>() : base::ContentId{};
  const auto pieces =
      TRY(ContentStore::page(reader, owner, collection.name, after, kPiecesAtOnce, now(owner)));
  for (const ContentStore::Kept& piece : pieces)
    page.items.push_back({collection.name, collection.export_name,
                          Door::content_to_json(piece.id, piece.bytes, piece.expires), piece.id});
  if (pieces.size() == kPiecesAtOnce)
    page.next = ExportCursor{at.collection,
                             std::pair(base::RecordId{}, pieces.back().id.as<base::RecordTag>())};
  return {};
}

std::vector<ExportSchema> Rights::schemas() const {
  std::vector<ExportSchema> all;
  for (const Declared& declared : parts_.collections.all())
    all.push_back({declared.collection.name, declared.collection.export_name,
                   json_schema(declared.collection)});
  return all;
}

}  // namespace vault
