// Paths and authorities from request lines: what is accepted is in its one normal form.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "http/authority.h"
#include "http/form.h"
#include "http/path.h"
#include "http/percent.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = base::text({data, size});
  const auto path = http::decode_path(text);
  if (path.ok()) {
    CHECK(path->starts_with('/') && path->size() <= http::path_bytes_max);
    CHECK(http::valid_utf8(*path) && !http::has_control_characters(*path));
    CHECK(!path->contains("//") && !path->contains('\\'));
    CHECK(!path->contains("/./") && !path->contains("/../"));
    CHECK(!path->ends_with("/.") && !path->ends_with("/.."));
    const auto again = http::decode_path(http::percent_encode_path(*path));
    CHECK(again.ok() && *again == *path);
  }
  const auto authority = http::parse_authority(text, http::Scheme::http);
  if (authority.ok()) {
    const auto again = http::parse_authority(*authority, http::Scheme::http);
    CHECK(again.ok() && *again == *authority);
    CHECK(!http::host_of(*authority).empty());
  }
  const auto form = http::Form::parse(text);
  if (form.ok())
    for (const auto& [name, value] : form->fields())
      CHECK(http::valid_utf8(name) && http::valid_utf8(value));
  return 0;
}
