// The holder's end of all conversations: one loop without threads, over sockets that never make it
// wait. Owns the listening socket and the connections, which are bounded in number, in what they
// may send before they are known, and in time. Paired servers reach the Handler; strangers can
// offer a code, and nothing else. Logs no addresses.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/log.h"
#include "holder/dispatch.h"
#include "holder/pairing.h"

namespace holder {

class Server {
 public:
  struct Options {
    std::string address = "127.0.0.1";  // numeric
    std::uint16_t port = 0;             // 0: any
    std::size_t connections_max = 64;
    std::size_t strangers_max = 8;                          // from one address
    base::Duration greeting_max = std::chrono::seconds(5);  // hands, and a first request
    base::Duration message_max = std::chrono::seconds(30);  // a begun request, or its answer
    base::Duration idle_max = std::chrono::hours(1);        // of a server that says nothing
  };
  struct Parts {
    const Identity& identity;
    Pairings& pairings;
    Handler& handler;
    base::Clock& steady;
    base::Log& log;
    std::function<base::Result<void>()> tick = {};  // called between requests, about each second
  };
  static base::Result<std::unique_ptr<Server>> bind(const Options& options, const Parts& parts);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Serves until stop().
  void run();
  /// From any thread.
  void stop();
  std::uint16_t port() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace holder
