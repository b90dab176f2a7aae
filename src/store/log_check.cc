#include "store/log_check.h"

#include <algorithm>
#include <array>
#include <map>

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

struct Frame {
  base::Bytes bytes = base::Bytes(kFrameHeader + kPageBytes);
  std::uint32_t page() const { return base::load_u32(bytes.data()); }
  bool commits() const { return base::load_u32(bytes.data() + 4) != 0; }
  base::View salt() const { return base::View(bytes).subspan(8, 8); }
  Sum stored_sum() const { return sum_at(base::View(bytes).subspan(16)); }
  base::View contents() const { return base::View(bytes).subspan(kFrameHeader); }
  Sum sum_after(Sum before, bool big_endian) const {
    return sum_on(sum_on(before, base::View(bytes).first(8), big_endian), contents(), big_endian);
  }
  bool follows(Sum before, bool big_endian) const {
    return sum_after(before, big_endian) == stored_sum();
  }
};

/// The log as SQLite reads it, and past the frame at which SQLite would stop.
class Reading {
 public:
  Reading(base::File& log, base::File& database) : log_(log), database_(database) {}

  /// Where SQLite stops: behind the last whole transaction. Code::corrupt where something that was
  /// acknowledged is lost behind it.
  Result<std::uint64_t> end() {
    base::Bytes header(kHeader);
    const std::size_t got = TRY(log_.read_at(0, header));
    if (got < kHeader) return std::uint64_t{0};
    const std::uint32_t magic = base::load_u32(header.data());
    big_endian_ = (magic & 1U) != 0;
    const Sum sum = sum_of_header(header);
    const bool sound = (magic & ~1U) == kMagic && sum == sum_at(base::View(header).subspan(24));
    if (!sound && TRY(unread_behind(header))) return damaged();
    if (!sound) return std::uint64_t{0};
    if (base::load_u32(header.data() + 8) != kPageBytes) return log_.size();  // not ours
    return frames(base::View(header).subspan(16, 8), sum);
  }

 private:
  Sum sum_of_header(base::View header) const { return sum_on({}, header.first(24), big_endian_); }
  Result<bool> read(Frame& frame, std::uint64_t at) {
    const std::size_t got = TRY(log_.read_at(at, frame.bytes));
    return got == frame.bytes.size();
  }
  static Error damaged() {
    return {Code::corrupt,
            "the database's write-ahead log is damaged, and acknowledged changes with it: "
            "restore a backup"};
  }
  Result<std::uint64_t> frames(base::View salt, Sum sum);
  Result<bool> synced_behind(std::uint64_t at, base::View salt, Sum computed);
  Result<bool> unread_behind(base::View header);
  Result<bool> unread(Sum sum);
  Result<bool> in_database(std::uint32_t page, std::uint64_t at);

  base::File& log_;
  base::File& database_;
  bool big_endian_ = false;
};

Result<std::uint64_t> Reading::frames(base::View salt, Sum sum) {
  Frame frame;
  std::uint64_t end = kHeader;
  for (std::uint64_t at = kHeader; TRY(read(frame, at)); at += frame.bytes.size()) {
    const Sum next = frame.sum_after(sum, big_endian_);
    if (!std::ranges::equal(frame.salt(), salt) || next != frame.stored_sum()) {
      if (TRY(synced_behind(at, salt, next))) return damaged();
      return end;
    }
    sum = next;
    if (frame.commits()) end = at + frame.bytes.size();
  }
  return end;
}

/// Whether a transaction that ends at the damaged frame or behind it is followed by another. What
/// an earlier crash has left of a transaction there follows nothing: the log went on before it.
Result<bool> Reading::synced_behind(std::uint64_t at, base::View salt, Sum computed) {
  Frame frame;
  if (!TRY(read(frame, at))) return false;
  bool ended = frame.commits();
  // Either the damaged frame's own checksum is right, or all the rest of it is.
  std::array<Sum, 2> before = {frame.stored_sum(), computed};
  for (at += frame.bytes.size(); TRY(read(frame, at)); at += frame.bytes.size()) {
    const bool same = std::ranges::equal(frame.salt(), salt);
    if (ended && same &&
        std::ranges::any_of(before, [&](Sum sum) { return frame.follows(sum, big_endian_); }))
      return true;
    ended = same && frame.commits();
    before.fill(frame.stored_sum());
  }
  return false;
}

Result<bool> Reading::unread_behind(base::View header) {
  for (const bool big_endian : {false, true}) {
    big_endian_ = big_endian;
    for (const Sum sum : {sum_at(header.subspan(24)), sum_of_header(header)})
      if (TRY(unread(sum))) return true;
  }
  return false;
}

/// Whether the frames that follow `sum` hold a page that the database does not hold so.
Result<bool> Reading::unread(Sum sum) {
  std::map<std::uint32_t, std::uint64_t> committed;  // page -> where its newest frame begins
  std::map<std::uint32_t, std::uint64_t> pending;
  Frame frame;
  for (std::uint64_t at = kHeader; TRY(read(frame, at)); at += frame.bytes.size()) {
    if (!frame.follows(sum, big_endian_)) break;
    sum = frame.stored_sum();
    pending[frame.page()] = at;
    if (!frame.commits()) continue;
    for (const auto& [page, place] : pending) committed[page] = place;
    pending.clear();
  }
  for (const auto& [page, at] : committed)
    if (!TRY(in_database(page, at))) return true;
  return false;
}

Result<bool> Reading::in_database(std::uint32_t page, std::uint64_t at) {
  Frame frame;
  if (page == 0 || !TRY(read(frame, at))) return false;
  base::Bytes there(kPageBytes);
  const std::size_t got = TRY(database_.read_at((page - 1ULL) * kPageBytes, there));
  // The checksum of a page is put in on its way into the database.
  constexpr std::size_t kCompared = kPageBytes - kPageChecksumBytes;
  return got == kPageBytes &&
         std::ranges::equal(base::View(there).first(kCompared), frame.contents().first(kCompared));
}

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

Result<void> check_log(base::Disk& disk, const std::string& path) {
  const std::string log = path + "-wal";
  if (!TRY(disk.exists(log))) return {};
  const auto file = TRY(disk.open(log, base::Open::read));
  const auto database = TRY(disk.open(path, base::Open::read));
  TRY(Reading(*file, *database).end());
  return {};
}

Result<void> settle_log(base::Disk& disk, const std::string& path) {
  const std::string log = path + "-wal";
  if (!TRY(disk.exists(log))) return {};
  const auto file = TRY(disk.open(log, base::Open::update));
  const auto database = TRY(disk.open(path, base::Open::read));
  const std::uint64_t end = TRY(Reading(*file, *database).end());
  TRY(write_again(*file, end));
  return disk.sync_directory(base::parent_of(path));
}

Result<void> cut_log(base::Disk& disk, const std::string& path, std::uint64_t from) {
  const auto log = TRY(disk.open(path + "-wal", base::Open::update));
  if (TRY(log->size()) > from) TRY(log->truncate(from));
  return log->sync();
}

}  // namespace store
