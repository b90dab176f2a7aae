// What a backup consists of, taken apart: the manifest, as found and with the digest that it asks
// for, and chunks of rows. The mutator changes single cells of a chunk, and numbers and words of a
// manifest, and leaves the rest well formed.
#include <cctype>
#include <cstdint>

#include "backup/chunk.h"
#include "backup/manifest.h"
#include "tests/fuzz/mutate.h"

namespace {

void manifest(base::View input) {
  (void)backup::Manifest::decode(base::text(input)).ok();
  const std::string body = std::string(base::text(input)) + "\n";
  const auto found =
      backup::Manifest::decode(body + base::hex(base::sha256(base::view(body))) + "\n");
  if (!found.ok()) return;
  const std::string again = found->encode();
  CHECK(backup::Manifest::decode(again).value().encode() == again);
}

void chunk(base::View input) {
  const auto rows = backup::decode_chunk(input);
  if (!rows.ok() || rows->empty()) return;
  CHECK(backup::encode_chunk(rows->front().size(), *rows) == base::copy(input));
}

/// One cell of the chunk changed, in its kind or in its value; or a row doubled, or removed.
base::Bytes changed_chunk(std::vector<store::Cells> rows, fuzz::Draws& draws) {
  const std::size_t row = draws.below(rows.size());
  store::Cells& cells = rows[row];
  store::Cell& cell = cells[draws.below(cells.size())];
  const base::Bytes bytes = fuzz::mutated(base::copy(base::view("cell")), 64);
  switch (draws.below(6)) {
    case 0:
      cell = nullptr;
      break;
    case 1:
      cell = static_cast<std::int64_t>(draws.below(~std::size_t{0}));
      break;
    case 2:
      cell = std::string(base::text(bytes));
      break;
    case 3:
      cell = bytes;
      break;
    case 4:
      rows.insert(rows.begin(), cells);
      break;
    default:
      if (rows.size() > 1) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(row));
  }
  return backup::encode_chunk(rows.front().size(), rows);
}

/// One word between quotes, or one number, changed.
base::Bytes changed_manifest(std::string text, fuzz::Draws& draws) {
  const auto part_of = [&](char c) {
    const bool word = std::isalnum(static_cast<unsigned char>(c)) != 0;
    return word || c == '.' || c == '-' || c == ':';
  };
  std::size_t from = draws.below(text.size());
  while (from > 0 && part_of(text[from - 1])) --from;
  std::size_t to = from;
  while (to < text.size() && part_of(text[to])) ++to;
  const base::Bytes word =
      fuzz::mutated(base::view(std::string_view(text).substr(from, to - from)), to - from + 8);
  text.replace(from, to - from, base::text(word));
  return base::copy(base::view(text));
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  fuzz::Draws draws(seed);
  if (size < 2 || draws.one_in(2)) return LLVMFuzzerMutate(data, size, max_size);
  const base::View inside(data + 1, size - 1);
  if (data[0] % 2 == 0) {
    const base::Bytes changed = changed_manifest(std::string(base::text(inside)), draws);
    return fuzz::answer(fuzz::chosen(data[0], changed), data, max_size);
  }
  auto rows = backup::decode_chunk(inside);
  if (!rows.ok() || rows->empty() || rows->front().empty())
    return LLVMFuzzerMutate(data, size, max_size);
  const base::Bytes changed = changed_chunk(std::move(*rows), draws);
  return fuzz::answer(fuzz::chosen(data[0], changed), data, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const base::View input(data, size);
  if (input[0] % 2 == 0)
    manifest(input.subspan(1));
  else
    chunk(input.subspan(1));
  return 0;
}
