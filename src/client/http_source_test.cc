#include "client/http_source.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <thread>

#include "client/testing.h"
#include "client/verify.h"

namespace client {
namespace {

using base::Code;

/// Answers each request, one connection each, with what `answer` makes of its path.
class Server {
 public:
  using Answer = std::function<std::string(const std::string& path)>;
  explicit Server(Answer answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/log"; }
  std::atomic<int> requests = 0;

 private:
  void serve() {
    for (;;) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      std::string request;
      std::array<char, 4096> buffer{};
      while (request.find("\r\n\r\n") == std::string::npos) {
        const ssize_t n = ::recv(connection, buffer.data(), buffer.size(), 0);
        if (n <= 0) break;
        request.append(buffer.data(), static_cast<std::size_t>(n));
      }
      ++requests;
      const auto from = request.find(' ') + 1;
      const std::string out = answer_(request.substr(from, request.find(' ', from) - from));
      for (std::size_t sent = 0; sent < out.size();) {
        const ssize_t n = ::send(connection, out.data() + sent, out.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) break;
        sent += static_cast<std::size_t>(n);
      }
      ::close(connection);
    }
  }

  Answer answer_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

std::string answer(const std::string& status, std::string_view body) {
  return "HTTP/1.1 " + status +
         "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

TEST(HttpSource, VerifiesAServedLog) {
  TestLog log;
  log.fill(0, 300);
  const std::string receipt = log.receipt().dump();
  log.fill(300, 520);
  Server server([&](const std::string& path) {
    const auto bytes = base::read_file(log.disk(), log.directory() + path.substr(4), 1 << 20);
    return bytes.ok() ? answer("200 OK", base::text(*bytes)) : answer("404 Not Found", "");
  });
  for (const std::string& url : {server.url(), server.url() + "/"}) {
    const auto source = open_log_source(log.disk(), url).value();
    const auto verified = verify_receipt(receipt, *source, std::nullopt);
    ASSERT_TRUE(verified.ok()) << verified.error().chain();
    EXPECT_TRUE(verified->holds()) << verified->text();
    const auto whole = verify_ledger(*source, std::nullopt, [](std::uint64_t, std::uint64_t) {});
    EXPECT_TRUE(whole->holds()) << whole->text();
  }
}

TEST(HttpSource, SaysWhatIsWrong) {
  base::RealDisk disk;
  Server server([](const std::string& path) -> std::string {
    if (path == "/log/ok") return answer("200 OK", "0123456789");
    if (path == "/log/gone") return answer("410 Gone", "");
    if (path == "/log/broken") return answer("500 Internal Server Error", "");
    if (path == "/log/short") return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort";
    if (path == "/log/rubbish") return "rubbish\r\n\r\n";
    if (path == "/log/away")
      return "HTTP/1.1 302 Found\r\nLocation: http://localhost/elsewhere\r\n"
             "Connection: close\r\nContent-Length: 0\r\n\r\n";
    return answer("404 Not Found", "");
  });
  const auto source = open_log_source(disk, server.url()).value();
  EXPECT_EQ(base::text(source->get("ok", 10).value()), "0123456789");
  EXPECT_EQ(source->get("ok", 9).code(), Code::too_large);
  EXPECT_EQ(source->get("none", 10).code(), Code::missing);
  EXPECT_EQ(source->get("gone", 10).code(), Code::missing);
  EXPECT_EQ(source->get("broken", 10).code(), Code::unavailable);
  EXPECT_EQ(source->get("short", 1000).code(), Code::unavailable);
  EXPECT_FALSE(source->get("rubbish", 1000).ok());
  const int before = server.requests;
  EXPECT_EQ(source->get("away", 10).code(), Code::denied);
  EXPECT_EQ(server.requests, before + 1);
}

TEST(HttpSource, NobodyAnswers) {
  base::RealDisk disk;
  std::string url;
  {
    const Server server([](const std::string&) { return answer("404 Not Found", ""); });
    url = server.url();
  }
  const auto source = open_log_source(disk, url).value();
  EXPECT_EQ(source->get("checkpoint", 10).code(), Code::unavailable);
  EXPECT_EQ(verify_receipt("{}", *source, std::nullopt).code(), Code::unavailable);
  EXPECT_FALSE(open_log_source(disk, "http://").value()->get("checkpoint", 10).ok());
}

}  // namespace
}  // namespace client
