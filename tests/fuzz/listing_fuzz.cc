// A page of a folder, from a server that may say anything: what is taken has an etag that may stand
// in a header, and is shown without a control character.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "client/listing.h"
#include "client/printable.h"
#include "client/remote_path.h"

namespace {

bool plain(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto listing = client::parse_listing(text);
  if (!listing.ok()) return 0;
  for (const client::RemoteEntry& entry : listing->entries) {
    if (!plain(entry.etag) || !plain(client::printable(entry.name))) std::abort();
    const auto path = client::RemotePath::parse(entry.name);
    // What may be a file here is one name there as well, and the same.
    if (client::safe_file_name(entry.name) &&
        (!path.ok() || path->depth() != 1 || path->name() != entry.name))
      std::abort();
  }
  return 0;
}
