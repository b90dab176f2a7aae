#include "http/path.h"

#include <algorithm>

#include "http/percent.h"

namespace http {
namespace {

using base::Code;
using base::Error;

base::Result<void> check_raw(std::string_view raw) {
  if (raw.empty() || raw.front() != '/') return Error{Code::invalid, "a path begins with a slash"};
  // Three letters a byte is the longest spelling there is.
  if (raw.size() > 3 * path_bytes_max) return Error{Code::too_large, "the path is too long"};
  for (const char c : raw)
    if (c <= ' ' || c > '~' || c == '#' || c == '?')
      return Error{Code::invalid, "the path holds a character that must be encoded"};
  for (std::size_t at = raw.find('%'); at != std::string_view::npos; at = raw.find('%', at + 1))
    if (equal_ignoring_case(raw.substr(at, 3), "%2f"))
      return Error{Code::invalid, "the path holds an encoded slash"};
  return {};
}

base::Result<void> check_segments(std::string_view path) {
  std::size_t from = 1;
  while (true) {
    const std::size_t to = std::min(path.find('/', from), path.size());
    const std::string_view segment = path.substr(from, to - from);
    if (segment == "." || segment == "..")
      return Error{Code::invalid, "the path holds a dot segment"};
    if (to == path.size()) return {};
    if (segment.empty()) return Error{Code::invalid, "the path holds an empty segment"};
    from = to + 1;
  }
}

}  // namespace

base::Result<std::string> decode_path(std::string_view raw) {
  TRY(check_raw(raw));
  std::string path = TRY(percent_decode(raw, Plus::keep));
  if (path.size() > path_bytes_max) return Error{Code::too_large, "the path is too long"};
  if (!valid_utf8(path)) return Error{Code::invalid, "the path is not UTF-8"};
  if (has_control_characters(path))
    return Error{Code::invalid, "the path holds a control character"};
  if (path.contains('\\')) return Error{Code::invalid, "the path holds a backslash"};
  TRY(check_segments(path));
  return path;
}

}  // namespace http
