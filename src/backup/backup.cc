#include "backup/backup.h"

#include <algorithm>
#include <set>

#include "backup/chunk.h"
#include "backup/verify.h"
#include "vault/content_file.h"

// The steps, and what a crash between them leaves:
//  1. a snapshot; its content files are copied     files that the next run finds and does not copy
//  2. gone meanwhile: a new snapshot               (what is left to copy becomes less each time;
//                                                  what this one names too is lost)
//  3. the rows of the same snapshot, as chunks     chunks that the next run finds
//  4. everything synced; the manifest, atomically  from here on this is the backup
//  5. what no piece of it needs is removed         surplus files, removed by the next run

namespace backup {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr int kSnapshotsMax = 16;
constexpr std::size_t kCheckpointBytes = 1 << 20;
constexpr std::size_t kPiece = 1 << 20;

class Making {
 public:
  Making(base::Disk& disk, const Source& source, const std::string& directory,
         const Progress& progress)
      : disk_(disk), source_(source), shelf_(disk, directory), progress_(progress) {}

  Result<Made> run(base::Clock& clock) {
    TRY(shelf_.make());
    manifest_.tree = TRY(tree_of(disk_, source_.data));
    manifest_.origin = TRY(origin());
    manifest_.made_at = base::rfc3339(clock.now());
    TRY(check_owner());
    const auto taken = take_content();
    // What was copied before it failed stays for the next time.
    if (!taken.ok()) (void)shelf_.publish().ok();
    TRY(taken);
    TRY(take_tables());
    TRY(shelf_.complete(manifest_));
    tables_.reset();
    TRY(remove_surplus());
    return made_;
  }

 private:
  Result<std::string> origin() {
    const base::Bytes note =
        TRY(base::read_file(disk_, source_.data + "/log/checkpoint", kCheckpointBytes));
    const std::string text(base::text(note));
    return text.substr(0, text.find('\n'));
  }

  Result<void> check_owner() {
    const auto before = shelf_.manifest();
    // One that is damaged is replaced: that is how a damaged backup is made whole again.
    if (!before.ok() && before.code() != Code::corrupt) return before.error();
    if (before.ok() && *before && (*before)->tree != manifest_.tree)
      return Error{Code::conflict, "the directory holds the backup of another installation"};
    return {};
  }

  Result<void> begin_snapshot() {
    tables_.reset();
    tables_ = TRY(
        store::Tables::snapshot({source_.data + "/store.db", source_.vfs}, store::AtClose::leave));
    manifest_.schemas.clear();
    const auto versions = TRY(tables_->versions());
    for (const auto& [module, version] : versions) {
      const auto ours = std::ranges::find_if(source_.schemas, [&](const store::Schema& schema) {
        return module == schema.module.c_str();
      });
      if (ours == source_.schemas.end() || version > ours->steps.size())
        return Error{Code::conflict, "the database was written by a newer version of this program"};
      if (ours->keeping == store::Keeping::bulk) manifest_.schemas[module] = version;
    }
    return {};
  }

  Result<void> take_content() {
    for (int i = 0; i < kSnapshotsMax; ++i) {
      TRY(begin_snapshot());
      const auto taken = take_content_of_snapshot();
      if (taken.ok() || taken.code() != Code::missing) return taken;
    }
    return Error{Code::unavailable,
                 "content is removed faster than it is copied: run it again, what is copied stays"};
  }

  Result<void> take_content_of_snapshot() {
    TRY(shelf_.publish());  // what the snapshot before put
    made_.files = manifest_.files = manifest_.bytes = made_.lost = 0;
    made_.lost_ids.clear();
    manifest_.content.clear();
    std::set<base::ContentId> gone;
    Chunker chunker(3, {0}, [&](base::View bytes, std::size_t rows) {
      return keep(manifest_.content, bytes, rows);
    });
    TRY(vault::each_published(tables_->reader(), [&](base::ContentId id) -> Result<void> {
      const auto kept = TRY(take_file(id, gone));
      if (!kept) return {};
      ++manifest_.files;
      manifest_.bytes += kept->bytes;
      ++made_.files;
      if (progress_) progress_(made_);
      return chunker.add({base::copy(id.bytes()), static_cast<std::int64_t>(kept->bytes),
                          base::copy(kept->digest)});
    }));
    const bool all_looked_for = std::ranges::includes(gone_, gone);
    gone_ = std::move(gone);
    if (!all_looked_for) return Error{Code::missing, "content was removed meanwhile"};
    return chunker.finish();
  }

  /// Nothing where the file cannot be had: removed since the snapshot, or lost. `gone` gets those
  /// that are not there.
  Result<std::optional<Kept>> take_file(base::ContentId id, std::set<base::ContentId>& gone) {
    const std::string path = vault::content_path(source_.data + "/content", id);
    const auto size = base::size_of(disk_, path);
    auto there = TRY(shelf_.find_content(id, size.ok() ? *size : std::nullopt));
    if (there) return there;
    const auto kept = shelf_.put_content(id, path);
    if (kept.ok()) {
      ++made_.files_new;
      made_.bytes_new += kept->bytes;
      if (shelf_.many()) TRY(shelf_.publish());
      return std::optional(*kept);
    }
    if (kept.code() == Code::missing)
      gone.insert(id);
    else if (readable(path))
      return kept.error();  // it is the backup that cannot be written
    ++made_.lost;
    if (made_.lost_ids.size() < Made::lost_max) made_.lost_ids.push_back(id);
    return std::optional<Kept>();
  }

  bool readable(const std::string& path) {
    const auto file = disk_.open(path, base::Open::read);
    base::Bytes piece(kPiece);
    for (std::uint64_t at = 0; file.ok(); at += piece.size()) {
      const auto size = (*file)->read_at(at, piece);
      if (!size.ok()) return false;
      if (*size < piece.size()) return true;
    }
    return false;
  }

  Result<void> take_tables() {
    const auto tables = TRY(tables_->list());
    for (const store::Table& table : tables) {
      const auto* schema = TRY(store::schema_of(table.name, source_.schemas));
      if (schema->keeping == store::Keeping::live) continue;
      Part part{table.name, table.columns, {}};
      Chunker chunker(table.columns.size(), table.key, [&](base::View bytes, std::size_t rows) {
        return keep(part.pieces, bytes, rows);
      });
      TRY(tables_->each(table, [&](const store::Cells& row) { return chunker.add(row); }));
      TRY(chunker.finish());
      manifest_.tables.push_back(std::move(part));
    }
    for (const Piece& piece : manifest_.content) made_.rows -= piece.rows;
    made_.bytes += manifest_.bytes;
    return {};
  }

  Result<void> keep(std::vector<Piece>& pieces, base::View bytes, std::size_t rows) {
    const Piece piece{base::sha256(bytes), bytes.size(), rows};
    const std::uint64_t written = TRY(shelf_.put_chunk(piece, bytes));
    ++made_.chunks;
    if (written > 0) ++made_.chunks_new;
    made_.bytes += bytes.size();
    made_.bytes_new += written;
    made_.rows += rows;
    pieces.push_back(piece);
    if (progress_) progress_(made_);
    return {};
  }

  Result<void> remove_surplus() {
    std::vector<std::string> surplus;
    TRY(each_surplus(shelf_, manifest_, [&](const std::string& path) -> Result<void> {
      surplus.push_back(path);
      return {};
    }));
    for (const std::string& path : surplus) TRY(shelf_.remove(path));
    made_.removed = surplus.size();
    return {};
  }

  base::Disk& disk_;
  const Source& source_;
  Shelf shelf_;
  const Progress& progress_;
  std::unique_ptr<store::Tables> tables_;
  Manifest manifest_;
  Made made_;
  std::set<base::ContentId> gone_;  // whose files were not there at the snapshot before
};

}  // namespace

Result<keys::TreeId> tree_of(base::Disk& disk, const std::string& data) {
  const auto file = TRY_AS(disk.open(data + "/keys.ktn", base::Open::read), "no key tree there");
  // The header of any page has it in the plain (docs/formats/key-tree.md). Where the file was
  // fetched from a replica, places of no page are empty.
  constexpr std::size_t kTreeAt = 13;
  const std::uint64_t pages = TRY(file->size()) / keys::kPageSize;
  for (std::uint64_t page = 0; page < pages; ++page) {
    base::Bytes head(kTreeAt + keys::TreeId().size());
    const std::size_t size = TRY(file->read_at(page * keys::kPageSize, head));
    if (size != head.size() || base::text(base::View(head).first(4)) != "KTN1") continue;
    keys::TreeId tree{};
    std::copy(head.begin() + kTreeAt, head.end(), tree.begin());
    return tree;
  }
  return Error{Code::corrupt, "the key tree's file has no page"};
}

Result<Made> make(base::Disk& disk, base::Clock& clock, const Source& source,
                  const std::string& directory, const Progress& progress) {
  return Making(disk, source, directory, progress).run(clock);
}

}  // namespace backup
