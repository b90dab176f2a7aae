// Records by the person that they are about. Each has an entry beside it, in a group that only the
// account's key can make of the person's name; both are put and removed in one transaction.
#include "workspace/record_fields.h"

namespace workspace {
namespace {

using base::Code;
using base::Result;

constexpr std::size_t kPiece = 100;  // removed in one transaction
constexpr std::uint64_t kPageBytes = 1UL << 20;

struct About {
  base::RecordId place;  // its own
  base::RecordId collection;
  base::RecordId record;
};

Result<std::vector<About>> entries(vault::Vault& vault, store::Reader& reader,
                                   const gate::Permit& permit, const vault::Key& after,
                                   std::size_t entries_max) {
  std::vector<About> found;
  for (const vault::Record& record : TRY(vault.list(reader, permit, after, entries_max))) {
    const auto collection = TRY(record.fields.id<base::RecordId>("collection"));
    const auto its = TRY(record.fields.id<base::RecordId>("record"));
    found.push_back({record.id, collection, its});
  }
  return found;
}

}  // namespace

Result<SubjectPage> Records::about(base::AccountId account, const Name& subject,
                                   base::RecordId after, std::size_t records_max) {
  const auto permit = TRY(ask(account));
  const auto whose = TRY(parts_.vault.pseudonym(permit, subject_names(), subject));
  SubjectPage page;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> Result<void> {
    const auto found =
        TRY(entries(parts_.vault, reader, permit, {kRecordSubjects, whose, after}, records_max));
    std::uint64_t bytes = 0;
    for (const About& entry : found) {
      if (bytes >= kPageBytes) return {};
      page.next = entry.place;
      auto record = TRY(find(reader, permit, entry.collection, entry.record));
      if (!record) continue;  // over, and its entry is as well
      bytes += record->document_bytes;
      auto collection = TRY(find(reader, permit, entry.collection));
      page.records.emplace_back(std::move(collection.name), std::move(*record));
    }
    if (found.size() < records_max) page.next.reset();
    return {};
  }));
  return page;
}

Result<std::uint64_t> Records::remove_some_about(store::Tx& tx, const gate::Permit& permit,
                                                 base::RecordId group) {
  const auto found = TRY(entries(parts_.vault, tx, permit, {kRecordSubjects, group, {}}, kPiece));
  for (const About& entry : found) {
    const auto gone = parts_.vault.remove(tx, permit, {kRecords, entry.collection, entry.record});
    if (!gone.ok() && gone.code() != Code::missing) return gone.error();
    TRY(parts_.vault.remove(tx, permit, {kRecordSubjects, group, entry.place}));
  }
  return std::uint64_t{found.size()};
}

Result<std::uint64_t> Records::remove_about(base::AccountId account, const Name& subject) {
  const auto permit = TRY(ask(account));
  const auto whose = TRY(parts_.vault.pseudonym(permit, subject_names(), subject));
  std::uint64_t all = 0;
  std::uint64_t some = kPiece;
  while (some == kPiece) {
    TRY(parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
      some = TRY(remove_some_about(tx, permit, whose));
      return {};
    }));
    all += some;
  }
  return all;
}

}  // namespace workspace
