// TLS for the server: a context from PEM texts (TLS 1.2 and 1.3, ALPN http/1.1), and certificates
// signed by themselves for trying things out. Owns no sockets; never falls back to something
// weaker.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"

struct ssl_ctx_st;

namespace http {

struct Tls {
  std::string certificate_pem;  // the chain, leaf first
  std::string key_pem;
};

/// Code::invalid where the texts are no certificate and key, or do not belong together.
base::Result<std::shared_ptr<ssl_ctx_st>> make_tls_context(const Tls& tls);

/// A certificate for these DNS names and IP addresses, valid for 90 days, with a new P-256 key.
base::Result<Tls> make_self_signed(const std::vector<std::string>& names, base::Time now,
                                   base::Entropy& entropy);

/// The DNS names of the first certificate in `pem`; none where there is no certificate.
std::vector<std::string> certificate_names(const std::string& pem);

/// When a certificate is valid: not before, not after.
struct Term {
  base::Time from{}, until{};
};
/// Of the first certificate in `pem`; nothing where there is none.
std::optional<Term> certificate_term(const std::string& pem);

}  // namespace http
