// Content: bytes of any size, kept as sealed segments in files with opaque names. Written and read
// as streams in constant memory. A segment is a C2SP chunked-encryption message (16 KiB chunks)
// under a salt of its own, bound to owner, content and place, so that no nonce ever repeats and a
// segment cannot stand in for another.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/id.h"

namespace gate {
class Permit;
}

namespace vault {

/// A collection that holds content, and the leave to touch it.
struct InCollection {
  const gate::Permit& permit;
  base::Literal collection;
};

/// Whether nothing more comes.
enum class Whole : std::uint8_t { no, yes };

/// How much content an owner keeps, in all collections.
struct Usage {
  std::uint64_t pieces = 0;
  std::uint64_t bytes = 0;  // of plaintext
};

/// Takes content in. Dropped before Vault::publish, it leaves nothing behind.
class ContentWriter {
 public:
  virtual ~ContentWriter() = default;
  /// Code::full where no space is left.
  virtual base::Result<void> write(base::View bytes) = 0;
  /// Ends the content: sealed and on stable storage. Nothing can be written after.
  virtual base::Result<void> finish() = 0;
  virtual base::ContentId id() const = 0;
  /// Bytes of plaintext so far.
  virtual std::uint64_t size() const = 0;
};

/// Gives content out, from any offset. Stays readable while it is open, also when the content is
/// replaced meanwhile. Code::corrupt for a flipped bit: never served. Not for several threads.
class ContentReader {
 public:
  virtual ~ContentReader() = default;
  virtual std::uint64_t size() const = 0;
  /// Up to out.size() bytes at `offset`; fewer only at the end.
  virtual base::Result<std::size_t> read_at(std::uint64_t offset, base::Mutable out) = 0;
};

}  // namespace vault
