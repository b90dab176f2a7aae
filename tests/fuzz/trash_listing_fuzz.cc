// A page of a trash, from a server that may say anything: an id that is taken may stand in a URL as
// it is.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "client/listing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto listing =
      client::parse_trash(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!listing.ok()) return 0;
  for (const client::Trashed& item : listing->items)
    if (item.id.empty() || item.id.find_first_of("/?#.% ") != std::string::npos) std::abort();
  return 0;
}
