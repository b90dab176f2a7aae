// One person's client over libcurl: a cookie jar of her own, `Origin` of the server she visits,
// connections kept open. Owns its cookies; never follows a redirect and never hides an answer.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace support {

struct Header {
  std::string name;  // of a reply: in lower case
  std::string value;
};
using Headers = std::vector<Header>;

struct Reply {
  int status = 0;  // 0: no whole answer came
  Headers headers;
  std::string body;

  /// The first header of that name (lower case), or empty.
  std::string header(const std::string& name) const;
  std::vector<std::string> all(const std::string& name) const;
  bool says(const std::string& text) const { return body.find(text) != std::string::npos; }
  /// The body's member at a JSON pointer: see json.h.
  std::string at(const std::string& pointer) const;
  std::vector<std::string> keys(const std::string& pointer) const;
  /// The problem's type, `/problems/denied`, where this is application/problem+json; else empty.
  std::string problem() const;
};

struct Cookie {
  std::string name;
  std::string value;
};

class Browser {
 public:
  /// `origin` is scheme://host:port of the server. Certificates are not checked.
  explicit Browser(std::string origin);
  ~Browser();
  Browser(Browser&&) noexcept;
  Browser& operator=(Browser&&) noexcept;

  Reply get(const std::string& path, const Headers& headers = {});
  /// Sends `Origin` with what changes something, unless `headers` has one (empty: not sent).
  Reply request(const std::string& method, const std::string& path, const std::string& body = {},
                const Headers& headers = {});
  Reply json(const std::string& method, const std::string& path, const std::string& body);
  Reply form(const std::string& path, const std::string& fields);

  /// What the jar holds, as libcurl took it.
  std::vector<Cookie> cookies() const;
  const std::string& origin() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// For a form field or one segment of a path.
std::string percent_encoded(const std::string& text);

}  // namespace support
