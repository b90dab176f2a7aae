// Accept-Encoding headers: any bytes are answered, and an asset goes out only in a coding that the
// header names.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "http/percent.h"
#include "pages/assets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view header = base::text({data, size});
  for (const std::string_view coding : {"br", "gzip"}) {
    if (!pages::accepts_encoding(header, coding)) continue;
    CHECK(http::lower_case(header).find(coding) != std::string::npos);
  }
  return 0;
}
