// Whether there is room for more, files and records alike. Counts what an account keeps, in memory:
// from the vault now and then, and from one time to the next by what is put and removed; what a
// sweep removes is seen when it is counted again, and before anybody is refused. Records take long
// to count and are counted once an hour. Owns these counts; never writes anything down.
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
  Room(vault::Vault& vault, base::Clock& clock, base::Wait& wait, Allowance& allowance);

  /// Room that somebody has and has not filled yet; given back when it is dropped.
  class Taken {
   public:
    Taken(Taken&& other) noexcept;
    Taken& operator=(Taken&&) = delete;
    ~Taken();
    /// Records filled it by that much; less than nothing, where more was removed.
    void fill_with_records(std::int64_t bytes);
    void fill_with_content(std::uint64_t bytes);

   private:
    friend class Room;
    Taken(Room* room, base::AccountId account, std::uint64_t bytes)
        : room_(room), account_(account), bytes_(bytes) {}
    void fill(std::int64_t records, std::int64_t content);
    Room* room_;  // nobody's: given back
    base::AccountId account_;
    std::uint64_t bytes_;
  };
  /// `permit`: one for the account's workspace_content. Refused with over_quota() where the plan
  /// has no room for `bytes` more.
  base::Result<Taken> take(const gate::Permit& permit, base::AccountId account,
                           std::uint64_t bytes);

  /// What an account keeps, and how much it may.
  struct Used {
    vault::Usage content;  // files, trash, earlier versions and uploads that are under way
    std::uint64_t records_bytes = 0;
    std::uint64_t bytes_max = 0;
    std::uint64_t bytes() const { return content.bytes + records_bytes; }
    std::uint64_t bytes_left() const { return bytes_max - std::min(bytes_max, bytes()); }
  };
  base::Result<Used> used(const gate::Permit& permit, base::AccountId account);

 private:
  /// Bytes that are kept, by what keeps them; what was filled since is added when it is counted.
  struct Kept {
    std::int64_t records = 0;
    std::int64_t content = 0;
  };
  struct Count {
    Kept kept;
    Kept filled;                  // since this is counted at all
    std::uint64_t taken = 0;      // by those who are at it
    std::uint64_t bytes_max = 0;  // that the plan allows
    base::Time counted{};         // when the records were
    base::Time looked{};          // when the others were
  };
  enum class Look : std::uint8_t { content, everything };
  base::Result<Used> look(const gate::Permit& permit, base::AccountId account, Look what);
  void give_back(base::AccountId account, std::uint64_t taken, Kept filled);

  vault::Vault& vault_;
  base::Clock& clock_;
  base::Mutex mutex_;
  Allowance& allowance_;
  base::Recent<base::AccountId, Count> counts_;
};

}  // namespace workspace
