// Whether there is room for more records. Counts what an account's records take, in memory: from
// the vault once, and from then on by what is put and removed; what a sweep removes is seen when it
// is counted again, which is once an hour, and before anybody is refused. Owns these counts; never
// writes anything down.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/recent.h"
#include "base/wait.h"
#include "vault/vault.h"
#include "workspace/allowance.h"

namespace workspace {

/// Safe from any thread.
class Room {
 public:
  /// `allowance`: nothing, where nobody is refused.
  Room(vault::Vault& vault, base::Clock& clock, base::Wait& wait, Allowance* allowance);

  /// Room that somebody has and has not filled yet; given back when it is dropped.
  class Taken {
   public:
    Taken(Taken&& other) noexcept;
    Taken& operator=(Taken&&) = delete;
    ~Taken();
    /// It was filled by that much; less than nothing, where more was removed.
    void fill(std::int64_t bytes);

   private:
    friend class Room;
    Taken(Room* room, base::AccountId account, std::uint64_t bytes)
        : room_(room), account_(account), bytes_(bytes) {}
    Room* room_;  // nobody's: given back
    base::AccountId account_;
    std::uint64_t bytes_;
  };
  /// Code::full where the plan has no room for `bytes` more.
  base::Result<Taken> take(const gate::Permit& permit, base::AccountId account,
                           std::uint64_t bytes);

 private:
  struct Count {
    std::int64_t records = 0;     // bytes that they take
    std::uint64_t files = 0;      // and those of files
    std::uint64_t taken = 0;      // by those who are at it
    std::uint64_t bytes_max = 0;  // that the plan allows
    base::Time counted;           // when the records were
    base::Time looked;            // when the others were
  };
  base::Result<void> look(const gate::Permit& permit, base::AccountId account, bool count_again);
  void give_back(base::AccountId account, std::uint64_t taken, std::int64_t filled);

  vault::Vault& vault_;
  base::Clock& clock_;
  base::Mutex mutex_;
  Allowance* allowance_;
  base::Recent<base::AccountId, Count> counts_;
};

}  // namespace workspace
