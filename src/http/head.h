// The head of an HTTP/1.1 request: from bytes to what a connection needs to know of it. Strict on
// purpose: whatever two programs in a row could read differently is refused, since that is how
// requests are smuggled. Owns what it parsed; never reads from a socket.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "http/http.h"

namespace http {

inline constexpr std::size_t target_bytes_max = 8 * 1024;

/// How far a head has come.
enum class Arrival : std::uint8_t { incomplete, complete, malformed };

/// Looks for the end of a head, line by line, so that a bare line feed or a body without a head is
/// told at once and not when time is up.
class HeadScanner {
 public:
  /// `buffer` grows between calls and keeps its beginning.
  Arrival scan(std::string_view buffer);
  /// Where the head ends, once complete.
  std::size_t end() const { return line_; }
  /// Whether the request line has ended.
  bool has_request_line() const { return line_ > 0; }

 private:
  std::size_t line_ = 0;     // where the current line begins
  std::size_t scanned_ = 0;  // no line feed before this
};

enum class Framing : std::uint8_t { none, length, chunked };

struct Head {
  Method method = Method::other;
  std::string target;
  Headers headers;  // names in lower case
  Framing framing = Framing::none;
  std::uint64_t length = 0;  // where framing is length
  enum class After : std::uint8_t { close, keep } after = After::close;
  enum class Expect : std::uint8_t { nothing, proceed } expect = Expect::nothing;
};

struct HeadLimits {
  std::size_t headers_max = 64;
  std::uint64_t body_bytes_max = UINT64_MAX;
};

/// Parses a complete head, or says what to answer before closing: 400, 413, 414, 417, 431, 501,
/// 505.
std::expected<Head, Response> parse_head(std::string_view raw, const HeadLimits& limits);

/// How this server is reached.
struct Reach {
  enum class Proxy : std::uint8_t { none, declared };
  bool tls = false;
  Proxy proxy = Proxy::none;
  AddressRanges trusted = {};           // proxies: what they say of the client counts
  std::vector<std::string> hosts = {};  // served beside loopback names, in lower case
};

/// The request that handlers see, without id and body: 400 for a target or Host that is none, 414,
/// 421 where the Host is not served here. `Request` as far as it is known in either case.
std::expected<Request, Response> make_request(Head& head, const Reach& reach,
                                              const ClientAddress& peer = {});

}  // namespace http
