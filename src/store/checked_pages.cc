#include "store/checked_pages.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "base/disk.h"

// A file of ours is `Checked`, and behind it in the same memory the real file. Every call goes on
// to the real one; reads and writes of whole pages of the database are looked at on their way.
// A page is copied before its checksum is put in: SQLite's own copy may be in use elsewhere, and
// what it hands to the log must stay as it was when SQLite computed the frame's checksum.

namespace store {
namespace {

constexpr std::size_t kReservedAt = 20;  // in the file's header: bytes that each page leaves free
constexpr int kAskChecked = 0x53636c4e;  // a file control of our own
constexpr const char* kName = "scalign-checked";
constexpr int kReadsMax = 3;
constexpr std::size_t kSumAt = kPageBytes - kPageChecksumBytes;

struct Checked {
  sqlite3_file base;
  const char* machines;  // the path of a file of the machine's; null on a disk of another kind
  int to_forget;         // a descriptor for base::forget_cached()
  bool on;
  sqlite3_int64 written_from;  // the first byte written, of a log; -1: none
};
// SQLite aligns its files to 8 bytes, and the real one stands right behind.
static_assert(alignof(Checked) <= 8 && sizeof(Checked) % 8 == 0);

sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<Checked*>(file) + 1);
}
sqlite3_vfs* real(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

bool whole_page(int size, sqlite3_int64 offset) {
  return size == static_cast<int>(kPageBytes) && offset % static_cast<int>(kPageBytes) == 0;
}

/// Never written: SQLite leaves such pages where one was taken and given back at once.
bool blank(base::View page) {
  return std::ranges::all_of(page, [](std::uint8_t byte) { return byte == 0; });
}

bool sound(base::View page, std::uint64_t offset) {
  std::uint64_t stored = 0;
  std::memcpy(&stored, page.data() + kSumAt, sizeof stored);
  return stored == page_checksum(page, offset) || (stored == 0 && blank(page));
}

int close(sqlite3_file* file) { return real(file)->pMethods->xClose(real(file)); }

int read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  const int outcome = real(file)->pMethods->xRead(real(file), out, size, offset);
  if (outcome != SQLITE_OK || !reinterpret_cast<Checked*>(file)->on) return outcome;
  if (!whole_page(size, offset)) return outcome;
  const base::View page(static_cast<const std::uint8_t*>(out), kPageBytes);
  return sound(page, static_cast<std::uint64_t>(offset)) ? SQLITE_OK : SQLITE_IOERR_DATA;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  const sqlite3_io_methods* to = real(file)->pMethods;
  auto* checked = reinterpret_cast<Checked*>(file);
  // Before it is tried: what fails may have written something all the same.
  if (checked->written_from < 0 || offset < checked->written_from) checked->written_from = offset;
  if (!checked->on || !whole_page(size, offset)) return to->xWrite(real(file), bytes, size, offset);
  alignas(std::uint64_t) std::array<std::uint8_t, kPageBytes> page;
  std::memcpy(page.data(), bytes, kPageBytes);
  // A database that leaves no room would lose what stands there.
  if (offset == 0 && page[kReservedAt] != kPageChecksumBytes) return SQLITE_IOERR_DATA;
  const std::uint64_t sum = page_checksum(page, static_cast<std::uint64_t>(offset));
  std::memcpy(page.data() + kSumAt, &sum, sizeof sum);
  return to->xWrite(real(file), page.data(), size, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  return real(file)->pMethods->xTruncate(real(file), size);
}
int sync(sqlite3_file* file, int flags) {
  const int outcome = real(file)->pMethods->xSync(real(file), flags);
  auto* checked = reinterpret_cast<Checked*>(file);
  // SQLite writes again what it could not sync: it must not meet pages that count as written.
  if (outcome != SQLITE_OK && checked->machines != nullptr)
    base::forget_cached(checked->machines, checked->to_forget);
  return outcome;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
int lock(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
int unlock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
int check_reserved_lock(sqlite3_file* file, int* held) {
  return real(file)->pMethods->xCheckReservedLock(real(file), held);
}
int file_control(sqlite3_file* file, int operation, void* argument) {
  if (operation == kAskChecked) {
    *static_cast<bool*>(argument) = reinterpret_cast<Checked*>(file)->on;
    return SQLITE_OK;
  }
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int characteristics(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int shm_unmap(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

// Version 2: with shared memory, which the log needs, and without mapped files, which nobody could
// look at on their way.
constexpr sqlite3_io_methods kMethods = {2,
                                         close,
                                         read,
                                         write,
                                         truncate,
                                         sync,
                                         file_size,
                                         lock,
                                         unlock,
                                         check_reserved_lock,
                                         file_control,
                                         sector_size,
                                         characteristics,
                                         shm_map,
                                         shm_lock,
                                         shm_barrier,
                                         shm_unmap,
                                         nullptr,
                                         nullptr};

/// Whether the pages of an open file have checksums, or are to have them.
int look(sqlite3_file* file, bool& on) {
  sqlite3_int64 size = 0;
  if (const int outcome = file->pMethods->xFileSize(file, &size); outcome != SQLITE_OK)
    return outcome;
  on = size == 0;
  if (size < static_cast<int>(kPageBytes)) return SQLITE_OK;  // new, or no database
  std::array<std::uint8_t, kPageBytes> first;
  const int outcome = file->pMethods->xRead(file, first.data(), static_cast<int>(first.size()), 0);
  on = outcome == SQLITE_OK && has_checksums(base::View(first));
  return outcome;
}

int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
  if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0)
    return real(vfs)->xOpen(real(vfs), name, file, flags, out);
  auto* checked = reinterpret_cast<Checked*>(file);
  checked->base.pMethods = nullptr;  // until it is open: SQLite closes what has methods
  const int outcome = real(vfs)->xOpen(real(vfs), name, real(file), flags, out);
  if (outcome != SQLITE_OK) return outcome;
  checked->to_forget = -1;
  checked->on = false;
  checked->written_from = -1;
  const int looked = (flags & SQLITE_OPEN_MAIN_DB) != 0 ? look(real(file), checked->on) : SQLITE_OK;
  if (looked != SQLITE_OK) {
    real(file)->pMethods->xClose(real(file));
    return looked;
  }
  checked->machines = std::string_view(real(vfs)->zName).starts_with("unix") ? name : nullptr;
  checked->base.pMethods = &kMethods;
  return SQLITE_OK;
}

/// The log as this connection has it open; nothing before it is.
Checked* log_of(sqlite3* database) {
  sqlite3_file* file = nullptr;
  CHECK(sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) == SQLITE_OK);
  const bool open = file != nullptr && file->pMethods == &kMethods;
  return open ? reinterpret_cast<Checked*>(file) : nullptr;
}

}  // namespace

std::optional<std::uint64_t> log_written_from(sqlite3* database) {
  const Checked* log = log_of(database);
  if (log == nullptr || log->written_from < 0) return std::nullopt;
  return static_cast<std::uint64_t>(log->written_from);
}

void forget_log_writes(sqlite3* database) {
  if (Checked* log = log_of(database)) log->written_from = -1;
}

std::uint64_t page_checksum(base::View page, std::uint64_t offset) {
  constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15U;  // odd: multiplying loses nothing
  constexpr std::size_t kLanes = 4;
  std::array<std::uint64_t, kLanes> lanes = {offset + 1, offset + 2, offset + 3, offset + 4};
  const auto word_at = [&](std::size_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, page.data() + at, sizeof word);
    return word;
  };
  const auto take = [](std::uint64_t& lane, std::uint64_t word) {
    lane = std::rotl((lane ^ word) * kFactor, 29);
  };
  std::size_t at = 0;
  for (; at + kLanes * 8 <= kSumAt; at += kLanes * 8)
    for (std::size_t i = 0; i < kLanes; ++i) take(lanes[i], word_at(at + 8 * i));
  for (std::size_t i = 0; at < kSumAt; at += 8) take(lanes[i++], word_at(at));
  std::uint64_t sum = 0;
  for (const std::uint64_t lane : lanes) take(sum, lane);
  return sum;
}

void make_checked(sqlite3_vfs& made, sqlite3_vfs& below, const char* name) {
  made = below;
  made.zName = name;
  made.pNext = nullptr;
  made.pAppData = &below;
  made.szOsFile = static_cast<int>(sizeof(Checked)) + below.szOsFile;
  made.xOpen = open;
  // A file system knows itself by what it keeps behind pAppData: each call is handed on to it.
  made.xDelete = [](sqlite3_vfs* vfs, const char* path, int synced) {
    return real(vfs)->xDelete(real(vfs), path, synced);
  };
  made.xAccess = [](sqlite3_vfs* vfs, const char* path, int flags, int* result) {
    return real(vfs)->xAccess(real(vfs), path, flags, result);
  };
  made.xFullPathname = [](sqlite3_vfs* vfs, const char* path, int size, char* out) {
    return real(vfs)->xFullPathname(real(vfs), path, size, out);
  };
  made.xRandomness = [](sqlite3_vfs* vfs, int size, char* out) {
    return real(vfs)->xRandomness(real(vfs), size, out);
  };
  made.xSleep = [](sqlite3_vfs* vfs, int microseconds) {
    return real(vfs)->xSleep(real(vfs), microseconds);
  };
  made.xCurrentTime = [](sqlite3_vfs* vfs, double* days) {
    return real(vfs)->xCurrentTime(real(vfs), days);
  };
  made.xCurrentTimeInt64 = [](sqlite3_vfs* vfs, sqlite3_int64* ms) {
    return real(vfs)->xCurrentTimeInt64(real(vfs), ms);
  };
}

const char* checked_pages() {
  static const bool known = [] {
    static sqlite3_vfs files = {};
    make_checked(files, *sqlite3_vfs_find("unix"), kName);
    return sqlite3_vfs_register(&files, 0) == SQLITE_OK;
  }();
  CHECK(known);
  return kName;
}

bool has_checksums(base::View first_page) {
  CHECK(first_page.size() == kPageBytes);
  std::array<std::uint8_t, kPageBytes> page;
  std::memcpy(page.data(), first_page.data(), kPageBytes);
  if (page[kReservedAt] == kPageChecksumBytes || sound(page, 0)) return true;
  page[kReservedAt] = kPageChecksumBytes;
  return sound(page, 0);
}

bool has_checksums(sqlite3* database) {
  bool on = false;
  CHECK(sqlite3_file_control(database, "main", kAskChecked, &on) == SQLITE_OK);
  return on;
}

base::Result<PageFindings> check_pages(sqlite3* database) {
  sqlite3_file* file = nullptr;
  sqlite3_int64 size = 0;
  const auto unread = [] {
    return base::Error{base::Code::io, "the database's file cannot be read"};
  };
  if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
      file->pMethods->xFileSize(file, &size) != SQLITE_OK)
    return unread();
  PageFindings found;
  std::array<std::uint8_t, kPageBytes> page;
  for (sqlite3_int64 at = 0; at + static_cast<int>(kPageBytes) <= size;
       at += static_cast<int>(kPageBytes)) {
    int outcome = SQLITE_IOERR_DATA;
    for (int reads = 0; outcome == SQLITE_IOERR_DATA && reads < kReadsMax; ++reads)
      outcome = file->pMethods->xRead(file, page.data(), static_cast<int>(kPageBytes), at);
    if (outcome != SQLITE_OK && outcome != SQLITE_IOERR_DATA) return unread();
    ++found.pages;
    if (outcome == SQLITE_IOERR_DATA) ++found.damaged;
  }
  return found;
}

}  // namespace store
