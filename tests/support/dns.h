// For tests: a name server on loopback that knows text records, and answers that there is no such
// name otherwise. Owns its thread and its socket.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/descriptor.h"

namespace support {

class NameServer {
 public:
  using Texts = std::map<std::string, std::vector<std::string>>;
  explicit NameServer(Texts texts)
      : texts_(std::move(texts)), socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (::bind(socket_.number(), reinterpret_cast<sockaddr*>(&at), size) != 0 ||
        ::getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&at), &size) != 0)
      throw std::runtime_error("no name server");
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~NameServer() {
    ::shutdown(socket_.number(), SHUT_RDWR);
    thread_.join();
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  void serve() {
    std::array<std::uint8_t, 1500> question{};
    while (true) {
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const ssize_t got = ::recvfrom(socket_.number(), question.data(), question.size(), 0,
                                     reinterpret_cast<sockaddr*>(&from), &size);
      if (got < 17) return;
      const base::Bytes said = answer(base::View(question).first(static_cast<std::size_t>(got)));
      (void)::sendto(socket_.number(), said.data(), said.size(), 0,
                     reinterpret_cast<sockaddr*>(&from), size);
    }
  }

  base::Bytes answer(base::View question) const {
    std::string name;
    std::size_t at = 12;
    for (; at < question.size() && question[at] != 0; at += question[at] + 1U) {
      if (!name.empty()) name.push_back('.');
      name += base::text(question.subspan(at + 1, question[at]));
    }
    const std::size_t end = at + 5;  // root, type, class
    const auto found = texts_.find(name);
    base::Bytes out = base::copy(question.first(2));
    base::put_u16(out, found == texts_.end() ? 0x8403 : 0x8400);
    base::put_u16(out, 1);
    base::put_u16(out,
                  found == texts_.end() ? 0 : static_cast<std::uint16_t>(found->second.size()));
    base::put_u32(out, 0);
    out.insert(out.end(), question.begin() + 12, question.begin() + static_cast<long>(end));
    if (found == texts_.end()) return out;
    for (const std::string& text : found->second) {
      base::put_u16(out, 0xc00c);
      base::put_u16(out, 16);
      base::put_u16(out, 1);
      base::put_u32(out, 60);
      base::Bytes data;
      for (std::size_t i = 0; i < text.size(); i += 200) {
        const std::string piece = text.substr(i, 200);
        data.push_back(static_cast<std::uint8_t>(piece.size()));
        data.insert(data.end(), piece.begin(), piece.end());
      }
      base::put_u16(out, static_cast<std::uint16_t>(data.size()));
      out.insert(out.end(), data.begin(), data.end());
    }
    return out;
  }

  Texts texts_;
  base::Descriptor socket_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace support
