#include "base/result.h"

#include <cstdio>
#include <cstdlib>

namespace base {

const char* to_string(Code code) noexcept {
  switch (code) {
    case Code::invalid:
      return "invalid";
    case Code::unauthenticated:
      return "unauthenticated";
    case Code::denied:
      return "denied";
    case Code::missing:
      return "missing";
    case Code::conflict:
      return "conflict";
    case Code::stale:
      return "stale";
    case Code::gone:
      return "gone";
    case Code::too_large:
      return "too_large";
    case Code::unsupported:
      return "unsupported";
    case Code::exhausted:
      return "exhausted";
    case Code::unavailable:
      return "unavailable";
    case Code::corrupt:
      return "corrupt";
    case Code::io:
      return "io";
    case Code::full:
      return "full";
    case Code::internal:
      return "internal";
  }
  return "internal";
}

std::string Error::chain() const {
  std::string text = reason_.c_str();
  for (const Error* e = cause(); e != nullptr; e = e->cause()) {
    text += ": ";
    text += e->reason().c_str();
  }
  return text;
}

void check_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "CHECK failed: %s at %s:%d\n", condition, file, line);
  std::abort();
}

}  // namespace base
