// A standing as bits: how it is stored, compared and joined. Owns nothing.
#pragma once

#include "base/bytes.h"
#include "notice/policy.h"

namespace gate {

/// objected u64 | consented u64 | withdrawn u64 | flags u8: 25 bytes.
base::Bytes encode_standing(const notice::Standing& standing);
/// Code::corrupt for anything that encode_standing does not make.
base::Result<notice::Standing> decode_standing(base::View bits);

bool same(const notice::Standing& a, const notice::Standing& b) noexcept;
/// What both allow: every bar of either, and the consents that stand in both.
notice::Standing strictest(const notice::Standing& a, const notice::Standing& b) noexcept;

}  // namespace gate
