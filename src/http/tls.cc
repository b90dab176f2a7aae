#include "http/tls.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <string_view>

namespace http {
namespace {

using base::Code;
using base::Error;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

constexpr long valid_days = 90;

Bio bio_of(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

// Without it OpenSSL would ask a terminal for the passphrase of an encrypted key.
int no_passphrase(char*, int, int, void*) { return -1; }

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned int in_size, void*) {
  static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, out_size, ours.data(), ours.size(), in, in_size);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

base::Result<void> use_certificate(SSL_CTX* context, const std::string& pem) {
  const Bio bio = bio_of(pem);
  const Certificate leaf(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
  if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1)
    return Error{Code::invalid, "the certificate is not a PEM certificate"};
  while (X509* issuer = PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr))
    if (SSL_CTX_add0_chain_cert(context, issuer) != 1) {
      X509_free(issuer);
      return Error{Code::invalid, "the certificate's chain cannot be used"};
    }
  ERR_clear_error();  // the end of the file counts as one
  return {};
}

base::Result<void> use_key(SSL_CTX* context, const std::string& pem) {
  const Bio bio = bio_of(pem);
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key) return Error{Code::invalid, "the key is not a PEM private key without a passphrase"};
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
    return Error{Code::invalid, "the key does not belong to the certificate"};
  return {};
}

base::Result<void> add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1)
    return Error{Code::invalid, "a name cannot stand in a certificate"};
  return {};
}

base::Result<std::string> alternative_names(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    // The text goes through OpenSSL's configuration syntax, where a comma would begin another one.
    if (name.empty() ||
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789.-_:*") != std::string::npos)
      return Error{Code::invalid, "a name cannot stand in a certificate"};
    std::array<unsigned char, 16> address;
    const bool is_address = inet_pton(AF_INET, name.c_str(), address.data()) == 1 ||
                            inet_pton(AF_INET6, name.c_str(), address.data()) == 1;
    if (!is_address && name.find(':') != std::string::npos)
      return Error{Code::invalid, "a name cannot stand in a certificate"};
    if (!out.empty()) out += ",";
    out += (is_address ? "IP:" : "DNS:") + name;
  }
  return out;
}

base::Result<void> describe(X509* certificate, const std::vector<std::string>& names,
                            base::Time now, base::Entropy& entropy) {
  base::Bytes serial = entropy.bytes(16);
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x3fU) | 0x40U);  // positive, no leading zero
  const std::unique_ptr<BIGNUM, Freed<BN_free>> number(
      BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
  X509_set_version(certificate, X509_VERSION_3);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
  const std::time_t from = seconds.count() - 3600;  // other machines' clocks may be behind
  X509_time_adj_ex(X509_getm_notBefore(certificate), 0, 0, const_cast<std::time_t*>(&from));
  X509_time_adj_ex(X509_getm_notAfter(certificate), valid_days, 0, const_cast<std::time_t*>(&from));
  X509_NAME* name = X509_get_subject_name(certificate);
  const std::string common = names.front().substr(0, 64);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  const std::string alternatives = TRY(alternative_names(names));
  TRY(add_extension(certificate, NID_subject_alt_name, alternatives));
  TRY(add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE"));
  TRY(add_extension(certificate, NID_key_usage, "critical,digitalSignature"));
  TRY(add_extension(certificate, NID_ext_key_usage, "serverAuth"));
  return {};
}

}  // namespace

base::Result<std::shared_ptr<ssl_ctx_st>> make_tls_context(const Tls& tls) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) return Error{Code::internal, "no TLS context could be made"};
  SSL_CTX* raw = context.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // Forward secrecy and authenticated encryption only; TLS 1.3 has nothing else.
  if (SSL_CTX_set_cipher_list(raw, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1)
    return Error{Code::internal, "the ciphers are not known to OpenSSL"};
  SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
  TRY(use_certificate(raw, tls.certificate_pem));
  TRY(use_key(raw, tls.key_pem));
  return context;
}

base::Result<Tls> make_self_signed(const std::vector<std::string>& names, base::Time now,
                                   base::Entropy& entropy) {
  if (names.empty()) return Error{Code::invalid, "a certificate needs a name"};
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  if (!key || !certificate) return Error{Code::internal, "no key could be made"};
  X509_set_pubkey(certificate.get(), key.get());
  TRY(describe(certificate.get(), names, now, entropy));
  if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0)
    return Error{Code::internal, "the certificate could not be signed"};
  const Bio certificate_text(BIO_new(BIO_s_mem()));
  const Bio key_text(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr) != 1)
    return Error{Code::internal, "the certificate could not be written"};
  return Tls{text_of(certificate_text.get()), text_of(key_text.get())};
}

std::vector<std::string> certificate_names(const std::string& pem) {
  const Bio bio = bio_of(pem);
  const Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
  if (!certificate) return {};
  const Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> found;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) continue;
    found.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                       static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
  }
  return found;
}

std::optional<Term> certificate_term(const std::string& pem) {
  const Bio bio = bio_of(pem);
  const Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
  if (!certificate) {
    ERR_clear_error();
    return std::nullopt;
  }
  const auto time_of = [](const ASN1_TIME* time) -> std::optional<base::Time> {
    const std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>> epoch(ASN1_TIME_set(nullptr, 0));
    int days = 0;
    int seconds = 0;
    if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), time) != 1) return std::nullopt;
    return base::Time(std::chrono::days(days) + std::chrono::seconds(seconds));
  };
  const auto from = time_of(X509_get0_notBefore(certificate.get()));
  const auto until = time_of(X509_get0_notAfter(certificate.get()));
  if (!from || !until) return std::nullopt;
  return Term{*from, *until};
}

}  // namespace http
