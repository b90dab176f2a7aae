#include <algorithm>
#include <array>

#include "tidy/rules.h"

namespace tidy {
namespace {

struct Cap {
  std::string_view ending;
  std::size_t lines;
};
// Tests have no other caps than what they test. Headers aim at 150.
constexpr std::array kCaps = {Cap{".cc", 500},  Cap{".h", 200},  Cap{".py", 500},
                              Cap{".ts", 500},  Cap{".js", 500}, Cap{".svelte", 500},
                              Cap{".css", 800}, Cap{".sh", 300}, Cap{".cmake", 200}};

constexpr std::size_t kColumns = 100;
constexpr std::size_t kParagraphLetters = 60;

std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

// What a program makes of another file is as long as that is, and nobody's to read.
constexpr std::string_view kMade = "client/schema.ts";

}  // namespace

Findings too_long(const Source& file) {
  if (file.path == kMade) return {};
  for (const Cap& cap : kCaps) {
    if (!file.path.ends_with(cap.ending)) continue;
    if (file.lines.size() <= cap.lines) return {};
    return {{file.path, cap.lines + 1,
             "the file has " + std::to_string(file.lines.size()) + " lines, and may have " +
                 std::to_string(cap.lines)}};
  }
  return {};
}

Findings too_wide(const Source& file) {
  Findings findings;
  if (!file.cpp()) return findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i)
    if (columns(file.lines[i]) > kColumns)
      findings.push_back({file.path, i + 1, "wider than 100 columns"});
  return findings;
}

Findings header_paragraph(const Source& file) {
  if (!file.header()) return {};
  std::size_t letters = 0, line = 0;
  for (; line < file.lines.size() && file.lines[line].starts_with("//"); ++line)
    letters += file.lines[line].size() - 2;
  if (letters < kParagraphLetters)
    return {{file.path, 1, "a header opens by saying what it is, owns and never does"}};
  if (line == file.lines.size() || file.lines[line] != "#pragma once")
    return {{file.path, line + 1, "#pragma once follows the opening paragraph"}};
  return {};
}

}  // namespace tidy
