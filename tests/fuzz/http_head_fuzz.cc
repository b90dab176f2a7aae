// Requests: the head whole and in pieces, what handlers ask of it, and the framing of the body.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/body_decoder.h"
#include "http/head.h"
#include "http/percent.h"
#include "http/security.h"

namespace {

// The end of the head, whichever way the bytes were cut; 0 where there is none.
std::size_t scan(std::string_view text, std::size_t step) {
  http::HeadScanner scanner;
  for (std::size_t size = std::min(step, text.size());; size = std::min(size + step, text.size())) {
    const http::Arrival arrival = scanner.scan(text.substr(0, size));
    if (arrival == http::Arrival::complete) return scanner.end();
    if (arrival == http::Arrival::malformed || size == text.size()) return 0;
  }
}

std::string decode(const http::Head& head, std::string_view text, std::size_t in_size,
                   std::size_t out_size) {
  http::BodyDecoder decoder(head.framing, head.length, 1 << 20);
  std::string body;
  base::Bytes out(out_size);
  for (std::size_t at = 0; !decoder.done() && at < text.size();) {
    const auto step = decoder.decode(base::view(text.substr(at, in_size)), out);
    if (!step.ok()) return body + "!";
    CHECK(step->consumed > 0 || step->produced > 0);
    body += base::text(base::View(out).first(step->produced));
    at += step->consumed;
  }
  return body + (decoder.done() ? "." : "");
}

void use(const http::Request& request) {
  CHECK(request.path.starts_with('/'));
  CHECK(http::valid_utf8(request.path) && !http::has_control_characters(request.path));
  CHECK(!request.path.contains("/../") && !request.path.ends_with("/.."));
  CHECK(!request.authority.empty());
  for (const auto& [name, value] : request.headers) {
    CHECK(!value.contains('\r') && !value.contains('\n') && !value.contains('\0'));
    (void)request.cookie(value.substr(0, 8));
  }
  (void)request.parameter("a");
  (void)request.prefers_html();
  (void)http::refuse_foreign_origin(request);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = base::text({data, size});
  const std::size_t end = scan(text, text.size());
  CHECK(end == scan(text, 1) && end == scan(text, 7));
  if (end == 0) return 0;
  auto head = http::parse_head(text.substr(0, end), {});
  if (!head) return 0;
  const std::string_view rest = text.substr(end);
  const std::string whole = decode(*head, rest, rest.size(), rest.size() + 1);
  CHECK(whole.ends_with('!') || whole == decode(*head, rest, 1, 1));
  CHECK(whole.ends_with('!') || whole == decode(*head, rest, 5, 3));
  const auto request = http::make_request(*head, {});
  if (request) use(*request);
  return 0;
}
