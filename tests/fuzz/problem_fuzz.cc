// Why a server refuses something, in whatever form it says so: a person sees a line of bounded
// length, without a control character.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "client/listing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto problem =
      client::parse_problem(std::string_view(reinterpret_cast<const char*>(data), size));
  const std::string shown = problem.text();
  if (shown.size() > 8192) std::abort();
  for (const char c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) std::abort();
  return 0;
}
