// For tests: a holder over a disk in memory and a real port of this machine, mutual TLS and all,
// and a server's root directory that knows it. Never part of the program.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <memory>
#include <string>
#include <thread>

#include "base/faulty_disk.h"
#include "base/process.h"
#include "holder/caller_key.h"
#include "holder/primary.h"
#include "holder/server.h"
#include "keys/wrap_testing.h"

namespace holder {

inline base::Result<base::Descriptor> dial_loopback(const std::string& port) {
  base::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;  // as the child that dials does: small requests do not wait for each other
  ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
  if (::connect(socket.number(), reinterpret_cast<sockaddr*>(&at), sizeof at) != 0)
    return base::Error{base::Code::unavailable, "nobody there"};
  return socket;
}

/// Dials from within this process.
inline std::function<Dial(const base::Place&)> dial_here() {
  return [](const base::Place& place) -> Dial {
    return [port = place.port](base::Duration) { return dial_loopback(port); };
  };
}

class ServedHolder {
 public:
  explicit ServedHolder(const keys::Wrapping* wrapping = nullptr) : wrapping_(wrapping) {
    base::ignore_broken_pipes();
    start();
  }
  ServedHolder(const ServedHolder&) = delete;
  ServedHolder& operator=(const ServedHolder&) = delete;
  ~ServedHolder() { stop(); }

  void start() {
    file_ = keys::FileRootHolder::open(disk, keys::RootFile{"holder"}, wrapping_).value();
    fence_ = Fence::open(disk, "holder").value();
    root_ = std::make_unique<RootPart>(*file_, *fence_);
    dispatch_ = std::make_unique<Dispatch>(*root_, nullptr);
    options_.port = port_;
    server_ = Server::bind(options_, {identity_, pairings_, *dispatch_, steady_, log_}).value();
    port_ = server_->port();
    thread_ = std::thread([this] { server_->run(); });
  }
  void stop() {
    if (!thread_.joinable()) return;
    server_->stop();
    thread_.join();
    server_.reset();
  }
  /// Makes it known by `name` in a server's root directory, as `holder add` does.
  void pair_with(base::Disk& their_disk, const std::string& root, const std::string& name) {
    const auto caller = caller_identity(their_disk, entropy_, root, nullptr).value();
    const auto secret = parse_code(pairings_.issue(entropy_).value()).value();
    const base::Place place{"127.0.0.1", std::to_string(port_)};
    const auto key = pair(caller, dial_here()(place), secret, steady_).value();
    add_known(their_disk, entropy_, root, {name, place, key}).value();
  }
  /// What stands there now.
  std::array<std::optional<keys::Root>, 2> roots() { return file_->read().value(); }

  base::ThreadWait wait_;
  base::FaultyDisk disk{wait_};

 private:
  const keys::Wrapping* wrapping_;
  base::SteadyClock steady_;
  base::SystemClock clock_;
  base::SystemEntropy entropy_;
  base::Log log_{clock_, [](std::string_view) {}};
  std::unique_ptr<keys::FileRootHolder> file_;
  std::unique_ptr<Fence> fence_;
  std::unique_ptr<RootPart> root_;
  std::unique_ptr<Dispatch> dispatch_;
  Identity identity_ = [this] {
    disk.make_directory("holder").value();
    return Identity::open(disk, entropy_, "holder/holder.key", Side::holder).value();
  }();
  Pairings pairings_{disk, clock_, "holder"};
  Server::Options options_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

/// A server's root directory on a disk that may lose its power, and how it reaches its holders.
class RootStage {
 public:
  RootStage() {
    disk.make_directory("root").value();
    disk.sync_directory(".").value();
  }
  PrimaryParts parts(const keys::Wrapping* wrapping = nullptr) {
    return {disk, wait, entropy, steady, {}, wrapping, dial_here()};
  }
  base::Result<std::unique_ptr<keys::RootHolder>> open(const std::string& asked, Tree tree,
                                                       const keys::Wrapping* wrapping = nullptr) {
    return open_primary(parts(wrapping), "root", asked, tree);
  }

  base::ThreadWait wait;
  base::SteadyClock steady;
  base::SystemEntropy entropy;
  base::FaultyDisk disk{wait};
};

}  // namespace holder
