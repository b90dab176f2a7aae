// A record as ciphertext, and back: AES-256-GCM under a key and nonce that serve this one version
// of this one record. Owns nothing; the caller brings the owner's subkey.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/entropy.h"
#include "base/id.h"

namespace vault {

/// What a sealed record is bound to: it opens nowhere else.
struct SealHeader {
  base::OwnerId owner;
  std::string_view collection;
  base::RecordId group{};
  base::RecordId id{};
  std::uint64_t version = 0;
  std::int64_t expires = 0;  // microseconds since 1970; 0 or less: not a part of the header
};

/// Sizes are rounded up to multiples of these before sealing, so that a small difference in length
/// (one name or another) does not show.
inline constexpr std::size_t kRecordPadding = 32;
inline constexpr std::size_t kBucketPadding = 1024;

base::Bytes seal_record(base::View subkey, const SealHeader& header, base::View plain,
                        std::size_t padding, base::Entropy& entropy);
/// Code::corrupt where the bytes are not what was sealed with this subkey and header. The caller
/// wipes what it gets.
base::Result<base::Bytes> open_record(base::View subkey, const SealHeader& header,
                                      base::View sealed);

}  // namespace vault
