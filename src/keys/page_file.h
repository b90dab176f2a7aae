// The file of pages and which of them are in use. Owns the file and the free list; never looks
// into a page, and never decides when one becomes free.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/disk.h"
#include "keys/page.h"

namespace keys {

/// read() is safe beside everything else; the rest belongs to one thread at a time.
class PageFile {
 public:
  /// Makes an empty file, or empties the one that is there.
  static base::Result<PageFile> create(base::Disk& disk, const std::string& path);
  /// Code::missing where there is none. Every page is free until it is claimed.
  static base::Result<PageFile> open(base::Disk& disk, const std::string& path);

  base::Result<base::Bytes> read(std::uint64_t page);
  base::Result<void> write(std::uint64_t page, base::View image);
  base::Result<void> sync() { return file_->sync(); }

  /// A free page, now in use: the lowest, so that the file stays as short as it can.
  std::uint64_t allocate();
  void release(std::uint64_t page);
  /// Marks a page that was found in use. Code::corrupt where it is beyond the end or found twice.
  base::Result<void> claim(std::uint64_t page);
  /// How many pages the file has.
  std::uint64_t size() const noexcept { return used_.size(); }
  /// How many pages are in use.
  std::uint64_t in_use() const noexcept { return in_use_; }

 private:
  explicit PageFile(std::unique_ptr<base::File> file) : file_(std::move(file)) {}
  std::unique_ptr<base::File> file_;
  std::vector<bool> used_;  // a bit a page: 20 KB for ten million owners
  std::size_t lowest_ = 0;  // no page below is free
  std::uint64_t in_use_ = 0;
};

}  // namespace keys
