#include "backup/restore.h"

#include <algorithm>

#include "backup/chunk.h"
#include "backup/verify.h"
#include "vault/content_file.h"

namespace backup {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kPiece = 1 << 20;

const store::Schema* find(std::span<const store::Schema> schemas, const std::string& module) {
  const auto at = std::ranges::find_if(
      schemas, [&](const store::Schema& schema) { return module == schema.module.c_str(); });
  return at == schemas.end() ? nullptr : &*at;
}

Result<bool> same_there(base::Disk& disk, const std::string& path, const Kept& kept) {
  auto opened = disk.open(path, base::Open::read);
  if (!opened.ok()) return false;
  base::Sha256 hash;
  base::Bytes piece(kPiece);
  std::uint64_t at = 0;
  while (true) {
    const auto size = (*opened)->read_at(at, piece);
    if (!size.ok()) return false;  // it cannot be read: the backup's takes its place
    if (*size == 0) break;
    hash.update(base::View(piece).first(*size));
    at += *size;
  }
  return at == kept.bytes && hash.finish() == kept.digest;
}

Result<void> write_whole(base::Disk& disk, Shelf& shelf, const std::string& path,
                         const Kept& kept) {
  auto file = TRY(disk.open(path, base::Open::update));
  TRY(file->truncate(0));
  std::uint64_t at = 0;
  TRY(shelf.read_content(kept, [&](base::View bytes) -> Result<void> {
    TRY(file->write_at(at, bytes));
    at += bytes.size();
    return {};
  }));
  return file->sync();
}

/// Where it fails, nothing is left of it. What a kill leaves, the next start removes.
Result<void> place(base::Disk& disk, Shelf& shelf, const std::string& content, const Kept& kept) {
  TRY(disk.make_directory(vault::content_folder(content, kept.id)));
  const std::string path = vault::content_path(content, kept.id);
  const std::string unfinished = path + std::string(vault::kUnfinishedContent);
  auto placed = write_whole(disk, shelf, unfinished, kept);
  if (placed.ok()) placed = disk.rename(unfinished, path);
  if (!placed.ok()) {
    (void)disk.remove(unfinished).ok();
    return placed;
  }
  return disk.sync_directory(vault::content_folder(content, kept.id));
}

Result<void> fill(Shelf& shelf, store::Tables& into, const Part& part,
                  const std::vector<store::Table>& tables, Restored& restored,
                  const OnRestored& progress) {
  const auto at = std::ranges::find(tables, part.table, &store::Table::name);
  if (at == tables.end() || at->columns != part.columns)
    return Error{Code::corrupt, "the backup has a table that its schema does not have"};
  for (const Piece& piece : part.pieces) {
    const base::Bytes bytes = TRY(shelf.chunk(piece));
    const auto rows = TRY(decode_chunk(bytes));
    for (const store::Cells& row : rows) TRY(into.insert(*at, row));
    TRY(into.commit());
    restored.rows += rows.size();
    if (progress) progress(restored);
  }
  return {};
}

Result<void> copy_live(store::Tables& into, const store::Database& live,
                       std::span<const store::Schema> schemas) {
  const auto from = TRY(store::Tables::snapshot(live));
  const auto tables = TRY(from->list());
  for (const store::Table& table : tables) {
    const auto* schema = TRY(store::schema_of(table.name, schemas));
    if (schema->keeping != store::Keeping::live) continue;
    TRY(from->each(table, [&](const store::Cells& row) { return into.insert(table, row); }));
  }
  return into.commit();
}

}  // namespace

Result<Manifest> admit(base::Disk& disk, const Source& source, const std::string& directory) {
  const keys::TreeId tree = TRY(tree_of(disk, source.data));
  return admit(disk, source.schemas, directory, tree);
}

Result<Manifest> admit(base::Disk& disk, std::span<const store::Schema> schemas,
                       const std::string& directory, const keys::TreeId& tree) {
  auto manifest = TRY(Shelf(disk, directory).manifest());
  if (!manifest) return Error{Code::missing, "there is no complete backup in the directory"};
  if (manifest->tree != tree)
    return Error{Code::conflict,
                 "the backup is another installation's: its key tree is not the one that is here, "
                 "or that the holder has"};
  for (const auto& [module, version] : manifest->schemas) {
    const store::Schema* ours = find(schemas, module);
    if (ours == nullptr || version > ours->steps.size())
      return Error{Code::conflict, "the backup was made by a newer version of this program"};
    if (ours->keeping != store::Keeping::bulk)
      return Error{Code::corrupt, "the backup has a table that is never in one"};
  }
  for (const Part& part : manifest->tables) {
    const auto* schema = TRY(store::schema_of(part.table, schemas));
    if (schema->keeping != store::Keeping::bulk)
      return Error{Code::corrupt, "the backup has a table that is never in one"};
  }
  return std::move(*manifest);
}

Result<void> place_content(base::Disk& disk, const Source& source, const std::string& directory,
                           const Manifest& manifest, Restored& restored,
                           const OnRestored& progress) {
  Shelf shelf(disk, directory);
  const std::string content = source.data + "/content";
  for (const Piece& piece : manifest.content)
    TRY(each_content(shelf, piece, [&](const Kept& kept) -> Result<void> {
      ++restored.files;
      const bool there = TRY(same_there(disk, vault::content_path(content, kept.id), kept));
      if (!there) {
        TRY(place(disk, shelf, content, kept));
        ++restored.files_copied;
        restored.bytes_copied += kept.bytes;
      }
      if (progress) progress(restored);
      return {};
    }));
  return {};
}

Result<void> build(base::Disk& disk, base::Wait& wait, const Source& source,
                   const std::string& directory, const Manifest& manifest,
                   const std::string& database, const std::optional<std::string>& live,
                   Restored& restored, const OnRestored& progress) {
  std::vector<store::Schema> schemas(source.schemas.begin(), source.schemas.end());
  for (store::Schema& schema : schemas) {
    if (schema.keeping != store::Keeping::bulk) continue;
    const auto at = manifest.schemas.find(schema.module.c_str());
    schema.steps.erase(schema.steps.begin() + static_cast<std::ptrdiff_t>(
                                                  at == manifest.schemas.end() ? 0 : at->second),
                       schema.steps.end());
  }
  const store::Database place(database, source.vfs);
  TRY(store::Store::open(wait, place, schemas));
  const auto into = TRY(store::Tables::change(place));
  if (live) TRY(copy_live(*into, {*live, source.vfs}, source.schemas));
  const auto tables = TRY(into->list());
  Shelf shelf(disk, directory);
  for (const Part& part : manifest.tables)
    TRY(fill(shelf, *into, part, tables, restored, progress));
  return {};
}

Result<void> each_owner(store::Tables& tables, std::span<const store::Schema> schemas,
                        const store::Tables::OnOwner& each) {
  for (const store::Schema& schema : schemas)
    for (const store::OwnerColumn& column : schema.owners) TRY(tables.owners(column, each));
  return {};
}

Result<void> remove_owners(const store::Database& database, std::span<const store::Schema> schemas,
                           std::span<const base::OwnerId> owners) {
  const auto tables = TRY(store::Tables::change(database));
  for (const base::OwnerId owner : owners)
    for (const store::Schema& schema : schemas)
      for (const store::OwnerColumn& column : schema.owners) TRY(tables->remove(column, owner));
  return tables->commit();
}

}  // namespace backup
