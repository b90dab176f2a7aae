#include "accounts/import_csv.h"

#include <vector>

namespace accounts {
namespace {

using base::Result;

constexpr std::size_t kPieceBytes = 16UL << 10;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The file's bytes one by one, with their places.
class Letters {
 public:
  explicit Letters(const ImportSource& source) : source_(source), piece_(kPieceBytes) {}

  /// The next byte; nothing at the end.
  Result<std::optional<char>> peek() {
    if (at_ == size_) {
      size_ = TRY(source_(piece_));
      at_ = 0;
    }
    if (size_ == 0) return std::optional<char>();
    return std::optional(static_cast<char>(piece_[at_]));
  }
  void take() {
    const std::uint8_t byte = piece_[at_++];
    if (byte == '\n') {
      ++place_.line;
      place_.column = 1;
    } else if ((byte & 0xC0U) != 0x80U) {
      ++place_.column;
    }
  }
  Place place() const { return place_; }

 private:
  const ImportSource& source_;
  base::Bytes piece_;
  std::size_t at_ = 0, size_ = 0;
  Place place_;
};

/// How a cell ended, or why there is none.
enum class End : std::uint8_t { cell, row, file, broken };

class Reader {
 public:
  Reader(const ImportSource& source, const ImportSink& sink) : letters_(source), sink_(sink) {}

  Result<void> run() {
    const bool headed = TRY(read_head());
    while (headed) {
      ImportRow row;
      const End end = TRY(read_row(row));
      if (end == End::broken) return {};
      if (cells_ > 0 && cells_ != columns_.size()) {
        sink_.wrong({row.at, "the row has not as many cells as the first line has names"});
      } else if (cells_ > 0) {
        const bool on = TRY(sink_.row(row));
        if (!on) return {};
      }
      if (end == End::file) return {};
    }
    return {};
  }

 private:
  Result<bool> read_head() {
    while (true) {
      ImportCell cell;
      const End end = TRY(read_cell(cell));
      if (columns_.empty() && cell.text.starts_with(kByteOrderMark))
        cell.text.erase(0, kByteOrderMark.size());
      if (end == End::broken) return false;
      const auto column = import_column(cell.text);
      if (!column) {
        sink_.broken({cell.at,
                      "the first line names the columns, separated by commas: email, legal_name, "
                      "language, password_hash, hash_algorithm, created_at"});
        return false;
      }
      for (const ImportColumn other : columns_)
        if (other == *column) {
          sink_.broken({cell.at, "this column is named twice"});
          return false;
        }
      columns_.push_back(*column);
      if (end != End::cell) return end == End::row;
    }
  }

  Result<End> read_row(ImportRow& row) {
    row.at = letters_.place();
    cells_ = 0;
    while (true) {
      ImportCell cell;
      const End end = TRY(read_cell(cell));
      // An empty line, and the end behind the last line, are no rows.
      const bool nothing = cells_ == 0 && cell.text.empty() && !quoted_ && end != End::cell;
      if (end == End::broken || nothing) return end;
      if (cells_ < columns_.size()) row[columns_[cells_]] = std::move(cell);
      ++cells_;
      if (end != End::cell) return end;
    }
  }

  Result<End> read_cell(ImportCell& cell) {
    cell.at = letters_.place();
    const auto first = TRY(letters_.peek());
    quoted_ = first == '"';
    if (!quoted_) return read_plain(cell);
    letters_.take();
    return read_quoted(cell);
  }

  Result<End> read_plain(ImportCell& cell) {
    while (true) {
      const auto letter = TRY(letters_.peek());
      if (!letter || *letter == ',' || *letter == '\n' || *letter == '\r') return separator();
      // A first cell that is quoted behind the mark.
      if (*letter == '"' && columns_.empty() && cell.text == kByteOrderMark) {
        letters_.take();
        cell.text.clear();
        return read_quoted(cell);
      }
      if (*letter == '"')
        return broken(
            letters_.place(),
            "a quote within a cell: put the whole cell in quotes, and double those in it");
      if (!add(cell, *letter)) return too_long(cell);
    }
  }

  Result<End> read_quoted(ImportCell& cell) {
    while (true) {
      const auto letter = TRY(letters_.peek());
      if (!letter) return broken(cell.at, "the quote that begins here does not end");
      if (*letter != '"') {
        if (!add(cell, *letter)) return too_long(cell);
        continue;
      }
      letters_.take();
      const auto next = TRY(letters_.peek());
      if (next != '"') return separator();
      if (!add(cell, '"')) return too_long(cell);
    }
  }

  /// Behind a cell.
  Result<End> separator() {
    const auto letter = TRY(letters_.peek());
    if (!letter) return End::file;
    const Place at = letters_.place();
    letters_.take();
    if (*letter == ',') return End::cell;
    if (*letter == '\n') return End::row;
    const auto next = TRY(letters_.peek());
    if (*letter != '\r' || next != '\n')
      return broken(at, "a cell ends with a comma, or with the end of its line");
    letters_.take();
    return End::row;
  }

  bool add(ImportCell& cell, char letter) {
    if (cell.text.size() == import_cell_bytes_max) return false;
    cell.text.push_back(letter);
    letters_.take();
    return true;
  }
  End broken(Place at, base::Literal what) {
    sink_.broken({at, what});
    return End::broken;
  }
  End too_long(const ImportCell& cell) {
    return broken(cell.at, "the cell is longer than 4096 bytes; is a quote missing?");
  }

  Letters letters_;
  const ImportSink& sink_;
  std::vector<ImportColumn> columns_;
  std::size_t cells_ = 0;  // of the row
  bool quoted_ = false;
};

}  // namespace

Result<void> read_import_csv(const ImportSource& source, const ImportSink& sink) {
  return Reader(source, sink).run();
}

}  // namespace accounts
