// One error among many calls, or several in a row: of a disk, and of whatever else asks whether
// this call is the one. Everything before and after goes well, as with a disk that errs once. Owns
// the count. For tests; what a loss of power leaves is faulty_disk.h's.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/disk.h"

namespace base {

/// Counts calls that may fail, and lets some fail. Any thread may ask.
class SingleFault {
 public:
  /// before: the call is refused. after: it is carried out, and its caller is told that it failed.
  enum class When : std::uint8_t { before, after };

  /// The call behind the next `calls` fails, and so many in a row as `times`.
  void arm(std::uint64_t calls, When when = When::before, std::uint64_t times = 1);
  /// No call fails any more.
  void disarm();
  /// Whether a call has failed since arm().
  bool struck() const noexcept { return struck_; }
  /// What the call under way does; counts it.
  enum class Fate : std::uint8_t { succeeds, refused, reported };
  Fate next() noexcept;

 private:
  std::atomic<std::int64_t> left_ = 0;
  std::atomic<std::int64_t> times_ = 0;
  std::atomic<When> when_ = When::before;
  std::atomic<bool> struck_ = false;
};

/// Another disk, of which the calls that `fault` chooses fail with Code::io.
class SingleFaultDisk final : public Disk {
 public:
  SingleFaultDisk(Disk& disk, SingleFault& fault) : disk_(disk), fault_(fault) {}

  Result<std::unique_ptr<File>> open(const std::string& path, Open how) override;
  Result<void> make_directory(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> remove_directory(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  Result<bool> exists(const std::string& path) override;
  Result<void> sync_directory(const std::string& path) override;
  Result<void> sync_all(const std::string& path) override;
  Result<void> watch(const std::string& path) override;

 private:
  class OpenFile;
  Disk& disk_;
  SingleFault& fault_;
};

}  // namespace base
