// Questions to the domain name system: text records, by the C library's resolver. For commands: a
// server that serves does not ask. Owns nothing between two questions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace base {

class Resolver {
 public:
  /// The system's name servers, or the one at `server`, an IPv4 address and a port. Code::invalid
  /// where it is neither.
  static Result<Resolver> open(const std::string& server);
  /// The text records of `name`, the pieces of each put together; none where there are none or no
  /// such name. Code::unavailable where nobody answers.
  Result<std::vector<std::string>> texts(const std::string& name) const;

 private:
  struct Server {
    std::uint32_t address = 0;
    std::uint16_t port = 0;
  };
  std::optional<Server> server_;
};

/// The text in a TXT record's data: pieces of at most 255 bytes, each behind its length. Nothing
/// where a piece is cut short.
std::optional<std::string> text_of_record(std::string_view data);

}  // namespace base
