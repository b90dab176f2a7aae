// Authorization headers and the tokens in them: any bytes are a token of our shape or none, and one
// letter changed makes none of it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "accounts/access_token.h"
#include "base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view header = base::text({data, size});
  const auto token = accounts::bearer_token(header);
  if (!token) return 0;
  CHECK(!token->empty() && token->size() + 7 == header.size());
  if (!accounts::digest_of_access_token(*token)) return 0;
  std::string changed(*token);
  char& letter = changed[accounts::token_prefix.size() + size % 40];
  letter = letter == 'a' ? 'b' : 'a';
  CHECK(!accounts::digest_of_access_token(changed));
  return 0;
}
