// HTTP as the faces see it: a request, a response, a router. Plain types without Asio or Beast in
// them; server.h moves them over the wire. Handlers are blocking functions on the server's pool.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/id.h"
#include "base/personal.h"
#include "base/result.h"
#include "http/client_address.h"

namespace http {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };

/// Reads a request's body as it arrives. Blocks; Code::io where the peer is gone or too slow,
/// Code::too_large over the limit.
class BodyReader {
 public:
  virtual ~BodyReader() = default;
  /// 0 at the end.
  virtual base::Result<std::size_t> read(base::Mutable out) = 0;
  /// All of it was there before the request was handed over: nobody is waited for.
  virtual bool came_before() const { return false; }
  /// Says whom it is read for, by a name of the caller's. False where as much is on its way for her
  /// as may be at a time; what came before is nobody's burden.
  virtual bool charge(std::string_view) { return true; }
  /// From any thread, while the request is handled: whoever waits for more of it gets Code::io, and
  /// nothing more is read.
  virtual void stop() {}
};

/// Gives a response's body piece by piece, on the pool. Its size is known before.
class BodySource {
 public:
  virtual ~BodySource() = default;
  virtual std::uint64_t size() const = 0;
  /// 0 at the end; an error cuts the connection where the head has been sent.
  virtual base::Result<std::size_t> read(base::Mutable out) = 0;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  Method method = Method::get;
  std::string path;       // decoded, of valid UTF-8, without dot segments; refused before otherwise
  std::string query;      // as sent
  Headers headers;        // names in lower case
  std::string authority;  // the Host
  bool secure = false;    // over TLS, here or at the declared proxy
  ClientAddress client;   // the peer's, or what proxies say that are trusted
  base::RequestId id;
  BodyReader* body = nullptr;              // never null in a handler
  std::optional<std::uint64_t> body_size;  // the declared length, if there is one
  /// What goes on the answer whoever makes it, in place of its own headers of these names (a cookie
  /// goes beside others): noted by whoever looked at the request, which is why a handler that may
  /// not change a request may do so.
  mutable Headers on_answer;

  /// The first header of that name (lower case), or nothing.
  std::optional<std::string_view> header(std::string_view name) const;
  std::optional<std::string> cookie(std::string_view name) const;
  /// A percent-decoded query parameter, or nothing.
  std::optional<std::string> parameter(std::string_view name) const;
  /// The whole body, at most `bytes_max`; Code::too_large over it.
  base::Result<std::string> read_body(std::size_t bytes_max) const;
  /// Whether Accept prefers HTML to JSON (a browser's navigation).
  bool prefers_html() const;
  std::string origin() const;  // scheme://authority of this server as addressed
};

/// What an error response says, for whoever renders it in another form. Literals: never data.
struct Problem {
  base::Literal type;  // a name under /problems/
  base::Literal title;
  base::Literal detail;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  std::unique_ptr<BodySource> stream;   // instead of body, where set
  std::optional<Problem> problem = {};  // set by problem(): the engine may ask for a page of it

  static Response text(int status, std::string body);
  static Response html(int status, std::string body);
  static Response json(int status, std::string body);
  static Response redirect(std::string location);  // 303
  static Response empty(int status) { return {status, {}, {}, {}}; }
  static Response streamed(int status, std::string content_type,
                           std::unique_ptr<BodySource> source);
  /// Replaces a header of that name in any case; Set-Cookie adds another one.
  Response& set(std::string name, std::string value);
  /// The first header of that name in any case, or nothing.
  std::optional<std::string_view> header(std::string_view name) const;
};

/// RFC 9457. `type` is a name under /problems/; both texts are literals: no personal data.
Response problem(int status, base::Literal type, base::Literal title, base::Literal detail);
/// The one place that turns a Code into a status. A defect of ours is not explained to the caller.
Response problem(const base::Error& error);

/// The answer to the person herself: the door by which her own data leaves in a response.
class Door {
 public:
  template <class T>
  static const T& open(const base::Personal<T>& value) {
    return value.open(base::Opening{});
  }
};

/// Path parameters by place, in the order of the pattern.
using Captures = std::vector<std::string>;
using Handler = std::function<Response(Request&, const Captures&)>;

/// The method's name, as a request line has it; "OTHER" for one that we do not know.
base::Literal to_string(Method method);

/// Patterns are literal segments, `{name}` for one segment, `{name...}` for the rest, which is
/// empty only where the path ends in the slash before it. A literal wins over `{name}`, and that
/// over `{name...}`, segment by segment, whatever the order of adding.
class Router {
 public:
  /// CHECKs that the pattern is well-formed and new.
  void add(Method method, std::string pattern, Handler handler);
  /// 404 and 405 (with Allow) as problems; HEAD by GET where HEAD has no handler of its own;
  /// OPTIONS answered by Allow.
  Response route(Request& request) const;

 private:
  struct Route {
    Method method;
    std::vector<std::string> segments;
    Handler handler;
  };
  template <typename Look>
  void each_that_may_match(std::string_view path, const Look& look) const;
  Response unmatched(const Request& request, std::uint32_t methods) const;
  // By the literal segments that they begin with.
  std::map<std::string, std::vector<Route>, std::less<>> routes_;
};

}  // namespace http
