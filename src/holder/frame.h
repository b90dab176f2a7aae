// One message of a conversation with a holder as bytes: a head of 16, then the body, bounded. Owns
// the layout and how error codes are numbered on the wire (docs/formats/holder.md); never looks
// into a body.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "holder/channel.h"

namespace holder {

inline constexpr std::uint8_t kFrameVersion = 1;
inline constexpr std::size_t kFrameHead = 16;

/// What kind of message it is: a question, an answer, or a refusal.
struct Frame {
  std::uint8_t method = 0;  // a Method, or one that this version does not know
  std::uint64_t id = 0;     // an answer bears its question's
  /// Nothing: a question.
  std::optional<base::Result<void>> outcome;
  base::View body{};     // lent by the bytes that were parsed; empty where refused
  std::size_t size = 0;  // of the whole, as parsed
};

/// The bytes of a question, or of an answer. Whoever puts a key into `body` wipes both.
base::Bytes encode_question(std::uint8_t method, std::uint64_t id, base::View body);
base::Bytes encode_answer(std::uint8_t method, std::uint64_t id, base::View body);
base::Bytes encode_refusal(std::uint8_t method, std::uint64_t id, base::Code code);

/// The first message in `bytes`; nothing where it is not whole yet. Code::invalid where it is none,
/// Code::unsupported of another version, Code::too_large where its body has more than `body_max`.
base::Result<std::optional<Frame>> parse_frame(base::View bytes, std::size_t body_max);

}  // namespace holder
