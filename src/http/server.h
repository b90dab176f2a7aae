// The server on the wire: HTTP/1.1 by Beast's parser on Asio coroutines, TLS 1.2 and 1.3 in
// process, blocking handlers on a pool. Owns sockets and threads; holds every limit. Never knows
// what a route does. On every response: the security headers (security.h), X-Request-Id; on every
// unsafe request: the Origin check. A log line a request, without path or address.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/log.h"
#include "http/http.h"
#include "http/tls.h"

namespace http {

struct Limits {
  std::size_t header_bytes_max = 16 * 1024;
  std::size_t headers_max = 64;
  std::size_t connections_max = 10'000;       // more are closed at once
  std::size_t requests_in_flight_max = 1024;  // handlers running or waiting; more get 503
  std::uint64_t body_bytes_max = 5ULL << 40;  // any one body; handlers set lower limits
  base::Duration header_time_max = std::chrono::seconds(10);
  base::Duration idle_time_max = std::chrono::seconds(60);
  base::Duration stall_time_max = std::chrono::seconds(30);  // no byte moved in a body
  // Once a body has been waited for as long as that, it must have come this fast on average.
  std::uint64_t body_bytes_per_second_min = 1024;
  base::Duration drain_time_max = std::chrono::seconds(20);
  unsigned io_threads = 1;
  unsigned pool_threads = 16;
  // For handlers that wait for a large body: they starve nobody else. More get 503, and earlier
  // those of one network or account that holds many (upload_places.h).
  unsigned upload_threads = 64;
};

struct Listen {
  std::string address;     // numeric
  std::uint16_t port = 0;  // 0: any free one
  /// Instead of both: a socket in the file system (unix(7)), that only processes of this one's own
  /// user may open, whatever the file's mode says. Its requests come from loopback.
  std::string path = {};
};
/// The longest path of such a socket, in bytes.
inline constexpr std::size_t listen_path_bytes_max = 107;

/// Makes a page of an error for somebody who prefers HTML; gets the problem in `response.problem`.
/// Status and headers of the response are kept where the page does not set them.
using ErrorPage = std::function<Response(const Request&, const Response&)>;

struct Options {
  Listen listen;
  std::optional<Tls> tls;
  bool behind_proxy = false;
  AddressRanges trusted_proxies = {};  // what they say of the client counts, and others' not
  std::vector<std::string> hosts;      // names served beside loopback names; 421 for others
  Limits limits;
  ErrorPage error_page;          // without one, errors are always application/problem+json
  base::Clock* clock = nullptr;  // for the Date header, which is left out without one
};

/// Counters for metrics, safe to read from any thread.
struct Counters {
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> connections_total{0};
  std::atomic<std::uint64_t> requests_in_flight{0};
  std::atomic<std::uint64_t> requests_total{0};
  std::atomic<std::uint64_t> responses_4xx_total{0};
  std::atomic<std::uint64_t> responses_5xx_total{0};
  std::atomic<std::uint64_t> refused_total{0};  // connections and requests over a limit
  std::atomic<std::uint64_t> request_body_bytes_total{0};
  std::atomic<std::uint64_t> response_body_bytes_total{0};
};

/// Called for every response before it is sent, also for those of the server itself, where the
/// request may hold no more than its id. Security headers that are missing afterwards are filled
/// in.
using Finish = std::function<void(const Request&, Response&)>;

class Server {
 public:
  /// Binds; nothing is served before run(). Code::unavailable where the address is taken (a path:
  /// where anything is there), Code::invalid where certificate or address are wrong.
  static base::Result<std::unique_ptr<Server>> bind(Options options, const Router& router,
                                                    Finish finish, base::Entropy& entropy,
                                                    base::Log& log);
  ~Server();
  /// 0 of one that listens on a path.
  std::uint16_t port() const;
  /// Serves until stop(), then drains: no new connections, running requests end. Threads begin
  /// here and not in bind(), so that what restricts the calling thread in between (seccomp) holds
  /// for all of them. Once.
  void run();
  /// From any thread, not from a signal handler. Again: no effect.
  void stop();
  const Counters& counters() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace http
