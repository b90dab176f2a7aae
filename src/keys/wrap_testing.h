// For tests: a passphrase that costs next to nothing. Never part of the program.
#pragma once

#include <string_view>

#include "keys/root_holder.h"

namespace keys {

inline constexpr base::PasswordCost kCheapWrap{.passes = 1, .memory_bytes = 8192};

/// Wraps in `passphrase`, which it keeps.
class CheapWrapping {
 public:
  explicit CheapWrapping(std::string_view passphrase)
      : secret_(base::SecretBytes::copy_of(base::view(passphrase))) {}
  CheapWrapping(const CheapWrapping&) = delete;
  CheapWrapping& operator=(const CheapWrapping&) = delete;
  const Wrapping* get() const { return &wrapping_; }

 private:
  base::SecretBytes secret_;
  base::SystemEntropy entropy_;
  Wrapping wrapping_{secret_, entropy_, kCheapWrap};
};

}  // namespace keys
