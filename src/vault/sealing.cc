#include "vault/sealing.h"

#include "base/crypto.h"
#include "base/mutant.h"

// Layout: version u8 (1) | salt 32 | AES-256-GCM ciphertext | tag 16
//
// key 32 | nonce 12 = HKDF-SHA-256(subkey, salt, "record v1" | collection). The salt is fresh and
// random for every version, and 256 bits long: no key ever seals twice, so no nonce can repeat, and
// nothing has to be counted. The header is associated data. The plaintext ends in 0x80 and zeros.

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kSalt = 32;
constexpr std::size_t kOverhead = 1 + kSalt + base::Aead::tag_size;

base::Bytes associated(const SealHeader& header) {
  base::Bytes out;
  out.reserve(128);  // growing step by step costs more than the whole
  base::put_block(out, header.owner.bytes());
  base::put_block(out, base::view(header.collection));
  base::put_block(out, header.group.bytes());
  base::put_block(out, header.id.bytes());
  base::put_u64(out, header.version);
  if (header.expires > 0) base::put_u64(out, static_cast<std::uint64_t>(header.expires));
  return out;
}

base::SecretBytes key_and_nonce(base::View subkey, base::View salt, const SealHeader& header) {
  constexpr std::string_view kUse = "record v1";
  base::Bytes info;
  info.reserve(64);  // as above
  info.insert(info.end(), kUse.begin(), kUse.end());
  base::put_block(info, base::view(header.collection));
  return base::hkdf_sha256(subkey, salt, info, base::Aead::key_size + base::Aead::nonce_size);
}

Result<std::size_t> unpadded_size(base::View plain) {
  std::size_t size = plain.size();
  while (size > 0 && plain[size - 1] == 0) --size;
  if (size == 0 || plain[size - 1] != 0x80)
    return Error{Code::corrupt, "a record is not padded as it should be"};
  return size - 1;
}

}  // namespace

base::Bytes seal_record(base::View subkey, const SealHeader& header, base::View plain,
                        std::size_t padding, base::Entropy& entropy) {
  base::Bytes padded;
  padded.reserve((plain.size() / padding + 1) * padding);
  padded.insert(padded.end(), plain.begin(), plain.end());
  padded.push_back(0x80);
  padded.resize((plain.size() / padding + 1) * padding);

  base::Bytes sealed(kOverhead + padded.size());
  const base::Mutable all(sealed);
  all[0] = kVersion;
  const base::Mutable salt = all.subspan(1, kSalt);
  if (!base::mutated(base::Mutant::record_nonce_reused)) entropy.fill(salt);
  const base::SecretBytes secret = key_and_nonce(subkey, salt, header);
  base::Aead aead(secret.view().first(base::Aead::key_size));
  aead.seal(secret.view().last(base::Aead::nonce_size), associated(header), padded,
            all.subspan(1 + kSalt));
  base::wipe(padded);
  return sealed;
}

Result<base::Bytes> open_record(base::View subkey, const SealHeader& header, base::View sealed) {
  if (sealed.size() < kOverhead || sealed[0] != kVersion)
    return Error{Code::corrupt, "a sealed record is too short or of no known version"};
  const base::SecretBytes secret = key_and_nonce(subkey, sealed.subspan(1, kSalt), header);
  base::Aead aead(secret.view().first(base::Aead::key_size));
  base::Bytes plain(sealed.size() - kOverhead);
  TRY(aead.open(secret.view().last(base::Aead::nonce_size), associated(header),
                sealed.subspan(1 + kSalt), plain));
  const std::size_t size = TRY(unpadded_size(plain));
  plain.resize(size);  // shrinking moves nothing
  return plain;
}

}  // namespace vault
