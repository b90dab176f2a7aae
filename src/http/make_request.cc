// From a head to the request that handlers see: target, Host and scheme.
#include <algorithm>

#include "http/authority.h"
#include "http/head.h"
#include "http/path.h"
#include "http/percent.h"

namespace http {
namespace {

using base::Code;
using base::Literal;

Response malformed(Literal detail) {
  return problem(400, "malformed", "The request is not valid HTTP", detail);
}

bool over_tls(const Head& head, const Reach& reach, const ClientAddress& peer) {
  if (reach.tls) return true;
  if (reach.proxy != Reach::Proxy::declared) return false;
  // Who says which proxies are trusted, trusts no other.
  if (!reach.trusted.empty() && !among(reach.trusted, peer)) return false;
  const auto said = std::ranges::find(head.headers, "x-forwarded-proto",
                                      &std::pair<std::string, std::string>::first);
  return said != head.headers.end() && equal_ignoring_case(said->second, "https");
}

// All lines of X-Forwarded-For as one list, as RFC 9110, 5.3 has it.
std::string forwarded_for(const Head& head) {
  std::string all;
  for (const auto& [name, value] : head.headers)
    if (name == "x-forwarded-for") all += (all.empty() ? "" : ",") + value;
  return all;
}

// Cuts `http://authority` off an absolute target and gives the authority; empty for other forms.
std::optional<std::string_view> take_authority(std::string_view& target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::string_view authority = target.substr(0, target.find_first_of("/?"));
    target.remove_prefix(authority.size());
    return authority;
  }
  return std::nullopt;
}

std::optional<Response> read_target(Request& request, std::string_view target) {
  const std::size_t question = target.find('?');
  std::string_view path = target.substr(0, question);
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  if (request.query.contains('#')) return malformed("The address holds a fragment.");
  // OPTIONS * asks about the server as a whole.
  if (request.method == Method::options && target == "*") path = "/";
  auto decoded = decode_path(path);
  if (!decoded.ok())
    return decoded.code() == Code::too_large
               ? problem(414, "target", "The address is too long", decoded.error().reason())
               : problem(400, "path", "The path is not valid", decoded.error().reason());
  request.path = *std::move(decoded);
  return std::nullopt;
}

}  // namespace

std::expected<Request, Response> make_request(Head& head, const Reach& reach,
                                              const ClientAddress& peer) {
  Request request;
  request.method = head.method;
  request.secure = over_tls(head, reach, peer);
  request.client =
      reach.trusted.empty() ? peer : client_of(peer, forwarded_for(head), reach.trusted);
  if (head.framing != Framing::chunked) request.body_size = head.length;
  const auto host =
      std::ranges::find(head.headers, "host", &std::pair<std::string, std::string>::first);
  if (host == head.headers.end()) return std::unexpected(malformed("The header Host is missing."));
  const Scheme scheme = request.secure ? Scheme::https : Scheme::http;
  auto authority = parse_authority(host->second, scheme);
  if (!authority.ok())
    return std::unexpected(malformed("The header Host is not a name or an address."));
  request.authority = *std::move(authority);

  std::string target = head.target;
  if (std::string_view rest = target; const auto named = take_authority(rest)) {
    // RFC 9112, 3.2.2 has clients send the same Host; a difference is somebody's trick.
    const auto parsed = parse_authority(*named, scheme);
    if (!parsed.ok() || *parsed != request.authority)
      return std::unexpected(malformed("The address names another host than the header Host."));
    target = (rest.starts_with('/') ? "" : "/") + std::string(rest);
  }
  if (auto refused = read_target(request, target)) return std::unexpected(*std::move(refused));

  const std::string_view name = host_of(request.authority);
  if (!is_loopback_name(name) && std::ranges::find(reach.hosts, name) == reach.hosts.end())
    return std::unexpected(problem(421, "host", "This host is not served here",
                                   "The server does not know the name in the header Host."));
  request.headers = std::move(head.headers);
  return request;
}

}  // namespace http
