// What is held about one owner, over all declared collections: counted, and page by page with every
// field, as her rights of access and portability ask (Articles 15 and 20 GDPR). Plain values; how
// they come about is in rights.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/personal.h"
#include "vault/collection.h"

namespace vault {

/// One collection's part of what is held about an owner.
struct Holding {
  base::Literal collection;
  base::Literal export_name;
  base::Literal category;  // of the notice
  Expiry expiry;
  std::uint64_t count = 0;  // records, or pieces of content
  std::uint64_t bytes = 0;  // of ciphertext; of content: of plaintext
  std::int64_t oldest = 0;  // days since 1970 of the first and the last put of what there is; 0:
  std::int64_t newest = 0;  // nothing, or put before days were kept
  std::int64_t due = 0;     // when the next of it expires, microseconds since 1970; 0: never
};

struct Inventory {
  std::vector<Holding> holdings;  // every declared collection, in the order of declaration
  std::uint64_t undeclared = 0;   // rows of collections that no module declares any more
};

/// Where an export goes on. One that was made with the same declarations.
struct ExportCursor {
  std::size_t collection = 0;
  std::optional<std::pair<base::RecordId, base::RecordId>> after;  // group and id
};

struct Exported {
  base::Literal collection;
  base::Literal export_name;
  /// One JSON object, as the collection's schema says (Vault::export_schemas); for a record that
  /// does not open, its ids and `"damaged": true`.
  base::Personal<std::string> json;
  std::optional<base::ContentId> content = {};  // open it with Vault::open_content
};

struct ExportPage {
  std::vector<Exported> items;
  std::optional<ExportCursor> next;  // nothing: that was all
};

struct ExportSchema {
  base::Literal collection;
  base::Literal export_name;
  std::string json;  // JSON Schema, draft 7
};

/// What a sweep removed because it had expired.
struct Swept {
  std::uint64_t records = 0;
  std::uint64_t content = 0;
  std::uint64_t kept_restricted = 0;  // due, and kept while their owner's data is restricted
  /// The clock is behind an earlier sweep: nothing is removed until it has caught up.
  bool clock_behind = false;
};

}  // namespace vault
