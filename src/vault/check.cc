#include "vault/check.h"

#include <vector>

namespace vault {
namespace {

using base::Code;
using base::Result;

constexpr std::size_t kRows = 500;
constexpr std::size_t kPiece = 256 * 1024;

/// Where a row stands: enough to ask for it, and to go on behind it.
struct Place {
  base::OwnerId owner;
  base::RecordId group;
  base::RecordId id;
};

Result<std::vector<Place>> next_records(store::Store& store, base::Literal collection,
                                        const Place& after) {
  std::vector<Place> places;
  TRY(store.read([&](store::Reader& reader) -> Result<void> {
    return reader.query(
        "SELECT owner, grouping, id FROM vault_record WHERE collection = ?"
        " AND (owner, grouping, id) > (?, ?, ?) ORDER BY owner, grouping, id LIMIT ?",
        {collection, after.owner, after.group, after.id, kRows},
        [&](const store::Row& row) -> Result<void> {
          const auto owner = TRY(row.id<base::OwnerId>(0));
          const auto group = TRY(row.id<base::RecordId>(1));
          const auto id = TRY(row.id<base::RecordId>(2));
          places.push_back({owner, group, id});
          return {};
        });
  }));
  return places;
}

Result<std::vector<Place>> next_content(store::Store& store, base::Literal collection,
                                        const Place& after) {
  std::vector<Place> places;
  TRY(store.read([&](store::Reader& reader) -> Result<void> {
    return reader.query(
        "SELECT owner, id FROM vault_content WHERE collection = ? AND state = 1 AND id > ?"
        " ORDER BY id LIMIT ?",
        {collection, after.id, kRows}, [&](const store::Row& row) -> Result<void> {
          const auto owner = TRY(row.id<base::OwnerId>(0));
          const auto id = TRY(row.id<base::RecordId>(1));
          places.push_back({owner, {}, id});
          return {};
        });
  }));
  return places;
}

/// Reads content to its end, so that every chunk's seal is verified.
Result<std::uint64_t> read_through(ContentStore& content, const Place& at,
                                   base::Literal collection) {
  const auto reader =
      TRY(content.read(at.owner, collection, at.id.as<base::ContentTag>(), kNothingExpired));
  base::Bytes piece(kPiece);
  std::uint64_t done = 0;
  while (done < reader->size()) {
    const std::size_t size = TRY(reader->read_at(done, piece));
    if (size == 0) return base::Error{Code::corrupt, "content ends too early"};
    done += size;
  }
  return done;
}

/// Removed between the look and the read: nothing was wrong with it.
bool passed_by(Code code) { return code == Code::missing; }

class Checking {
 public:
  Checking(store::Store& store, const CheckProgress& progress)
      : store_(store), progress_(progress) {}

  Result<void> records(Records& records, base::Literal collection) {
    Place at;
    while (true) {
      const auto places = TRY(next_records(store_, collection, at));
      for (const Place& place : places) TRY(record(records, collection, place));
      if (progress_) progress_(found);
      if (places.size() < kRows) return {};
      at = places.back();
    }
  }

  Result<void> content(ContentStore& content, base::Literal collection) {
    Place at;
    while (true) {
      const auto places = TRY(next_content(store_, collection, at));
      for (const Place& place : places) {
        const auto read = read_through(content, place, collection);
        count(read.ok() ? Code::internal : read.code(), read.ok(), found.content,
              found.content_damaged, found.content_keyless);
        if (read.ok()) found.content_bytes += *read;
        if (progress_) progress_(found);
      }
      if (places.size() < kRows) return {};
      at = places.back();
    }
  }

  CheckFindings found;

 private:
  Result<void> record(Records& records, base::Literal collection, const Place& place) {
    Result<void> read;
    TRY(store_.read([&](store::Reader& reader) -> Result<void> {
      auto opened =
          records.get(reader, place.owner, {collection, place.group, place.id}, kNothingExpired);
      if (!opened.ok()) read = std::move(opened).error();
      return {};
    }));
    count(read.ok() ? Code::internal : read.code(), read.ok(), found.records, found.records_damaged,
          found.records_keyless);
    return {};
  }

  static void count(Code code, bool ok, std::uint64_t& all, std::uint64_t& damaged,
                    std::uint64_t& keyless) {
    if (!ok && passed_by(code)) return;
    ++all;
    if (ok) return;
    ++(code == Code::gone ? keyless : damaged);
  }

  store::Store& store_;
  const CheckProgress& progress_;
};

Result<std::uint64_t> rows(store::Store& store, base::Literal sql,
                           std::span<const Collections::Declared> collections) {
  std::uint64_t undeclared = 0;
  TRY(store.read([&](store::Reader& reader) -> Result<void> {
    return reader.query(sql, {}, [&](const store::Row& row) -> Result<void> {
      for (const auto& declared : collections)
        if (row.text(0) == declared.collection.name.c_str()) return {};
      undeclared += static_cast<std::uint64_t>(row.integer(1));
      return {};
    });
  }));
  return undeclared;
}

}  // namespace

Result<CheckFindings> check(store::Store& store, Records& records, ContentStore& content,
                            std::span<const Collections::Declared> collections,
                            const CheckProgress& progress) {
  Checking checking(store, progress);
  for (const auto& [collection, category] : collections) {
    TRY(checking.records(records, collection.name));
    TRY(checking.content(content, collection.name));
  }
  const auto pages = TRY(store.check_pages());
  checking.found.pages = pages.pages;
  checking.found.pages_damaged = pages.damaged;
  const auto records_left = TRY(rows(
      store, "SELECT collection, count(*) FROM vault_record GROUP BY collection", collections));
  const auto content_left = TRY(rows(
      store, "SELECT collection, count(*) FROM vault_content GROUP BY collection", collections));
  checking.found.undeclared = records_left + content_left;
  return checking.found;
}

}  // namespace vault
