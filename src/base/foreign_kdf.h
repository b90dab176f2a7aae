// Key derivations that others have hashed passwords with: bcrypt, scrypt, PBKDF2. From OpenSSL and
// libcrypt, for hashes that are brought along; ours is Argon2id (crypto.h). Owns nothing, and
// bounds no cost: who calls has done that.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/secret_bytes.h"

namespace base {

enum class Prf : std::uint8_t { sha1, sha256, sha512 };

/// PBKDF2 (RFC 8018) with HMAC. Code::internal where OpenSSL refuses.
Result<SecretBytes> pbkdf2(View password, View salt, std::uint32_t iterations, Prf prf,
                           std::size_t size);

/// 128 * 2^rounds_log2 * block bytes of memory, `lanes` times one after another.
struct ScryptCost {
  unsigned rounds_log2 = 14;
  std::uint32_t block = 8;
  std::uint32_t lanes = 1;
};
/// scrypt (RFC 7914). Code::exhausted where memory is short.
Result<SecretBytes> scrypt(View password, View salt, const ScryptCost& cost, std::size_t size);

/// Whether `hash` (`$2a$`, `$2b$` or `$2y$`, 60 letters) is of `password`. As bcrypt has it, no
/// more than 72 bytes of a password count.
bool verify_bcrypt(const std::string& hash, View password);

}  // namespace base
