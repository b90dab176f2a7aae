// What an erasure's intent remembers for the case that it is finished after a crash. It stands in
// the store in plain: opaque ids, the leaf's label and the nonce that the receipt will disclose,
// and content without personal data. None of it opens anything.
#pragma once

#include <string>

#include "base/crypto.h"

namespace vault {

struct EraseNote {
  enum class Logged : std::uint8_t { no, yes };
  Logged logged = Logged::no;
  base::Digest label{};
  base::Bytes nonce;
  std::string content;

  /// version u8 | logged u8 | label 32 | nonce, content: length u32 and bytes.
  base::Bytes encode() const;
  /// Code::corrupt for anything that encode does not make.
  static base::Result<EraseNote> decode(base::View bytes);
};

}  // namespace vault
