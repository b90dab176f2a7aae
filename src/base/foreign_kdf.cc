#include "base/foreign_kdf.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <memory>

namespace base {
namespace {

constexpr std::size_t kScryptRoom = 1UL << 20;  // beside what the parameters say

const EVP_MD* digest_of(Prf prf) {
  switch (prf) {
    case Prf::sha1:
      return EVP_sha1();
    case Prf::sha256:
      return EVP_sha256();
    case Prf::sha512:
      return EVP_sha512();
  }
  return nullptr;
}

/// 32 KiB, in which pieces of the password stay.
struct Scratch {
  crypt_data data{};
  Scratch() = default;
  ~Scratch() { OPENSSL_cleanse(&data, sizeof data); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
};

}  // namespace

Result<SecretBytes> pbkdf2(View password, View salt, std::uint32_t iterations, Prf prf,
                           std::size_t size) {
  CHECK(password.size() <= INT_MAX && salt.size() <= INT_MAX && size <= INT_MAX);
  CHECK(iterations > 0 && iterations <= INT_MAX);
  SecretBytes key(size);
  if (PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(password.data()),
                        static_cast<int>(password.size()), salt.data(),
                        static_cast<int>(salt.size()), static_cast<int>(iterations), digest_of(prf),
                        static_cast<int>(size), key.mutable_view().data()) != 1)
    return Error{Code::internal, "PBKDF2 could not be computed"};
  return key;
}

Result<SecretBytes> scrypt(View password, View salt, const ScryptCost& cost, std::size_t size) {
  CHECK(cost.rounds_log2 > 0 && cost.rounds_log2 < 32);
  const std::uint64_t rounds = std::uint64_t{1} << cost.rounds_log2;
  const std::uint64_t memory = 128 * cost.block * (rounds + cost.lanes + 2) + kScryptRoom;
  SecretBytes key(size);
  if (EVP_PBE_scrypt(reinterpret_cast<const char*>(password.data()), password.size(), salt.data(),
                     salt.size(), rounds, cost.block, cost.lanes, memory, key.mutable_view().data(),
                     size) != 1)
    return Error{Code::exhausted, "not enough memory to compute scrypt"};
  return key;
}

bool verify_bcrypt(const std::string& hash, View password) {
  // What ends at its first zero byte is another password.
  if (std::ranges::find(password, std::uint8_t{0}) != password.end()) return false;
  SecretBytes terminated(password.size() + 1);
  if (!password.empty())
    std::memcpy(terminated.mutable_view().data(), password.data(), password.size());
  terminated.mutable_view()[password.size()] = 0;
  const auto scratch = std::make_unique<Scratch>();
  const char* made = ::crypt_r(reinterpret_cast<const char*>(terminated.view().data()),
                               hash.c_str(), &scratch->data);
  if (made == nullptr || std::strlen(made) != hash.size()) return false;
  return CRYPTO_memcmp(made, hash.data(), hash.size()) == 0;
}

}  // namespace base
