// Personal<T>: a value about a person. It moves and copies, and that is all: it does not print,
// format, become JSON or compare with plain values. It opens only at a door (vault, egress, or the
// answer to the person herself), each a named class that alone can make an Opening.
#pragma once

#include <compare>
#include <type_traits>
#include <utility>

namespace vault {
class Door;
}
namespace egress {
class Door;
}
namespace http {
class Door;
}

namespace base {

/// Proof that the caller is one of the doors.
class Opening {
  Opening() = default;
  friend class vault::Door;
  friend class egress::Door;
  friend class http::Door;
  friend struct OpeningForTests;
};

template <class T>
class Personal {
 public:
  Personal() = default;
  explicit Personal(T value) : value_(std::move(value)) {}

  /// The value, at a door.
  const T& open(const Opening&) const& { return value_; }
  T open(const Opening&) && { return std::move(value_); }

  /// Two personal values may be compared with each other, never with plain ones.
  friend bool operator==(const Personal&, const Personal&) = default;
  template <class U>
    requires(!std::is_same_v<U, Personal>)
  friend bool operator==(const Personal&, const U&) = delete;

  template <class Stream>
  friend Stream& operator<<(Stream&, const Personal&) = delete;

 private:
  T value_{};
};

}  // namespace base
