#include "holder/frame.h"

#include <algorithm>
#include <array>

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kVersionAt = 4;
constexpr std::size_t kMethodAt = 5;
constexpr std::size_t kStatusAt = 6;
constexpr std::size_t kZeroAt = 7;
constexpr std::size_t kIdAt = 8;
constexpr std::size_t kLengthSize = 4;

constexpr std::uint8_t kQuestion = 0;
constexpr std::uint8_t kDone = 1;

/// A code, its number on the wire, and what the one who asked is told.
struct Refusal {
  Code code;
  std::uint8_t status;
  base::Literal reason;
};
// As on the wire: never renumbered. The reason does not travel: an Error owns no text from outside.
constexpr std::array kRefusals = {
    Refusal{Code::invalid, 2, "the holder says that the request is wrong"},
    Refusal{Code::unauthenticated, 3,
            "the holder does not know this server: pair them (holder pair there, holder add here)"},
    Refusal{
        Code::denied, 4,
        "the holder refuses: it keeps another tree, or another host has taken the service over"},
    Refusal{Code::missing, 5, "the holder does not have what was asked for"},
    Refusal{Code::conflict, 6, "the holder refuses: something stands in the way"},
    Refusal{Code::stale, 7, "the holder refuses: what it has is newer"},
    Refusal{Code::gone, 8, "the holder no longer has what was asked for"},
    Refusal{Code::too_large, 9, "the holder says that the request is too large"},
    Refusal{Code::unsupported, 10,
            "the holder does not know this request: is it an older version?"},
    Refusal{Code::exhausted, 11, "the holder was asked too often"},
    Refusal{Code::unavailable, 12, "the holder cannot answer now"},
    Refusal{Code::corrupt, 13, "what the holder keeps is damaged"},
    Refusal{Code::io, 14, "the holder's disk refuses"},
    Refusal{Code::full, 15, "the holder's disk is full"},
    Refusal{Code::internal, 16, "the holder has a defect"},
};

base::Bytes encode(std::uint8_t method, std::uint64_t id, std::uint8_t status, base::View body) {
  CHECK(body.size() <= kBodyBytesMax);
  base::Bytes out(kFrameHead + body.size());
  base::store_u32(out.data(), static_cast<std::uint32_t>(out.size() - kLengthSize));
  out[kVersionAt] = kFrameVersion;
  out[kMethodAt] = method;
  out[kStatusAt] = status;
  base::store_u64(out.data() + kIdAt, id);
  std::ranges::copy(body, out.begin() + kFrameHead);
  return out;
}

Result<std::optional<Result<void>>> outcome_of(std::uint8_t status, base::View body) {
  if (status == kQuestion) return std::optional<Result<void>>();
  if (status == kDone) return std::optional(Result<void>());
  const auto found = std::ranges::find(kRefusals, status, &Refusal::status);
  if (found == kRefusals.end() || !body.empty())
    return Error{Code::invalid, "not a message of the holder's protocol"};
  return std::optional(Result<void>(Error{found->code, found->reason}));
}

}  // namespace

base::Bytes encode_question(std::uint8_t method, std::uint64_t id, base::View body) {
  return encode(method, id, kQuestion, body);
}

base::Bytes encode_answer(std::uint8_t method, std::uint64_t id, base::View body) {
  return encode(method, id, kDone, body);
}

base::Bytes encode_refusal(std::uint8_t method, std::uint64_t id, Code code) {
  const auto found = std::ranges::find(kRefusals, code, &Refusal::code);
  CHECK(found != kRefusals.end());
  return encode(method, id, found->status, {});
}

Result<std::optional<Frame>> parse_frame(base::View bytes, std::size_t body_max) {
  // As much as is there is judged: who speaks something else is not waited for.
  if (bytes.size() < kLengthSize) return std::optional<Frame>();
  const std::size_t size = std::size_t{base::load_u32(bytes.data())} + kLengthSize;
  if (size < kFrameHead) return Error{Code::invalid, "not a message of the holder's protocol"};
  if (size > kFrameHead + body_max) return Error{Code::too_large, "a message is too large"};
  if (bytes.size() > kVersionAt && bytes[kVersionAt] != kFrameVersion)
    return Error{Code::unsupported, "another version of the holder's protocol"};
  if (bytes.size() > kZeroAt && bytes[kZeroAt] != 0)
    return Error{Code::invalid, "not a message of the holder's protocol"};
  if (bytes.size() < size) return std::optional<Frame>();
  Frame frame;
  frame.size = size;
  frame.method = bytes[kMethodAt];
  frame.id = base::load_u64(bytes.data() + kIdAt);
  frame.body = bytes.subspan(kFrameHead, size - kFrameHead);
  frame.outcome = TRY(outcome_of(bytes[kStatusAt], frame.body));
  return std::optional(std::move(frame));
}

}  // namespace holder
