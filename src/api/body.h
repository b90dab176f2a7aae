// The JSON of requests and answers: strict in, simple out. A body is one object, every member is
// asked for by name, and one that nobody asked for is refused.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret_bytes.h"
#include "http/http.h"

namespace api {

class Body {
 public:
  /// Code::invalid for another media type, anything but one JSON object, or a duplicate member.
  static base::Result<Body> read(const http::Request& request, std::size_t bytes_max);
  /// The same for text from elsewhere.
  static base::Result<Body> parse(std::string text);
  Body(Body&&) noexcept;
  ~Body();

  /// A string; `otherwise` is the reason where it is missing or something else.
  base::Result<std::string> text(std::string_view name, base::Literal otherwise);
  base::Result<base::SecretBytes> secret(std::string_view name, base::Literal otherwise);
  base::Result<bool> flag(std::string_view name, base::Literal otherwise);
  /// An object within it, which may have members that nobody asks for.
  base::Result<Body> object(std::string_view name, base::Literal otherwise);
  /// Whether there is such a member; to be asked for after that.
  bool has(std::string_view name) const;
  /// A whole number from 0 up.
  base::Result<std::uint64_t> number(std::string_view name, base::Literal otherwise);
  /// A list of strings.
  base::Result<std::vector<std::string>> texts(std::string_view name, base::Literal otherwise);
  /// Code::invalid where a member was given that nobody asked for.
  base::Result<void> nothing_else() const;

 private:
  struct Members;
  explicit Body(std::unique_ptr<Members> members);
  std::unique_ptr<Members> members_;
};

/// Code::unsupported where the body is of another type than application/json.
base::Result<void> require_json(const http::Request& request);

enum class Truth : std::uint8_t { no, yes };

/// A flat JSON object, in the order of the calls.
class Json {
 public:
  Json& add(std::string_view name, std::string_view value);
  Json& add(std::string_view name, const char* value) { return add(name, std::string_view(value)); }
  Json& add(std::string_view name, std::uint64_t value);
  Json& add(std::string_view name, Truth value);
  /// `value` is JSON already.
  Json& add_raw(std::string_view name, std::string_view value);
  Json& add(std::string_view name, const std::vector<std::string>& texts);
  std::string str() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

/// A JSON string, quoted and escaped; bytes that are not UTF-8 are replaced.
std::string quoted(std::string_view text);

}  // namespace api
