#include "http/body_decoder.h"

#include <algorithm>

namespace http {
namespace {

using base::Code;
using base::Error;

constexpr unsigned extension_bytes_max = 256;
constexpr unsigned trailer_bytes_max = 4096;
constexpr unsigned digits_max = 15;  // 60 bits: no overflow

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_text(char c) { return c == '\t' || (c >= ' ' && c <= '~'); }

}  // namespace

BodyDecoder::BodyDecoder(Framing framing, std::uint64_t length, std::uint64_t bytes_max)
    : bytes_max_(bytes_max) {
  if (framing == Framing::length && length > 0) {
    state_ = State::length;
    left_ = length;
  } else if (framing == Framing::chunked) {
    state_ = State::size;
  }
}

base::Result<BodyDecoder::Step> BodyDecoder::decode(base::View in, base::Mutable out) {
  Step step;
  while (state_ != State::done && step.consumed < in.size()) {
    if (state_ != State::length && state_ != State::data) {
      TRY(take_framing(static_cast<char>(in[step.consumed])));
      ++step.consumed;
      continue;
    }
    const std::uint64_t room = std::min(in.size() - step.consumed, out.size() - step.produced);
    const auto size = static_cast<std::size_t>(std::min(room, left_));
    if (size == 0) break;  // `out` is full
    std::copy_n(in.begin() + static_cast<std::ptrdiff_t>(step.consumed), size,
                out.begin() + static_cast<std::ptrdiff_t>(step.produced));
    step.consumed += size;
    step.produced += size;
    came(size);
  }
  return step;
}

void BodyDecoder::came(std::size_t bytes) {
  CHECK(bytes <= left_);
  left_ -= bytes;
  if (left_ > 0) return;
  state_ = state_ == State::length ? State::done : State::data_return;
}

base::Result<void> BodyDecoder::begin_chunk() {
  if (left_ == 0) {
    state_ = State::trailer;
    overhead_ = 0;
    return {};
  }
  total_ += left_;
  if (total_ > bytes_max_) return Error{Code::too_large, "the body is too large"};
  state_ = State::data;
  return {};
}

base::Result<void> BodyDecoder::take_framing(char c) {
  const Error bad{Code::invalid, "the chunks of the body are not well-formed"};
  switch (state_) {
    case State::size:
      if (const int digit = hex_digit(c); digit >= 0) {
        if (++digits_ > digits_max) return bad;
        left_ = left_ * 16 + static_cast<unsigned>(digit);
        return {};
      }
      overhead_ = 0;
      if (digits_ == 0 || (c != '\r' && c != ';' && c != ' ' && c != '\t')) return bad;
      state_ = c == '\r' ? State::size_feed : State::extension;
      return {};
    case State::extension:
      if (c != '\r' && (!is_text(c) || ++overhead_ > extension_bytes_max)) return bad;
      if (c == '\r') state_ = State::size_feed;
      return {};
    case State::size_feed:
      if (c != '\n') return bad;
      return begin_chunk();
    case State::data_return:
      if (c != '\r') return bad;
      state_ = State::data_feed;
      return {};
    case State::data_feed:
      if (c != '\n') return bad;
      state_ = State::size;
      digits_ = 0;
      return {};
    case State::trailer:
    case State::trailer_text:
      if (c == '\r') {
        state_ = state_ == State::trailer ? State::last_feed : State::trailer_feed;
      } else {
        if (!is_text(c) || ++overhead_ > trailer_bytes_max) return bad;
        state_ = State::trailer_text;
      }
      return {};
    case State::trailer_feed:
      if (c != '\n') return bad;
      state_ = State::trailer;
      return {};
    case State::last_feed:
      if (c != '\n') return bad;
      state_ = State::done;
      return {};
    default:
      break;
  }
  return Error{Code::internal, "no framing is due"};
}

}  // namespace http
