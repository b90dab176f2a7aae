#include "base/crypto.h"

// For SHA-256 inside HMAC: see Hash.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/sha.h>
#include <sodium.h>

#include <algorithm>
#include <climits>
#include <cstring>

namespace base {
namespace {

// Fetching an algorithm takes OpenSSL 3 a lock and a search; it is done once a process.
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}
const EVP_CIPHER* aes_algorithm() {
  static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return algorithm;
}

constexpr std::size_t kBlock = 64;  // of SHA-256, for HMAC
/// libsodium takes no null pointer, not even to no bytes.
const std::uint8_t* not_null(View bytes) {
  static constexpr std::uint8_t kNone = 0;
  return bytes.empty() ? &kNone : bytes.data();
}

/// SHA-256 on the stack. A key is derived from three or more short HMACs, and through EVP each of
/// them allocates and dispatches for longer than it hashes.
class Hash {
 public:
  Hash() { CHECK(SHA256_Init(&state_) == 1); }
  ~Hash() { OPENSSL_cleanse(&state_, sizeof state_); }
  Hash(const Hash&) = default;
  Hash& operator=(const Hash&) = delete;
  void update(View bytes) { CHECK(SHA256_Update(&state_, bytes.data(), bytes.size()) == 1); }
  Digest finish() {
    Digest digest{};
    CHECK(SHA256_Final(digest.data(), &state_) == 1);
    return digest;
  }

 private:
  SHA256_CTX state_{};
};

constexpr std::size_t kAeadBytesMax = INT_MAX;  // what one EVP call takes

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  CHECK(EVP_DigestInit_ex(state_->context, sha256_algorithm(), nullptr) == 1);
}
Sha256::~Sha256() = default;
void Sha256::update(View bytes) {
  CHECK(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}
Digest Sha256::finish() {
  Digest digest{};
  CHECK(EVP_DigestFinal_ex(state_->context, digest.data(), nullptr) == 1);
  CHECK(EVP_DigestInit_ex(state_->context, sha256_algorithm(), nullptr) == 1);
  return digest;
}

Digest sha256(View bytes) {
  Digest digest{};
  CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, sha256_algorithm(),
                   nullptr) == 1);
  return digest;
}

namespace {

/// HMAC-SHA-256 under one key, hashed in once for all its messages.
class Mac {
 public:
  explicit Mac(View key) {
    std::array<std::uint8_t, kBlock> pad{};
    if (key.size() > kBlock) {
      Digest shortened = sha256(key);
      std::memcpy(pad.data(), shortened.data(), shortened.size());
      wipe(shortened);
    } else if (!key.empty()) {
      std::memcpy(pad.data(), key.data(), key.size());
    }
    for (auto& byte : pad) byte ^= 0x36;
    inner_.update(pad);
    for (auto& byte : pad) byte ^= 0x36 ^ 0x5c;
    outer_.update(pad);
    wipe(pad);
  }
  Digest of(View message) const { return of({message}); }
  /// Of pieces that stand one behind the other.
  Digest of(std::initializer_list<View> message) const {
    Hash inside = inner_;
    for (const View piece : message) inside.update(piece);
    Digest first = inside.finish();
    Hash outside = outer_;
    outside.update(first);
    wipe(first);
    return outside.finish();
  }

 private:
  Hash inner_;
  Hash outer_;
};

}  // namespace

Digest hmac_sha256(View key, View message) { return Mac(key).of(message); }

SecretBytes hkdf_sha256(View key, View salt, View info, std::size_t size) {
  constexpr std::array<std::uint8_t, 32> kNoSalt{};
  Digest extracted = hmac_sha256(salt.empty() ? View(kNoSalt) : salt, key);
  CHECK(size <= 255 * extracted.size());
  const Mac expand(extracted);
  SecretBytes out(size);
  Digest piece{};
  std::size_t done = 0;
  for (std::uint8_t counter = 1; done < size; ++counter) {
    const View before = counter == 1 ? View() : View(piece);
    piece = expand.of({before, info, View(&counter, 1)});
    const std::size_t take = std::min(piece.size(), size - done);
    std::memcpy(out.mutable_view().data() + done, piece.data(), take);
    done += take;
  }
  wipe(piece);
  wipe(extracted);
  return out;
}

void Aead::Free::operator()(evp_cipher_ctx_st* context) const noexcept {
  EVP_CIPHER_CTX_free(context);  // wipes the key schedule
}

Aead::Aead(View key) : context_(EVP_CIPHER_CTX_new()) {
  CHECK(key.size() == key_size);
  CHECK(EVP_CipherInit_ex(context_.get(), aes_algorithm(), nullptr, key.data(), nullptr, 1) == 1);
}
Aead::~Aead() = default;
Aead::Aead(Aead&&) noexcept = default;
Aead& Aead::operator=(Aead&&) noexcept = default;

void Aead::seal(View nonce, View associated, View plain, Mutable out) {
  CHECK(nonce.size() == nonce_size && out.size() == plain.size() + tag_size);
  CHECK(plain.size() <= kAeadBytesMax && associated.size() <= kAeadBytesMax);
  EVP_CIPHER_CTX* c = context_.get();
  int n = 0;
  CHECK(EVP_CipherInit_ex(c, nullptr, nullptr, nullptr, nonce.data(), 1) == 1);
  if (!associated.empty())
    CHECK(EVP_CipherUpdate(c, nullptr, &n, associated.data(),
                           static_cast<int>(associated.size())) == 1);
  if (!plain.empty())
    CHECK(EVP_CipherUpdate(c, out.data(), &n, plain.data(), static_cast<int>(plain.size())) == 1);
  CHECK(EVP_CipherFinal_ex(c, out.data() + plain.size(), &n) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, tag_size, out.data() + plain.size()) == 1);
}

Result<void> Aead::open(View nonce, View associated, View sealed, Mutable out) {
  if (sealed.size() < tag_size) return Error{Code::corrupt, "sealed bytes are too short"};
  const std::size_t size = sealed.size() - tag_size;
  CHECK(nonce.size() == nonce_size && out.size() == size);
  CHECK(size <= kAeadBytesMax && associated.size() <= kAeadBytesMax);
  EVP_CIPHER_CTX* c = context_.get();
  int n = 0;
  std::array<std::uint8_t, tag_size> tag{};
  std::memcpy(tag.data(), sealed.data() + size, tag_size);
  CHECK(EVP_CipherInit_ex(c, nullptr, nullptr, nullptr, nonce.data(), 0) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1);
  if (!associated.empty())
    CHECK(EVP_CipherUpdate(c, nullptr, &n, associated.data(),
                           static_cast<int>(associated.size())) == 1);
  if (size != 0)
    CHECK(EVP_CipherUpdate(c, out.data(), &n, sealed.data(), static_cast<int>(size)) == 1);
  std::array<std::uint8_t, 16> none{};
  if (EVP_CipherFinal_ex(c, none.data(), &n) != 1) {
    wipe(out);  // unauthenticated plaintext is nobody's
    return Error{Code::corrupt, "sealed bytes do not open"};
  }
  return {};
}

Result<SigningKey> SigningKey::from_seed(const SecretBytes& seed) {
  if (seed.size() != crypto_sign_SEEDBYTES) return Error{Code::invalid, "a seed has 32 bytes"};
  SigningKey key;
  key.secret_ = SecretBytes(crypto_sign_SECRETKEYBYTES);
  crypto_sign_seed_keypair(key.public_.data(), key.secret_.mutable_view().data(),
                           seed.view().data());
  return key;
}

Signature SigningKey::sign(View message) const {
  Signature signature{};
  crypto_sign_detached(signature.data(), nullptr, not_null(message), message.size(),
                       secret_.view().data());
  return signature;
}

bool verify_signature(const PublicKey& key, View message, const Signature& signature) noexcept {
  return crypto_sign_verify_detached(signature.data(), not_null(message), message.size(),
                                     key.data()) == 0;
}

Result<std::string> hash_password(View password, const PasswordCost& cost) {
  CHECK(sodium_init() >= 0);  // picks the fast implementation; only the first call does anything
  CHECK(cost.passes >= crypto_pwhash_OPSLIMIT_MIN &&
        cost.memory_bytes >= crypto_pwhash_MEMLIMIT_MIN);
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), reinterpret_cast<const char*>(not_null(password)),
                            password.size(), cost.passes, cost.memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    return Error{Code::exhausted, "not enough memory to hash a password"};
  return std::string(out.data());
}

Result<SecretBytes> key_from_password(View password, View salt, const PasswordCost& cost,
                                      std::size_t size) {
  static_assert(password_salt_size == crypto_pwhash_SALTBYTES);
  CHECK(sodium_init() >= 0);
  CHECK(salt.size() == password_salt_size && size >= 16 && size <= 64);
  CHECK(cost.passes >= crypto_pwhash_OPSLIMIT_MIN &&
        cost.memory_bytes >= crypto_pwhash_MEMLIMIT_MIN);
  SecretBytes key(size);
  if (crypto_pwhash(key.mutable_view().data(), size,
                    reinterpret_cast<const char*>(not_null(password)), password.size(), salt.data(),
                    cost.passes, cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return Error{Code::exhausted, "not enough memory to make a key of a password"};
  return key;
}

bool verify_password(std::string_view hash, View password) {
  CHECK(sodium_init() >= 0);
  const std::string terminated(hash);
  return crypto_pwhash_str_verify(terminated.c_str(),
                                  reinterpret_cast<const char*>(not_null(password)),
                                  password.size()) == 0;
}

}  // namespace base
