// Links as a server lists them, and one that it has just made, from a server that may say anything:
// an id may stand in a URL as it is, and a link on a terminal and behind a shell's pipe.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "client/listing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto links = client::parse_links(text); links.ok())
    for (const client::SharedLink& link : *links)
      if (link.id.empty() || link.id.find_first_of("/?#.% ") != std::string::npos) std::abort();
  if (const auto made = client::parse_made_link(text); made.ok())
    for (const char c : made->url)
      if (c <= 0x20 || c > 0x7e || std::string_view("\"'`$\\;&|<>()").contains(c)) std::abort();
  return 0;
}
