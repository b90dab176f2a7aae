#include <algorithm>
#include <array>

#include "tidy/rules.h"

// That there is one way to personal data: SQLite in the store alone, sealed tables in the vault
// alone, and the vault asking for a Permit.

namespace tidy {
namespace {

constexpr std::string_view kSealed = "vault_";
// What the vault shows to others; everything else in it opens without asking.
constexpr std::array<std::string_view, 9> kShown = {
    "\"vault/collection.h\"", "\"vault/holdings.h\"", "\"vault/vault.h\"",
    "\"vault/address.h\"",    "\"vault/content.h\"",  "\"vault/fields.h\"",
    "\"vault/standing.h\"",   "\"vault/check.h\"",    "\"vault/content_file.h\""};
// What holds opened data, where it is answered.
constexpr std::array<std::string_view, 7> kOpened = {
    "Record", "Fields", "ContentReader", "ExportPage", "Usage", "Inventory", "RecordId"};
// What a caller can only have from the gate, or what makes the vault ask it.
constexpr std::array<std::string_view, 2> kLeave = {"gate::Permit", "gate::Actor"};

bool outside(const Source& file, std::string_view module) {
  return !file.module().empty() && file.cpp() && !file.test() && file.module() != module;
}

bool part_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// `prefix` at the beginning of a word.
bool begins_word(std::string_view line, std::string_view prefix) {
  for (std::size_t at = line.find(prefix); at != std::string_view::npos;
       at = line.find(prefix, at + 1))
    if (at == 0 || !part_of_name(line[at - 1])) return true;
  return false;
}

/// What stands in the literals of a line.
std::string literals(const Source& file, std::size_t line) {
  std::string said = file.uncommented[line];
  const std::string& code = file.code[line];
  for (std::size_t i = 0; i < std::min(said.size(), code.size()); ++i)
    if (said[i] == code[i]) said[i] = ' ';
  return said;
}

bool names_one_of(std::string_view text, const auto& words) {
  return std::ranges::any_of(words, [&](std::string_view word) {
    return find_word(text, word) != std::string_view::npos;
  });
}

}  // namespace

Findings database_elsewhere(const Source& file) {
  Findings findings;
  if (!outside(file, "store")) return findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string include = include_of(file.lines[i]);
    const bool header = include.find("sqlite3") != std::string::npos;
    if (header || begins_word(file.code[i], "sqlite3"))
      findings.push_back({file.path, i + 1, "SQLite belongs to store: go through store::Tx"});
  }
  return findings;
}

Findings vault_elsewhere(const Source& file) {
  Findings findings;
  if (!outside(file, "vault")) return findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string include = include_of(file.lines[i]);
    if (include.starts_with("\"vault/") && std::ranges::find(kShown, include) == kShown.end())
      findings.push_back({file.path, i + 1, include + " is the vault's own: it asks nobody"});
    if (include.empty() && begins_word(literals(file, i), kSealed))
      findings.push_back({file.path, i + 1, "the sealed tables are named by the vault alone"});
  }
  return findings;
}

Findings opened_without_leave(const Source& file) {
  Findings findings;
  if (file.path != "src/vault/vault.h") return findings;
  bool within = false;  // class Vault, up to its private part
  std::string declaration;
  std::size_t first = 0;
  for (std::size_t i = 0; i < file.code.size(); ++i) {
    const std::string& line = file.code[i];
    if (line.starts_with("class Vault {")) {
      within = true;
      continue;
    }
    if (line.starts_with(" private:")) within = false;
    if (!within) continue;
    if (declaration.empty()) first = i + 1;
    declaration += line;
    if (line.find(';') == std::string::npos && line.find(" public:") == std::string::npos) continue;
    const std::size_t open = declaration.find('(');
    const bool function =
        open != std::string::npos && declaration.find("using ") == std::string::npos;
    if (function && names_one_of(std::string_view(declaration).substr(0, open), kOpened) &&
        !names_one_of(std::string_view(declaration).substr(open), kLeave))
      findings.push_back({file.path, first, "hands out what is kept without asking for leave"});
    declaration.clear();
  }
  return findings;
}

}  // namespace tidy
