// For this module's tests: the default notice with one thing changed, and what is then said.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "notice/notice.h"

namespace notice::testing {

/// The default notice with the first `from` replaced by `to`; fails the test where it is not there.
inline std::string changed(std::string_view from, std::string_view to) {
  std::string text(default_text());
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

/// The default notice with the first line that begins with `start` replaced by `to`.
inline std::string changed_line(std::string_view start, std::string_view to) {
  const std::string_view text = default_text();
  const std::size_t at = text.find("\n" + std::string(start)) + 1;
  return changed(text.substr(at, text.find('\n', at) - at), to);
}

/// The line, from 1, on which `needle` first stands in `text`.
inline int line_of(std::string_view text, std::string_view needle) {
  const std::size_t at = text.find(needle);
  if (at == std::string_view::npos) return 0;
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
}

/// Expects `message` on the line of `place`, with `hint` in its hint.
inline void expect_said(const Checked& checked, const std::string& text, std::string_view message,
                        std::string_view place, std::string_view hint) {
  EXPECT_FALSE(checked.ok());
  for (const Diagnostic& each : checked.diagnostics) {
    if (each.severity != Severity::error || each.message != message) continue;
    EXPECT_EQ(each.at.line, line_of(text, place)) << to_string(each);
    EXPECT_NE(each.hint.find(hint), std::string::npos) << to_string(each);
    return;
  }
  ADD_FAILURE() << "expected: " << message << "\nbut it says:\n" << checked.report();
}

/// Expects that `text` is refused with this message, among others.
inline void expect_refused(const std::string& text, std::string_view message,
                           std::string_view place, std::string_view hint) {
  expect_said(check("test.yaml", text), text, message, place, hint);
}

/// As above, and nothing else is an error: a fault is said once.
inline void expect_only(const std::string& text, std::string_view message, std::string_view place,
                        std::string_view hint) {
  const Checked checked = check("test.yaml", text);
  expect_said(checked, text, message, place, hint);
  for (const Diagnostic& each : checked.diagnostics) {
    if (each.severity == Severity::error) EXPECT_EQ(each.message, message);
  }
}

}  // namespace notice::testing
