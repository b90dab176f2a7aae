#include <algorithm>
#include <cctype>

#include "tidy/rules.h"

namespace tidy {
namespace {

// What a column may hold in the plain: opaque ids, states, sizes, times, digests, ciphertext, and
// closed names of ours. A column's name ends in one of these words.
const std::set<std::string, std::less<>> kKinds = {
    // whose, which
    "id", "owner", "account", "user", "grouping", "bucket", "slot", "intent", "ticket", "module",
    "chain", "collection", "category", "purpose", "role", "ordinal", "index", "page", "segment",
    "part",
    // what state
    "state", "standing", "bits", "flags", "version", "generation", "epoch", "attempts", "count",
    // how much, when
    "size", "bytes", "number", "at", "day", "until", "due", "expires",
    // digests and ciphertext
    "digest", "label", "commit", "root", "hash", "sealed", "tag", "nonce", "salt", "note"};
// `note` is what keys was handed by its caller: sealed there (keys/keys.h).

// Words that no column's name may have in it, whatever it ends in (email_hash is personal data,
// too).
const std::set<std::string, std::less<>> kPersonal = {
    "name",  "email",    "mail",    "address",     "phone", "path",    "title",
    "text",  "subject",  "body",    "ip",          "agent", "country", "city",
    "birth", "password", "comment", "description", "url",   "host",    "file"};

bool part_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::vector<std::string> parts_of(const std::string& column) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= column.size();) {
    const std::size_t end = std::min(column.find('_', at), column.size());
    parts.push_back(column.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

/// SQL behind a keyword, read over the ends of lines and of adjacent literals.
class Sql {
 public:
  Sql(const Source& file, std::size_t line, std::size_t column)
      : file_(file), line_(line), column_(column) {}

  /// The next character, without quotes and SQL's own comments; 0 at the end.
  char next() {
    while (line_ < file_.uncommented.size()) {
      const std::string& text = file_.uncommented[line_];
      if (column_ >= text.size() || text.compare(column_, 2, "--") == 0) {
        ++line_;
        column_ = 0;
        return ' ';
      }
      const char c = text[column_++];
      if (c != '"') return c;
    }
    return 0;
  }
  std::size_t line() const { return line_ + 1; }

 private:
  const Source& file_;
  std::size_t line_;
  std::size_t column_;
};

Findings judge(const Source& file, std::size_t line, const std::string& column) {
  const auto parts = parts_of(column);
  const bool personal = std::any_of(parts.begin(), parts.end(),
                                    [](const auto& part) { return kPersonal.contains(part); });
  if (!personal && kKinds.contains(parts.back())) return {};
  return {
      {file.path, line, "column " + column + ": not a kind of thing that is kept in the plain"}};
}

bool constraint(const std::string& word) {
  return word == "primary" || word == "unique" || word == "check" || word == "foreign" ||
         word == "constraint";
}

/// The first word of each part of a parenthesised list.
Findings judge_list(const Source& file, Sql sql) {
  Findings findings;
  for (char c = sql.next(); c != '('; c = sql.next())
    if (c == 0 || c == ';') return findings;  // CREATE TABLE … AS SELECT
  int depth = 1;
  bool reading = true;  // the name is not over yet
  std::string word;
  std::size_t line = sql.line();
  while (depth > 0) {
    const char c = sql.next();
    if (c == 0) break;
    if (reading && part_of_name(c)) {
      if (word.empty()) line = sql.line();
      word.push_back(c);
    } else if (reading && !word.empty()) {
      reading = false;
      if (!constraint(lower(word)))
        for (auto& finding : judge(file, line, lower(word))) findings.push_back(finding);
    }
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == ',' && depth == 1) {
      reading = true;
      word.clear();
    }
  }
  return findings;
}

Findings judge_added(const Source& file, Sql sql) {
  std::string word;
  for (char c = sql.next(); c != 0; c = sql.next()) {
    if (part_of_name(c))
      word.push_back(c);
    else if (!word.empty())
      break;
  }
  return judge(file, sql.line(), lower(word));
}

}  // namespace

Findings plain_columns(const Source& file) {
  Findings findings;
  if (file.module().empty() || !file.cpp() || file.test()) return findings;
  constexpr std::string_view kTable = "CREATE TABLE", kAdd = "ADD COLUMN";
  for (std::size_t i = 0; i < file.uncommented.size(); ++i) {
    const std::string& line = file.uncommented[i];
    const auto gather = [&](Findings more) {
      findings.insert(findings.end(), more.begin(), more.end());
    };
    for (std::size_t at = line.find(kTable); at != std::string::npos;
         at = line.find(kTable, at + 1))
      gather(judge_list(file, Sql(file, i, at + kTable.size())));
    for (std::size_t at = line.find(kAdd); at != std::string::npos; at = line.find(kAdd, at + 1))
      gather(judge_added(file, Sql(file, i, at + kAdd.size())));
  }
  return findings;
}

}  // namespace tidy
