// One exchange with a server over HTTP, by libcurl: the body streams in, the answer streams out, in
// constant memory. Owns one connection, kept open between exchanges. Never follows a redirect, so
// that no server can send its client, or what it carries, anywhere else.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace client {

enum class Proxy : std::uint8_t { none, environment };  // as libcurl reads it

struct Connecting {
  Proxy proxy = Proxy::environment;
  std::string ca_file;      // empty: whom the system trusts
  std::string unix_socket;  // empty: TCP
  const char* user_agent = "";
};

/// When a server is given up. An exchange moves nothing for a while where a server syncs much.
struct Patience {
  long connect_ms = 10'000;
  long whole_ms = 0;  // 0: as long as something moves
  long slowest_bytes_per_second = 1;
  long slowest_seconds = 120;
};

/// What goes along with a request, in pieces.
class Outgoing {
 public:
  virtual ~Outgoing() = default;
  /// Nothing where nobody knows before its end.
  virtual std::optional<std::uint64_t> size() const = 0;
  /// 0 at the end.
  virtual base::Result<std::size_t> read(base::Mutable out) = 0;
  /// Back to the beginning; Code::unavailable where what was read is gone.
  virtual base::Result<void> rewind() = 0;
};

/// A body that is there.
class OutgoingText final : public Outgoing {
 public:
  explicit OutgoingText(base::View text) : text_(text) {}
  std::optional<std::uint64_t> size() const override { return text_.size(); }
  base::Result<std::size_t> read(base::Mutable out) override;
  base::Result<void> rewind() override {
    at_ = 0;
    return {};
  }

 private:
  base::View text_;
  std::size_t at_ = 0;
};

enum class Reuse : std::uint8_t { yes, no };

struct Asking {
  const char* method = "GET";
  std::string url;
  std::vector<std::string> headers;  // `Name: value`
  Outgoing* body = nullptr;
  Patience patience = {};
  // On a connection that is kept from before, libcurl begins again by itself where it breaks.
  Reuse reuse = Reuse::yes;
};

struct Head {
  long status = 0;
  std::vector<std::pair<std::string, std::string>> fields;  // names in lower case

  bool good() const { return status >= 200 && status < 300; }
  /// The first of that name, in lower case.
  std::optional<std::string_view> field(std::string_view name) const;
};

struct Answer {
  Head head;
  std::string body;  // what no Take took, or the first 64 KiB of a refusal
};

/// How far the last exchange came.
enum class Ended : std::uint8_t {
  unreached,  // nobody took the connection
  cut_short,  // the connection ended before the answer did
  otherwise,
};

class Http {
 public:
  static base::Result<Http> open(Connecting connecting);
  Http(Http&&) noexcept;
  ~Http();

  /// Takes a piece of the body of a good answer; an error of its own ends the exchange.
  using Take = std::function<base::Result<void>(const Head& head, base::View piece)>;
  /// Code::unavailable where nobody answers as a server does, Code::denied where its certificate is
  /// not trusted (or a socket is another user's), Code::invalid for a malformed URL, and whatever
  /// `take` or the body say.
  base::Result<Answer> ask(const Asking& asking, const Take& take);
  /// The body of a good answer into the Answer; Code::too_large over `bytes_max`.
  base::Result<Answer> ask(const Asking& asking, std::size_t bytes_max);
  Ended ended() const noexcept;

 private:
  struct Impl;
  explicit Http(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace client
