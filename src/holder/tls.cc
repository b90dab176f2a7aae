#include "holder/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <string_view>

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

template <auto Release>
struct Released {
  template <class T>
  void operator()(T* pointer) const {
    Release(pointer);
  }
};
using Certificate = std::unique_ptr<X509, Released<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Released<EVP_PKEY_free>>;

constexpr std::size_t kSeedSize = 32;
constexpr std::string_view kBindingLabel = "EXPORTER-Channel-Binding";
constexpr std::array<unsigned char, 12> kProtocol{11,  'k', 'e', 'y', 'h', 'o',
                                                  'l', 'd', 'e', 'r', '/', '1'};

// Keys are compared where it is known which one is expected; the handshake proves that the peer has
// the one in its certificate. Names, dates and issuers say nothing here.
int accept_any(X509_STORE_CTX*, void*) { return 1; }

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned int in_size, void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kProtocol.data(), kProtocol.size(), in, in_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

/// A certificate that says nothing but the key: made anew with every start.
Certificate certificate_of(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  if (!certificate) return nullptr;
  X509* raw = certificate.get();
  X509_NAME* name = X509_get_subject_name(raw);
  const bool made = X509_set_version(raw, X509_VERSION_3) == 1 &&
                    ASN1_INTEGER_set(X509_get_serialNumber(raw), 1) == 1 &&
                    ASN1_TIME_set_string_X509(X509_getm_notBefore(raw), "20000101000000Z") == 1 &&
                    ASN1_TIME_set_string_X509(X509_getm_notAfter(raw), "99991231235959Z") == 1 &&
                    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                               reinterpret_cast<const unsigned char*>("key holder"),
                                               -1, -1, 0) == 1 &&
                    X509_set_issuer_name(raw, name) == 1 && X509_set_pubkey(raw, key) == 1 &&
                    X509_sign(raw, key, nullptr) > 0;
  return made ? std::move(certificate) : nullptr;
}

bool configure(SSL_CTX* context) {
  SSL_CTX_set_cert_verify_callback(context, accept_any, nullptr);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  // No resumption: every session proves both keys.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CLEANSE_PLAINTEXT);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_num_tickets(context, 0) == 1 &&
         SSL_CTX_set1_sigalgs_list(context, "ed25519") == 1 &&
         SSL_CTX_set1_client_sigalgs_list(context, "ed25519") == 1 &&
         SSL_CTX_set1_groups_list(context, "X25519") == 1 &&
         SSL_CTX_set_alpn_protos(context, kProtocol.data(), kProtocol.size()) == 0;
}

}  // namespace

Result<Identity> Identity::open(base::Disk& disk, base::Entropy& entropy, const std::string& path,
                                Side side) {
  if (!TRY(disk.exists(path))) {
    base::SecretBytes seed(kSeedSize);
    entropy.fill(seed.mutable_view());
    TRY(base::write_file_atomically(disk, path, seed.view()));
  }
  base::Bytes raw = TRY(base::read_file(disk, path, kSeedSize));
  const auto seed = base::SecretBytes::copy_of(raw);
  base::wipe(raw);
  if (seed.size() != kSeedSize) return Error{Code::corrupt, "the key file is damaged"};
  return from_seed(seed, side);
}

Result<Identity> Identity::from_seed(const base::SecretBytes& seed, Side side) {
  Identity identity;
  identity.side_ = side;
  const auto signing = TRY(base::SigningKey::from_seed(seed));
  identity.key_ = signing.public_key();
  const Key key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.view().data(), seed.size()));
  const Certificate certificate = key ? certificate_of(key.get()) : nullptr;
  const auto* method = side == Side::holder ? TLS_server_method() : TLS_client_method();
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(method), SSL_CTX_free);
  if (!certificate || !context || !configure(context.get()) ||
      SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1)
    return Error{Code::internal, "no TLS context could be made"};
  identity.context_ = context;
  return identity;
}

void Session::Free::operator()(ssl_st* session) const { SSL_free(session); }

Result<Session> Session::begin(const Identity& identity, base::Descriptor socket) {
  TRY(socket.prepare());
  std::unique_ptr<SSL, Free> tls(SSL_new(identity.context_.get()));
  if (!tls || SSL_set_fd(tls.get(), socket.number()) != 1)
    return Error{Code::internal, "no TLS session could be made"};
  if (identity.side_ == Side::holder)
    SSL_set_accept_state(tls.get());
  else
    SSL_set_connect_state(tls.get());
  return Session(std::move(socket), std::move(tls));
}

Result<Need> Session::need_after(int outcome) const {
  const int why = SSL_get_error(tls_.get(), outcome);
  ERR_clear_error();
  if (why == SSL_ERROR_WANT_READ) return Need::readable;
  if (why == SSL_ERROR_WANT_WRITE) return Need::writable;
  return Error{Code::io, "the connection has ended"};
}

Result<Need> Session::shake_hands() {
  ERR_clear_error();
  const int outcome = SSL_do_handshake(tls_.get());
  if (outcome != 1) return need_after(outcome);
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(tls_.get(), &chosen, &size);
  if (size + 1 != kProtocol.size()) return Error{Code::io, "the peer speaks another protocol"};
  return Need::nothing;
}

Result<Session::Step> Session::read(base::Mutable out) {
  ERR_clear_error();
  std::size_t bytes = 0;
  const int outcome = SSL_read_ex(tls_.get(), out.data(), out.size(), &bytes);
  if (outcome == 1) return Step{bytes, Need::nothing};
  const Need need = TRY(need_after(outcome));
  return Step{0, need};
}

Result<Session::Step> Session::write(base::View bytes) {
  ERR_clear_error();
  std::size_t written = 0;
  const int outcome = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &written);
  if (outcome == 1) return Step{written, Need::nothing};
  const Need need = TRY(need_after(outcome));
  return Step{0, need};
}

Result<base::PublicKey> Session::peer() const {
  const X509* certificate = SSL_get0_peer_certificate(tls_.get());
  EVP_PKEY* key = certificate != nullptr ? X509_get0_pubkey(certificate) : nullptr;
  base::PublicKey raw{};
  std::size_t size = raw.size();
  if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(key, raw.data(), &size) != 1 || size != raw.size())
    return Error{Code::unauthenticated, "the peer shows no key"};
  return raw;
}

Binding Session::binding() const {
  Binding binding{};
  CHECK(SSL_export_keying_material(tls_.get(), binding.data(), binding.size(), kBindingLabel.data(),
                                   kBindingLabel.size(), nullptr, 0, 1) == 1);
  return binding;
}

}  // namespace holder
