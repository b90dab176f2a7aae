// What a killed process may have left beside the database, or somebody else has put there: a
// write-ahead log. The first byte chooses what the database holds: 0 nothing, 1 the pages of the
// log's own frames. The mutator makes the checksums fit again behind what it changed.

#include "base/faulty_disk.h"
#include "store/checked_pages.h"
#include "store/log_check.h"
#include "tests/fuzz/mutate.h"

namespace {

constexpr const char* kPath = "data/store.db";
constexpr const char* kLog = "data/store.db-wal";
constexpr std::size_t kHeader = 32;
constexpr std::size_t kFrame = 24 + store::kPageBytes;
constexpr std::size_t kPagesMax = 64;  // of the database beside it

using Sum = std::array<std::uint32_t, 2>;

std::uint32_t word(base::View bytes, std::size_t at, bool big_endian) {
  if (big_endian) return base::load_u32(bytes.data() + at);
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8U | bytes[at + i];
  return value;
}

void sum_on(Sum& sum, base::View bytes, bool big_endian) {
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    sum[0] += word(bytes, at, big_endian) + sum[1];
    sum[1] += word(bytes, at + 4, big_endian) + sum[0];
  }
}

void put_sum(base::Bytes& log, std::size_t at, Sum sum) {
  for (std::size_t i = 0; i < 8; ++i)
    log[at + i] = static_cast<std::uint8_t>(sum[i / 4] >> 8 * (3 - i % 4));
}

/// A log whose header and first `frames` frames have their checksums and salts.
base::Bytes fitting(base::Bytes log, std::size_t frames) {
  if (log.size() < kHeader) log.resize(kHeader);
  const bool big_endian = (log[3] & 1U) != 0;
  const base::Bytes begin = {0x37, 0x7f, 0x06, static_cast<std::uint8_t>(big_endian ? 0x83 : 0x82)};
  std::ranges::copy(begin, log.begin());
  Sum sum{};
  sum_on(sum, base::View(log).first(24), big_endian);
  put_sum(log, 24, sum);
  for (std::size_t at = kHeader; frames-- > 0 && at + kFrame <= log.size(); at += kFrame) {
    std::copy_n(log.begin() + 16, 8, log.begin() + static_cast<std::ptrdiff_t>(at + 8));
    sum_on(sum, base::View(log).subspan(at, 8), big_endian);
    sum_on(sum, base::View(log).subspan(at + 24, store::kPageBytes), big_endian);
    put_sum(log, at + 16, sum);
  }
  return log;
}

/// A database in which each page is as the log's last frame of it has it.
base::Bytes database_of(base::View log) {
  base::Bytes pages(store::kPageBytes);
  for (std::size_t at = kHeader; at + kFrame <= log.size(); at += kFrame) {
    const std::size_t page = base::load_u32(log.data() + at);
    if (page == 0 || page > kPagesMax) continue;
    pages.resize(std::max(pages.size(), page * store::kPageBytes));
    std::ranges::copy(log.subspan(at + 24, store::kPageBytes),
                      pages.begin() + static_cast<std::ptrdiff_t>((page - 1) * store::kPageBytes));
  }
  return pages;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  fuzz::Draws draws(seed);
  if (size < 2 || draws.one_in(4)) return LLVMFuzzerMutate(data, size, max_size);
  base::Bytes log = fuzz::mutated({data + 1, size - 1}, max_size - 1);
  // Now and then another frame, so that there are transactions behind one another.
  if (draws.one_in(4) && log.size() + kFrame < max_size) {
    log.resize(log.size() - std::min(log.size(), (log.size() + kFrame - kHeader) % kFrame));
    if (log.size() >= kHeader + kFrame)
      log.insert(log.end(), log.end() - static_cast<std::ptrdiff_t>(kFrame), log.end());
  }
  log = fitting(std::move(log), draws.below(9));
  if (draws.one_in(3)) log[draws.below(log.size())] ^= 1U << draws.below(8);
  return fuzz::answer(fuzz::chosen(static_cast<std::uint8_t>(draws.below(2)), log), data, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const base::Bytes log = base::copy({data + 1, size - 1});
  base::ThreadWait wait;
  base::FaultyDisk disk(wait);
  disk.put({{kPath, data[0] % 2 == 0 ? base::Bytes() : database_of(log)}, {kLog, log}});
  const auto checked = store::check_log(disk, kPath);
  CHECK(disk.live().at(kLog) == log);  // looking changes nothing
  const auto settled = store::settle_log(disk, kPath);
  CHECK(checked.ok() == settled.ok());
  const base::Bytes after = disk.live().at(kLog);
  if (!settled.ok()) {
    CHECK(settled.code() == base::Code::corrupt && after == log);
    return 0;
  }
  // It says what it said, up to where it was cut off, and all of that is durable and sound.
  CHECK(after.size() <= log.size());
  CHECK(std::ranges::equal(after, base::View(log).first(after.size())));
  CHECK(disk.durable().at(kLog) == after);
  CHECK(store::check_log(disk, kPath).ok());
  CHECK(store::settle_log(disk, kPath).ok());
  CHECK(disk.live().at(kLog) == after);
  return 0;
}
