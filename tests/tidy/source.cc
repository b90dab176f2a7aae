#include "tidy/source.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <ostream>
#include <sstream>

namespace tidy {
namespace {

namespace fs = std::filesystem;

bool part_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// Blanks comments, and what string and character literals hold, out of C++; lines stay lines.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), code_(text), uncommented_(text) {}

  void run() {
    while (at_ < text_.size()) step();
  }
  const std::string& code() const { return code_; }
  const std::string& uncommented() const { return uncommented_; }

 private:
  enum class Kind { comment, literal };

  void step() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("//"))
      blank(text_.find('\n', at_), Kind::comment);
    else if (rest.starts_with("/*"))
      blank(end_of("*/", at_ + 2), Kind::comment);
    else if (rest.starts_with("R\"") && !after_name())
      raw_literal();
    else if (rest[0] == '"' || (rest[0] == '\'' && !after_name()))
      literal(rest[0]);
    else
      ++at_;
  }
  bool after_name() const { return at_ > 0 && part_of_name(text_[at_ - 1]); }
  std::size_t end_of(std::string_view closing, std::size_t from) const {
    const std::size_t found = text_.find(closing, from);
    return found == std::string_view::npos ? text_.size() : found + closing.size();
  }
  void blank(std::size_t end, Kind kind) {
    end = std::min(end, text_.size());
    for (; at_ < end; ++at_) {
      if (text_[at_] == '\n') continue;
      code_[at_] = ' ';
      if (kind == Kind::comment) uncommented_[at_] = ' ';
    }
  }
  void literal(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n')
      end += text_[end] == '\\' ? 2 : 1;
    ++at_;  // the quotes stay
    blank(end, Kind::literal);
    if (at_ < text_.size()) ++at_;
  }
  void raw_literal() {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string_view::npos) return blank(text_.size(), Kind::literal);
    const std::string closing = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    blank(end_of(closing, open), Kind::literal);
  }

  std::string_view text_;
  std::string code_;
  std::string uncommented_;
  std::size_t at_ = 0;
};

std::string first_part(const std::string& path) { return path.substr(0, path.find('/')); }

std::vector<std::string> paths_by_git() {
  std::vector<std::string> paths;
  const std::unique_ptr<FILE, int (*)(FILE*)> git(::popen("git ls-files -z 2>/dev/null", "r"),
                                                  ::pclose);
  if (!git) return paths;
  std::string path;
  for (int c = std::fgetc(git.get()); c != EOF; c = std::fgetc(git.get())) {
    if (c != '\0') {
      path.push_back(static_cast<char>(c));
    } else if (!path.empty()) {
      paths.push_back(std::exchange(path, {}));
    }
  }
  return paths;
}

std::vector<std::string> paths_by_walking() {
  constexpr std::array<std::string_view, 4> kRoots = {"src", "tests", "cmake", "bench"};
  std::vector<std::string> paths;
  for (const auto root : kRoots) {
    if (!fs::exists(root)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root))
      if (entry.is_regular_file()) paths.push_back(entry.path().string());
  }
  return paths;
}

}  // namespace

std::string Source::module() const {
  if (!path.starts_with("src/")) return {};
  const std::string rest = path.substr(4);
  return rest.find('/') == std::string::npos ? std::string() : first_part(rest);
}
bool Source::cpp() const { return path.ends_with(".cc") || header(); }
bool Source::header() const { return path.ends_with(".h"); }
bool Source::test() const {
  return !path.starts_with("src/") || path.ends_with("_test.cc") || path.ends_with("/testing.h") ||
         path.ends_with("_contract.h") || path.ends_with("/testing.cc") ||
         path.ends_with("/harness.h");
}

Source source(std::string path, std::string_view text) {
  Source made{std::move(path), split(text), {}, {}};
  if (!made.cpp()) return made;
  Blanker blanker(text);
  blanker.run();
  made.code = split(blanker.code());
  made.uncommented = split(blanker.uncommented());
  return made;
}

std::ostream& operator<<(std::ostream& out, const Finding& finding) {
  return out << finding.path << ":" << finding.line << ": " << finding.what;
}

std::vector<Source> tracked() {
  std::vector<std::string> paths = paths_by_git();
  if (paths.empty()) paths = paths_by_walking();
  std::sort(paths.begin(), paths.end());
  std::vector<Source> sources;
  for (const std::string& path : paths) {
    if (!fs::is_regular_file(path)) continue;  // removed, and not committed yet
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.find('\0') == std::string::npos) sources.push_back(source(path, text));
  }
  return sources;
}

std::size_t find_word(std::string_view line, std::string_view word, std::size_t from) {
  for (std::size_t at = line.find(word, from); at != std::string_view::npos;
       at = line.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !part_of_name(word.front()) || !part_of_name(line[at - 1]);
    const bool ends = end == line.size() || !part_of_name(word.back()) || !part_of_name(line[end]);
    if (begins && ends) return at;
  }
  return std::string_view::npos;
}

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream stream{std::string(text)};
  return {std::istream_iterator<std::string>(stream), {}};
}

std::string include_of(std::string_view line) {
  const std::size_t hash = line.find_first_not_of(" \t");
  if (hash == std::string_view::npos || line[hash] != '#') return {};
  const std::size_t word = find_word(line, "include", hash);
  if (word == std::string_view::npos) return {};
  const std::size_t open = line.find_first_of("\"<", word);
  if (open == std::string_view::npos) return {};
  const std::size_t close = line.find(line[open] == '<' ? '>' : '"', open + 1);
  if (close == std::string_view::npos) return {};
  return std::string(line.substr(open, close - open + 1));
}

}  // namespace tidy
