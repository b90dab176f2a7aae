// For tests: what a person would type, as the types that forms make of it. Never part of the
// program.
#pragma once

#include <string>
#include <string_view>

#include "base/personal.h"
#include "base/secret_bytes.h"
#include "vault/address.h"

namespace support {

inline base::Personal<std::string> personal(std::string text) {
  return base::Personal<std::string>(std::move(text));
}
inline base::SecretBytes secret(std::string_view text) {
  return base::SecretBytes::copy_of(base::view(text));
}
inline vault::Address address(std::string_view text) { return vault::Address::parse(text).value(); }

}  // namespace support
