// Who comes with a token that was used earlier today already: nothing is to be noted of her, so
// that what was read of it holds until anything is committed, the token ends or the day does. Owns
// copies of ids in memory, by the digests of tokens.
#pragma once

#include <cstdint>
#include <optional>

#include "accounts/days.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "store/remembered.h"

namespace accounts {

/// Safe from any thread.
template <class Who>
class KnownToday {
 public:
  explicit KnownToday(const store::Store& store) : known_(store) {}

  std::optional<Who> find(const base::Digest& token, base::Time now) {
    const auto known = known_.find(token);
    if (!known || known->expires <= now || known->day != day_of(now)) return std::nullopt;
    return known->who;
  }
  /// `version`: the store's, asked before it was read; `now`: at which she was seen.
  void keep(std::uint64_t version, const base::Digest& token, base::Time now, base::Time expires,
            const Who& who) {
    known_.keep(version, token, {who, expires, day_of(now)});
  }

 private:
  struct Known {
    Who who;
    base::Time expires;
    std::int64_t day;
  };
  store::Remembered<base::Digest, Known> known_;
};

}  // namespace accounts
