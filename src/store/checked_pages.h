// Checksums over the pages of the database file, which SQLite has none of: a flipped bit in a row
// that is not sealed (how somebody stands, whose key is where) would be served as if it were right.
// Each page of 4096 bytes ends in 8 that SQLite leaves free: a checksum of the others and of the
// page's place, written with the page and verified whenever it is read. Owns SQLite's view of the
// file system; the write-ahead log passes through it untouched, since SQLite seals its frames: it
// is only noted where it was written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "store/store.h"

struct sqlite3;
struct sqlite3_vfs;  // NOLINT(readability-identifier-naming): SQLite names it

namespace store {

inline constexpr std::size_t kPageBytes = 4096;
inline constexpr int kPageChecksumBytes = 8;

/// The checksum of a page at `offset` of the file: of all but its last 8 bytes, and of its place.
/// Every word counts by a one-to-one step, so that no change within one word goes unnoticed.
std::uint64_t page_checksum(base::View page, std::uint64_t offset);

/// Makes `made` the file system `below` with checksums, under `name`; both must outlive it.
void make_checked(sqlite3_vfs& made, sqlite3_vfs& below, const char* name);
/// The name under which SQLite knows the machine's own with checksums; known from the first call
/// on.
const char* checked_pages();

/// Whether a database's pages have checksums, told by its first page: without are an older
/// program's. A page that would be right but for the bits that say so counts as one with them, or
/// one flipped bit would turn them off.
bool has_checksums(base::View first_page);
/// The same of an open connection's main database; an empty one is to have them.
bool has_checksums(sqlite3* database);

/// Where in the write-ahead log that begins, in bytes, which this connection has written, or tried
/// to, since it was opened or last forgot it; nothing where it wrote nothing. A transaction writes
/// no byte before its own first frame.
std::optional<std::uint64_t> log_written_from(sqlite3* database);
void forget_log_writes(sqlite3* database);

/// Reads every page of the main database's file. One that does not have its checksum is read again:
/// somebody may have been writing it.
base::Result<PageFindings> check_pages(sqlite3* database);

}  // namespace store
