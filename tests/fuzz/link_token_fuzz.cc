// The part of a link that says which it is.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "workspace/link_token.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto token = workspace::LinkToken::parse(base::text({data, size}));
  if (!token.ok()) return 0;
  const auto again = workspace::LinkToken::parse(token->str());
  CHECK(again.ok() && again->digest() == token->digest());
  return 0;
}
