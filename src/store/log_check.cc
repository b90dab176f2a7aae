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
constexpr std::size_t kFrame = kFrameHeader + kPageBytes;
constexpr std::size_t kAtOnce = 1U << 20U;
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

  /// Where SQLite stops: behind the last whole transaction.
  Result<std::uint64_t> run() {
    base::Bytes header(kHeader);
    const std::size_t got = TRY(file_.read_at(0, header));
    if (got < kHeader) return std::uint64_t{0};
    const std::uint32_t magic = base::load_u32(header.data());
    big_endian_ = (magic & 1U) != 0;
    sum_ = sum_on({}, base::View(header).first(24), big_endian_);
    const bool sound = (magic & ~1U) == kMagic && sum_ == sum_at(base::View(header).subspan(24));
    if (sound && base::load_u32(header.data() + 8) != kPageBytes) return file_.size();  // not ours
    std::ranges::copy(base::View(header).subspan(16, 8), salt_.begin());
    if (sound) return frames();
    // The header is synced before the first transaction ends.
    if (TRY(any_commit())) return damaged();
    return std::uint64_t{0};
  }

 private:
  static Error damaged() {
    return {Code::corrupt,
            "the database's write-ahead log is damaged, and acknowledged changes with it: "
            "restore a backup"};
  }

  Result<std::uint64_t> frames() {
    base::Bytes frame(kFrame);
    std::uint64_t end = kHeader;
    for (std::uint64_t at = kHeader;; at += kFrame) {
      const std::size_t got = TRY(file_.read_at(at, frame));
      if (got < kFrame) return end;
      const Sum sum = sum_behind(sum_, frame);
      if (same_salt(frame) && sum == stored_sum(frame)) {
        sum_ = sum;
        if (ends_transaction(frame)) end = at + kFrame;
        continue;
      }
      if (TRY(followed(at))) return damaged();
      return end;
    }
  }

  Sum sum_behind(Sum sum, base::View frame) const {
    sum = sum_on(sum, frame.first(8), big_endian_);
    return sum_on(sum, frame.subspan(kFrameHeader), big_endian_);
  }
  static Sum stored_sum(base::View frame) { return sum_at(frame.subspan(16)); }
  static bool ends_transaction(base::View frame) { return base::load_u32(frame.data() + 4) != 0; }
  bool same_salt(base::View frame) const { return std::ranges::equal(frame.subspan(8, 8), salt_); }

  /// Whether a transaction that ends at `at` or behind it was followed by another one, whose first
  /// frame was summed on from its last. What a transaction that failed has left behind a shorter
  /// one has the same salt, and fits nothing.
  Result<bool> followed(std::uint64_t at) {
    base::Bytes frame(kFrame);
    Sum computed = sum_, stored = sum_;  // of the frame before; which of the two is damaged is open
    bool ended = false;
    for (bool first = true;; first = false, at += kFrame) {
      const std::size_t got = TRY(file_.read_at(at, frame));
      if (got < kFrame) return false;
      // The damaged frame itself may have the wrong salt; frames of an older use end the log.
      if (!first && !same_salt(frame)) return false;
      const Sum own = stored_sum(frame);
      if (ended && (sum_behind(computed, frame) == own || sum_behind(stored, frame) == own))
        return true;
      computed = sum_behind(computed, frame);
      stored = own;
      ended = ends_transaction(frame);
    }
  }

  Result<bool> any_commit() {
    std::array<std::uint8_t, kFrameHeader> head{};
    for (std::uint64_t at = kHeader;; at += kFrame) {
      const std::size_t got = TRY(file_.read_at(at, head));
      if (got < head.size()) return false;
      if (ends_transaction(head)) return true;
    }
  }

  base::File& file_;
  bool big_endian_ = false;
  Sum sum_{};
  std::array<std::uint8_t, 8> salt_{};
};

/// Writes the log again as it stands to `end`, and cuts off the rest.
Result<void> write_again(base::File& log, std::uint64_t end) {
  base::Bytes part(kAtOnce);
  for (std::uint64_t at = 0; at < end; at += kAtOnce) {
    const base::Mutable wanted = base::Mutable(part).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(kAtOnce, end - at)));
    const std::size_t got = TRY(log.read_at(at, wanted));
    if (got != wanted.size()) return Error{Code::io, "the write-ahead log became shorter"};
    TRY(log.write_at(at, wanted));
  }
  const std::uint64_t size = TRY(log.size());
  if (size > end) TRY(log.truncate(end));
  return log.sync();
}

}  // namespace

Result<void> settle_log(base::Disk& disk, const std::string& path) {
  const std::string log = path + "-wal";
  if (!TRY(disk.exists(log))) return {};
  const auto file = TRY(disk.open(log, base::Open::update));
  const std::uint64_t end = TRY(Reading(*file).run());
  TRY(write_again(*file, end));
  return disk.sync_directory(base::parent_of(path));
}

}  // namespace store
