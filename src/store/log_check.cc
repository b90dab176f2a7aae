#include "store/log_check.h"

#include <algorithm>
#include <array>

#include "store/checked_pages.h"

// https://sqlite.org/fileformat2.html#walformat
//   header 32 {magic, version, page size, sequence, salt 8, checksum 8}
//   frame     {page number, pages after a commit or 0, salt 8, checksum 8} 24, page
// Checksums run on from the header through all frames; frames of an older use of the file have
// another salt, and end the log.

namespace store {
namespace {

using base::Code;
using base::Error;
using base::Result;
using Sum = std::array<std::uint32_t, 2>;

constexpr std::size_t kHeader = 32;
constexpr std::size_t kFrameHeader = 24;
constexpr std::uint32_t kMagic = 0x377f0682;  // its last bit: words are big-endian

Sum sum_on(Sum sum, base::View bytes, bool big_endian) {
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    std::array<std::uint32_t, 2> words{};
    for (std::size_t i = 0; i < 8; ++i)
      words[i / 4] |= std::uint32_t{bytes[at + i]} << 8 * (big_endian ? 3 - i % 4 : i % 4);
    sum[0] += words[0] + sum[1];
    sum[1] += words[1] + sum[0];
  }
  return sum;
}

Sum sum_at(base::View bytes) {
  return {base::load_u32(bytes.data()), base::load_u32(bytes.data() + 4)};
}

/// The log as SQLite reads it, and past the frame at which SQLite would stop.
class Reading {
 public:
  explicit Reading(base::File& file) : file_(file) {}

  Result<void> run() {
    base::Bytes header(kHeader);
    const std::size_t got = TRY(file_.read_at(0, header));
    if (got < kHeader) return {};
    const std::uint32_t magic = base::load_u32(header.data());
    big_endian_ = (magic & 1U) != 0;
    sum_ = sum_on({}, base::View(header).first(24), big_endian_);
    const bool sound = (magic & ~1U) == kMagic && sum_ == sum_at(base::View(header).subspan(24));
    if (sound && base::load_u32(header.data() + 8) != kPageBytes) return {};  // no log of ours
    std::ranges::copy(base::View(header).subspan(16, 8), salt_.begin());
    // The header is synced before the first transaction ends.
    if (!sound) return damaged_where(TRY(commits_from(kHeader, Salt::any)) > 0);
    return frames();
  }

 private:
  enum class Salt : std::uint8_t { same, any };

  static Result<void> damaged_where(bool damaged) {
    if (!damaged) return {};
    return Error{Code::corrupt,
                 "the database's write-ahead log is damaged, and acknowledged changes with it: "
                 "restore a backup"};
  }

  Result<void> frames() {
    base::Bytes frame(kFrameHeader + kPageBytes);
    for (std::uint64_t at = kHeader;; at += frame.size()) {
      const std::size_t got = TRY(file_.read_at(at, frame));
      if (got < frame.size()) return {};
      const base::View all(frame);
      Sum sum = sum_on(sum_, all.first(8), big_endian_);
      sum = sum_on(sum, all.subspan(kFrameHeader), big_endian_);
      if (same_salt(all) && sum == sum_at(all.subspan(16))) {
        sum_ = sum;
        continue;
      }
      // The end of the transaction with this frame, and something behind it.
      const std::uint64_t behind = TRY(commits_from(at, Salt::same));
      return damaged_where(behind > 1);
    }
  }

  bool same_salt(base::View frame) const { return std::ranges::equal(frame.subspan(8, 8), salt_); }

  /// Ends of transactions from `at` on, as their frames say; a frame behind the last counts as one.
  Result<std::uint64_t> commits_from(std::uint64_t at, Salt salt) {
    std::uint64_t commits = 0;
    bool behind = false;
    std::array<std::uint8_t, kFrameHeader> head{};
    for (;; at += kFrameHeader + kPageBytes) {
      const std::size_t got = TRY(file_.read_at(at, head));
      if (got < head.size()) break;
      // The damaged frame itself may have the wrong salt; frames of an older use follow no more.
      if (salt == Salt::same && !same_salt(head)) continue;
      const bool commit = base::load_u32(head.data() + 4) != 0;
      if (commit) ++commits;
      behind = !commit;
    }
    return commits + (commits > 0 && behind ? 1 : 0);
  }

  base::File& file_;
  bool big_endian_ = false;
  Sum sum_{};
  std::array<std::uint8_t, 8> salt_{};
};

}  // namespace

Result<void> check_log(base::Disk& disk, const std::string& path) {
  const auto file = disk.open(path + "-wal", base::Open::read);
  if (!file.ok()) {
    if (file.code() == Code::missing) return {};
    return file.error();
  }
  return Reading(**file).run();
}

}  // namespace store
