// How a record, a collection of records and what is about a person stand in the vault. Internal to
// the workspace. Owns the names of the sealed collections; their groups and ids are digests under
// the account's key.
#pragma once

#include "workspace/records.h"

namespace workspace {

inline constexpr base::Literal kRecords = "record";
inline constexpr base::Literal kRecordCollections = "record_collection";
inline constexpr base::Literal kRecordSubjects = "record_subject";

/// Where the names of collections, and of persons, are told apart from all other names.
inline base::RecordId collection_names() {
  return base::RecordId::from(base::view("collection names")).value();
}
inline base::RecordId subject_names() {
  return base::RecordId::from(base::view("names of persons")).value();
}

vault::Fields to_fields(const RecordCollection& collection);
base::Result<RecordCollection> to_collection(const vault::Record& record);
base::Result<StoredRecord> to_stored(const vault::Record& record);

/// What a record takes of the plan, about.
std::uint64_t bytes_taken(std::uint64_t document_bytes, bool about_somebody);
/// The same of records that the vault has counted.
std::uint64_t bytes_counted(const vault::Usage& records);

}  // namespace workspace
