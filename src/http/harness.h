// For tests only: a server on a free loopback port, and a client that sends exactly the bytes it is
// told to. Both own their sockets; every wait of the client is bounded.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "http/server.h"

namespace http {

/// Loopback, short times, one pool thread more than most tests need.
Options test_options();

class TestServer {
 public:
  using Routes = std::function<void(Router&)>;
  explicit TestServer(const Routes& routes, Options options = test_options(), Finish finish = {});
  /// Stops and waits.
  ~TestServer();

  std::uint16_t port() const { return server_->port(); }
  std::string authority() const { return "localhost:" + std::to_string(port()); }
  const Counters& counters() const { return server_->counters(); }
  void stop() { server_->stop(); }
  /// Waits for run() to return.
  void join();
  /// All lines so far.
  std::string log() const;
  /// Once there are that many log lines of requests.
  void await_requests(std::size_t count) const;

 private:
  struct Lines;
  std::shared_ptr<Lines> lines_;
  base::SystemClock clock_;
  base::SystemEntropy entropy_;
  base::Log log_;
  Router router_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

struct Reply {
  int status = 0;                                   // 0: the connection ended before a whole head
  std::string reason;                               // what the status line says behind it
  std::multimap<std::string, std::string> headers;  // names in lower case
  std::string body;
  bool whole = false;  // as many bytes of a body as Content-Length says
  std::string header(const std::string& name) const;
};

enum class TlsVersion : std::uint8_t { none, v1_1, v1_2, v1_3 };
enum class BodyExpected : std::uint8_t { yes, no };

class Client {
 public:
  explicit Client(std::uint16_t port, TlsVersion tls = TlsVersion::none);
  ~Client();
  Client(Client&&) noexcept;

  /// Whether the TLS handshake came to its end; true without TLS.
  bool greeted() const;
  /// What ALPN chose.
  std::string protocol() const;
  /// False where the peer is gone.
  bool send(std::string_view bytes);
  Reply receive(BodyExpected body = BodyExpected::yes);
  /// Whether the peer ends the connection within `time`, having sent nothing more.
  bool ends_within(std::chrono::milliseconds time);
  /// Up to `size` bytes as they come; empty at the end or when nothing came in five seconds.
  std::string some(std::size_t size);
  void shutdown_send();
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One request on a connection of its own.
Reply fetch(const TestServer& server, std::string_view head_and_body);

}  // namespace http
