// X-Forwarded-For: any bytes name a client or none; who is not trusted is believed nothing, and
// what stands left of an untrusted address changes nothing.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "http/client_address.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string header(base::text({data, size}));
  const auto peer = http::ClientAddress::parse("10.0.0.1").value();
  const auto trusted = http::AddressRange::parse("10.0.0.0/8").value();
  CHECK(http::client_of(peer, header, {}) == peer);
  const auto client = http::client_of(peer, header, {trusted});
  if (!trusted.contains(client))
    CHECK(http::client_of(peer, "198.51.100.1, " + header, {trusted}) == client);
  (void)http::AddressRange::parse(header);
  return 0;
}
