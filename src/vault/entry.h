// What goes into the log about an owner, and what comes back once she has been erased: plain
// values, without personal data. Owns nothing.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/crypto.h"

namespace vault {

/// What a journal entry says. `type` is a closed name; `content` is sealed with it.
struct Entry {
  base::Literal type;
  std::string content;  // JSON without personal data
};

/// An erasure that is over: what a receipt is made from.
struct Erased {
  std::uint64_t epoch = 0;
  std::uint64_t index = 0;  // of its leaf in the log
  base::Digest label{};     // of that leaf
  base::Bytes nonce;        // r: commit = HMAC(r, payload)
  std::string payload;      // the entry, completed with the epoch
};

}  // namespace vault
