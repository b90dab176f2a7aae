// The vault's own door: the one place where personal values become bytes to be sealed, and opened
// bytes become personal values again. For the vault's sources only; owns nothing.
#pragma once

#include <string>

#include "base/personal.h"
#include "vault/fields.h"

namespace vault {

class Door {
 public:
  static constexpr std::size_t fields_max = 128;
  static constexpr std::size_t name_bytes_max = 64;
  static constexpr std::size_t bytes_max = 256UL << 10;

  /// The fields as bytes, one way only (docs/formats/content.md). Code::too_large over the limits.
  static base::Result<base::Bytes> encode(const Fields& fields);
  /// Code::corrupt for anything that encode does not make.
  static base::Result<Fields> decode(base::View bytes);
  static const std::string& open(const base::Personal<std::string>& value);
};

}  // namespace vault
