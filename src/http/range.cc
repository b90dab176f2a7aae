#include "http/range.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "http/percent.h"

namespace http {
namespace {

// Digits only. A number too large for us is larger than anything we have, so it stands for that.
std::optional<std::uint64_t> number(std::string_view digits) {
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return parsed.ec == std::errc::result_out_of_range ? UINT64_MAX : value;
}

Range last_bytes(std::string_view digits, std::uint64_t size) {
  const auto count = number(digits);
  if (!count) return {Extent::whole, 0, size};
  if (*count == 0) return {Extent::unsatisfiable, 0, 0};
  // Content-Range cannot name a part of nothing.
  if (size == 0) return {Extent::whole, 0, 0};
  const std::uint64_t sent = std::min(*count, size);
  return {Extent::part, size - sent, sent};
}

}  // namespace

Range parse_range(std::string_view header, std::uint64_t size) {
  const Range whole{Extent::whole, 0, size};
  const std::size_t equals = header.find('=');
  if (equals == std::string_view::npos || !equal_ignoring_case(header.substr(0, equals), "bytes"))
    return whole;
  const std::string_view asked = trimmed(header.substr(equals + 1));
  const std::size_t dash = asked.find('-');
  if (dash == std::string_view::npos) return whole;
  if (dash == 0) return last_bytes(asked.substr(1), size);
  const auto first = number(asked.substr(0, dash));
  if (!first) return whole;
  std::uint64_t last = UINT64_MAX;
  if (dash + 1 < asked.size()) {
    const auto given = number(asked.substr(dash + 1));
    if (!given || *given < *first) return whole;
    last = *given;
  }
  if (*first >= size) return {Extent::unsatisfiable, 0, 0};
  return {Extent::part, *first, std::min(last, size - 1) - *first + 1};
}

std::string content_range(const Range& range, std::uint64_t size) {
  return "bytes " + std::to_string(range.offset) + "-" +
         std::to_string(range.offset + range.size - 1) + "/" + std::to_string(size);
}

std::string unsatisfied_range(std::uint64_t size) { return "bytes */" + std::to_string(size); }

}  // namespace http
