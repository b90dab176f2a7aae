#include <algorithm>
#include <array>
#include <cctype>

#include "tidy/rules.h"

namespace tidy {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \"'"), last = text.find_last_not_of(" \"'");
  return first == std::string_view::npos ? "" : std::string(text.substr(first, last - first + 1));
}

std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  return std::string(url.substr(0, url.find('/')));
}

std::string without_spaces(std::string text) {
  std::erase(text, ' ');
  return text;
}

// A header of every mail, by name; named after the program, not after who runs it.
constexpr std::array<std::string_view, 1> kOurs = {"X-Scalign-Mail"};

// Spelled in pieces, so that this file passes its own test.
const std::array<std::string, 4> kUndone = {
    "TO"
    "DO",
    "FIX"
    "ME",
    "XX"
    "X",
    "HA"
    "CK"};
const std::array<std::string, 4> kMachine = {
    "/wo"
    "rk/",
    "/ho"
    "me/",
    "/Us"
    "ers/",
    "/tmp/"
    "w/"};

bool data(const std::string& path) {
  return path.find("/corpus/") != std::string::npos || path.find("/vectors/") != std::string::npos;
}

/// A lock file names the public registry or none.
Findings foreign_packages(const Source& file) {
  Findings findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    if (line.find("\"resolved\": \"http") != std::string::npos &&
        line.find("\"https://registry.npmjs.org/") == std::string::npos)
      findings.push_back({file.path, i + 1, "resolved by another registry than npm's own"});
  }
  return findings;
}

}  // namespace

std::vector<std::string> operator_names(const Source& notice) {
  std::vector<std::string> names;
  bool inside = false;
  for (const std::string& line : notice.lines) {
    if (!line.empty() && line[0] != ' ' && line[0] != '#') inside = line == "operator:";
    if (!inside) continue;
    const std::size_t first = line.find_first_not_of(" -");
    if (first == std::string::npos) continue;
    // Deeper stand other names: of the brand, of a country.
    if (first > 2 && line.find("street:") == std::string::npos &&
        line.find("- ") == std::string::npos)
      continue;
    const std::string rest = line.substr(first);
    const auto value = [&](std::string_view key) {
      return rest.starts_with(key) ? trimmed(std::string_view(rest).substr(key.size())) : "";
    };
    for (const char* key : {"name:", "street:", "contact:", "service:"})
      names.push_back(value(key));
    names.push_back(value("organisation_number:"));
    names.push_back(without_spaces(names.back()));
    for (const char* key : {"site:", "log_origin:"}) names.push_back(host_of(value(key)));
    if (rest.starts_with("http")) names.push_back(host_of(trimmed(rest)));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::erase(names, "");
  return names;
}

Findings operator_named(const Source& file, const std::vector<std::string>& names) {
  Findings findings;
  if (file.module().empty()) return findings;
  if (file.module() == "notice" && file.test()) return findings;  // they change the notice itself
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    std::string line = file.lines[i];
    for (const std::string_view ours : kOurs)
      for (std::size_t at = line.find(ours); at != std::string::npos; at = line.find(ours))
        line.erase(at, ours.size());
    for (const std::string& name : names) {
      // The program may be called as its first operator is (namespaces, the command): one word is a
      // company's name as it is written alone.
      const bool one_word = name.find_first_of(" .@0123456789") == std::string::npos;
      const bool found = one_word ? find_word(line, name) != std::string_view::npos
                                  : lower(line).find(lower(name)) != std::string::npos;
      if (found) findings.push_back({file.path, i + 1, "the operator's name: it is in the notice"});
      if (found) break;
    }
  }
  return findings;
}

Findings leftovers(const Source& file) {
  Findings findings;
  if (file.path.ends_with("package-lock.json")) return foreign_packages(file);
  if (data(file.path)) return findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    for (const std::string& word : kUndone)
      if (find_word(file.lines[i], word) != std::string_view::npos)
        findings.push_back({file.path, i + 1, word + ": do it, or open an issue"});
    for (const std::string& path : kMachine)
      if (file.lines[i].find(path) != std::string::npos)
        findings.push_back({file.path, i + 1, path + ": a path of one machine"});
  }
  return findings;
}

}  // namespace tidy
