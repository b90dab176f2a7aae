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

enum class Kind : std::uint8_t { record, content };

/// Whether its row is still there.
Result<bool> stands(store::Store& store, Kind kind, base::Literal collection, const Place& at) {
  bool found = false;
  const auto on_row = [&](const store::Row&) -> Result<void> {
    found = true;
    return {};
  };
  TRY(store.read([&](store::Reader& reader) {
    if (kind == Kind::content)
      return reader.query(
          "SELECT 1 FROM vault_content WHERE collection = ? AND owner = ? AND id = ? AND state = 1",
          {collection, at.owner, at.id}, on_row);
    return reader.query(
        "SELECT 1 FROM vault_record WHERE collection = ? AND owner = ? AND grouping = ? AND id = ?",
        {collection, at.owner, at.group, at.id}, on_row);
  }));
  return found;
}

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
        TRY(count(Kind::content, collection, place, read.ok() ? Result<void>() : read.error()));
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
    return count(Kind::record, collection, place, read);
  }

  Result<void> count(Kind kind, base::Literal collection, const Place& at,
                     const Result<void>& read) {
    const bool content = kind == Kind::content;
    if (!read.ok() && read.code() == Code::missing) {
      // Removed between the look and the read, nothing was wrong with it.
      const bool there = TRY(stands(store_, kind, collection, at));
      if (!there) return {};
    }
    ++(content ? found.content : found.records);
    if (read.ok()) return {};
    if (read.code() == Code::gone) {
      ++(content ? found.content_keyless : found.records_keyless);
      return {};
    }
    ++(content ? found.content_damaged : found.records_damaged);
    if (found.damaged.size() < CheckFindings::named_max)
      found.damaged.push_back((content ? "content " : "record ") + std::string(collection.c_str()) +
                              " " + at.owner.str() + " " + at.id.str());
    return {};
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
