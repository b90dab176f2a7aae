// An e-mail address that has been looked at once, at the edge where it came in: its shape is right,
// and it is Personal from there on. Two spellings that differ in the case of letters are one.
#pragma once

#include <string>
#include <string_view>

#include "base/crypto.h"
#include "base/personal.h"
#include "base/result.h"

namespace vault {

class Address {
 public:
  /// From the text of a request. One mailbox of RFC 5321 with a dotted domain, at most 254 bytes,
  /// no quoting, no control characters. Code::invalid otherwise.
  static base::Result<Address> parse(std::string_view text);
  /// From a record that once held a parsed address.
  static Address trusted(base::Personal<std::string> text) { return Address(std::move(text)); }

  /// HMAC-SHA-256 of it, the same for all spellings: to count by, and to be forgotten soon.
  base::Digest digest(base::View key) const;
  /// The same for all spellings.
  Address folded() const;
  /// As she wrote it.
  const base::Personal<std::string>& text() const noexcept { return text_; }

 private:
  explicit Address(base::Personal<std::string> text) : text_(std::move(text)) {}
  base::Personal<std::string> text_;
};

}  // namespace vault
