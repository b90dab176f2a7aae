#include "gate/bits.h"

namespace gate {
namespace {

using base::Code;
using base::Error;
using base::Result;
using notice::PurposeSet;
using notice::Standing;

constexpr std::uint8_t kRestricted = 1;
constexpr std::uint8_t kSuspended = 2;
constexpr std::uint8_t kErasing = 4;
constexpr std::uint8_t kErased = 8;
constexpr std::uint8_t kUnconfirmed = 16;

std::uint8_t flags_of(const Standing& standing) noexcept {
  std::uint8_t flags = 0;
  if (standing.restricted) flags |= kRestricted;
  if (standing.suspended) flags |= kSuspended;
  if (standing.erasing) flags |= kErasing;
  if (standing.erased) flags |= kErased;
  if (standing.unconfirmed) flags |= kUnconfirmed;
  return flags;
}

}  // namespace

base::Bytes encode_standing(const Standing& standing) {
  base::Bytes out;
  base::put_u64(out, standing.objected.bits());
  base::put_u64(out, standing.consented.bits());
  base::put_u64(out, standing.withdrawn.bits());
  out.push_back(flags_of(standing));
  return out;
}

Result<Standing> decode_standing(base::View bits) {
  base::Reader reader(bits);
  const std::uint64_t objected = TRY(reader.u64());
  const std::uint64_t consented = TRY(reader.u64());
  const std::uint64_t withdrawn = TRY(reader.u64());
  const std::uint8_t flags = TRY(reader.u8());
  if (!reader.done() || flags >= kUnconfirmed << 1U)
    return Error{Code::corrupt, "a stored standing has bits that nobody wrote"};
  Standing standing;
  standing.objected = PurposeSet(objected);
  standing.consented = PurposeSet(consented);
  standing.withdrawn = PurposeSet(withdrawn);
  standing.restricted = (flags & kRestricted) != 0;
  standing.suspended = (flags & kSuspended) != 0;
  standing.erasing = (flags & kErasing) != 0;
  standing.erased = (flags & kErased) != 0;
  standing.unconfirmed = (flags & kUnconfirmed) != 0;
  return standing;
}

bool same(const Standing& a, const Standing& b) noexcept {
  return a.objected == b.objected && a.consented == b.consented && a.withdrawn == b.withdrawn &&
         flags_of(a) == flags_of(b);
}

Standing strictest(const Standing& a, const Standing& b) noexcept {
  Standing out;
  out.objected = PurposeSet(a.objected.bits() | b.objected.bits());
  out.consented = PurposeSet(a.consented.bits() & b.consented.bits());
  out.withdrawn = PurposeSet(a.withdrawn.bits() | b.withdrawn.bits());
  out.restricted = a.restricted || b.restricted;
  out.suspended = a.suspended || b.suspended;
  out.erasing = a.erasing || b.erasing;
  out.erased = a.erased || b.erased;
  out.unconfirmed = a.unconfirmed || b.unconfirmed;
  return out;
}

}  // namespace gate
