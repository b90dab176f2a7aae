// The server's log: JSON lines of an event name and fields. Both are literals, and a field's value
// can only be of a type named here, none of which holds text from outside: no personal data can
// reach the log by accident.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace base {

/// A value that may be logged.
class LogValue {
 public:
  template <class T>
    requires std::is_integral_v<T>
  LogValue(T value) {  // NOLINT(google-explicit-constructor)
    if constexpr (std::is_same_v<T, bool>)
      json_ = value ? "true" : "false";
    else
      json_ = std::to_string(value);
  }
  LogValue(Literal value) : json_(quoted(value.c_str())) {}           // NOLINT
  LogValue(Code value) : json_(quoted(to_string(value))) {}           // NOLINT
  LogValue(Time value) : json_(quoted(rfc3339(value))) {}             // NOLINT
  LogValue(Duration value) : json_(std::to_string(value.count())) {}  // NOLINT: microseconds
  LogValue(const Error& value) : json_(quoted(value.chain())) {}      // NOLINT: literals only
  template <class Tag>
  LogValue(const Id<Tag>& value) : json_(quoted(value.str())) {}  // NOLINT

  const std::string& json() const noexcept { return json_; }

 private:
  static std::string quoted(std::string_view literal);
  std::string json_;
};

struct LogField {
  Literal name;
  LogValue value;
};

/// Writes lines through `sink`, which must be safe from any thread. Durations are in microseconds.
class Log {
 public:
  using Sink = std::function<void(std::string_view line)>;
  Log(Clock& clock, Sink sink) : clock_(clock), sink_(std::move(sink)) {}

  void info(Literal event, std::initializer_list<LogField> fields = {});
  void warn(Literal event, std::initializer_list<LogField> fields = {});
  void error(Literal event, std::initializer_list<LogField> fields = {});

 private:
  void write(const char* level, Literal event, std::initializer_list<LogField> fields);
  Clock& clock_;
  Sink sink_;
};

/// A sink to standard error, whole lines at a time.
Log::Sink stderr_sink();

}  // namespace base
