#include "http/head.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>

#include "http/percent.h"

namespace http {
namespace {

namespace beast = boost::beast;
using base::Literal;
using beast::error_code;

Response malformed(Literal detail) {
  return problem(400, "malformed", "The request is not valid HTTP", detail);
}

Method method_of(std::string_view name) {
  for (const Method method : {Method::get, Method::head, Method::post, Method::put, Method::patch,
                              Method::del, Method::options})
    if (name == to_string(method).c_str()) return method;
  return Method::other;
}

std::string_view standard(beast::string_view text) { return {text.data(), text.size()}; }

// Beast's parser for the head alone: bodies are framed by our own BodyDecoder.
class Parser final : public beast::http::basic_parser<true> {
 public:
  Parser(Head& head, const HeadLimits& limits, std::size_t size) : head_(head), limits_(limits) {
    skip(true);
    header_limit(static_cast<std::uint32_t>(size) + 1);
  }
  int version() const { return version_; }
  bool too_many() const { return too_many_; }

 private:
  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target,
                       int version, error_code&) override {
    head_.method = method_of(standard(method));
    head_.target = standard(target);
    version_ = version;
  }
  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                     error_code& ec) override {
    if (head_.headers.size() == limits_.headers_max) {
      too_many_ = true;
      ec = beast::http::error::header_limit;
      return;
    }
    head_.headers.emplace_back(lower_case(standard(name)), standard(value));
  }
  void on_header_impl(error_code&) override {}
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, beast::string_view, int, error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, error_code&) override {
    return 0;
  }

  Head& head_;
  const HeadLimits& limits_;
  int version_ = 0;
  bool too_many_ = false;
};

// What Beast lets through: folded lines, which it joins, and spaces that others read differently.
std::optional<Response> check_raw(std::string_view raw) {
  for (std::size_t i = 0; i + 1 < raw.size(); ++i) {
    if (raw[i] == '\r' && raw[i + 1] != '\n') return malformed("A line does not end in CR LF.");
    if (raw[i] == '\n' && (raw[i + 1] == ' ' || raw[i + 1] == '\t'))
      return malformed("A header is folded over two lines.");
  }
  const std::string_view line = raw.substr(0, raw.find("\r\n"));
  if (line.size() > target_bytes_max + 32)
    return problem(414, "target", "The address is too long",
                   "The request line is longer than this server takes.");
  const std::size_t version = line.rfind(' ');
  const std::string_view name = version == std::string_view::npos ? line : line.substr(version + 1);
  if (name.starts_with("HTTP/") && name != "HTTP/1.1" && name != "HTTP/1.0")
    return problem(505, "version", "This version of HTTP is not spoken here",
                   "The server speaks HTTP/1.1 and HTTP/1.0.");
  return std::nullopt;
}

std::optional<std::string_view> value_of(const Head& head, std::string_view name) {
  for (const auto& [key, value] : head.headers)
    if (key == name) return value;
  return std::nullopt;
}

// Headers that must not be there twice, since two readers could choose a different one.
std::optional<Response> check_single(const Head& head) {
  for (const std::string_view name :
       {"host", "content-length", "transfer-encoding", "origin", "authorization", "content-type",
        "expect", "range", "if-range", "x-forwarded-proto"})
    if (std::ranges::count(head.headers, name, &std::pair<std::string, std::string>::first) > 1)
      return malformed("A header that may be there once is there twice.");
  return std::nullopt;
}

std::optional<Response> read_framing(Head& head, int version, const HeadLimits& limits) {
  const auto length = value_of(head, "content-length");
  const auto coding = value_of(head, "transfer-encoding");
  if (coding) {
    if (length) return malformed("Content-Length and Transfer-Encoding are both there.");
    if (version < 11) return malformed("HTTP/1.0 has no Transfer-Encoding.");
    if (!equal_ignoring_case(*coding, "chunked"))
      return problem(501, "coding", "This coding is not known here",
                     "The only Transfer-Encoding that the server takes is chunked.");
    head.framing = Framing::chunked;
  } else if (length) {
    const char* end = length->data() + length->size();
    const auto parsed = std::from_chars(length->data(), end, head.length);
    if (length->empty() || parsed.ptr != end || parsed.ec != std::errc{} || length->front() == '-')
      return malformed("Content-Length is not a number.");
    if (head.length > limits.body_bytes_max)
      return problem(413, "too-large", "This is too large", "The body is larger than the limit.");
    head.framing = head.length > 0 ? Framing::length : Framing::none;
  }
  return std::nullopt;
}

std::optional<Response> read_expectation(Head& head, int version) {
  const auto expect = value_of(head, "expect");
  if (!expect) return std::nullopt;
  if (!equal_ignoring_case(*expect, "100-continue"))
    return problem(417, "expectation", "This cannot be expected here",
                   "The only expectation that the server knows is 100-continue.");
  if (version == 11 && head.framing != Framing::none) head.expect = Head::Expect::proceed;
  return std::nullopt;
}

bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

}  // namespace

Arrival HeadScanner::scan(std::string_view buffer) {
  if (!buffer.empty() && !is_token_character(buffer.front())) return Arrival::malformed;
  while (true) {
    const std::size_t feed = buffer.find('\n', scanned_);
    if (feed == std::string_view::npos) {
      scanned_ = buffer.size();
      return Arrival::incomplete;
    }
    if (feed == 0 || buffer[feed - 1] != '\r') return Arrival::malformed;
    const bool empty = feed == line_ + 1;
    line_ = scanned_ = feed + 1;
    if (empty) return Arrival::complete;
  }
}

std::expected<Head, Response> parse_head(std::string_view raw, const HeadLimits& limits) {
  if (auto refused = check_raw(raw)) return std::unexpected(*std::move(refused));
  Head head;
  Parser parser(head, limits, raw.size());
  error_code ec;
  const std::size_t used = parser.put(boost::asio::buffer(raw.data(), raw.size()), ec);
  if (parser.too_many())
    return std::unexpected(problem(431, "headers", "The headers are too large",
                                   "There are more headers than this server takes."));
  if (ec || used != raw.size() || !parser.is_header_done())
    return std::unexpected(malformed("The request line or a header is not well-formed."));
  if (head.target.size() > target_bytes_max)
    return std::unexpected(problem(414, "target", "The address is too long",
                                   "The address is longer than this server takes."));
  if (auto refused = check_single(head)) return std::unexpected(*std::move(refused));
  if (auto refused = read_framing(head, parser.version(), limits))
    return std::unexpected(*std::move(refused));
  if (auto refused = read_expectation(head, parser.version()))
    return std::unexpected(*std::move(refused));
  const bool keep = parser.version() == 11 && parser.keep_alive();
  head.after = keep ? Head::After::keep : Head::After::close;
  return head;
}

}  // namespace http
