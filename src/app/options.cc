#include "app/options.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>

#include "base/disk.h"
#include "http/client_address.h"

namespace app {
namespace {

bool among_origins(const notice::Document& document, const std::string& name) {
  return std::any_of(document.operator_.origins.begin(), document.operator_.origins.end(),
                     [&](const std::string& origin) { return host_of(origin) == name; });
}

void check_metrics(const ServeOptions& options, std::vector<std::string>& reasons) {
  if (options.metrics.empty()) return;
  const auto endpoint = parse_endpoint(options.metrics);
  if (!endpoint)
    reasons.push_back("--metrics " + options.metrics + ": give a numeric address and a port");
  else if (!endpoint->loopback)
    reasons.push_back("--metrics " + options.metrics +
                      ": plain HTTP outside loopback; let an agent on this machine collect them");
}

void check_listener(const ServeOptions& options, std::vector<std::string>& reasons) {
  const auto endpoint = parse_endpoint(options.listen);
  if (!endpoint) {
    reasons.push_back("--listen " + options.listen +
                      ": give a numeric address and a port, like 127.0.0.1:8080 or [::1]:8080");
    return;
  }
  check_metrics(options, reasons);
  if (endpoint->loopback) return;
  const bool tls = options.tls_self_signed || !options.tls_certificate.empty();
  if (!tls && !options.behind_proxy)
    reasons.push_back("--listen " + options.listen +
                      ": plain HTTP outside loopback; give --tls-cert and --tls-key, or "
                      "--behind-proxy where a proxy in front of it speaks TLS");
  if (options.smtp.server.empty())
    reasons.push_back("--listen " + options.listen +
                      ": no SMTP; outside loopback mails must be sent, and not written to files: "
                      "give --smtp");
  if (options.test_clock) reasons.push_back("--test-clock: time can be moved on loopback only");
}

void check_proxies(const ServeOptions& options, std::vector<std::string>& reasons) {
  for (const std::string& proxy : options.trusted_proxies)
    if (!http::AddressRange::parse(proxy))
      reasons.push_back("--trusted-proxy " + proxy +
                        ": give an address, or a range like 10.0.0.0/8 with no bit set behind it");
}

void check_tls(const ServeOptions& options, std::vector<std::string>& reasons) {
  if (options.tls_certificate.empty() != options.tls_key.empty())
    reasons.push_back("--tls-cert and --tls-key belong together");
  if (options.tls_self_signed && !options.tls_certificate.empty())
    reasons.push_back("--tls-self-signed: there is a certificate already (--tls-cert)");
  if (options.test_clock && !options.tls_certificate.empty())
    reasons.push_back("--test-clock: not together with a certificate (--tls-cert)");
}

void check_names(const ServeOptions& options, const notice::Document& document,
                 std::vector<std::string>& reasons) {
  for (const std::string& name : options.names)
    if (!loopback_name(name) && !among_origins(document, name))
      reasons.push_back("--name " + name + ": not among the notice's origins");
}

void check_certificate(const std::vector<std::string>& certificate_names,
                       const notice::Document& document, std::vector<std::string>& reasons) {
  for (const std::string& name : certificate_names)
    if (!loopback_name(name) && !among_origins(document, name))
      reasons.push_back("--tls-cert: it names " + name +
                        ", which is not among the notice's origins");
}

}  // namespace

std::string host_of(const std::string& origin) {
  const auto scheme = origin.find("://");
  std::string host = scheme == std::string::npos ? origin : origin.substr(scheme + 3);
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

bool may_reach(const notice::Recipient& recipient, const std::string& host) {
  return recipient.enabled && std::ranges::find(recipient.hosts, host) != recipient.hosts.end();
}

std::vector<std::string> holder_objections(const std::vector<std::string>& hosts,
                                           const notice::Document& document) {
  std::vector<std::string> reasons;
  for (const std::string& host : hosts)
    if (std::ranges::none_of(document.recipients, [&](const notice::Recipient& recipient) {
          return may_reach(recipient, host);
        }))
      reasons.push_back("a holder of keys: no enabled recipient of the notice names the host " +
                        host + "; the default notice has the recipient key_holder for it");
  return reasons;
}

bool loopback_name(const std::string& host) {
  if (host == "localhost" || host.ends_with(".localhost")) return true;
  boost::system::error_code failed;
  const auto address = boost::asio::ip::make_address(host, failed);
  return !failed && address.is_loopback();
}

std::optional<Endpoint> parse_endpoint(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string::npos)
    return std::nullopt;
  if (host == "localhost") host = "127.0.0.1";
  Endpoint endpoint;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + colon + 1, end, endpoint.port);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  boost::system::error_code failed;
  const auto address = boost::asio::ip::make_address(host, failed);
  if (failed) return std::nullopt;
  endpoint.address = address.to_string();
  endpoint.loopback = address.is_loopback();
  return endpoint;
}

std::vector<std::string> listening_objections(const ServeOptions& options,
                                              const notice::Document& document) {
  std::vector<std::string> reasons;
  if (options.data.empty()) reasons.push_back("--data: give a directory");
  if (!options.root.empty() && base::lies_in(options.root, options.data))
    reasons.push_back("--root " + options.root +
                      ": lies in the data directory; a copy of that would open everything");
  check_listener(options, reasons);
  check_proxies(options, reasons);
  check_tls(options, reasons);
  check_names(options, document, reasons);
  return reasons;
}

std::vector<std::string> objections(const ServeOptions& options, const notice::Document& document,
                                    const std::vector<std::string>& certificate_names) {
  std::vector<std::string> reasons = listening_objections(options, document);
  check_certificate(certificate_names, document, reasons);
  for (std::string& reason : smtp_objections(options.smtp, document))
    reasons.push_back(std::move(reason));
  return reasons;
}

std::vector<std::string> served_names(const ServeOptions& options,
                                      const notice::Document& document) {
  if (!options.names.empty()) return options.names;
  std::vector<std::string> names;
  for (const std::string& origin : document.operator_.origins) names.push_back(host_of(origin));
  return names;
}

}  // namespace app
