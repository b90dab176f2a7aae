#include "accounts/device.h"

#include <algorithm>
#include <array>

namespace accounts {
namespace {

constexpr std::size_t kLooked = 512;  // longer ones say nothing new behind that

struct Sign {
  std::string_view in_header;
  base::Literal word;
};

// The first that is found counts: browsers name those that they descend from.
constexpr std::array kPrograms = {
    Sign{"Edg/", "Edge"},
    Sign{"EdgA/", "Edge"},
    Sign{"EdgiOS/", "Edge"},
    Sign{"OPR/", "Opera"},
    Sign{"Vivaldi/", "Vivaldi"},
    Sign{"SamsungBrowser/", "Samsung Internet"},
    Sign{"DuckDuckGo/", "DuckDuckGo"},
    Sign{"FxiOS/", "Firefox"},
    Sign{"Firefox/", "Firefox"},
    Sign{"CriOS/", "Chrome"},
    Sign{"HeadlessChrome/", "Chrome"},
    Sign{"Chromium/", "Chromium"},
    Sign{"Chrome/", "Chrome"},
    Sign{"Version/", "Safari"},
    Sign{"curl/", "curl"},
    Sign{"Wget/", "Wget"},
    Sign{"python-requests/", "a Python program"},
    Sign{"Python-urllib/", "a Python program"},
    Sign{"Go-http-client/", "a Go program"},
    Sign{"okhttp/", "an app"},
};
constexpr std::array kSystems = {
    Sign{"iPhone", "iPhone"},    Sign{"iPad", "iPad"},       Sign{"Android", "Android"},
    Sign{"CrOS", "ChromeOS"},    Sign{"Windows", "Windows"}, Sign{"Mac OS X", "macOS"},
    Sign{"Macintosh", "macOS"},  Sign{"FreeBSD", "FreeBSD"}, Sign{"OpenBSD", "OpenBSD"},
    Sign{"X11; Linux", "Linux"}, Sign{"Linux", "Linux"},
};

base::Literal first_of(const auto& signs, std::string_view header) {
  const auto* found = std::ranges::find_if(
      signs, [&](const Sign& sign) { return header.contains(sign.in_header); });
  return found == signs.end() ? base::Literal("") : found->word;
}

}  // namespace

Device device_of(std::string_view user_agent) {
  const std::string_view looked = user_agent.substr(0, kLooked);
  return {first_of(kPrograms, looked), first_of(kSystems, looked)};
}

}  // namespace accounts
