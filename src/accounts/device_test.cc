#include "accounts/device.h"

#include <gtest/gtest.h>

namespace accounts {
namespace {

std::string words(std::string_view header) {
  const Device device = device_of(header);
  return std::string(device.program.c_str()) + "/" + device.system.c_str();
}

TEST(Device, IsProgramAndSystem) {
  EXPECT_EQ(words("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
            "Firefox/Linux");
  EXPECT_EQ(
      words("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"),
      "Edge/Windows");
  EXPECT_EQ(words("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
                  "Chrome/126.0.0.0 Mobile Safari/537.36"),
            "Chrome/Android");
  EXPECT_EQ(words("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
                  "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"),
            "Safari/iPhone");
  EXPECT_EQ(words("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
                  "Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1"),
            "Chrome/iPad");
  EXPECT_EQ(words("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like "
                  "Gecko) Chrome/126.0.0.0 Safari/537.36 OPR/112.0"),
            "Opera/macOS");
  EXPECT_EQ(words("curl/7.88.1"), "curl/");
}

TEST(Device, IsNotKnownWhereNothingIsRecognised) {
  EXPECT_EQ(words(""), "/");
  EXPECT_EQ(words("Kari's own <b>browser</b> 1.0"), "/");
  EXPECT_EQ(words("Mozilla/5.0 (Windows NT 10.0)"), "/Windows");
  // What stands far behind is not looked at, however long the header is.
  EXPECT_EQ(words(std::string(512, 'x') + " Firefox/1 Linux"), "/");
}

}  // namespace
}  // namespace accounts
