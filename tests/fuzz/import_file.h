// For fuzz targets: any bytes as a file of people to import are rows and findings whose places lie
// in the file, however they come in pieces.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "accounts/import_row.h"

namespace fuzz {

/// How many rows and findings there are, and where the last one is.
struct Seen {
  std::size_t rows = 0, findings = 0;
  std::uint64_t line = 0, column = 0;
  bool operator==(const Seen&) const = default;
};

template <class Reader>
Seen read(const Reader& reader, base::View file, std::size_t piece) {
  const std::size_t size = file.size();
  Seen seen;
  const auto place = [&](const accounts::Place& at) {
    CHECK(at.line >= 1 && at.line <= size + 1 && at.column >= 1 && at.column <= size + 1);
    seen.line = at.line;
    seen.column = at.column;
  };
  const auto finding = [&](const accounts::ImportFinding& found) {
    ++seen.findings;
    place(found.at);
  };
  const auto row = [&](const accounts::ImportRow& one) -> base::Result<bool> {
    ++seen.rows;
    place(one.at);
    for (const auto& cell : one.cells)
      if (cell) CHECK(cell->text.size() <= accounts::import_cell_bytes_max);
    (void)accounts::check_import_row(one, base::Time(), [](const accounts::ImportFinding&) {});
    return true;
  };
  const auto source = [&](base::Mutable out) -> base::Result<std::size_t> {
    const std::size_t some = std::min({piece, file.size(), out.size()});
    std::ranges::copy(file.first(some), out.begin());
    file = file.subspan(some);
    return some;
  };
  CHECK(reader(source, {row, finding, finding}).ok());
  return seen;
}

/// `reader` is one of accounts::read_import_*.
template <class Reader>
void check_import_file(const Reader& reader, const std::uint8_t* data, std::size_t size) {
  const Seen whole = read(reader, {data, size}, size + 1);
  CHECK(whole == read(reader, {data, size}, 3));
}

}  // namespace fuzz
