#include "ledger/growth.h"

namespace ledger {

using base::Result;

Result<void> Growth::add(LogFiles& files, const Leaf& leaf) {
  const base::Bytes entry = leaf.encode();
  put_entry(tail_, entry);
  return edge_.append(hash_leaf(entry),
                      [&](const Tile& tile, std::span<const Digest> hashes) -> Result<void> {
                        TRY(files.put(path_of(tile), encode_tile(hashes)));
                        filled_.push_back(path_of(tile));
                        if (tile.level > 0) return {};
                        const std::string bundle = path_of(Bundle{tile.index, kTileWidth});
                        TRY(files.put(bundle, tail_));
                        filled_.push_back(bundle);
                        tail_.clear();
                        return {};
                      });
}

Result<void> Growth::put_partials(LogFiles& files, std::uint64_t published) const {
  return edge_.each_partial([&](const Tile& tile, std::span<const Digest> hashes) -> Result<void> {
    if (tile_width(tile.level, tile.index, published) == tile.width) return {};
    TRY(files.put(path_of(tile), encode_tile(hashes)));
    if (tile.level > 0) return {};
    return files.put(path_of(Bundle{tile.index, tile.width}), tail_);
  });
}

void Growth::drop_partials(LogFiles& files) {
  for (const std::string& path : filled_) (void)files.drop_partials(path).ok();
  filled_.clear();
}

}  // namespace ledger
