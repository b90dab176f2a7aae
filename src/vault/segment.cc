#include "vault/segment.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <memory>

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::string_view kInfo = "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM";

/// HKDF-Expand (RFC 5869) with SHA-512, without the extract step: the key is uniform already.
base::SecretBytes expand_sha512(base::View key, base::View info, std::size_t size) {
  // Fetching an algorithm takes OpenSSL 3 a lock and a search; it is done once a process.
  static EVP_KDF* const kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  CHECK(kdf != nullptr);
  const auto free_context = [](EVP_KDF_CTX* context) { EVP_KDF_CTX_free(context); };
  const std::unique_ptr<EVP_KDF_CTX, decltype(free_context)> context(EVP_KDF_CTX_new(kdf));
  CHECK(context != nullptr);
  int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
  char digest[] = "SHA512";
  // OpenSSL's parameters are not const, and are only read.
  const std::array parameters = {
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, const_cast<std::uint8_t*>(key.data()),
                                        key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, const_cast<std::uint8_t*>(info.data()),
                                        info.size()),
      OSSL_PARAM_construct_end()};
  base::SecretBytes out(size);
  CHECK(EVP_KDF_derive(context.get(), out.mutable_view().data(), size, parameters.data()) == 1);
  return out;
}

constexpr std::size_t kDerived =
    base::Aead::key_size + base::Aead::nonce_size + Segment::commitment_size;

base::SecretBytes derive(base::View input_key, base::View context, base::View salt) {
  CHECK(input_key.size() == Segment::input_key_size && salt.size() == Segment::salt_size);
  base::Bytes info = base::copy(base::view(kInfo));
  info.push_back(0);
  info.insert(info.end(), salt.begin(), salt.end());
  info.insert(info.end(), context.begin(), context.end());
  return expand_sha512(input_key, info, kDerived);
}

}  // namespace

Segment Segment::create(base::View input_key, base::View context, base::View salt) {
  const base::SecretBytes derived = derive(input_key, context, salt);
  const base::View all = derived.view();
  Nonce base_nonce{};
  std::ranges::copy(all.subspan(base::Aead::key_size, base_nonce.size()), base_nonce.begin());
  Header header{};
  std::ranges::copy(salt, header.begin());
  std::ranges::copy(all.last(commitment_size), header.begin() + salt_size);
  return {all.first(base::Aead::key_size), base_nonce, header};
}

Result<Segment> Segment::open(base::View input_key, base::View context, base::View header) {
  if (header.size() != header_size) return Error{Code::corrupt, "a segment ends in its header"};
  Segment segment = create(input_key, context, header.first(salt_size));
  if (!base::equal_constant_time(segment.header_, header))
    return Error{Code::corrupt, "a segment's commitment does not fit its key"};
  return segment;
}

Segment::Nonce Segment::nonce(std::uint64_t number) const noexcept {
  Nonce out = base_nonce_;
  std::uint8_t* counter = out.data() + out.size() - sizeof number;
  base::store_u64(counter, base::load_u64(counter) ^ number);
  return out;
}

void Segment::seal(std::uint64_t number, base::View plain, base::Mutable sealed) {
  CHECK(number < chunks_max && plain.size() <= chunk_size);
  aead_.seal(nonce(number), {}, plain, sealed);
}

Result<void> Segment::unseal(std::uint64_t number, base::View sealed, base::Mutable plain) {
  if (number >= chunks_max || sealed.size() < base::Aead::tag_size ||
      sealed.size() > sealed_chunk_size)
    return Error{Code::corrupt, "a chunk has a wrong size"};
  return aead_.open(nonce(number), {}, sealed, plain);
}

std::uint64_t Segment::sealed_size(std::uint64_t plain) noexcept {
  // The last chunk is shorter than the others, so there is one more than fit whole.
  const std::uint64_t chunks = plain / chunk_size + 1;
  return header_size + plain + chunks * base::Aead::tag_size;
}

Result<std::uint64_t> Segment::plain_size(std::uint64_t sealed) {
  if (sealed < header_size) return Error{Code::corrupt, "a segment ends in its header"};
  const std::uint64_t body = sealed - header_size;
  const std::uint64_t whole = body / sealed_chunk_size;
  const std::uint64_t last = body % sealed_chunk_size;
  if (last < base::Aead::tag_size || whole >= chunks_max)
    return Error{Code::corrupt, "a segment has a size that no segment has"};
  return whole * chunk_size + last - base::Aead::tag_size;
}

}  // namespace vault
