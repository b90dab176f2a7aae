#include "vault/content_store.h"

#include <algorithm>
#include <iterator>

#include "vault/content_file.h"
#include "vault/content_reader.h"
#include "vault/records.h"
#include "vault/sealing.h"

// A content's life, as its row says: no row (being written, or nobody's) -> published -> left ->
// no row. One that comes in several parts is `growing` first: its row says how far it has come, and
// its file may be longer. The file comes before the row and goes before it: a row in the state
// `left` is what is known of a file that may still be there, so that a crash at any point is made
// up for by collect().

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr base::Literal kContentKey = "vault content v1";
constexpr base::Literal kManifestKey = "vault manifest v1";
constexpr std::size_t kCollectedAtOnce = 256;

enum class State : std::uint8_t { published = 1, left = 2, growing = 3 };

SealHeader manifest_header(base::OwnerId owner, const char* collection, base::ContentId id,
                           std::int64_t expires) {
  return {owner, collection, {}, id.as<base::RecordTag>(), 1, expires};
}

Result<void> more(store::Tx& tx, base::OwnerId owner, std::int64_t pieces, std::uint64_t bytes) {
  TRY(
      tx.run("INSERT INTO vault_content_usage (owner, content_count, content_bytes) "
             "VALUES (?, ?, ?) ON CONFLICT (owner) DO UPDATE SET "
             "content_count = content_count + excluded.content_count, "
             "content_bytes = content_bytes + excluded.content_bytes",
             {owner, pieces, bytes}));
  return {};
}

std::int64_t expires_at(const Stay& stay) {
  return stay.until ? stay.until->time_since_epoch().count() : 0;
}

/// What has just been left counts no more.
Result<void> less(store::Tx& tx, base::OwnerId owner, base::ContentId id) {
  TRY(
      tx.run("UPDATE vault_content_usage SET content_count = content_count - 1, content_bytes = "
             "content_bytes - (SELECT bytes FROM vault_content WHERE id = ?) WHERE owner = ?",
             {id, owner}));
  return {};
}

}  // namespace

struct ContentStore::Row {
  std::uint64_t bytes = 0;
  base::Bytes sealed;
  std::int64_t expires = 0;
  std::int64_t state = 0;
};

store::Schema ContentStore::schema() {
  return {"vault_content",
          {"CREATE TABLE vault_content ("
           " id BLOB NOT NULL PRIMARY KEY,"
           " owner BLOB NOT NULL,"
           " collection TEXT NOT NULL,"
           " bytes INTEGER NOT NULL,"
           " state INTEGER NOT NULL,"
           " sealed BLOB NOT NULL) STRICT, WITHOUT ROWID",
           "CREATE INDEX vault_content_owner ON vault_content (owner)",
           "CREATE INDEX vault_content_left ON vault_content (state) WHERE state = 2",
           "ALTER TABLE vault_content ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0;"
           "ALTER TABLE vault_content ADD COLUMN put_day INTEGER NOT NULL DEFAULT 0;"
           "CREATE INDEX vault_content_expires ON vault_content (expires_at) "
           "WHERE expires_at <> 0",
           "CREATE TABLE vault_content_usage ("
           " owner BLOB NOT NULL PRIMARY KEY,"
           " content_count INTEGER NOT NULL,"
           " content_bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
           "INSERT INTO vault_content_usage SELECT owner, count(*), sum(bytes) FROM vault_content "
           "WHERE state = 1 GROUP BY owner"},
          store::Keeping::bulk,
          {{"vault_content", "owner"}, {"vault_content_usage", "owner"}}};
}

ContentStore::ContentStore(const Parts& parts, std::string directory,
                           std::uint64_t segment_bytes_max)
    : parts_(parts),
      directory_(std::move(directory)),
      segment_bytes_max_(segment_bytes_max),
      leases_(parts.wait),
      mutex_(parts.wait) {}

Result<std::unique_ptr<ContentStore>> ContentStore::open(const Parts& parts, std::string directory,
                                                         std::uint64_t segment_bytes_max) {
  TRY(parts.disk.make_directory(directory));
  std::unique_ptr<ContentStore> content(
      new ContentStore(parts, std::move(directory), segment_bytes_max));
  TRY(content->remove_orphans());
  // What cannot be removed now is tried again by collect(), later.
  (void)content->collect().ok();
  return content;
}

/// The lease is listed before the owner is looked at: an erasure either sees the lease and ends it,
/// or is seen here.
Result<std::shared_ptr<KeyLease>> ContentStore::lease(base::OwnerId owner) {
  auto key = TRY(parts_.keys.derive(owner, kContentKey));
  auto lease = leases_.take(owner, std::move(key));
  const auto state = TRY(parts_.keys.state(owner));
  if (state != keys::State::live) return Error{Code::gone, "the data has been erased"};
  return lease;
}

Result<std::unique_ptr<ContentWriter>> ContentStore::create(base::OwnerId owner,
                                                            base::Literal collection) {
  auto lease = TRY(this->lease(owner));
  const auto id = base::ContentId::random(parts_.entropy);
  TRY(parts_.disk.make_directory(content_folder(directory_, id)));
  auto file = TRY(parts_.disk.open(content_path(directory_, id), base::Open::create));
  const auto ended = [this](base::ContentId which, FileWriter::Fate fate) { dropped(which, fate); };
  return std::unique_ptr<ContentWriter>(
      new FileWriter({owner, collection, id, directory_, segment_bytes_max_}, parts_.disk,
                     parts_.entropy, std::move(lease), std::move(file), ended));
}

const FileWriter::Place& ContentStore::place(const ContentWriter& writer) {
  const auto* file = dynamic_cast<const FileWriter*>(&writer);
  CHECK(file != nullptr);
  return file->place();
}

Result<base::Bytes> ContentStore::seal_manifest(const FileWriter& file, std::int64_t expires) {
  const auto sizes = TRY(file.segment_sizes());
  const FileWriter::Place& place = file.place();
  const base::SecretBytes key = TRY(parts_.keys.derive(place.owner, kManifestKey));
  return seal_record(key.view(),
                     manifest_header(place.owner, place.collection.c_str(), place.id, expires),
                     encode_manifest(sizes), kRecordPadding, parts_.entropy);
}

Result<void> ContentStore::insert(store::Tx& tx, const FileWriter& file, const Stay& stay,
                                  Whole whole) {
  const std::int64_t expires = expires_at(stay);
  const base::Bytes sealed = TRY(seal_manifest(file, expires));
  const FileWriter::Place& place = file.place();
  const State state = whole == Whole::yes ? State::published : State::growing;
  TRY(
      tx.run("INSERT INTO vault_content (id, owner, collection, bytes, state, sealed, "
             "expires_at, put_day) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
             {place.id, place.owner, place.collection, file.size(), state, sealed, expires,
              day_of(stay.now)}));
  TRY(more(tx, place.owner, 1, file.size()));
  file.published();
  return {};
}

Result<void> ContentStore::publish(store::Tx& tx, const ContentWriter& writer, const Stay& stay,
                                   Whole whole) {
  const auto* file = dynamic_cast<const FileWriter*>(&writer);
  CHECK(file != nullptr);
  if (!file->place().begun) return insert(tx, *file, stay, whole);
  const std::int64_t expires = expires_at(stay);
  const base::Bytes sealed = TRY(seal_manifest(*file, expires));
  const FileWriter::Place& place = file->place();
  TRY(
      tx.run("UPDATE vault_content_usage SET content_bytes = content_bytes + ? - (SELECT bytes "
             "FROM vault_content WHERE id = ?) WHERE owner = ?",
             {file->size(), place.id, place.owner}));
  const std::int64_t changed =
      TRY(tx.run("UPDATE vault_content SET bytes = ?, sealed = ?, expires_at = ?, put_day = ?, "
                 "state = ? WHERE id = ? AND owner = ? AND collection = ? AND state = ?",
                 {file->size(), sealed, expires, day_of(stay.now),
                  whole == Whole::yes ? State::published : State::growing, place.id, place.owner,
                  place.collection, State::growing}));
  if (changed == 0) return Error{Code::missing, "no such content"};
  return {};
}

Result<std::unique_ptr<ContentWriter>> ContentStore::append(base::OwnerId owner,
                                                            base::Literal collection,
                                                            base::ContentId id, base::Time now) {
  auto lease = TRY(this->lease(owner));
  const Row at = TRY(row(owner, collection, id, now));
  if (at.state != static_cast<std::int64_t>(State::growing))
    return Error{Code::conflict, "the content is whole"};
  const auto segments = TRY(segments_of(owner, collection, id, at));
  std::vector<std::uint64_t> sizes;
  for (const SegmentPlace& segment : segments) sizes.push_back(segment.plain_size);
  const SegmentPlace& last = segments.back();
  const std::uint64_t end = last.file_start + Segment::sealed_size(last.plain_size);
  const std::string path = content_path(directory_, id);
  const bool there = TRY(parts_.disk.exists(path));
  if (!there) return Error{Code::missing, "the file of a content that grows is not there"};
  auto file = TRY(parts_.disk.open(path, base::Open::update));
  const std::uint64_t size = TRY(file->size());
  if (size < end) return Error{Code::corrupt, "a content's file is shorter than its manifest says"};
  // What was written behind it, and not acknowledged, is not kept.
  if (size > end) TRY(file->truncate(end));
  return std::unique_ptr<ContentWriter>(new FileWriter(
      {owner, collection, id, directory_, segment_bytes_max_, FileWriter::Begun{sizes, end}},
      parts_.disk, parts_.entropy, std::move(lease), std::move(file),
      [](base::ContentId, FileWriter::Fate) {}));
}

Result<ContentStore::Row> ContentStore::row(store::Reader& reader, base::OwnerId owner,
                                            base::Literal collection, base::ContentId id,
                                            base::Time now) {
  std::optional<Row> found;
  TRY(reader.query(
      "SELECT bytes, sealed, expires_at, state FROM vault_content WHERE id = ? AND owner = ? "
      "AND collection = ? AND state <> ? AND (expires_at = 0 OR expires_at > ?)",
      {id, owner, collection, State::left, now}, [&](const store::Row& at) -> Result<void> {
        found = Row{static_cast<std::uint64_t>(at.integer(0)), base::copy(at.blob(1)),
                    at.integer(2), at.integer(3)};
        return {};
      }));
  if (!found.has_value()) return Error{Code::missing, "no such content"};
  return std::move(*found);
}

Result<ContentStore::Row> ContentStore::row(base::OwnerId owner, base::Literal collection,
                                            base::ContentId id, base::Time now) {
  Row found;
  TRY(parts_.store.read([&](store::Reader& reader) -> Result<void> {
    found = TRY(row(reader, owner, collection, id, now));
    return {};
  }));
  return found;
}

Result<void> ContentStore::move(store::Tx& tx, base::OwnerId owner, base::ContentId id,
                                base::Literal from, base::Literal to, const Stay& stay) {
  const std::int64_t expires = expires_at(stay);
  const Row at = TRY(row(tx, owner, from, id, stay.now));
  const base::SecretBytes key = TRY(parts_.keys.derive(owner, kManifestKey));
  const base::Bytes manifest =
      TRY(open_record(key.view(), manifest_header(owner, from.c_str(), id, at.expires), at.sealed));
  const base::Bytes sealed =
      seal_record(key.view(), manifest_header(owner, to.c_str(), id, expires), manifest,
                  kRecordPadding, parts_.entropy);
  TRY(
      tx.run("UPDATE vault_content SET collection = ?, sealed = ?, expires_at = ?, put_day = ?, "
             "state = ? WHERE id = ?",
             {to, sealed, expires, day_of(stay.now), State::published, id}));
  return {};
}

Result<std::vector<SegmentPlace>> ContentStore::segments_of(base::OwnerId owner,
                                                            base::Literal collection,
                                                            base::ContentId id, const Row& at) {
  const base::SecretBytes key = TRY(parts_.keys.derive(owner, kManifestKey));
  const base::Bytes manifest = TRY(open_record(
      key.view(), manifest_header(owner, collection.c_str(), id, at.expires), at.sealed));
  auto segments = TRY(decode_manifest(manifest));
  if (segments.back().plain_start + segments.back().plain_size != at.bytes)
    return Error{Code::corrupt, "a content's row and its manifest differ"};
  return segments;
}

Result<std::unique_ptr<ContentReader>> ContentStore::read(base::OwnerId owner,
                                                          base::Literal collection,
                                                          base::ContentId id, base::Time now) {
  auto lease = TRY(this->lease(owner));
  const Row at = TRY(row(owner, collection, id, now));
  if (at.state != static_cast<std::int64_t>(State::published))
    return Error{Code::missing, "no such content"};
  auto segments = TRY(segments_of(owner, collection, id, at));
  auto file = parts_.disk.open(content_path(directory_, id), base::Open::read);
  if (!file.ok() && file.code() == Code::missing) {
    TRY(row(owner, collection, id, now));  // removed meanwhile: there is no such content any more
    return Error{Code::corrupt, "the file of a content is lost"};
  }
  auto opened = TRY(std::move(file));
  auto reader =
      TRY(FileReader::open(owner, id, std::move(segments), std::move(lease), std::move(opened)));
  return std::unique_ptr<ContentReader>(std::move(reader));
}

Result<void> ContentStore::remove(store::Tx& tx, base::OwnerId owner, base::Literal collection,
                                  base::ContentId id) {
  const std::int64_t changed =
      TRY(tx.run("UPDATE vault_content SET state = ? WHERE id = ? AND owner = ? AND collection = ? "
                 "AND state <> ?",
                 {State::left, id, owner, collection, State::left}));
  if (changed == 0) return Error{Code::missing, "no such content"};
  return less(tx, owner, id);
}

Result<std::vector<ContentStore::Kept>> ContentStore::page(store::Reader& reader,
                                                           base::OwnerId owner,
                                                           base::Literal collection,
                                                           base::ContentId after,
                                                           std::size_t pieces_max, base::Time now) {
  std::vector<Kept> found;
  TRY(reader.query(
      "SELECT id, bytes, expires_at FROM vault_content WHERE owner = ? AND collection = ? "
      "AND state = ? AND id > ? AND (expires_at = 0 OR expires_at > ?) ORDER BY id LIMIT ?",
      {owner, collection, State::published, after, now, pieces_max},
      [&](const store::Row& row) -> Result<void> {
        const auto id = TRY(row.id<base::ContentId>(0));
        found.push_back({id, static_cast<std::uint64_t>(row.integer(1)), row.integer(2)});
        return {};
      }));
  return found;
}

Result<Usage> ContentStore::usage(store::Reader& reader, base::OwnerId owner) {
  Usage usage;
  TRY(reader.query("SELECT content_count, content_bytes FROM vault_content_usage WHERE owner = ?",
                   {owner}, [&](const store::Row& row) -> Result<void> {
                     usage = {static_cast<std::uint64_t>(row.integer(0)),
                              static_cast<std::uint64_t>(row.integer(1))};
                     return {};
                   }));
  return usage;
}

Result<std::int64_t> ContentStore::expire(store::Tx& tx, base::OwnerId owner, base::ContentId id,
                                          std::int64_t expires) {
  const std::int64_t changed =
      TRY(tx.run("UPDATE vault_content SET state = ? WHERE id = ? AND owner = ? AND state <> ? "
                 "AND expires_at = ?",
                 {State::left, id, owner, State::left, expires}));
  if (changed > 0) TRY(less(tx, owner, id));
  return changed;
}

Result<void> ContentStore::remove_all(store::Tx& tx, base::OwnerId owner) {
  TRY(tx.run("UPDATE vault_content SET state = ? WHERE owner = ?", {State::left, owner}));
  TRY(tx.run("DELETE FROM vault_content_usage WHERE owner = ?", {owner}));
  return {};
}

/// What keeps one of them from going keeps the other from nothing.
Result<void> ContentStore::collect() {
  const auto left = collect_left();
  const auto unsure = collect_unsure();
  return left.ok() ? unsure : left;
}

Result<void> ContentStore::collect_left() {
  Result<void> outcome;  // the first file that could not be removed; the others are
  base::ContentId after{};
  while (true) {
    std::vector<base::ContentId> left;
    TRY(parts_.store.read([&](store::Reader& reader) {
      return reader.query(
          "SELECT id FROM vault_content WHERE state = 2 AND id > ? ORDER BY id LIMIT ?",
          {after, kCollectedAtOnce}, [&](const store::Row& at) -> Result<void> {
            const auto id = TRY(at.id<base::ContentId>(0));
            left.push_back(id);
            return {};
          });
    }));
    if (left.empty()) return outcome;
    after = left.back();
    std::erase_if(left, [&](base::ContentId id) {
      auto removed = remove_file(id);
      if (removed.ok()) return false;
      if (outcome.ok()) outcome = std::move(removed);
      return true;
    });
    TRY(parts_.store.write([&](store::Tx& tx) -> Result<void> {
      for (const auto id : left)
        TRY(tx.run("DELETE FROM vault_content WHERE id = ? AND state = ?", {id, State::left}));
      return {};
    }));
  }
}

/// Transactions come one after the other: one that begins now sees how those before it ended.
Result<void> ContentStore::collect_unsure() {
  std::vector<base::ContentId> unsure;
  {
    const base::Lock lock(mutex_);
    unsure.swap(unsure_);
  }
  std::vector<base::ContentId> unpublished;
  if (!unsure.empty()) {
    const auto looked = parts_.store.write([&](store::Tx& tx) -> Result<void> {
      unpublished = unsure;
      for (const auto id : unsure)
        TRY(tx.query("SELECT 1 FROM vault_content WHERE id = ?", {id}, [&](const store::Row&) {
          std::erase(unpublished, id);
          return Result<void>();
        }));
      return {};
    });
    if (!looked.ok()) {
      const base::Lock lock(mutex_);
      unsure_.insert(unsure_.end(), unsure.begin(), unsure.end());
      return looked;
    }
  }
  Result<void> outcome;
  for (const auto id : unpublished) {
    auto removed = remove_file(id);
    if (removed.ok()) continue;
    if (outcome.ok()) outcome = std::move(removed);
    const base::Lock lock(mutex_);
    unsure_.push_back(id);
  }
  return outcome;
}

/// Finds the files without a row, which collect_unsure() removes. What a restore began to write and
/// did not goes at once: nobody asks for it, so that where it stays, the next open will do.
Result<void> ContentStore::remove_orphans() {
  const auto folders = TRY(parts_.disk.list(directory_));
  for (const std::string& folder : folders) {
    const auto names = parts_.disk.list(directory_ + "/" + folder);
    if (!names.ok()) continue;  // not a folder, so not ours
    std::vector<base::ContentId> there;
    for (const std::string& name : *names) {
      std::string_view whose = name;
      const bool unfinished = whose.ends_with(kUnfinishedContent);
      if (unfinished) whose.remove_suffix(kUnfinishedContent.size());
      const auto id = base::ContentId::parse(whose);
      if (!id.ok() || whose.substr(0, 2) != folder) continue;  // not ours
      if (unfinished)
        (void)parts_.disk.remove(content_path(directory_, *id).append(kUnfinishedContent)).ok();
      else
        there.push_back(*id);
    }
    if (there.empty()) continue;
    std::ranges::sort(there);
    const auto known = TRY(rows_between(there.front(), there.back()));
    std::ranges::set_difference(there, known, std::back_inserter(unsure_));
  }
  return {};
}

Result<std::vector<base::ContentId>> ContentStore::rows_between(base::ContentId first,
                                                                base::ContentId last) {
  std::vector<base::ContentId> found;
  TRY(parts_.store.read([&](store::Reader& reader) {
    return reader.query("SELECT id FROM vault_content WHERE id >= ? AND id <= ? ORDER BY id",
                        {first, last}, [&](const store::Row& row) -> Result<void> {
                          const auto id = TRY(row.id<base::ContentId>(0));
                          found.push_back(id);
                          return {};
                        });
  }));
  return found;
}

Result<bool> ContentStore::has_row(base::ContentId id) {
  bool known = false;
  TRY(parts_.store.read([&](store::Reader& reader) {
    return reader.query("SELECT 1 FROM vault_content WHERE id = ?", {id}, [&](const store::Row&) {
      known = true;
      return Result<void>();
    });
  }));
  return known;
}

Result<void> ContentStore::remove_file(base::ContentId id) {
  auto removed = parts_.disk.remove(content_path(directory_, id));
  if (!removed.ok() && removed.code() != Code::missing) return removed;
  return {};
}

void ContentStore::dropped(base::ContentId id, FileWriter::Fate fate) {
  // Where a file cannot be removed now, the next open collects it.
  if (fate == FileWriter::Fate::unpublished) {
    (void)remove_file(id).ok();
    return;
  }
  const auto known = has_row(id);
  if (known.ok() && *known) return;
  // The transaction has failed, or is under way still on another thread: a later one will know.
  const base::Lock lock(mutex_);
  unsure_.push_back(id);
}

}  // namespace vault
