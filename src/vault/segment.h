// One segment of content: a message of the C2SP chunked-encryption format, instance Cobblestone-256
// (HKDF-Expand with SHA-512, AES-256-GCM, 16 KiB chunks). Owns the keys of one message; knows
// nothing of files, owners or where the bytes go.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/crypto.h"

namespace vault {

class Segment {
 public:
  static constexpr std::size_t chunk_size = 16384;
  static constexpr std::size_t sealed_chunk_size = chunk_size + base::Aead::tag_size;
  static constexpr std::size_t salt_size = 24;
  static constexpr std::size_t commitment_size = 32;
  static constexpr std::size_t header_size = salt_size + commitment_size;
  static constexpr std::uint64_t chunks_max = std::uint64_t{1} << 38;
  static constexpr std::size_t input_key_size = 32;

  using Header = std::array<std::uint8_t, header_size>;  // salt | commitment

  /// For sealing. `salt` never repeats under `input_key`; `context` is bound to the message.
  static Segment create(base::View input_key, base::View context, base::View salt);
  /// For opening. Code::corrupt where the header was not made with this key and context.
  static base::Result<Segment> open(base::View input_key, base::View context, base::View header);

  const Header& header() const noexcept { return header_; }

  /// Seals chunk `number`: sealed.size() == plain.size() + 16. Every chunk but the last is whole;
  /// the last is always shorter, and may be empty. Each number is sealed once.
  void seal(std::uint64_t number, base::View plain, base::Mutable sealed);
  /// Opens chunk `number`; Code::corrupt where it is not what was sealed there.
  base::Result<void> unseal(std::uint64_t number, base::View sealed, base::Mutable plain);

  /// Bytes of the whole message for `plain` bytes of content, and back. Code::corrupt for a size
  /// that no message has.
  static std::uint64_t sealed_size(std::uint64_t plain) noexcept;
  static base::Result<std::uint64_t> plain_size(std::uint64_t sealed);

 private:
  using Nonce = std::array<std::uint8_t, base::Aead::nonce_size>;
  Segment(base::View aead_key, const Nonce& base_nonce, const Header& header)
      : aead_(aead_key), base_nonce_(base_nonce), header_(header) {}
  Nonce nonce(std::uint64_t number) const noexcept;

  base::Aead aead_;
  Nonce base_nonce_;
  Header header_;
};

}  // namespace vault
