// Errors as values: Result<T>, Error and TRY. An Error is a closed Code, a reason fixed at compile
// time and the error that caused it; it owns no run-time text, so it never carries personal data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace base {

/// What went wrong, as far as a caller may act on it. HTTP statuses are mapped in one file of http.
enum class Code : std::uint8_t {
  invalid,          // the request itself is wrong; asking again gives the same answer
  unauthenticated,  // nobody has said who they are, or wrongly
  denied,           // we know who asks, and the answer is no
  missing,          // there is no such thing
  conflict,         // it is there already, or something stands in its way
  stale,            // the version that the caller asked for is not the one there
  gone,             // it was here and has been erased for good
  too_large,        // over a stated limit
  unsupported,      // of a kind that is not taken here (a media type)
  exhausted,        // too often, or too many at once: ask again later
  unavailable,      // something we need cannot be reached now: ask again later
  corrupt,          // stored bytes are not what was written
  io,               // the operating system refused
  full,             // no space left
  internal,         // a defect of ours
};

/// The code's name, for logs and problem details.
const char* to_string(Code code) noexcept;

/// A string that was a literal in the source: it cannot have been built from run-time data.
class Literal {
 public:
  template <std::size_t N>
  consteval Literal(const char (&text)[N]) : text_(text) {  // NOLINT(google-explicit-constructor)
    // Reading it makes the compiler refuse a static buffer, which is an array but not a constant.
    if (text[N - 1] != '\0') not_terminated();
  }
  const char* c_str() const noexcept { return text_; }

 private:
  static void not_terminated();  // never defined: calling it is an error at compile time
  const char* text_;
};

/// An error value: code, literal reason, and the error beneath it, if any.
class [[nodiscard]] Error {
 public:
  Error(Code code, Literal reason) : code_(code), reason_(reason) {}
  Error(Code code, Literal reason, Error cause)
      : code_(code), reason_(reason), cause_(std::make_shared<const Error>(std::move(cause))) {}

  Code code() const noexcept { return code_; }
  Literal reason() const noexcept { return reason_; }
  const Error* cause() const noexcept { return cause_.get(); }
  /// The whole chain, `reason: reason: reason`, outermost first.
  std::string chain() const;

 private:
  Code code_;
  Literal reason_;
  std::shared_ptr<const Error> cause_;
};

[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;

/// An invariant of ours. Stays on in release: a server that has lost its footing must stop.
#define CHECK(condition)                                    \
  do {                                                      \
    if (!(condition)) [[unlikely]]                          \
      ::base::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)

/// A value or an Error.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  T& value() & { return checked(); }
  const T& value() const& { return const_cast<Result*>(this)->checked(); }
  T&& value() && { return std::move(checked()); }
  T* operator->() { return &checked(); }
  const T* operator->() const { return &const_cast<Result*>(this)->checked(); }
  T& operator*() & { return checked(); }
  const T& operator*() const& { return const_cast<Result*>(this)->checked(); }
  T&& operator*() && { return std::move(checked()); }

  const Error& error() const& {
    CHECK(!ok());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    CHECK(!ok());
    return std::move(*std::get_if<1>(&state_));
  }
  /// The error's code; CHECKs that there is one.
  Code code() const { return error().code(); }

 private:
  T& checked() {
    CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return ok(); }
  void value() const { CHECK(ok()); }
  const Error& error() const& {
    CHECK(!ok());
    return *error_;
  }
  Error&& error() && {
    CHECK(!ok());
    return std::move(*error_);
  }
  Code code() const { return error().code(); }

 private:
  std::optional<Error> error_;
};

/// The value of a Result, or return its Error from the enclosing function. Only as a whole
/// statement or a whole initialiser: `auto page = TRY(read(index));`. Not inside coroutines.
#define TRY(expression)                      \
  ({                                         \
    auto&& try_result_ = (expression);       \
    if (!try_result_.ok()) [[unlikely]]      \
      return std::move(try_result_).error(); \
    std::move(try_result_).value();          \
  })

/// As TRY, putting the error under a reason of the caller's own; the code stays.
#define TRY_AS(expression, why)                                               \
  ({                                                                          \
    auto&& try_result_ = (expression);                                        \
    if (!try_result_.ok()) [[unlikely]] {                                     \
      const auto try_code_ = try_result_.code();                              \
      return ::base::Error(try_code_, (why), std::move(try_result_).error()); \
    }                                                                         \
    std::move(try_result_).value();                                           \
  })

}  // namespace base
