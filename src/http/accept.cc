#include "http/accept.h"

#include <algorithm>

#include "http/percent.h"

namespace http {
namespace {

// 0 to 1000; 1000 where the weight is not there or cannot be read.
int weight(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = parameters.substr(0, parameters.find(';'));
    parameters.remove_prefix(std::min(parameter.size() + 1, parameters.size()));
    const std::string_view pair = trimmed(parameter);
    if (pair.size() < 3 || !equal_ignoring_case(pair.substr(0, 2), "q=")) continue;
    const std::string_view value = pair.substr(2);
    if (value.front() == '1') return 1000;
    int thousandths = 0;
    int unit = 100;
    for (const char c : value.substr(std::min<std::size_t>(2, value.size()))) {
      if (c < '0' || c > '9' || unit == 0) return 1000;
      thousandths += (c - '0') * unit;
      unit /= 10;
    }
    return thousandths;
  }
  return 1000;
}

// 3 for the type itself, 2 for `text/*`, 1 for `*/*`, 0 for no match.
int closeness(std::string_view range, std::string_view type) {
  if (equal_ignoring_case(range, type)) return 3;
  if (range == "*/*") return 1;
  const std::string_view family = type.substr(0, type.find('/') + 1);
  const bool covers = range.size() == family.size() + 1 && range.back() == '*' &&
                      equal_ignoring_case(range.substr(0, family.size()), family);
  return covers ? 2 : 0;
}

/// Calls `each` with every range of a header's list, and the parameters behind it.
template <class Each>
void each_range(std::string_view list, const Each& each) {
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(item.size() + 1, list.size()));
    const std::string_view range = item.substr(0, item.find(';'));
    each(trimmed(range), item.substr(std::min(range.size() + 1, item.size())));
  }
}

}  // namespace

int quality_of(std::string_view accept, std::string_view type) {
  if (trimmed(accept).empty()) return 1000;
  int quality = 0;
  int closest = 0;
  each_range(accept, [&](std::string_view range, std::string_view parameters) {
    const int close = closeness(range, type);
    if (close <= closest) return;
    closest = close;
    quality = weight(parameters);
  });
  return quality;
}

bool prefers_norwegian(std::string_view accept_language) {
  int norwegian = 0;
  int english = 0;
  each_range(accept_language, [&](std::string_view range, std::string_view parameters) {
    const std::string_view language = trimmed(range.substr(0, range.find('-')));
    // What comes later counts a little less, so that the first of two equals wins.
    const int wish = 2 * weight(parameters);
    if (equal_ignoring_case(language, "en"))
      english = std::max(english, wish - (norwegian > 0 ? 1 : 0));
    else if (equal_ignoring_case(language, "nb") || equal_ignoring_case(language, "no") ||
             equal_ignoring_case(language, "nn"))
      norwegian = std::max(norwegian, wish - (english > 0 ? 1 : 0));
  });
  return norwegian > english;
}

}  // namespace http
