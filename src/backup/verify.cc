#include "backup/verify.h"

#include <algorithm>
#include <set>

#include "backup/chunk.h"

namespace backup {
namespace {

using base::Code;
using base::Error;
using base::Result;

Result<Kept> kept_of(const store::Cells& row) {
  const Error wrong{Code::corrupt, "the backup's list of content is damaged"};
  if (row.size() != 3) return wrong;
  const auto* id = std::get_if<base::Bytes>(&row[0]);
  const auto* bytes = std::get_if<std::int64_t>(&row[1]);
  const auto* digest = std::get_if<base::Bytes>(&row[2]);
  if (id == nullptr || bytes == nullptr || digest == nullptr || *bytes < 0) return wrong;
  Kept kept;
  if (id->size() != base::ContentId::size || digest->size() != kept.digest.size()) return wrong;
  kept.id = TRY(base::ContentId::from(*id));
  kept.bytes = static_cast<std::uint64_t>(*bytes);
  std::copy(digest->begin(), digest->end(), kept.digest.begin());
  return kept;
}

class Verifying {
 public:
  Verifying(Shelf& shelf, const OnFindings& progress) : shelf_(shelf), progress_(progress) {}

  Result<Findings> run() {
    auto manifest = TRY(shelf_.manifest());
    if (!manifest) return Error{Code::missing, "there is no complete backup in the directory"};
    found_.manifest = std::move(*manifest);
    for (const Part& part : found_.manifest.tables)
      for (const Piece& piece : part.pieces)
        if (TRY(look(piece, part.columns.size()))) found_.bytes += piece.bytes;
    for (const Piece& piece : found_.manifest.content) {
      if (!TRY(look(piece, 3))) continue;
      found_.bytes += piece.bytes;
      TRY(each_content(shelf_, piece, [&](const Kept& kept) { return look(kept); }));
    }
    if (found_.damages == 0 && (found_.files != found_.manifest.files)) damaged("manifest");
    // Where the list of content is damaged, nobody knows what is surplus.
    if (found_.damages == 0)
      TRY(each_surplus(shelf_, found_.manifest, [&](const std::string&) -> Result<void> {
        ++found_.surplus;
        return {};
      }));
    return std::move(found_);
  }

 private:
  void damaged(const std::string& path) {
    ++found_.damages;
    if (found_.damaged.size() < Findings::damaged_max) found_.damaged.push_back(path);
  }

  Result<bool> look(const Piece& piece, std::size_t columns) {
    ++found_.chunks;
    const auto bytes = shelf_.chunk(piece);
    if (!bytes.ok() && bytes.code() != Code::corrupt && bytes.code() != Code::too_large)
      return bytes.error();
    bool whole = bytes.ok();
    if (whole) {
      const auto rows = decode_chunk(*bytes);
      whole = rows.ok() && rows->size() == piece.rows &&
              (rows->empty() || rows->front().size() == columns);
    }
    if (!whole) damaged(Shelf::name_of(piece));
    if (progress_) progress_(found_);
    return whole;
  }

  Result<void> look(const Kept& kept) {
    ++found_.files;
    const auto read = shelf_.read_content(kept, [](base::View) { return Result<void>(); });
    if (!read.ok() && read.code() != Code::corrupt && read.code() != Code::io) return read;
    if (read.ok())
      found_.bytes += kept.bytes;
    else
      damaged(Shelf::name_of(kept));
    if (progress_) progress_(found_);
    return {};
  }

  Shelf& shelf_;
  const OnFindings& progress_;
  Findings found_;
};

}  // namespace

Result<void> each_content(Shelf& shelf, const Piece& piece, const OnKept& each) {
  const base::Bytes bytes = TRY(shelf.chunk(piece));
  const auto rows = TRY(decode_chunk(bytes));
  for (const store::Cells& row : rows) {
    const Kept kept = TRY(kept_of(row));
    TRY(each(kept));
  }
  return {};
}

Result<void> each_surplus(Shelf& shelf, const Manifest& manifest, const Shelf::OnFile& each) {
  std::set<std::string> chunks;
  std::vector<Kept> content;  // by id, as the pieces have it
  for (const Part& part : manifest.tables)
    for (const Piece& piece : part.pieces) chunks.insert(Shelf::name_of(piece));
  for (const Piece& piece : manifest.content) {
    chunks.insert(Shelf::name_of(piece));
    TRY(each_content(shelf, piece, [&](const Kept& kept) -> Result<void> {
      content.push_back(kept);
      return {};
    }));
  }
  return shelf.each_file([&](const std::string& path) -> Result<void> {
    if (path.starts_with("chunks/")) return chunks.contains(path) ? Result<void>() : each(path);
    const std::string name = path.substr(path.rfind('/') + 1);
    const auto id = base::ContentId::parse(name.substr(0, name.find('-')));
    if (!id.ok()) return each(path);
    const auto at = std::ranges::lower_bound(content, *id, {}, &Kept::id);
    const bool ours = at != content.end() && at->id == *id && Shelf::name_of(*at) == path;
    return ours ? Result<void>() : each(path);
  });
}

Result<Findings> verify(base::Disk& disk, const std::string& directory,
                        const OnFindings& progress) {
  Shelf shelf(disk, directory);
  return Verifying(shelf, progress).run();
}

}  // namespace backup
