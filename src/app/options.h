// What `serve` was asked to do, and whether it may: every reason against it is found at once,
// before anything is opened.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/smtp_options.h"
#include "notice/document.h"

namespace app {

struct ServeOptions {
  std::string data;
  std::string root;             // empty: beside data, with .root
  std::string root_holder;      // `file`, `remote:NAME` or `split:A,B`; empty: as remembered
  std::string passphrase_file;  // of what wraps the root's file; empty: it is not wrapped
  std::string notice;           // empty: the embedded one
  std::string plans;            // empty: the embedded ones
  std::string listen = "127.0.0.1:8080";
  std::string metrics;  // empty: none
  std::string tls_certificate;
  std::string tls_key;
  bool tls_self_signed = false;
  bool behind_proxy = false;
  std::vector<std::string> trusted_proxies;  // addresses and ranges
  std::string country_database;              // MaxMind DB file; empty: no country is known
  bool test_clock = false;
  SmtpOptions smtp;                // none: mails are written to files
  bool no_replica = false;         // chosen: no holder follows
  std::vector<std::string> names;  // to serve; empty: those of the notice's origins
  std::string config;              // the file that settings were read from; empty: none
};

/// At most so many bytes of a file of certificates, or of a key, are read.
inline constexpr std::size_t kPemBytes = 1 << 20;

struct Endpoint {
  std::string address;  // numeric, without brackets
  std::uint16_t port = 0;
  bool loopback = false;
};

/// `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`; nothing where it is neither.
std::optional<Endpoint> parse_endpoint(const std::string& text);

/// Why these options cannot be served under this notice; empty where they can. `certificate_names`
/// are the DNS names of the given certificate.
std::vector<std::string> objections(const ServeOptions& options, const notice::Document& document,
                                    const std::vector<std::string>& certificate_names);

/// Those of them that are about neither the certificate's names nor the mail server.
std::vector<std::string> listening_objections(const ServeOptions& options,
                                              const notice::Document& document);

/// Whether `recipient` is enabled and names `host`.
bool may_reach(const notice::Recipient& recipient, const std::string& host);
/// Why keys may not be kept on these hosts: an enabled recipient of the notice has to name each.
std::vector<std::string> holder_objections(const std::vector<std::string>& hosts,
                                           const notice::Document& document);

/// The host names to serve: `options.names`, or those of the notice's origins.
std::vector<std::string> served_names(const ServeOptions& options,
                                      const notice::Document& document);

/// The root directory: as the options of a server or a command say it, else beside the data.
template <class Options>
std::string root_of(const Options& options) {
  return options.root.empty() ? options.data + ".root" : options.root;
}

/// The host of an origin: `https://name:443` -> `name`, `http://[::1]` -> `::1`.
std::string host_of(const std::string& origin);
/// Whether `host` (without port) is localhost, a name under it, or a loopback address.
bool loopback_name(const std::string& host);

}  // namespace app
