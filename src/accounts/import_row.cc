#include "accounts/import_row.h"

#include <algorithm>

#include "accounts/accounts.h"

namespace accounts {
namespace {

using Wrong = std::function<void(const ImportFinding&)>;

base::Literal words(ForeignHash::Refusal refusal) {
  switch (refusal) {
    case ForeignHash::Refusal::unknown:
      return "password_hash: no hash that we know; give bcrypt ($2b$), scrypt ($scrypt$), PBKDF2 "
             "($pbkdf2-sha256$ or pbkdf2_sha256$) or Argon2 ($argon2id$), or leave it empty";
    case ForeignHash::Refusal::malformed:
      return "password_hash: the hash is not whole, or its parameters are none";
    case ForeignHash::Refusal::too_dear:
      break;
  }
  return "password_hash: trying this hash would take seconds, or more than 128 MiB; leave it "
         "empty, and she sets a password by mail";
}

/// `2019-05-01`, or with a time as RFC 3339 has it.
std::optional<base::Time> time_of(const std::string& text) {
  constexpr std::size_t kDayLetters = 10;
  const auto time = base::parse_rfc3339(text.size() == kDayLetters ? text + "T00:00:00Z" : text);
  return time.ok() ? std::optional(*time) : std::nullopt;
}

base::Result<vault::Address> parse_address(std::string_view text) {
  auto address = vault::Address::parse(text);
  if (address.ok()) return address;
  return base::Error{base::Code::invalid, "email: this is no address, like name@company.example"};
}

/// The checked value of a cell, or nothing and a finding.
template <class T, class Parse>
std::optional<T> required(const ImportRow& row, ImportColumn column, base::Literal missing,
                          const Parse& parse, const Wrong& wrong) {
  const ImportCell* cell = row.find(column);
  if (cell == nullptr) {
    const auto& empty = row.cells.at(static_cast<std::size_t>(column));
    wrong({empty ? empty->at : row.at, missing});
    return std::nullopt;
  }
  base::Result<T> parsed = parse(cell->text);
  if (parsed.ok()) return std::move(*parsed);
  wrong({cell->at, parsed.error().reason()});
  return std::nullopt;
}

bool check_hash(const ImportRow& row, ImportedPerson& person, const Wrong& wrong) {
  const ImportCell* hash = row.find(ImportColumn::password_hash);
  const ImportCell* named = row.find(ImportColumn::hash_algorithm);
  if (hash == nullptr) {
    if (named == nullptr) return true;
    wrong({named->at, "hash_algorithm: there is no hash in this row"});
    return false;
  }
  const auto read = ForeignHash::parse(hash->text);
  if (const auto* refusal = std::get_if<ForeignHash::Refusal>(&read)) {
    wrong({hash->at, words(*refusal)});
    return false;
  }
  person.password_hash = hash->text;
  person.cost = std::get<ForeignHash>(read).cost();
  if (named == nullptr || named->text == to_string(person.cost->scheme).c_str()) return true;
  wrong({named->at,
         "hash_algorithm: the hash says another one; leave this empty, or say bcrypt, scrypt, "
         "pbkdf2-sha1, pbkdf2-sha256, pbkdf2-sha512, argon2i or argon2id"});
  return false;
}

bool check_rest(const ImportRow& row, base::Time now, ImportedPerson& person, const Wrong& wrong) {
  bool good = true;
  if (const ImportCell* language = row.find(ImportColumn::language)) {
    good = language->text == "en" || language->text == "nb";
    if (!good) wrong({language->at, "language: en or nb"});
    person.language = egress::language_of(language->text);
  }
  const ImportCell* created = row.find(ImportColumn::created_at);
  if (created == nullptr) return good;
  person.created = time_of(created->text);
  if (person.created && *person.created <= now) return good;
  wrong({created->at,
         "created_at: a day like 2019-05-01 or a time like 2019-05-01T09:30:00Z, and not to come"});
  return false;
}

}  // namespace

std::optional<ImportColumn> import_column(std::string_view name) {
  const auto* found = std::ranges::find(import_columns, name);
  if (found == import_columns.end()) return std::nullopt;
  return static_cast<ImportColumn>(found - import_columns.begin());
}

const ImportCell* ImportRow::find(ImportColumn column) const {
  const auto& cell = cells.at(static_cast<std::size_t>(column));
  return cell && !cell->text.empty() ? &*cell : nullptr;
}

std::optional<ImportedPerson> check_import_row(const ImportRow& row, base::Time now,
                                               const Wrong& wrong) {
  auto email = required<vault::Address>(row, ImportColumn::email, "email: give an address",
                                        &parse_address, wrong);
  auto name = required<base::Personal<std::string>>(row, ImportColumn::legal_name,
                                                    "legal_name: give the full legal name",
                                                    &parse_legal_name, wrong);
  ImportedPerson person{vault::Address::trusted({}), {}};
  const bool hash = check_hash(row, person, wrong);
  const bool rest = check_rest(row, now, person, wrong);
  if (!email || !name || !hash || !rest) return std::nullopt;
  person.email = std::move(*email);
  person.legal_name = std::move(*name);
  return person;
}

}  // namespace accounts
