#include "http/conditions.h"

#include "http/percent.h"

namespace http {
namespace {

enum class Compare : std::uint8_t { strong, weak };

bool same_tag(std::string_view a, std::string_view b, Compare compare) {
  if (compare == Compare::strong) return a == b && !a.starts_with("W/");
  if (a.starts_with("W/")) a.remove_prefix(2);
  if (b.starts_with("W/")) b.remove_prefix(2);
  return a == b;
}

// Takes the first tag off a list; empty where what is left is not a list of tags. A comma may stand
// inside the quotes.
std::string_view take_tag(std::string_view& list) {
  list = trimmed(list);
  while (list.starts_with(',')) list = trimmed(list.substr(1));
  const std::size_t open = list.starts_with("W/") ? 2 : 0;
  if (open >= list.size() || list[open] != '"') return {};
  const std::size_t close = list.find('"', open + 1);
  if (close == std::string_view::npos) return {};
  const std::string_view tag = list.substr(0, close + 1);
  list = trimmed(list.substr(close + 1));
  if (!list.empty() && list.front() != ',') return {};
  return tag;
}

bool matches(std::string_view list, std::optional<std::string_view> etag, Compare compare) {
  if (!etag) return false;
  if (trimmed(list) == "*") return true;
  while (true) {
    const std::string_view tag = take_tag(list);
    if (tag.empty()) return false;
    if (same_tag(tag, *etag, compare)) return true;
  }
}

}  // namespace

Condition check_conditions(const Request& request, std::optional<std::string_view> etag) {
  const auto match = request.header("if-match");
  if (match && !matches(*match, etag, Compare::strong)) return Condition::failed;
  const auto none_match = request.header("if-none-match");
  if (none_match && matches(*none_match, etag, Compare::weak)) {
    const bool reads = request.method == Method::get || request.method == Method::head;
    return reads ? Condition::not_modified : Condition::failed;
  }
  return Condition::proceed;
}

Range requested_range(const Request& request, std::string_view etag, std::uint64_t size) {
  const Range whole{Extent::whole, 0, size};
  const auto range = request.header("range");
  if (!range || request.method != Method::get) return whole;
  const auto validator = request.header("if-range");
  if (validator && !same_tag(trimmed(*validator), etag, Compare::strong)) return whole;
  return parse_range(*range, size);
}

std::optional<Response> refused_by_conditions(const Request& request, std::string_view etag) {
  switch (check_conditions(request, etag)) {
    case Condition::not_modified:
      return std::move(Response::empty(304).set("ETag", std::string(etag)));
    case Condition::failed:
      return problem({base::Code::stale, "the condition does not hold for what is stored now"});
    case Condition::proceed:
      break;
  }
  return std::nullopt;
}

Response range_unsatisfiable(std::uint64_t size) {
  Response response = problem(416, "range", "There are no such bytes",
                              "The range begins behind the end of what is stored.");
  response.set("Content-Range", unsatisfied_range(size));
  return response;
}

}  // namespace http
