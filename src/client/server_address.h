// Where a service is, as a person gives it: https://HOST, or plain HTTP on this machine alone.
// Taken apart once. Never has a user, a path or a question in it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace client {

class ServerAddress {
 public:
  /// Without a scheme it is https. Code::invalid where it is no address of a service, Code::denied
  /// for plain HTTP to another machine.
  static base::Result<ServerAddress> parse(const std::string& text);

  /// Scheme, host and port, as browsers write it: the port only where it is not the usual one.
  const std::string& origin() const noexcept { return origin_; }
  bool plain() const noexcept { return origin_.starts_with("http:"); }

 private:
  explicit ServerAddress(std::string origin) : origin_(std::move(origin)) {}
  std::string origin_;
};

}  // namespace client
