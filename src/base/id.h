// Typed identifiers: 128 random bits, printed as 26 letters of base32. An id of one kind does not
// convert to another; it says nothing about the person or thing that it names.
#pragma once

#include <array>
#include <compare>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/entropy.h"

namespace base {

template <class Tag>
class Id {
 public:
  static constexpr std::size_t size = 16;

  static Id random(Entropy& entropy) {
    Id id;
    entropy.fill(id.raw_);
    return id;
  }
  /// From exactly 16 bytes.
  static Result<Id> from(View bytes) {
    if (bytes.size() != size) return Error{Code::invalid, "an id has 16 bytes"};
    Id id;
    std::copy(bytes.begin(), bytes.end(), id.raw_.begin());
    return id;
  }
  /// From its printed form.
  static Result<Id> parse(std::string_view text) {
    if (text.size() != 26) return Error{Code::invalid, "an id has 26 letters"};
    const Bytes raw = TRY(parse_base32(text));
    return from(raw);
  }
  /// The same bits under another kind, where one thing is named twice on purpose (an account and
  /// the owner of its key).
  template <class Other>
  Id<Other> as() const {
    return Id<Other>::from(bytes()).value();
  }

  View bytes() const noexcept { return raw_; }
  std::string str() const { return base32(raw_); }
  auto operator<=>(const Id&) const = default;

 private:
  std::array<std::uint8_t, size> raw_{};
};

/// Whoever has a key of her, his or its own: an account, a user, a pending sign-up, a directory
/// bucket, a bookkeeping year.
using OwnerId = Id<struct OwnerTag>;
using AccountId = Id<struct AccountTag>;
using UserId = Id<struct UserTag>;
using SessionId = Id<struct SessionTag>;
using RecordId = Id<struct RecordTag>;
using ContentId = Id<struct ContentTag>;
using MailId = Id<struct MailTag>;
using RequestId = Id<struct RequestTag>;

inline OwnerId owner_of(AccountId id) { return id.as<OwnerTag>(); }
inline OwnerId owner_of(UserId id) { return id.as<OwnerTag>(); }

}  // namespace base

template <class Tag>
struct std::hash<base::Id<Tag>> {
  std::size_t operator()(const base::Id<Tag>& id) const noexcept {
    // The bits are random already.
    return static_cast<std::size_t>(base::load_u64(id.bytes().data()));
  }
};
