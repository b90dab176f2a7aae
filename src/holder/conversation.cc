#include "holder/conversation.h"

#include <poll.h>

#include <algorithm>
#include <array>

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kPiece = 16 << 10;
constexpr std::int64_t kLookMs = 100;  // how often it is seen that nobody waits any more

/// Whatever went wrong on the way: nobody knows what the holder did.
Error unreachable(Error cause) {
  return {Code::unavailable, "the holder cannot be reached", std::move(cause)};
}

}  // namespace

Result<void> Conversation::wait(Need need, base::Time until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_->now()).count();
  if (left <= 0) return Error{Code::unavailable, "the holder does not answer in time"};
  if (ended_ != nullptr && *ended_)
    return Error{Code::unavailable, "nobody waits for the holder any more"};
  pollfd waiting{session_.descriptor(), short{POLLIN}, 0};
  if (need == Need::writable) waiting.events = POLLOUT;
  // Woken early, or by a signal: whoever asked tries again and waits again.
  (void)::poll(&waiting, 1, static_cast<int>(std::min(std::int64_t{left}, kLookMs)));
  return {};
}

Result<Conversation> Conversation::open(const Identity& identity, base::Descriptor socket,
                                        base::Clock& steady, base::Time until, const Ended* ended) {
  auto session = TRY(Session::begin(identity, std::move(socket)));
  Conversation conversation(std::move(session), steady, ended);
  while (true) {
    const auto need = conversation.session_.shake_hands();
    if (!need.ok()) return unreachable(need.error());
    if (*need == Need::nothing) return conversation;
    TRY(conversation.wait(*need, until));
  }
}

Result<void> Conversation::send(base::View bytes, base::Time until) {
  while (!bytes.empty()) {
    const auto step = TRY(session_.write(bytes));
    bytes = bytes.subspan(step.bytes);
    if (step.need != Need::nothing) TRY(wait(step.need, until));
  }
  return {};
}

Result<base::Bytes> Conversation::receive(std::uint8_t method, base::Bytes& in, base::Time until) {
  std::size_t size = 0;
  while (true) {
    const auto frame = TRY(parse_frame(base::View(in).first(size), kBodyBytesMax));
    if (frame) {
      if (!frame->outcome || frame->method != method || frame->id != id_ || frame->size != size)
        return Error{Code::invalid, "the holder answers something else"};
      broken_ = false;
      if (!frame->outcome->ok()) return frame->outcome->error();
      return base::copy(frame->body);
    }
    if (size == in.size()) {
      base::Bytes larger(size + std::max(size, kPiece));
      std::ranges::copy(in, larger.begin());
      base::wipe(in);  // what grows may be a key
      in.swap(larger);
    }
    const auto step = TRY(session_.read(base::Mutable(in).subspan(size)));
    size += step.bytes;
    if (step.need != Need::nothing) TRY(wait(step.need, until));
  }
}

Result<base::Bytes> Conversation::ask(std::uint8_t method, base::View body, base::Time until) {
  CHECK(!broken_);
  broken_ = true;  // until an answer has come whole
  base::Bytes question = encode_question(method, ++id_, body);
  const auto sent = send(question, until);
  base::wipe(question);
  if (!sent.ok()) return unreachable(sent.error());
  base::Bytes in;
  auto answer = receive(method, in, until);
  base::wipe(in);
  if (broken_) return unreachable(answer.error());
  return answer;
}

}  // namespace holder
