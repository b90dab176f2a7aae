// The disk of a simulated machine: base's disk in memory that loses what was not synced, and on top
// of it single errors and syncs that are silently dropped. Owns that disk and the digest of every
// call; shows what is written of keys to a Witness.
#pragma once

#include <optional>
#include <string>

#include "base/faulty_disk.h"
#include "tests/sim/choice.h"
#include "tests/sim/trace.h"
#include "tests/sim/witness.h"

namespace sim {

struct Faults {
  std::uint64_t error_one_in = 0;  // calls that fail with Code::io, having done nothing or, of
                                   // syncs, having lost what was to be synced; 0: none
  std::string lying;               // syncs of files and directories below it do nothing
};

/// When the power goes, or the process alone ends: after so many calls, or soon after something has
/// been written or synced so often. Without either, both stay.
struct Outage {
  std::uint64_t operations = 0;
  std::string where = {};  // begin of a path; none: nowhere
  std::uint64_t times = 0;
  std::uint64_t soon = 0;  // calls that are still done then
  bool process = false;    // what was written stays, synced or not
};

class Disk final : public base::Disk {
 public:
  Disk(base::Wait& wait, Trace& trace, Witness& witness, std::uint64_t seed)
      : faulty_(wait), trace_(trace), witness_(witness), choice_(seed) {}

  base::FaultyDisk& faulty() noexcept { return faulty_; }
  void set(Faults faults) { faults_ = std::move(faults); }
  std::uint64_t errors() const noexcept { return errors_; }
  void arm(Outage outage);
  /// False from the first call on that found no power, or no process.
  bool powered() const { return !ended_ && faulty_.operations() <= lasts_until_; }
  /// Starts again, with what was durable, and with `entropy` some of the rest.
  void crash(base::Entropy* entropy);

  base::Result<std::unique_ptr<base::File>> open(const std::string& path, base::Open how) override;
  base::Result<void> make_directory(const std::string& path) override;
  base::Result<void> rename(const std::string& from, const std::string& to) override;
  base::Result<void> remove(const std::string& path) override;
  base::Result<void> remove_directory(const std::string& path) override;
  base::Result<std::vector<std::string>> list(const std::string& path) override;
  base::Result<bool> exists(const std::string& path) override;
  base::Result<void> sync_directory(const std::string& path) override;
  base::Result<void> sync_all(const std::string& path) override;

 private:
  class File;
  template <class Call>
  auto call(std::string_view what, const std::string& path, std::uint64_t a, std::uint64_t b,
            const Call& call) -> decltype(call());
  void approach(std::string_view what, const std::string& path);
  void last(std::uint64_t operations);
  bool lies(const std::string& path) const {
    return !faults_.lying.empty() && path.starts_with(faults_.lying);
  }

  base::FaultyDisk faulty_;
  Trace& trace_;
  Witness& witness_;
  Choice choice_;
  Faults faults_;
  std::uint64_t errors_ = 0;
  Outage outage_;
  bool ended_ = false;                             // the process
  std::uint64_t lasts_until_ = ~std::uint64_t{0};  // in operations
};

inline constexpr const char* kData = "data";
inline constexpr const char* kRootDirectory = "root";
inline constexpr const char* kBackup = "backup";

}  // namespace sim
