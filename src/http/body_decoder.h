// The framing of a request's body: by length or in chunks (RFC 9112, 7.1). Strict: a chunk is hex
// digits, an optional extension that is ignored, and CR LF; trailers are read and dropped. Owns no
// buffer; never takes a byte that belongs to the next request.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "http/head.h"

namespace http {

class BodyDecoder {
 public:
  BodyDecoder() = default;  // no body
  BodyDecoder(Framing framing, std::uint64_t length, std::uint64_t bytes_max);

  struct Step {
    std::size_t consumed = 0;
    std::size_t produced = 0;
  };
  /// Decodes what it can from `in` into `out`. Code::invalid for broken chunks, Code::too_large
  /// over the limit; after an error the connection cannot go on.
  base::Result<Step> decode(base::View in, base::Mutable out);

  bool done() const { return state_ == State::done; }
  /// Bytes of the body that may be put into place without decoding; 0 where chunk framing is next.
  std::uint64_t direct_bytes_max() const { return state_ == State::length ? left_ : 0; }
  /// Says that so many came that way.
  void came(std::size_t bytes);

 private:
  enum class State : std::uint8_t {
    done,
    length,
    size,       // digits of a chunk's size
    extension,  // up to CR
    size_feed,  // LF behind the size
    data,
    data_return,  // CR behind the data
    data_feed,
    trailer,  // the beginning of a trailer line
    trailer_text,
    trailer_feed,
    last_feed,  // LF of the empty line
  };
  base::Result<void> take_framing(char c);
  base::Result<void> begin_chunk();

  State state_ = State::done;
  std::uint64_t left_ = 0;   // of the body or of this chunk
  std::uint64_t total_ = 0;  // of all chunks
  std::uint64_t bytes_max_ = 0;
  unsigned digits_ = 0;
  unsigned overhead_ = 0;  // bytes of this extension, or of all trailers
};

}  // namespace http
