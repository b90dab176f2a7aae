#include "ledger/log_files.h"

#include <algorithm>

namespace ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kTileBytesMax = kTileWidth * sizeof(Digest);
constexpr std::size_t kBundleBytesMax = std::size_t{kTileWidth} * (2 + 0xffff);

/// A tile path without its `.p/W`.
std::string without_width(const std::string& path) { return path.substr(0, path.find(".p/")); }

}  // namespace

Result<void> LogFiles::make_directory() {
  TRY(disk_.make_directory(directory_));
  TRY(disk_.watch(directory_));
  // A process that was killed may have left a checkpoint whose name is not durable yet.
  TRY(disk_.sync_directory(directory_));
  made_.insert(directory_);
  return {};
}

Result<std::optional<std::string>> LogFiles::read(const std::string& name, std::size_t bytes_max) {
  const auto bytes = base::read_file(disk_, full(name), bytes_max);
  if (bytes.ok()) return std::optional(std::string(base::text(*bytes)));
  if (bytes.code() == Code::missing) return std::optional<std::string>();
  return bytes.error();
}

Result<void> LogFiles::replace(const std::string& name, std::string_view text) {
  return base::write_file_atomically(disk_, full(name), base::view(text));
}

Result<void> LogFiles::make_parent(const std::string& path) {
  const std::string parent = base::parent_of(path);
  if (made_.contains(parent)) return {};
  TRY(disk_.make_directory(parent));
  made_.insert(parent);
  return {};
}

Result<void> LogFiles::put(const std::string& path, base::View bytes) {
  const std::string to = full(path);
  TRY(make_parent(to));
  const std::string beside = to + ".new";
  {
    const auto file = TRY(disk_.open(beside, base::Open::update));
    TRY(file->truncate(0));
    TRY(file->write_at(0, bytes));
  }
  unsettled_.insert(path);
  TRY(disk_.rename(beside, to));
  lost_.erase(path);
  return {};
}

/// A sync that failed is made good by no later one, nor by what can still be read: pages that could
/// not be written count as written, and when memory drops them, older bytes or none are seen.
Result<void> LogFiles::settle() {
  if (unsettled_.empty() && lost_.empty()) return {};
  for (const std::string& path : lost_) {
    const auto removed = disk_.remove(full(path));
    if (!removed.ok() && removed.code() != Code::missing) return removed;
  }
  const auto synced = disk_.sync_all(directory_);
  if (!synced.ok()) {
    lost_.merge(unsettled_);
    unsettled_.clear();
    return synced;
  }
  lost_.clear();
  unsettled_.clear();
  return {};
}

Result<void> LogFiles::drop_partials(const std::string& full_path) {
  const std::string directory = full(full_path + ".p");
  const auto names = disk_.list(directory);
  if (!names.ok()) {
    if (names.code() == Code::missing) return {};
    return names.error();
  }
  for (const std::string& name : *names) {
    TRY(disk_.remove(directory + "/" + name));
    unsettled_.erase(full_path + ".p/" + name);
    lost_.erase(full_path + ".p/" + name);
  }
  TRY(disk_.remove_directory(directory));
  made_.erase(directory);
  return {};
}

Result<base::Bytes> LogFiles::read_tile(const Tile& tile) {
  const std::string path = path_of(tile);
  auto bytes = base::read_file(disk_, full(path), kTileBytesMax);
  if (!bytes.ok() && bytes.code() == Code::missing && tile.width < kTileWidth) {
    // The partial tile is dropped once the full one is there.
    bytes = base::read_file(disk_, full(without_width(path)), kTileBytesMax);
  }
  if (!bytes.ok()) return bytes.error();
  const std::size_t wanted = tile.width * sizeof(Digest);
  if (bytes->size() < wanted) return Error{Code::corrupt, "a tile is too short"};
  bytes->resize(wanted);
  return bytes;
}

Result<base::Bytes> LogFiles::read_bundle(const Bundle& bundle) {
  const std::string path = path_of(bundle);
  auto bytes = base::read_file(disk_, full(path), kBundleBytesMax);
  if (bytes.ok() || bytes.code() != Code::missing || bundle.width == kTileWidth) return bytes;
  bytes = base::read_file(disk_, full(without_width(path)), kBundleBytesMax);
  if (!bytes.ok()) return bytes;
  const std::vector<base::View> entries = TRY(parse_bundle(*bytes, kTileWidth));
  base::Bytes first;
  for (unsigned i = 0; i < bundle.width; ++i) put_entry(first, entries[i]);
  return first;
}

Result<bool> LogFiles::complete(std::uint64_t size) {
  if (!TRY(complete_row("tile/entries/", size))) return false;
  for (unsigned level = 0; (size >> (8 * level)) > 0 && level < 8; ++level) {
    const std::string prefix = "tile/" + std::to_string(level) + "/";
    if (!TRY(complete_row(prefix, size >> (8 * level)))) return false;
  }
  return true;
}

/// Lists directories instead of asking for each file: a large log opens quickly.
Result<bool> LogFiles::complete_row(std::string_view prefix, std::uint64_t hashes) {
  const std::uint64_t tiles = hashes / kTileWidth;
  std::vector<std::string> names;
  for (std::uint64_t index = 0; index < tiles; ++index) {
    // A bundle's path has the shape of every tile's: only the prefix differs.
    const std::string path = path_of(Bundle{index, kTileWidth}).substr(13);
    if (index % 1000 == 0) {
      auto listed = disk_.list(base::parent_of(full(std::string(prefix) + path)));
      if (!listed.ok() && listed.code() == Code::missing) return false;
      names = TRY(std::move(listed));
    }
    const std::string name = path.substr(path.rfind('/') + 1);
    if (!std::binary_search(names.begin(), names.end(), name)) return false;
  }
  const auto rest = static_cast<unsigned>(hashes % kTileWidth);
  if (rest == 0) return true;
  const std::string partial = path_of(Bundle{tiles, rest}).substr(13);
  const std::string path = full(std::string(prefix) + partial);
  if (TRY(disk_.exists(path))) return true;
  return disk_.exists(without_width(path));
}

}  // namespace ledger
