// For tests: a server on this machine that answers each request as a test wants it, one connection
// each, so that no answer has to be well formed. Owns its thread. Never part of the program.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

namespace support {

struct Request {
  std::string method;
  std::string path;
  std::string head;  // all of it
  std::string body;  // where Content-Length says how long it is

  bool has(const std::string& line) const {
    return head.find("\r\n" + line + "\r\n") != std::string::npos;
  }
};

/// A whole answer.
inline std::string answer(const std::string& status, std::string_view body,
                          const std::string& more = {}) {
  return "HTTP/1.1 " + status + "\r\n" + more +
         "Connection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

class TestServer {
 public:
  using Answers = std::function<std::string(const Request& request)>;
  explicit TestServer(Answers answers) : answers_(std::move(answers)) {
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
  ~TestServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::atomic<int> requests = 0;

 private:
  void serve() {
    for (;;) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      const Request request = receive(connection);
      ++requests;
      const std::string out = answers_(request);
      for (std::size_t sent = 0; sent < out.size();) {
        const ssize_t n = ::send(connection, out.data() + sent, out.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) break;
        sent += static_cast<std::size_t>(n);
      }
      ::close(connection);
    }
  }

  static Request receive(int connection) {
    std::string all;
    std::array<char, 4096> buffer{};
    std::size_t end = 0;
    std::size_t body = 0;
    do {
      const ssize_t n = ::recv(connection, buffer.data(), buffer.size(), 0);
      if (n <= 0) break;
      all.append(buffer.data(), static_cast<std::size_t>(n));
      end = all.find("\r\n\r\n");
      const auto length = all.find("\r\nContent-Length: ");
      if (end != std::string::npos && length < end)
        body = std::strtoul(all.c_str() + length + 18, nullptr, 10);
    } while (end == std::string::npos || all.size() < end + 4 + body);
    Request request;
    const auto from = all.find(' ') + 1;
    request.method = all.substr(0, from - 1);
    request.path = all.substr(from, all.find(' ', from) - from);
    request.head = all.substr(0, end + 4);
    request.body = all.substr(std::min(all.size(), end + 4));
    return request;
  }

  Answers answers_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace support
