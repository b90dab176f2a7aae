#include "backup/chunk.h"

namespace backup {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::string_view kMagic = "BKC1";
enum class Kind : std::uint8_t { null = 0, integer = 1, text = 2, blob = 3 };

void put(base::Bytes& out, Kind kind) { out.push_back(static_cast<std::uint8_t>(kind)); }

struct Put {
  base::Bytes& out;
  void operator()(std::nullptr_t) const { put(out, Kind::null); }
  void operator()(std::int64_t number) const {
    put(out, Kind::integer);
    base::put_u64(out, static_cast<std::uint64_t>(number));
  }
  void operator()(const std::string& text) const {
    put(out, Kind::text);
    base::put_block(out, base::view(text));
  }
  void operator()(const base::Bytes& blob) const {
    put(out, Kind::blob);
    base::put_block(out, blob);
  }
};

base::Bytes encode(const store::Cells& cells) {
  base::Bytes out;
  for (const store::Cell& cell : cells) std::visit(Put{out}, cell);
  return out;
}

Result<store::Cell> decode_cell(base::Reader& reader) {
  const auto kind = static_cast<Kind>(TRY(reader.u8()));
  switch (kind) {
    case Kind::null:
      return store::Cell(nullptr);
    case Kind::integer: {
      const std::uint64_t number = TRY(reader.u64());
      return store::Cell(static_cast<std::int64_t>(number));
    }
    case Kind::text: {
      const base::View text = TRY(reader.block());
      return store::Cell(std::string(base::text(text)));
    }
    case Kind::blob: {
      const base::View blob = TRY(reader.block());
      return store::Cell(base::copy(blob));
    }
  }
  return Error{Code::corrupt, "a value of a backup is of no known kind"};
}

Result<std::vector<store::Cells>> decode(base::View bytes) {
  base::Reader reader(bytes);
  const base::View magic = TRY(reader.take(kMagic.size()));
  if (base::text(magic) != kMagic) return Error{Code::corrupt, "not a chunk of a backup"};
  const std::uint16_t columns = TRY(reader.u16());
  const std::uint32_t count = TRY(reader.u32());
  // Each value has a byte at least: a count that cannot be is not believed.
  if (columns == 0 || count > reader.rest().size())
    return Error{Code::corrupt, "a chunk of a backup has no such number of rows"};
  std::vector<store::Cells> rows;
  for (std::uint32_t i = 0; i < count; ++i) {
    store::Cells row;
    for (std::uint16_t k = 0; k < columns; ++k) {
      store::Cell cell = TRY(decode_cell(reader));
      row.push_back(std::move(cell));
    }
    rows.push_back(std::move(row));
  }
  if (!reader.done()) return Error{Code::corrupt, "a chunk of a backup has bytes behind its rows"};
  return rows;
}

}  // namespace

base::Bytes encode_chunk(std::size_t columns, const std::vector<store::Cells>& rows) {
  base::Bytes out = base::copy(base::view(kMagic));
  base::put_u16(out, static_cast<std::uint16_t>(columns));
  base::put_u32(out, static_cast<std::uint32_t>(rows.size()));
  for (const store::Cells& row : rows) {
    CHECK(row.size() == columns);
    for (const store::Cell& cell : row) std::visit(Put{out}, cell);
  }
  return out;
}

Result<std::vector<store::Cells>> decode_chunk(base::View bytes) {
  auto rows = decode(bytes);
  if (!rows.ok()) return Error{Code::corrupt, "a chunk of the backup is damaged", rows.error()};
  return rows;
}

Result<void> Chunker::add(const store::Cells& row) {
  const std::size_t size = encode(row).size();
  if (size > kChunkBytesMax / 2) return Error{Code::too_large, "a row is too large for a backup"};
  store::Cells key;
  for (const std::size_t column : key_) key.push_back(row.at(column));
  rows_.push_back(row);
  bytes_ += size;
  // A large row ends a chunk as much more often as it is larger: chunks come out alike.
  const std::uint64_t draw = base::load_u64(base::sha256(encode(key)).data());
  const std::uint64_t bar = ~std::uint64_t{0} / kChunkBytes * std::min(size, kChunkBytes);
  if (draw < bar || bytes_ >= kChunkBytesCut) return finish();
  return {};
}

Result<void> Chunker::finish() {
  if (rows_.empty()) return {};
  TRY(on_chunk_(encode_chunk(columns_, rows_), rows_.size()));
  rows_.clear();
  bytes_ = 0;
  return {};
}

}  // namespace backup
