#include <algorithm>
#include <charconv>
#include <map>

#include "ledger/tlog.h"

// The C2SP tlog-tiles layout (c2sp.org/tlog-tiles).

namespace ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr unsigned kLevelMax = 63;
constexpr unsigned kTileHeight = 8;  // levels of the tree in a tile

/// 1234067 -> x001/x234/067, and the partial suffix.
std::string spread(std::uint64_t index, unsigned width) {
  CHECK(width >= 1 && width <= kTileWidth);
  std::string out;
  const std::string digits = std::to_string(index);
  const std::size_t groups = (digits.size() + 2) / 3;
  const std::string padded = std::string(groups * 3 - digits.size(), '0') + digits;
  for (std::size_t group = 0; group < groups; ++group) {
    if (group + 1 < groups) out += 'x';
    out += padded.substr(group * 3, 3);
    if (group + 1 < groups) out += '/';
  }
  if (width < kTileWidth) out += ".p/" + std::to_string(width);
  return out;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

template <class Number>
std::optional<Number> decimal(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The inverse of spread, by making it again: whatever is spelled otherwise is refused.
std::optional<Bundle> gather(std::string_view text) {
  Bundle out;
  std::string_view digits = text;
  if (const auto dot = text.find(".p/"); dot != std::string_view::npos) {
    const auto width = decimal<unsigned>(text.substr(dot + 3));
    if (!width || *width < 1 || *width >= kTileWidth) return std::nullopt;
    out.width = *width;
    digits = text.substr(0, dot);
  }
  std::string joined;
  for (const char c : digits)
    if (c != 'x' && c != '/') joined += c;
  const auto index = decimal<std::uint64_t>(joined);
  if (!index || *index > kTreeSizeMax) return std::nullopt;
  out.index = *index;
  if (spread(out.index, out.width) != text) return std::nullopt;
  return out;
}

/// Where a node's hash is to be found: `count` (a power of two) hashes of a tile, from `first` on.
struct Place {
  unsigned level;
  std::uint64_t index;
  std::size_t first;
  std::size_t count;
};

Place place_of(const Node& node) {
  const unsigned level = node.level / kTileHeight;
  const unsigned height = node.level % kTileHeight;
  const std::uint64_t first = node.index << height;  // in hashes of the tile's level
  return {level, first / kTileWidth, first % kTileWidth, std::size_t{1} << height};
}

}  // namespace

std::string path_of(const Tile& tile) {
  return "tile/" + std::to_string(tile.level) + "/" + spread(tile.index, tile.width);
}

std::string path_of(const Bundle& bundle) {
  return "tile/entries/" + spread(bundle.index, bundle.width);
}

std::optional<Bundle> parse_bundle_path(std::string_view path) {
  if (!take(path, "tile/entries/")) return std::nullopt;
  return gather(path);
}

std::optional<Tile> parse_tile_path(std::string_view path) {
  if (!take(path, "tile/")) return std::nullopt;
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view digits = path.substr(0, slash);
  const auto level = decimal<unsigned>(digits);
  if (!level || *level > kLevelMax || std::to_string(*level) != digits) return std::nullopt;
  const auto rest = gather(path.substr(slash + 1));
  if (!rest) return std::nullopt;
  return Tile{*level, rest->index, rest->width};
}

unsigned tile_width(unsigned level, std::uint64_t index, std::uint64_t size) {
  if (level * kTileHeight >= 64) return 0;
  const std::uint64_t hashes = size >> (level * kTileHeight);
  if (index > hashes / kTileWidth) return 0;
  return static_cast<unsigned>(std::min<std::uint64_t>(kTileWidth, hashes - index * kTileWidth));
}

std::uint64_t tile_count(unsigned level, std::uint64_t size) {
  if (level * kTileHeight >= 64) return 0;
  const std::uint64_t hashes = size >> (level * kTileHeight);
  return hashes / kTileWidth + (hashes % kTileWidth != 0 ? 1 : 0);
}

base::Bytes encode_tile(std::span<const Digest> hashes) {
  base::Bytes out;
  out.reserve(hashes.size() * sizeof(Digest));
  for (const Digest& hash : hashes) out.insert(out.end(), hash.begin(), hash.end());
  return out;
}

Result<std::vector<Digest>> parse_tile(base::View bytes, unsigned width) {
  if (bytes.size() != width * sizeof(Digest))
    return Error{Code::corrupt, "a tile has the wrong size"};
  std::vector<Digest> hashes(width);
  for (unsigned i = 0; i < width; ++i) {
    const auto from = bytes.subspan(i * sizeof(Digest), sizeof(Digest));
    std::copy(from.begin(), from.end(), hashes[i].begin());
  }
  return hashes;
}

void put_entry(base::Bytes& bundle, base::View entry) {
  CHECK(entry.size() <= 0xffff);
  base::put_u16(bundle, static_cast<std::uint16_t>(entry.size()));
  bundle.insert(bundle.end(), entry.begin(), entry.end());
}

Result<std::vector<base::View>> parse_bundle(base::View bytes, unsigned width) {
  base::Reader reader(bytes);
  std::vector<base::View> entries;
  for (unsigned i = 0; i < width; ++i) {
    const auto size = reader.u16();
    if (!size.ok()) return Error{Code::corrupt, "a bundle has too few entries"};
    const auto entry = reader.take(*size);
    if (!entry.ok()) return Error{Code::corrupt, "a bundle ends within an entry"};
    entries.push_back(*entry);
  }
  if (!reader.done()) return Error{Code::corrupt, "a bundle has too many entries"};
  return entries;
}

HashReader hashes_from_tiles(std::uint64_t size, TileReader tiles) {
  return
      [size, tiles = std::move(tiles)](std::span<const Node> nodes) -> Result<std::vector<Digest>> {
        std::map<std::pair<unsigned, std::uint64_t>, std::vector<Digest>> read;
        std::vector<Digest> out;
        for (const Node& node : nodes) {
          const Place place = place_of(node);
          const unsigned width = tile_width(place.level, place.index, size);
          if (place.first + place.count > width)
            return Error{Code::invalid, "the tree has no such node"};
          const std::pair key(place.level, place.index);
          auto found = read.find(key);
          if (found == read.end()) {
            const base::Bytes raw = TRY(tiles(Tile{place.level, place.index, width}));
            auto hashes = TRY(parse_tile(raw, width));
            found = read.emplace(key, std::move(hashes)).first;
          }
          out.push_back(hash_complete(std::span(found->second).subspan(place.first, place.count)));
        }
        return out;
      };
}

}  // namespace ledger
