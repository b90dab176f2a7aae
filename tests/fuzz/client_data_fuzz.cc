// The client data of a passkey's answer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "accounts/webauthn.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace accounts::webauthn;  // NOLINT(google-build-using-namespace)
  const auto client = parse_client({data, size});
  if (!client) return 0;
  const bool taken = !check_client(*client, Kind::get, {"http://localhost", "localhost"});
  if (taken && (client->type != "webauthn.get" || client->origin != "http://localhost"))
    std::abort();
  return 0;
}
