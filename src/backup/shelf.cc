#include "backup/shelf.h"

namespace backup {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kPiece = 1 << 20;
// What a crash in the middle leaves to be copied again.
constexpr std::size_t kPutMax = 256;
constexpr std::uint64_t kPutBytesMax = 256 << 20;
constexpr base::Literal kManifest = "manifest";
constexpr std::string_view kUnfinished = ".part";

Result<Kept> kept_of(const std::string& name, base::ContentId id, std::uint64_t bytes) {
  const auto raw = base::parse_hex(name.substr(std::min(name.size(), id.str().size() + 1)));
  Kept kept{id, bytes, {}};
  if (!raw.ok() || raw->size() != kept.digest.size())
    return Error{Code::corrupt, "a content file of the backup has no digest in its name"};
  std::copy(raw->begin(), raw->end(), kept.digest.begin());
  return kept;
}

}  // namespace

std::string Shelf::name_of(const Kept& kept) {
  const std::string id = kept.id.str();
  return "content/" + id.substr(0, 2) + "/" + id + "-" + base::hex(kept.digest);
}

std::string Shelf::name_of(const Piece& piece) {
  const std::string digest = base::hex(piece.digest);
  return "chunks/" + digest.substr(0, 2) + "/" + digest;
}

std::string Shelf::path_of(const Kept& kept) const { return full(name_of(kept)); }

Result<void> Shelf::make() {
  TRY(disk_.make_directory(full("chunks")));
  TRY(disk_.make_directory(full("content")));
  return disk_.watch(directory_);
}

Result<std::optional<Manifest>> Shelf::manifest() {
  const std::string path = full(kManifest.c_str());
  if (!TRY(disk_.exists(path))) return std::optional<Manifest>();
  const base::Bytes bytes = TRY(base::read_file(disk_, path, kManifestBytesMax));
  auto manifest = TRY(Manifest::decode(base::text(bytes)));
  return std::optional(std::move(manifest));
}

Result<void> Shelf::settle() {
  TRY(publish());
  for (const std::string& directory : unsettled_) TRY(disk_.sync_directory(directory));
  unsettled_.clear();
  return {};
}

Result<void> Shelf::complete(const Manifest& manifest) {
  TRY(settle());
  const std::string text = manifest.encode();
  if (text.size() > kManifestBytesMax)
    return Error{Code::too_large, "the backup's manifest would be too large"};
  return base::write_file_atomically(disk_, full(kManifest.c_str()), base::view(text));
}

Result<std::uint64_t> Shelf::put_chunk(const Piece& piece, base::View bytes) {
  const std::string path = full(name_of(piece));
  // Of what an earlier run left, the name may not be durable yet.
  unsettled_.insert(base::parent_of(path));
  const auto size = TRY(base::size_of(disk_, path));
  if (size && *size == bytes.size()) return std::uint64_t{0};
  TRY(disk_.make_directory(base::parent_of(path)));
  const std::string unfinished = path + std::string(kUnfinished);
  auto file = TRY(disk_.open(unfinished, base::Open::update));
  TRY(file->truncate(0));
  TRY(file->write_at(0, bytes));
  TRY(file->sync());
  TRY(disk_.rename(unfinished, path));
  return std::uint64_t{bytes.size()};
}

Result<base::Bytes> Shelf::chunk(const Piece& piece) {
  auto bytes = base::read_file(disk_, full(name_of(piece)), kManifestBytesMax * 4);
  if (!bytes.ok() && bytes.code() == Code::missing)
    return Error{Code::corrupt, "a chunk of the backup is missing"};
  base::Bytes read = TRY(std::move(bytes));
  if (read.size() != piece.bytes || base::sha256(read) != piece.digest)
    return Error{Code::corrupt, "a chunk of the backup is damaged"};
  return read;
}

Result<std::optional<Kept>> Shelf::find_content(base::ContentId id,
                                                std::optional<std::uint64_t> bytes_known) {
  const std::string name = id.str();
  const std::string folder = full("content/" + name.substr(0, 2));
  if (listed_folder_ != folder) {
    auto names = disk_.list(folder);
    if (!names.ok() && names.code() == Code::missing) return std::optional<Kept>();
    listed_ = TRY(std::move(names));
    listed_folder_ = folder;
  }
  const auto at = std::ranges::lower_bound(listed_, name);
  if (at == listed_.end() || !at->starts_with(name + "-") || at->ends_with(kUnfinished))
    return std::optional<Kept>();
  const std::string path = folder + "/" + *at;
  const auto file = TRY(disk_.open(path, base::Open::read));
  const std::uint64_t bytes = TRY(file->size());
  if (bytes_known && *bytes_known != bytes) return std::optional<Kept>();
  auto kept = TRY(kept_of(*at, id, bytes));
  unsettled_.insert(folder);
  return std::optional(kept);
}

Result<std::uint64_t> Shelf::copy_content(const std::string& from, const std::string& to,
                                          base::Digest& digest) {
  auto source = TRY(disk_.open(from, base::Open::read));
  auto copy = TRY(disk_.open(to, base::Open::update));
  TRY(copy->truncate(0));
  base::Sha256 hash;
  base::Bytes piece(kPiece);
  std::uint64_t at = 0;
  while (true) {
    const std::size_t size = TRY(source->read_at(at, piece));
    if (size == 0) break;
    const base::View read = base::View(piece).first(size);
    hash.update(read);
    TRY(copy->write_at(at, read));
    at += size;
  }
  digest = hash.finish();
  return at;
}

Result<Kept> Shelf::put_content(base::ContentId id, const std::string& from) {
  TRY(disk_.make_directory(base::parent_of(unfinished_path(id))));
  Kept kept{id, 0, {}};
  kept.bytes = TRY(copy_content(from, unfinished_path(id), kept.digest));
  put_.push_back(kept);
  put_bytes_ += kept.bytes;
  return kept;
}

bool Shelf::many() const { return put_.size() >= kPutMax || put_bytes_ >= kPutBytesMax; }

Result<void> Shelf::publish() {
  if (put_.empty()) return {};
  TRY(disk_.sync_all(directory_));
  for (const Kept& kept : put_) {
    TRY(disk_.rename(unfinished_path(kept.id), path_of(kept)));
    unsettled_.insert(base::parent_of(path_of(kept)));
  }
  put_.clear();
  put_bytes_ = 0;
  listed_folder_.clear();  // to be listed anew
  return {};
}

std::string Shelf::unfinished_path(base::ContentId id) const {
  const std::string name = id.str();
  return full("content/" + name.substr(0, 2) + "/" + name + std::string(kUnfinished));
}

Result<void> Shelf::read_content(const Kept& kept, const OnBytes& each) {
  auto opened = disk_.open(path_of(kept), base::Open::read);
  if (!opened.ok() && opened.code() == Code::missing)
    return Error{Code::corrupt, "a content file of the backup is missing"};
  const auto file = TRY(std::move(opened));
  base::Sha256 hash;
  base::Bytes piece(kPiece);
  std::uint64_t at = 0;
  while (true) {
    const std::size_t size = TRY(file->read_at(at, piece));
    if (size == 0) break;
    hash.update(base::View(piece).first(size));
    TRY(each(base::View(piece).first(size)));
    at += size;
  }
  if (at != kept.bytes || hash.finish() != kept.digest)
    return Error{Code::corrupt, "a content file of the backup is damaged"};
  return {};
}

Result<void> Shelf::each_file(const OnFile& each) {
  for (const std::string top : {"chunks", "content"}) {
    const auto folders = TRY(disk_.list(full(top)));
    for (const std::string& folder : folders) {
      const std::string below = top + "/" + folder;
      const auto names = disk_.list(full(below));
      if (!names.ok()) {
        TRY(each(below));  // a file where a folder should be
        continue;
      }
      for (const std::string& name : *names) TRY(each(below + "/" + name));
    }
  }
  return {};
}

Result<void> Shelf::remove(const std::string& path) { return disk_.remove(full(path)); }

}  // namespace backup
