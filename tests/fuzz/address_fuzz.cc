// E-mail addresses, legal names and workspace paths as requests bring them.
#include "accounts/accounts.h"
#include "vault/address.h"
#include "workspace/path.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)vault::Address::parse(text).ok();
  (void)accounts::parse_legal_name(text).ok();
  (void)workspace::Path::parse(text).ok();
  return 0;
}
