// The part of a link that says which it is and proves that it was given: whose, which, and a
// secret. Plain values; owns nothing.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "base/id.h"

namespace workspace {

struct LinkToken {
  base::AccountId account;
  base::RecordId link;
  std::array<std::uint8_t, 24> secret{};

  std::string str() const;  // letters of base64url
  /// By which it is known again.
  base::Digest digest() const;
  /// Code::missing for anything else: there is no such link.
  static base::Result<LinkToken> parse(std::string_view text);
};

}  // namespace workspace
