// What a backup consists of, taken apart: the manifest, as found and with the digest that it asks
// for, and chunks of rows.
#include <cstdint>

#include "backup/chunk.h"
#include "backup/manifest.h"

namespace {

void manifest(base::View input) {
  (void)backup::Manifest::decode(base::text(input)).ok();
  const std::string body = std::string(base::text(input)) + "\n";
  const auto found =
      backup::Manifest::decode(body + base::hex(base::sha256(base::view(body))) + "\n");
  if (!found.ok()) return;
  const std::string again = found->encode();
  CHECK(backup::Manifest::decode(again).value().encode() == again);
}

void chunk(base::View input) {
  const auto rows = backup::decode_chunk(input);
  if (!rows.ok() || rows->empty()) return;
  CHECK(backup::encode_chunk(rows->front().size(), *rows) == base::copy(input));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const base::View input(data, size);
  if (input[0] % 2 == 0)
    manifest(input.subspan(1));
  else
    chunk(input.subspan(1));
  return 0;
}
