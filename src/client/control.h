// Asks a running server something over its control socket. Owns a connection; knows no question.
// For commands, in whose errors it says what the operator can do.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/disk.h"

namespace client {

struct ControlAnswer {
  long status = 0;
  std::string body;  // JSON; from 400 up application/problem+json, of which 64 KiB are kept
};

class ControlClient {
 public:
  /// Connects with the first question. Code::invalid where the path is too long for a socket.
  static base::Result<ControlClient> open(std::string socket);
  ControlClient(ControlClient&&) noexcept;
  ~ControlClient();

  /// Code::missing where nothing listens there, Code::denied where it is another user's, Code::
  /// unavailable where no answer comes, Code::too_large for one over 16 MiB.
  base::Result<ControlAnswer> get(const std::string& path);
  /// With JSON, or nothing, in it.
  base::Result<ControlAnswer> post(const std::string& path, const std::string& json = {});
  /// With a file as its body, which may take as long as it moves. `progress` hears how many bytes
  /// are sent.
  using Progress = std::function<void(std::uint64_t)>;
  base::Result<ControlAnswer> send(const std::string& path, const char* content_type,
                                   base::File& file, const Progress& progress);

 private:
  struct Impl;
  explicit ControlClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace client
