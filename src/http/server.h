// The server on the wire: HTTP/1.1 by Beast's parser on Asio coroutines, TLS 1.2 and 1.3 in
// process, blocking handlers on a pool. Owns sockets and threads; holds every limit. Never knows
// what a route does.
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

namespace http {

struct Limits {
  std::size_t header_bytes_max = 16 * 1024;
  std::size_t headers_max = 64;
  std::size_t connections_max = 10'000;
  std::size_t requests_in_flight_max = 256;   // handlers running or waiting; more get 503
  std::uint64_t body_bytes_max = 5ULL << 40;  // any one body; handlers set lower limits
  base::Duration header_time_max = std::chrono::seconds(10);
  base::Duration idle_time_max = std::chrono::seconds(60);
  base::Duration stall_time_max = std::chrono::seconds(30);  // no byte moved in a body
  base::Duration drain_time_max = std::chrono::seconds(20);
  unsigned io_threads = 1;
  unsigned pool_threads = 16;
};

struct Tls {
  std::string certificate_pem;
  std::string key_pem;
};

struct Listen {
  std::string address;     // numeric
  std::uint16_t port = 0;  // 0: any free one
};

struct Options {
  Listen listen;
  std::optional<Tls> tls;
  bool behind_proxy = false;
  std::vector<std::string> hosts;  // names served beside loopback names; 421 for others
  Limits limits;
};

/// Counters for metrics, safe to read from any thread.
struct Counters {
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> connections_total{0};
  std::atomic<std::uint64_t> requests_total{0};
  std::atomic<std::uint64_t> responses_5xx_total{0};
  std::atomic<std::uint64_t> refused_total{0};
};

/// Called for every response before it is sent: security headers, policy.
using Finish = std::function<void(const Request&, Response&)>;

class Server {
 public:
  /// Binds; nothing is served before run(). Code::unavailable where the address is taken,
  /// Code::invalid where certificate or address are wrong.
  static base::Result<std::unique_ptr<Server>> bind(Options options, const Router& router,
                                                    Finish finish, base::Entropy& entropy,
                                                    base::Log& log);
  ~Server();
  std::uint16_t port() const;
  /// Serves until stop(), then drains: no new connections, running requests end.
  void run();
  /// From any thread or a signal's handler context of Asio.
  void stop();
  const Counters& counters() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace http
