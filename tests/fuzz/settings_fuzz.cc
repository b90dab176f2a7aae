// A file of settings: whatever is in it, each setting is read as it would be written, or refused.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  app::ServeOptions options;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!app::parse_settings("fuzz.conf", text, options).empty()) return 0;
  const auto written = app::settings_text(options);
  if (!written.ok()) return 0;  // a control character in a value
  app::ServeOptions again;
  if (!app::parse_settings("again.conf", *written, again).empty()) std::abort();
  for (const app::Setting& setting : app::settings())
    if (app::values_of(setting, again) != app::values_of(setting, options)) std::abort();
  return 0;
}
