// User-Agent headers: any bytes give words of ours, and short ones.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "accounts/device.h"
#include "base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const accounts::Device device = accounts::device_of(base::text({data, size}));
  for (const char* word : {device.program.c_str(), device.system.c_str()}) {
    CHECK(std::string_view(word).size() <= 32);
    for (const char c : std::string_view(word)) CHECK(c >= ' ' && c <= 'z' && c != '<' && c != '&');
  }
  return 0;
}
