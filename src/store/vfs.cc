#include "store/vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <new>
#include <string>

#include "store/checked_pages.h"
#include "store/vfs_locks.h"

// Two things are as SQLite's own layer for Unix does them, because its promises rest on them: a new
// file's name is durable with its first sync, and an empty file counts as none.

namespace store {
namespace {

using base::Code;
using base::Result;

constexpr std::size_t kPathMax = 512;
constexpr int kSectorBytes = 4096;
// Days from the Julian epoch to 1970, in milliseconds.
constexpr std::int64_t kUnixEpochMs = 210'866'760'000'000;

int outcome_of(const base::Error& error, int otherwise) {
  return error.code() == Code::full ? SQLITE_FULL : otherwise;
}

using Databases = std::map<std::string, std::weak_ptr<Shared>>;

/// An open file, as C++ knows it.
struct Handle {
  base::Disk& disk;
  base::Wait& wait;
  std::unique_ptr<base::File> file;
  std::string path;
  bool name_is_new = false;  // until the next sync
  std::shared_ptr<Shared> shared;
  Locks locks;
};

/// As SQLite knows it: it gives the memory, and zeroes it first.
struct SqliteFile {
  sqlite3_file base;
  Handle* handle;
};

Handle& handle_of(sqlite3_file* file) { return *reinterpret_cast<SqliteFile*>(file)->handle; }

int close(sqlite3_file* file) {
  auto* opened = reinterpret_cast<SqliteFile*>(file);
  opened->handle->shared->release(opened->handle->locks);
  delete opened->handle;
  opened->handle = nullptr;
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  auto* bytes = static_cast<std::uint8_t*>(out);
  const auto wanted = static_cast<std::size_t>(size);
  const auto read = handle_of(file).file->read_at(static_cast<std::uint64_t>(offset),
                                                  base::Mutable(bytes, wanted));
  if (!read.ok()) return SQLITE_IOERR_READ;
  if (*read == wanted) return SQLITE_OK;
  std::fill(bytes + *read, bytes + wanted, std::uint8_t{0});
  return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  const auto written = handle_of(file).file->write_at(
      static_cast<std::uint64_t>(offset),
      base::View(static_cast<const std::uint8_t*>(bytes), static_cast<std::size_t>(size)));
  return written.ok() ? SQLITE_OK : outcome_of(written.error(), SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  const auto done = handle_of(file).file->truncate(static_cast<std::uint64_t>(size));
  return done.ok() ? SQLITE_OK : outcome_of(done.error(), SQLITE_IOERR_TRUNCATE);
}

int sync(sqlite3_file* file, int /*flags*/) {
  Handle& handle = handle_of(file);
  if (!handle.file->sync().ok()) return SQLITE_IOERR_FSYNC;
  if (!handle.name_is_new) return SQLITE_OK;
  if (!handle.disk.sync_directory(base::parent_of(handle.path)).ok()) return SQLITE_IOERR_DIR_FSYNC;
  handle.name_is_new = false;
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  const auto found = handle_of(file).file->size();
  if (!found.ok()) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(*found);
  return SQLITE_OK;
}

int lock(sqlite3_file* file, int level) {
  Handle& handle = handle_of(file);
  return handle.shared->lock(handle.locks, level) ? SQLITE_OK : SQLITE_BUSY;
}

int unlock(sqlite3_file* file, int level) {
  Handle& handle = handle_of(file);
  handle.shared->unlock(handle.locks, level);
  return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* file, int* reserved) {
  *reserved = handle_of(file).shared->reserved() ? 1 : 0;
  return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return kSectorBytes; }
int device_characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  Handle& handle = handle_of(file);
  *out = handle.shared->region(static_cast<std::size_t>(region), static_cast<std::size_t>(size),
                               extend != 0);
  return SQLITE_OK;
}

int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  Handle& handle = handle_of(file);
  const Span span{static_cast<unsigned>(offset), static_cast<unsigned>(count)};
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  // What SQLite has read of the shared memory before it asks may be old when it gets the lock.
  handle.wait.yield();
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    handle.shared->unlock_shared_memory(handle.locks, span);
    return SQLITE_OK;
  }
  return handle.shared->lock_shared_memory(handle.locks, span, exclusive) ? SQLITE_OK : SQLITE_BUSY;
}

// What one has stored the next one sees; but where threads would run beside each other, another may
// come in between.
void shm_barrier(sqlite3_file* file) { handle_of(file).wait.yield(); }

int shm_unmap(sqlite3_file* file, int /*remove*/) {
  Handle& handle = handle_of(file);
  handle.shared->unlock_shared_memory(handle.locks, {0, kSharedMemoryLocks});
  return SQLITE_OK;
}

constexpr sqlite3_io_methods kMethods = {
    .iVersion = 2,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = file_size,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

}  // namespace

struct Vfs::Impl {
  base::Disk& disk;
  base::Wait& wait;
  base::Clock& clock;
  base::Entropy& entropy;
  std::string name;
  Databases databases = {};
  sqlite3_vfs vfs = {};
  sqlite3_vfs checked = {};
  std::string checked_name = {};

  static Impl& of(sqlite3_vfs* vfs) { return *static_cast<Impl*>(vfs->pAppData); }
  std::shared_ptr<Shared> shared_of(const std::string& path) {
    std::weak_ptr<Shared>& known = databases[path];
    auto shared = known.lock();
    if (shared == nullptr) known = shared = std::make_shared<Shared>();
    return shared;
  }
  int open(const std::string& path, SqliteFile& file, int flags);
  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* given);
  static int remove(sqlite3_vfs* vfs, const char* path, int sync_name);
  static int access(sqlite3_vfs* vfs, const char* path, int how, int* answer);
  static int full_path(sqlite3_vfs* vfs, const char* path, int size, char* out);
  static int randomness(sqlite3_vfs* vfs, int size, char* out);
  static int sleep(sqlite3_vfs* vfs, int microseconds);
  static int now_ms(sqlite3_vfs* vfs, sqlite3_int64* julian_ms);
  static int now_days(sqlite3_vfs* vfs, double* julian_days);
  static int last_error(sqlite3_vfs*, int, char*) { return 0; }
};

int Vfs::Impl::open(const std::string& path, SqliteFile& file, int flags) {
  const auto there = disk.exists(path);
  if (!there.ok()) return SQLITE_CANTOPEN;
  if (!*there && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
  auto opened = disk.open(path, base::Open::update);
  if (!opened.ok()) return outcome_of(opened.error(), SQLITE_CANTOPEN);
  file.handle = new Handle{.disk = disk,
                           .wait = wait,
                           .file = std::move(*opened),
                           .path = path,
                           .name_is_new = !*there,
                           .shared = shared_of(path),
                           .locks = {}};
  file.base.pMethods = &kMethods;
  return SQLITE_OK;
}

int Vfs::Impl::open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* given) {
  // Nameless ones are for what does not fit into memory, which is asked to hold it all.
  if (path == nullptr) return SQLITE_CANTOPEN;
  const int outcome = of(vfs).open(path, *reinterpret_cast<SqliteFile*>(file), flags);
  if (outcome == SQLITE_OK && given != nullptr) *given = flags;
  return outcome;
}

int Vfs::Impl::remove(sqlite3_vfs* vfs, const char* path, int sync_name) {
  base::Disk& disk = of(vfs).disk;
  const auto removed = disk.remove(path);
  if (!removed.ok())
    return removed.code() == Code::missing ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE;
  if (sync_name != 0 && !disk.sync_directory(base::parent_of(path)).ok())
    return SQLITE_IOERR_DIR_FSYNC;
  return SQLITE_OK;
}

int Vfs::Impl::access(sqlite3_vfs* vfs, const char* path, int how, int* answer) {
  base::Disk& disk = of(vfs).disk;
  const auto there = disk.exists(path);
  if (!there.ok()) return SQLITE_IOERR_ACCESS;
  *answer = *there ? 1 : 0;
  if (!*there || how != SQLITE_ACCESS_EXISTS) return SQLITE_OK;
  const auto file = disk.open(path, base::Open::read);
  if (!file.ok()) return SQLITE_IOERR_ACCESS;
  const auto size = (*file)->size();
  if (!size.ok()) return SQLITE_IOERR_ACCESS;
  *answer = *size > 0 ? 1 : 0;
  return SQLITE_OK;
}

int Vfs::Impl::full_path(sqlite3_vfs*, const char* path, int size, char* out) {
  const std::size_t length = std::strlen(path);
  if (length + 1 > static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
  std::copy_n(path, length + 1, out);
  return SQLITE_OK;
}

int Vfs::Impl::randomness(sqlite3_vfs* vfs, int size, char* out) {
  of(vfs).entropy.fill(
      base::Mutable(reinterpret_cast<std::uint8_t*>(out), static_cast<std::size_t>(size)));
  return size;
}

int Vfs::Impl::sleep(sqlite3_vfs* vfs, int microseconds) {
  of(vfs).wait.sleep(base::Duration(microseconds));
  return microseconds;
}

int Vfs::Impl::now_ms(sqlite3_vfs* vfs, sqlite3_int64* julian_ms) {
  const auto since_1970 = of(vfs).clock.now().time_since_epoch();
  *julian_ms =
      kUnixEpochMs + std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
  return SQLITE_OK;
}

int Vfs::Impl::now_days(sqlite3_vfs* vfs, double* julian_days) {
  sqlite3_int64 julian_ms = 0;
  now_ms(vfs, &julian_ms);
  *julian_days = static_cast<double>(julian_ms) / 86'400'000.0;
  return SQLITE_OK;
}

Vfs::Vfs(base::Disk& disk, base::Wait& wait, base::Clock& clock, base::Entropy& entropy)
    : impl_(new Impl{disk, wait, clock, entropy, "scalign-" + base::hex(entropy.bytes(8))}) {
  sqlite3_vfs& vfs = impl_->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(SqliteFile);
  vfs.mxPathname = kPathMax;
  vfs.zName = impl_->name.c_str();
  vfs.pAppData = impl_.get();
  vfs.xOpen = Impl::open;
  vfs.xDelete = Impl::remove;
  vfs.xAccess = Impl::access;
  vfs.xFullPathname = Impl::full_path;
  vfs.xRandomness = Impl::randomness;
  vfs.xSleep = Impl::sleep;
  vfs.xCurrentTime = Impl::now_days;
  vfs.xCurrentTimeInt64 = Impl::now_ms;
  vfs.xGetLastError = Impl::last_error;
  // The seed of its chance SQLite takes from the default one, at the first call after a reset.
  CHECK(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
  sqlite3_randomness(0, nullptr);
  impl_->checked_name = impl_->name + "-checked";
  make_checked(impl_->checked, vfs, impl_->checked_name.c_str());
  CHECK(sqlite3_vfs_register(&impl_->checked, 0) == SQLITE_OK);
}

Vfs::~Vfs() {
  sqlite3_vfs_unregister(&impl_->checked);
  sqlite3_vfs_unregister(&impl_->vfs);
  sqlite3_randomness(0, nullptr);
}

base::Disk& Vfs::disk() const noexcept { return impl_->disk; }
const char* Vfs::name() const noexcept { return impl_->checked_name.c_str(); }

}  // namespace store
