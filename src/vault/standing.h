// What can change about how a person stands, and what a restore found out about it. Plain values;
// owns nothing.
#pragma once

#include <cstdint>

#include "notice/policy.h"

namespace vault {

enum class Restriction : std::uint8_t { as_it_is, on, off };
enum class Confirmation : std::uint8_t { none, hers };

/// What changes; the rest stays as it is.
struct StandingChange {
  notice::PurposeSet consents;                      // given now (Article 7)
  notice::PurposeSet withdraws;                     // given once or refused now, and taken back
  notice::PurposeSet objects;                       // Article 21
  notice::PurposeSet agrees;                        // an objection that is over
  Restriction restriction = Restriction::as_it_is;  // Article 18
  /// She has said how she stands since a restore left it open: what is kept of it, with this
  /// change, is in force again.
  Confirmation confirmation = Confirmation::none;
};

/// How far the log was ahead of what a restore brought back of an owner.
struct CaughtUp {
  std::uint64_t entries = 0;   // whose openings are lost
  std::uint64_t standing = 0;  // changes of how she stands: unconfirmed from here on, where not 0
};

}  // namespace vault
