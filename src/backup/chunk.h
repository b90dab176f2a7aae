// A piece of a backup: rows of one table as bytes, named by their SHA-256. Where one piece ends and
// the next begins is decided by the rows' keys, so that a row more or less changes one piece and
// not all behind it. Owns nothing; never looks into a value (docs/formats/backup.md).
#pragma once

#include <functional>

#include "base/crypto.h"
#include "store/tables.h"

namespace backup {

inline constexpr std::size_t kChunkBytes = 512 << 10;     // on average
inline constexpr std::size_t kChunkBytesCut = 4 << 20;    // cut here whatever the keys say
inline constexpr std::size_t kChunkBytesMax = 128 << 20;  // the largest row that is taken

/// "BKC1" | columns u16 | rows u32 | each value: kind u8, and an i64 or a block.
base::Bytes encode_chunk(std::size_t columns, const std::vector<store::Cells>& rows);
/// Code::corrupt for anything that encode_chunk does not make.
base::Result<std::vector<store::Cells>> decode_chunk(base::View bytes);

/// Cuts rows into chunks as they come.
class Chunker {
 public:
  using OnChunk = std::function<base::Result<void>(base::View bytes, std::size_t rows)>;
  Chunker(std::size_t columns, std::vector<std::size_t> key, OnChunk on_chunk)
      : columns_(columns), key_(std::move(key)), on_chunk_(std::move(on_chunk)) {}

  base::Result<void> add(const store::Cells& row);
  /// The last one.
  base::Result<void> finish();

 private:
  const std::size_t columns_;
  const std::vector<std::size_t> key_;
  const OnChunk on_chunk_;
  std::vector<store::Cells> rows_;
  std::size_t bytes_ = 0;
};

}  // namespace backup
