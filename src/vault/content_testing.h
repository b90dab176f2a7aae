// For tests: content whose every stretch is different, and all of what a reader has. Never part of
// the program.
#pragma once

#include "vault/content.h"

namespace vault {

/// Bytes of which every stretch is different.
inline base::Bytes pattern(std::size_t size) {
  base::Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<std::uint8_t>(i * 2654435761U >> 13);
  return bytes;
}

inline base::Result<base::Bytes> read_all(ContentReader& reader, std::size_t at_once) {
  base::Bytes out;
  base::Bytes some(at_once);
  while (true) {
    const std::size_t read = TRY(reader.read_at(out.size(), some));
    if (read == 0) return out;
    out.insert(out.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(read));
  }
}

}  // namespace vault
