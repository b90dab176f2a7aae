// A tracked file as the tidy rules see it, and what they say about it. Reads the tree; judges
// nothing.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace tidy {

struct Source {
  std::string path;                      // from the top of the tree
  std::vector<std::string> lines;        // as they are
  std::vector<std::string> code;         // of C++: without comments and without what literals say
  std::vector<std::string> uncommented;  // of C++: without comments

  /// The module of src/MODULE/…, or nothing.
  std::string module() const;
  bool cpp() const;
  bool header() const;
  /// Tests and what only they include.
  bool test() const;
};

Source source(std::string path, std::string_view text);

struct Finding {
  std::string path;
  std::size_t line = 0;  // 0: the file as a whole
  std::string what;
  friend bool operator==(const Finding&, const Finding&) = default;
};
using Findings = std::vector<Finding>;
std::ostream& operator<<(std::ostream& out, const Finding& finding);

/// Every tracked text file below the working directory (all files there, where there is no git).
std::vector<Source> tracked();

/// Where `word` stands in `line` from `from` on, bounded by what is no part of a name; npos if not.
std::size_t find_word(std::string_view line, std::string_view word, std::size_t from = 0);
std::vector<std::string> words_of(std::string_view text);
/// The include of a line (`"x/y.h"` or `<x>`, delimiters and all), or nothing.
std::string include_of(std::string_view line);

}  // namespace tidy
