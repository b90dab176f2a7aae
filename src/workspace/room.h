// Whether there is room for more, files and records alike. Counts what an account keeps, in memory:
// from the vault now and then, and from one time to the next by what is put; what is removed is
// seen when it is counted again, and before anybody is refused. Entries take a little to count and
// are counted when half a minute has passed, records take long and are counted when an hour has;
// both again for those who would be refused. One looks at an account at a time, for all who came
// before she began. Owns these counts; never writes anything down.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/clock.h"
#include "base/recent.h"
#include "base/wait.h"
#include "vault/vault.h"
#include "workspace/allowance.h"

namespace workspace {

// Measured, in bytes of the database for each: a folder with a short name 310, with one of 250
// bytes 600; a file, with the row of its content, 590 and 880; in the trash 780 and 1400. A file of
// any size up to 4 KiB, and an empty one, takes a block of 4 KiB and an inode of 256 bytes.

/// What an entry takes, with a name of any length: a file, a folder, something in the trash, an
/// earlier version, an upload.
inline constexpr std::uint64_t entry_bytes = 1024;
/// What a content takes beside its bytes. The seals inside are a thousandth of what they seal.
inline constexpr std::uint64_t piece_bytes = 4096;

/// What is to come, or has come.
struct Load {
  std::uint64_t bytes = 0;  // of content, or of records
  std::uint64_t pieces = 0;
  std::uint64_t entries = 0;
  std::uint64_t takes() const;
};

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
    /// All of it, by what it was taken for.
    void fill() { fill(load_); }
    void fill(const Load& load);
    /// Records filled it by that much; less than nothing, where more was removed.
    void fill_with_records(std::int64_t bytes);
    const Load& load() const { return load_; }

   private:
    friend class Room;
    Taken(Room* room, base::AccountId account, const Load& load, std::uint64_t count)
        : room_(room), account_(account), load_(load), count_(count) {}
    Room* room_;  // nobody's: given back
    base::AccountId account_;
    Load load_;
    std::uint64_t count_;  // which count of records it was taken from
  };
  /// `permit`: one for the account's workspace_content. Refused with over_quota() where the plan
  /// has no room for so much more.
  base::Result<Taken> take(const gate::Permit& permit, base::AccountId account, const Load& load);

  /// What an account keeps, and how much it may.
  struct Used {
    vault::Usage content;  // files, trash, earlier versions and uploads that are under way
    std::uint64_t entries = 0;
    std::uint64_t records_bytes = 0;
    std::uint64_t bytes_max = 0;
    std::uint64_t bytes() const {
      return Load{content.bytes, content.pieces, entries}.takes() + records_bytes;
    }
    std::uint64_t bytes_left() const { return bytes_max - std::min(bytes_max, bytes()); }
  };
  base::Result<Used> used(const gate::Permit& permit, base::AccountId account);

 private:
  /// Bytes that are kept, by what is counted together.
  struct Kept {
    std::int64_t records = 0;
    std::int64_t entries = 0;
    std::int64_t content = 0;
    Kept& operator+=(const Kept& more);
  };
  struct Count {
    Kept kept;
    Kept filled;                  // since this is counted at all; what was removed is not in it
    std::uint64_t taken = 0;      // by those who are at it
    std::uint64_t bytes_max = 0;  // that the plan allows
    std::uint64_t pieces = 0;     // of content, since entries were counted
    base::Time counted{};         // when the records were
    base::Time looked{};          // when the others were
    std::uint64_t number = 0;     // of the count of records
  };
  enum class Look : std::uint8_t { content, entries, everything };
  /// Of those who look at one account.
  struct Looking {
    std::size_t here = 0;              // who looks or waits
    Look wanted = Look::content;       // by those who wait for a look that has not begun
    std::uint64_t begun = 0;           // looks
    std::uint64_t ended = 0;           // of them; one less while somebody looks
    base::Result<Used> seen = Used();  // by the last that ended
  };
  /// By a look that begins after it is called: one's own, or that of another who looks for all.
  base::Result<Used> look(const gate::Permit& permit, base::AccountId account, Look what);
  struct Seen {
    Used used;
    /// Files are, and so are their entries, and folders perhaps: these are to be counted.
    bool gone;
  };
  base::Result<Seen> look_now(const gate::Permit& permit, const std::vector<gate::Permit>& leave,
                              base::AccountId account, Look what);
  void give_back(const Taken& taken, const Kept& filled);

  vault::Vault& vault_;
  base::Clock& clock_;
  base::Mutex mutex_;
  base::Condition looked_;
  Allowance& allowance_;
  base::Recent<base::AccountId, Count> counts_;
  std::map<base::AccountId, Looking> looking_;  // under mutex_; none where nobody is
  std::uint64_t numbers_ = 0;                   // of counts of records
};

}  // namespace workspace
