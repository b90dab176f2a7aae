// The few primitives that everything above uses, from OpenSSL and libsodium: SHA-256, HMAC, HKDF,
// AES-256-GCM, Ed25519, Argon2id. Owns no keys; never invents a construction.
#pragma once

#include <array>
#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "base/secret_bytes.h"

struct evp_cipher_ctx_st;  // NOLINT(readability-identifier-naming): OpenSSL names it

namespace base {

using Digest = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4), whole or in pieces.
Digest sha256(View bytes);
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void update(View bytes);
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// HMAC-SHA-256 (RFC 2104).
Digest hmac_sha256(View key, View message);

/// HKDF-SHA-256 (RFC 5869), extract and expand. `info` binds the output to its one use.
SecretBytes hkdf_sha256(View key, View salt, View info, std::size_t size);

/// AES-256-GCM (NIST SP 800-38D) under one key: 12-byte nonce, 16-byte tag behind the ciphertext.
/// The caller never repeats a nonce under a key. Not for use by several threads at once.
class Aead {
 public:
  static constexpr std::size_t key_size = 32;
  static constexpr std::size_t nonce_size = 12;
  static constexpr std::size_t tag_size = 16;

  explicit Aead(View key);
  ~Aead();
  Aead(Aead&&) noexcept;
  Aead& operator=(Aead&&) noexcept;

  /// out.size() == plain.size() + tag_size. `out` may start where `plain` starts.
  void seal(View nonce, View associated, View plain, Mutable out);
  /// out.size() == sealed.size() - tag_size. Code::corrupt where the tag does not fit.
  Result<void> open(View nonce, View associated, View sealed, Mutable out);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_cipher_ctx_st, Free> context_;
};

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

/// Ed25519 (RFC 8032), from a 32-byte seed.
class SigningKey {
 public:
  static Result<SigningKey> from_seed(const SecretBytes& seed);
  const PublicKey& public_key() const noexcept { return public_; }
  Signature sign(View message) const;

 private:
  SigningKey() = default;
  SecretBytes secret_;
  PublicKey public_{};
};
bool verify_signature(const PublicKey& key, View message, const Signature& signature) noexcept;

/// What hashing a password costs.
struct PasswordCost {
  std::uint64_t passes = 2;
  std::size_t memory_bytes = 64UL << 20;
  bool operator==(const PasswordCost&) const = default;
};
/// Argon2id in PHC string form. Code::exhausted where memory is short.
Result<std::string> hash_password(View password, const PasswordCost& cost);
/// A key of `size` bytes (16 to 64) from a password: Argon2id (RFC 9106), version 0x13, one lane.
/// `salt` has password_salt_size bytes. Code::exhausted where memory is short.
inline constexpr std::size_t password_salt_size = 16;
Result<SecretBytes> key_from_password(View password, View salt, const PasswordCost& cost,
                                      std::size_t size);
/// Whether `password` is the one that was hashed.
bool verify_password(std::string_view hash, View password);

}  // namespace base
