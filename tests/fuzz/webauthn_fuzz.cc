// What an authenticator answers: attestation objects (first byte even) and authenticator data of an
// assertion (odd), for the site `localhost`.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "accounts/webauthn.h"

namespace {

using namespace accounts::webauthn;  // NOLINT(google-build-using-namespace)

const Site kSite{"http://localhost", "localhost"};

void check(bool holds) {
  if (!holds) std::abort();
}

void registration(base::View bytes) {
  const auto checked = check_registration({base::copy(base::view("{}")), base::copy(bytes)}, kSite);
  const auto* credential = std::get_if<Credential>(&checked);
  if (credential == nullptr) return;
  check(!credential->id.empty() && credential->id.size() <= 1023);
  check(credential->algorithm == -7 || credential->algorithm == -8 ||
        credential->algorithm == -257);
  check(!credential->key.empty());
}

void assertion(base::View bytes) {
  const Credential kept{{1}, -7, base::Bytes(64, 1), 0};
  const Assertion answer{{1}, base::copy(base::view("{}")), base::copy(bytes), {0x30, 0}, {}};
  // Nobody has this key.
  check(std::holds_alternative<Refusal>(check_assertion(answer, kSite, kept)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const base::View rest(data + 1, size - 1);
  if (data[0] % 2 == 0)
    registration(rest);
  else
    assertion(rest);
  return 0;
}
