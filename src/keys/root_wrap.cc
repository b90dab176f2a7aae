#include "keys/root_wrap.h"

#include <algorithm>

#include "keys/root_record.h"

namespace keys {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::View;

// magic 8 | passes u32 | memory KiB u32 | salt 16 | record salt 32 | sealed 80 + 16 | SHA-256 of
// all
constexpr std::string_view kMagic = "KTWRAP1\n";
constexpr std::size_t kPassesAt = 8;
constexpr std::size_t kMemoryAt = 12;
constexpr std::size_t kSaltAt = 16;
constexpr std::size_t kRecordSaltAt = 32;
constexpr std::size_t kSealedAt = 64;
constexpr std::size_t kDigestAt = kSealedAt + kRootRecordSize + base::Aead::tag_size;
static_assert(kDigestAt + sizeof(base::Digest) == kWrappedSize);

// Whoever can write the file must not make a start take hours, or all memory.
constexpr std::uint32_t kPassesMax = 64;
constexpr std::uint32_t kMemoryKibMin = 8;
constexpr std::uint32_t kMemoryKibMax = 4U << 20;

/// Of one record. Its salt comes but once, so that the nonce may be zeros.
base::SecretBytes key_of_record(const base::SecretBytes& key, View record_salt) {
  return base::hkdf_sha256(key.view(), record_salt, base::view("root record wrap 1"),
                           base::Aead::key_size);
}

constexpr std::array<std::uint8_t, base::Aead::nonce_size> kNonce{};

}  // namespace

std::optional<WrappedRoot> parse_wrapped(View record) {
  if (record.size() != kWrappedSize || base::text(record.first(kMagic.size())) != kMagic)
    return std::nullopt;
  if (!std::ranges::equal(base::sha256(record.first(kDigestAt)), record.subspan(kDigestAt)))
    return std::nullopt;
  const std::uint32_t passes = base::load_u32(record.data() + kPassesAt);
  const std::uint32_t memory_kib = base::load_u32(record.data() + kMemoryAt);
  if (passes == 0 || passes > kPassesMax || memory_kib < kMemoryKibMin ||
      memory_kib > kMemoryKibMax)
    return std::nullopt;
  WrappedRoot wrapped;
  wrapped.header.cost = {.passes = passes, .memory_bytes = std::size_t{memory_kib} << 10};
  std::copy_n(record.data() + kSaltAt, wrapped.header.salt.size(), wrapped.header.salt.begin());
  wrapped.associated = record.first(kSealedAt);
  wrapped.record_salt = record.subspan(kRecordSaltAt, kSealedAt - kRecordSaltAt);
  wrapped.sealed = record.subspan(kSealedAt, kDigestAt - kSealedAt);
  return wrapped;
}

Result<RootWrap> RootWrap::make(const Wrapping& wrapping) {
  WrapHeader header{.cost = wrapping.cost};
  wrapping.entropy.fill(header.salt);
  return again(wrapping, header);
}

Result<RootWrap> RootWrap::again(const Wrapping& wrapping, const WrapHeader& header) {
  auto key = TRY(base::key_from_password(wrapping.passphrase.view(), header.salt, header.cost,
                                         base::Aead::key_size));
  return RootWrap(header, std::move(key));
}

base::Bytes RootWrap::wrap(const Root& root, base::Entropy& entropy) const {
  base::Bytes record(kWrappedSize);
  std::ranges::copy(kMagic, record.begin());
  base::store_u32(record.data() + kPassesAt, static_cast<std::uint32_t>(header_.cost.passes));
  base::store_u32(record.data() + kMemoryAt,
                  static_cast<std::uint32_t>(header_.cost.memory_bytes >> 10));
  std::ranges::copy(header_.salt, record.begin() + kSaltAt);
  const base::Mutable record_salt = base::Mutable(record).subspan(kRecordSaltAt, 32);
  entropy.fill(record_salt);
  const base::SecretBytes plain = encode_root(root);
  base::Aead aead(key_of_record(key_, record_salt).view());
  aead.seal(kNonce, View(record).first(kSealedAt), plain.view(),
            base::Mutable(record).subspan(kSealedAt, kDigestAt - kSealedAt));
  const base::Digest digest = base::sha256(View(record).first(kDigestAt));
  std::ranges::copy(digest, record.begin() + kDigestAt);
  return record;
}

Result<Root> RootWrap::unwrap(const WrappedRoot& wrapped) const {
  base::SecretBytes plain(kRootRecordSize);
  base::Aead aead(key_of_record(key_, wrapped.record_salt).view());
  if (wrapped.header.salt != header_.salt ||
      !aead.open(kNonce, wrapped.associated, wrapped.sealed, plain.mutable_view()).ok())
    return Error{Code::denied, "the passphrase is not the one that the root is wrapped in"};
  auto root = parse_root(plain.view());
  if (!root) return Error{Code::corrupt, "what is wrapped is no root"};
  return std::move(*root);
}

}  // namespace keys
