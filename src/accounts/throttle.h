// How often something may be tried: by network, by mail address, by account. Owns two tables of a
// fixed size in memory, in which nothing stays longer than an hour: keyed digests, and how much was
// used up. Never written to disk, and never asked whether a password is right; who counts as a
// stranger is for the entrance (entrance.h).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/entropy.h"
#include "base/result.h"
#include "base/wait.h"

namespace accounts {

/// So many tries at once, and as many again over `within`, evenly (GCRA): a bucket that fills up
/// one by one. `within` is an hour at most.
struct Quota {
  enum class Of : std::uint8_t { network, other };
  base::Literal name;  // in RateLimit headers
  Of of;
  std::uint32_t tries;
  base::Duration within;
  /// Whether whoever tries hears how it stands: not of what others have tried, to no address of
  /// hers.
  enum class Told : std::uint8_t { yes, no } told = Told::yes;
};

// What may be tried how often. Those `of` a network hold for all who come from it.
inline constexpr Quota kLoginByNetwork{"login-network", Quota::Of::network, 30,
                                       std::chrono::minutes(10)};
inline constexpr Quota kLoginByAddress{"login-address", Quota::Of::other, 10,
                                       std::chrono::hours(1)};
// Right ones: who has somebody's password gets no endless sessions and mails out of it.
inline constexpr Quota kRightLogin{"login-right", Quota::Of::other, 30, std::chrono::hours(1)};
inline constexpr Quota kNewDeviceMail{"new-device-mail", Quota::Of::other, 6,
                                      std::chrono::hours(1)};
inline constexpr Quota kPasskeyByNetwork{"passkey-network", Quota::Of::network, 30,
                                         std::chrono::minutes(10)};
inline constexpr Quota kSignUpByNetwork{"signup-network", Quota::Of::network, 20,
                                        std::chrono::hours(1)};
inline constexpr Quota kSignUpByAddress{"signup-address", Quota::Of::other, 5,
                                        std::chrono::hours(1)};  // from one network
inline constexpr Quota kSignUpMails{"signup-mails", Quota::Of::other, 10, std::chrono::hours(1)};
inline constexpr Quota kSignUpByLink{"signup-link", Quota::Of::other, 5, std::chrono::hours(1)};
inline constexpr Quota kConfirmByLink{"confirm-link", Quota::Of::other, 10, std::chrono::hours(1)};
inline constexpr Quota kCodeByNetwork{"code-network", Quota::Of::network, 30,
                                      std::chrono::minutes(10)};
inline constexpr Quota kRecoveryByNetwork{"recovery-network", Quota::Of::network, 10,
                                          std::chrono::hours(1)};
inline constexpr Quota kRecoveryByAddress{"recovery-address", Quota::Of::other, 3,
                                          std::chrono::hours(1)};
inline constexpr Quota kPasswordByUser{"password", Quota::Of::other, 10, std::chrono::hours(1)};
inline constexpr Quota kSecondStep{"second-step", Quota::Of::other, 10, std::chrono::hours(1)};
inline constexpr Quota kInvitationByAccount{"invitation-account", Quota::Of::other, 30,
                                            std::chrono::hours(1)};
inline constexpr Quota kInvitationByAddress{"invitation-address", Quota::Of::other, 3,
                                            std::chrono::hours(1)};  // from one account
inline constexpr Quota kInvitationMails{"invitation-mails", Quota::Of::other, 10,
                                        std::chrono::hours(1), Quota::Told::no};
// By a plan that does not say how often; another says its own number.
inline constexpr Quota kTokenUse{"token", Quota::Of::other, 1200, std::chrono::minutes(1)};
inline constexpr Quota kBadTokenByNetwork{"token-network", Quota::Of::network, 30,
                                          std::chrono::minutes(10)};

/// One try, as one quota counts it.
struct Count {
  enum class Holds : std::uint8_t { yes, no };  // no: counted, and refuses nobody
  Quota quota;
  base::Digest of;  // under Throttle::key()
  Holds holds = Holds::yes;
};

/// How a quota stands after a try.
struct Remaining {
  Quota quota;
  std::uint32_t tries = 0;    // that are left
  base::Duration full_in{0};  // until all of them are back
};

/// What a try added to one quota: nothing, where that was full and refuses nobody.
struct Charge {
  Count count;
  base::Duration added{0};
  base::Time owed_until{};  // when what it added has come back by itself
};

struct Ruling {
  enum class Answer : std::uint8_t { go_on, wait } answer = Answer::go_on;
  std::vector<Remaining> left;  // one a count
  std::vector<Charge> charges;  // one a count; none where it is to wait
  base::Duration wait_for{0};   // where it is to wait: until one try is back
};

/// Safe from any thread.
class Throttle {
 public:
  static constexpr std::size_t entries_default = 1UL << 16;  // of each table: 1.5 MiB

  Throttle(base::Clock& clock, base::Wait& wait, base::Entropy& entropy,
           std::size_t entries = entries_default);

  /// What the digests of networks and addresses are made under: of this run, in memory alone.
  base::View key() const { return key_; }

  /// Counts a try by all `counts`, or by none where one that holds has nothing left.
  Ruling count(std::span<const Count> counts);
  /// Takes one try back: it was none of those that are to be limited. No more than what it added
  /// and is owed still: nobody's right tries make up for another's wrong ones.
  void give_back(std::span<const Charge> charges);
  /// How they stand; counts nothing.
  std::vector<Remaining> look(std::span<const Count> counts);
  /// Forgets what no longer says anything. Called by app's timer.
  void tick();

  struct Figures {  // counts since the start; entries now
    std::uint64_t let_through = 0, held_back = 0, entries = 0;
  };
  Figures figures();

 private:
  struct Entry {
    std::array<std::uint8_t, 16> key{};
    std::int64_t full_at_us = 0;  // when all is back; past: the entry is free
  };
  /// Sets of a few places, chosen by the key: what comes to a full set takes the place of the one
  /// that would be free the soonest.
  struct Table {
    explicit Table(std::size_t entries) : places(entries) {}
    Entry* find(const Entry& wanted, std::int64_t now_us);
    Entry& place_for(const Entry& wanted, std::int64_t now_us);
    std::vector<Entry> places;
  };
  Entry wanted(const Count& count) const;
  std::int64_t full_at(const Quota& quota, const Entry& wanted, std::int64_t now_us);
  Table& table(const Quota& quota) { return tables_[quota.of == Quota::Of::network ? 0 : 1]; }
  std::int64_t now_us() const { return clock_.now().time_since_epoch().count(); }

  base::Clock& clock_;
  base::Mutex mutex_;
  const base::Bytes key_;
  std::array<Table, 2> tables_;  // apart: many networks push out no address
  std::atomic<std::uint64_t> let_through_{0}, held_back_{0};
};

}  // namespace accounts
