// Range, condition and Accept headers. The first eight bytes are the size of the representation.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "http/accept.h"
#include "http/conditions.h"
#include "http/range.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 8) return 0;
  const std::uint64_t total = base::load_u64(data);
  const std::string_view text = base::text({data + 8, size - 8});
  const http::Range range = http::parse_range(text, total);
  switch (range.extent) {
    case http::Extent::whole:
      CHECK(range.offset == 0 && range.size == total);
      break;
    case http::Extent::part:
      CHECK(range.size > 0 && range.size <= total && range.offset <= total - range.size);
      CHECK(http::content_range(range, total).starts_with("bytes "));
      break;
    case http::Extent::unsatisfiable:
      CHECK(range.size == 0);
      break;
  }
  http::Request request;
  request.headers = {{"if-match", std::string(text)},
                     {"if-none-match", std::string(text)},
                     {"range", "bytes=0-0"},
                     {"if-range", std::string(text)}};
  (void)http::check_conditions(request, "\"a\"");
  CHECK(http::requested_range(request, "\"a\"", total).size <= total);
  const int quality = http::quality_of(text, "text/html");
  CHECK(quality >= 0 && quality <= 1000);
  return 0;
}
