// A server's end of one connection to a holder: hands shaken, then questions and answers, each
// within a time. Owns the session; after an error it is of no use any more.
#pragma once

#include <atomic>

#include "base/clock.h"
#include "holder/frame.h"
#include "holder/tls.h"

namespace holder {

/// What the transport itself asks, beside the Methods that it carries. As on the wire.
inline constexpr std::uint8_t kBegin = 240;  // lane u8 | tree 16 -> the holder's tree 16
inline constexpr std::uint8_t kPair = 241;   // proof 32 -> proof 32

/// Whether whoever asks has given up, from any thread.
using Ended = std::atomic<bool>;

class Conversation {
 public:
  /// Shakes hands over `socket`. Code::unavailable where that fails, is not done by `until`, or
  /// soon after `ended`, which may be nobody's.
  static base::Result<Conversation> open(const Identity& identity, base::Descriptor socket,
                                         base::Clock& steady, base::Time until,
                                         const Ended* ended = nullptr);

  /// The answer's body; a refusal by the holder comes as its code. `broken` says afterwards whether
  /// the conversation is over (Code::unavailable then): nobody knows whether the holder acted.
  base::Result<base::Bytes> ask(std::uint8_t method, base::View body, base::Time until);
  bool broken() const noexcept { return broken_; }
  const Session& session() const noexcept { return session_; }

 private:
  Conversation(Session session, base::Clock& steady, const Ended* ended)
      : session_(std::move(session)), steady_(&steady), ended_(ended) {}
  base::Result<void> wait(Need need, base::Time until);
  base::Result<void> send(base::View bytes, base::Time until);
  base::Result<base::Bytes> receive(std::uint8_t method, base::Bytes& in, base::Time until);

  Session session_;
  base::Clock* steady_;
  const Ended* ended_;
  std::uint64_t id_ = 0;
  bool broken_ = false;
};

}  // namespace holder
