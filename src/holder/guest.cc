#include "holder/guest.h"

#include <algorithm>

namespace holder {
namespace {

using base::Result;

constexpr std::size_t kStrangerBody = 64;  // a code's proof has 32
constexpr std::size_t kPiece = 16 << 10;

}  // namespace

Guest::~Guest() {
  base::wipe(in_);
  base::wipe(out_);
}

Result<void> Guest::advance() {
  if (!greeted_) {
    need_ = TRY(session_.shake_hands());
    if (need_ != Need::nothing) return {};
    greeted_ = true;
  }
  if (sending()) return send();
  return receive();
}

Result<void> Guest::send() {
  while (sent_ < out_.size()) {
    const auto step = TRY(session_.write(base::View(out_).subspan(sent_)));
    sent_ += step.bytes;
    need_ = step.need;
    if (need_ != Need::nothing) return {};
  }
  base::wipe(out_);
  out_.clear();
  sent_ = 0;
  need_ = Need::readable;
  return {};
}

/// Until nothing more has come, or a request is whole: what comes behind it waits in the socket.
Result<void> Guest::receive() {
  while (true) {
    const auto whole = TRY(request());
    if (whole) return {};
    if (filled_ == in_.size()) {
      base::Bytes larger(filled_ + std::clamp(filled_, std::size_t{128}, kPiece * 8));
      std::ranges::copy(in_, larger.begin());
      base::wipe(in_);
      in_.swap(larger);
    }
    const auto step = TRY(session_.read(base::Mutable(in_).subspan(filled_)));
    filled_ += step.bytes;
    need_ = step.need;
    if (need_ != Need::nothing) return {};
  }
}

Result<std::optional<Frame>> Guest::request() {
  if (sending()) return std::optional<Frame>();
  return parse_frame(base::View(in_).first(filled_), lane ? kBodyBytesMax : kStrangerBody);
}

void Guest::answered(base::Bytes bytes, std::size_t request_size) {
  std::copy(in_.begin() + static_cast<std::ptrdiff_t>(request_size),
            in_.begin() + static_cast<std::ptrdiff_t>(filled_), in_.begin());
  filled_ -= request_size;
  base::wipe(base::Mutable(in_).subspan(filled_));
  out_ = std::move(bytes);
  sent_ = 0;
}

}  // namespace holder
