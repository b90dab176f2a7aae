// Which handler answers. Of some hundred routes, those that begin as the path does are looked at.
#include <algorithm>
#include <string_view>

#include "http/http.h"

namespace http {
namespace {

// More would tell no more routes apart: these are the version and what it is about.
constexpr std::size_t kHeadSegments = 2;

// What a pattern's segment takes, best match first.
enum class Takes : std::uint8_t { itself, one, rest };

Takes takes(std::string_view segment) {
  if (!segment.starts_with('{')) return Takes::itself;
  return segment.ends_with("...}") ? Takes::rest : Takes::one;
}

/// Where the first segment of what begins at `from` ends.
std::size_t end_of_segment(std::string_view path, std::size_t from) {
  return std::min(path.find('/', from), path.size());
}

std::vector<std::string> split(std::string_view pattern) {
  CHECK(pattern.starts_with('/'));
  std::vector<std::string> segments;
  for (std::size_t from = 1;;) {
    const std::size_t to = end_of_segment(pattern, from);
    segments.emplace_back(pattern.substr(from, to - from));
    if (to == pattern.size()) return segments;
    from = to + 1;
  }
}

std::optional<Captures> match(const std::vector<std::string>& segments, std::string_view path) {
  Captures captures;
  std::size_t from = 1;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (from > path.size()) return std::nullopt;  // the path has fewer segments
    if (takes(segments[i]) == Takes::rest) {
      captures.emplace_back(path.substr(from));
      return captures;
    }
    const std::size_t to = end_of_segment(path, from);
    const std::string_view part = path.substr(from, to - from);
    if (takes(segments[i]) == Takes::itself) {
      if (part != segments[i]) return std::nullopt;
    } else {
      if (part.empty()) return std::nullopt;
      captures.emplace_back(part);
    }
    from = to + 1;
  }
  if (from <= path.size()) return std::nullopt;  // the path has more segments
  return captures;
}

/// The segments that a pattern begins with, as many as kHeadSegments, up to the first that is a
/// place for something.
std::string head_of(const std::vector<std::string>& segments) {
  std::string head;
  for (std::size_t i = 0; i < std::min(segments.size(), kHeadSegments); ++i) {
    if (takes(segments[i]) != Takes::itself) break;
    head += "/" + segments[i];
  }
  return head;
}

// Whether pattern `a` is the closer match, where both match.
bool closer(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::ranges::lexicographical_compare(a, b, {}, takes, takes);
}

bool same_shape(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::ranges::equal(a, b, [](const std::string& x, const std::string& y) {
    return takes(x) == takes(y) && (takes(x) != Takes::itself || x == y);
  });
}

std::uint32_t bit(Method method) { return 1U << static_cast<unsigned>(method); }

std::string allow_header(std::uint32_t methods) {
  if ((methods & bit(Method::get)) != 0) methods |= bit(Method::head);
  methods |= bit(Method::options);
  std::string out;
  for (const Method method : {Method::get, Method::head, Method::post, Method::put, Method::patch,
                              Method::del, Method::options}) {
    if ((methods & bit(method)) == 0) continue;
    if (!out.empty()) out += ", ";
    out += to_string(method).c_str();
  }
  return out;
}

}  // namespace

void Router::add(Method method, std::string pattern, Handler handler) {
  CHECK(method != Method::other);
  Route route{method, split(pattern), std::move(handler)};
  for (std::size_t i = 0; i < route.segments.size(); ++i) {
    const std::string_view segment = route.segments[i];
    CHECK(!segment.starts_with('{') || segment.ends_with('}'));
    CHECK(takes(segment) != Takes::rest || i + 1 == route.segments.size());
  }
  std::vector<Route>& alike = routes_[head_of(route.segments)];
  for (const Route& other : alike)
    CHECK(other.method != method || !same_shape(other.segments, route.segments));
  alike.push_back(std::move(route));
}

template <typename Look>
void Router::each_that_may_match(std::string_view path, const Look& look) const {
  std::size_t head = 0;
  for (std::size_t segments = 0; segments <= kHeadSegments; ++segments) {
    if (const auto found = routes_.find(path.substr(0, head)); found != routes_.end())
      for (const Route& route : found->second) look(route);
    if (head >= path.size()) return;
    head = end_of_segment(path, head + 1);
  }
}

Response Router::route(Request& request) const {
  const Route* best = nullptr;
  Captures captures;
  std::uint32_t methods = 0;
  each_that_may_match(request.path, [&](const Route& candidate) {
    auto matched = match(candidate.segments, request.path);
    if (!matched) return;
    methods |= bit(candidate.method);
    const bool by_get = request.method == Method::head && candidate.method == Method::get;
    if (candidate.method != request.method && !by_get) return;
    // A HEAD handler goes before the GET handler of the same pattern.
    const bool better = best == nullptr || closer(candidate.segments, best->segments) ||
                        (!closer(best->segments, candidate.segments) && !by_get);
    if (!better) return;
    best = &candidate;
    captures = *std::move(matched);
  });
  return best != nullptr ? best->handler(request, captures) : unmatched(request, methods);
}

Response Router::unmatched(const Request& request, std::uint32_t methods) const {
  if (methods == 0)
    return problem(404, "missing", "There is no such page", "Nothing is served under this path.");
  if (request.method == Method::options)
    return std::move(Response::empty(204).set("Allow", allow_header(methods)));
  Response response = problem(405, "method", "This method is not allowed here",
                              "The header Allow names the methods of this path.");
  response.set("Allow", allow_header(methods));
  return response;
}

}  // namespace http
