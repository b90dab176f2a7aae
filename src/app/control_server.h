// The control socket DATA/control.sock: HTTP for whoever runs this server on its own machine, in a
// thread of its own. Owns the socket's file; the operating system decides who may open it (mode
// 0600, and the peer's user). What it answers is api/control.h.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "api/control.h"
#include "app/core.h"
#include "http/server.h"

namespace app {

inline std::string control_path(const std::string& data) { return data + "/control.sock"; }

class ControlServer {
 public:
  /// Binds and serves at once. What a server that was killed left there is removed before: whoever
  /// has the lock of the data directory is the only server of it.
  /// `origin`: where links in mails lead.
  static base::Result<std::unique_ptr<ControlServer>> open(Core& core, const std::string& data,
                                                           std::string origin);
  /// Stops, waits for what is under way, and removes the socket.
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

 private:
  ControlServer(Core& core, std::string path, std::string origin);

  Core& core_;
  const std::string path_;
  accounts::Roster roster_;
  accounts::Import import_;
  api::ControlParts parts_;
  http::Router router_;
  std::unique_ptr<http::Server> server_;
  std::thread thread_;
};

}  // namespace app
