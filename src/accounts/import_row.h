// One person in a file of people to be imported: the columns that a file may have, as the readers
// hand them on (import_csv.h, import_json.h), and what is wrong with a row. Findings say where and
// what to do, and never what stood there.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/foreign_hash.h"
#include "base/clock.h"
#include "base/personal.h"
#include "egress/mail.h"
#include "vault/address.h"

namespace accounts {

/// In a file: the line and, within it, the character, both from 1.
struct Place {
  std::uint64_t line = 1;
  std::uint64_t column = 1;
};

enum class ImportColumn : std::uint8_t {
  email,
  legal_name,
  language,
  password_hash,
  hash_algorithm,
  created_at,
};
inline constexpr std::array<std::string_view, 6> import_columns = {
    "email", "legal_name", "language", "password_hash", "hash_algorithm", "created_at"};
std::optional<ImportColumn> import_column(std::string_view name);

/// What a cell holds at most, in bytes.
inline constexpr std::size_t import_cell_bytes_max = 4096;

struct ImportCell {
  Place at;
  std::string text;
};
struct ImportRow {
  Place at;
  std::array<std::optional<ImportCell>, import_columns.size()> cells;

  std::optional<ImportCell>& operator[](ImportColumn column) {
    return cells.at(static_cast<std::size_t>(column));
  }
  /// Nothing where the file does not have it, or it is empty.
  const ImportCell* find(ImportColumn column) const;
};

struct ImportFinding {
  Place at;
  base::Literal what;
};

/// Gives bytes of the file, 0 at its end.
using ImportSource = std::function<base::Result<std::size_t>(base::Mutable)>;
/// What a reader tells. `row` answers whether to go on.
struct ImportSink {
  std::function<base::Result<bool>(const ImportRow&)> row;
  /// A row that is none; reading goes on.
  std::function<void(const ImportFinding&)> wrong;
  /// The file is none from here on: nothing behind it is read.
  std::function<void(const ImportFinding&)> broken;
};

/// A row that is as it should be.
struct ImportedPerson {
  vault::Address email;
  base::Personal<std::string> legal_name;
  egress::Language language = egress::Language::english;
  std::string password_hash = {};  // empty: none; she sets a password by mail
  std::optional<ForeignCost> cost = {};
  std::optional<base::Time> created = {};
};
/// Nothing where something is wrong with it, which `wrong` is told, all of it.
std::optional<ImportedPerson> check_import_row(
    const ImportRow& row, base::Time now, const std::function<void(const ImportFinding&)>& wrong);

}  // namespace accounts
