#include "keys/page_file.h"

#include <algorithm>

namespace keys {

using base::Code;
using base::Error;
using base::Result;

Result<PageFile> PageFile::create(base::Disk& disk, const std::string& path) {
  auto file = TRY(disk.open(path, base::Open::update));
  TRY(file->truncate(0));
  TRY(disk.sync_directory(base::parent_of(path)));
  return PageFile(std::move(file));
}

Result<PageFile> PageFile::open(base::Disk& disk, const std::string& path) {
  if (!TRY(disk.exists(path))) return Error{Code::missing, "the key tree's file is missing"};
  auto file = TRY(disk.open(path, base::Open::update));
  const std::uint64_t size = TRY(file->size());
  PageFile pages(std::move(file));
  // A page that a crash cut short at the end was never part of a tree.
  pages.used_.resize(size / kPageSize);
  return pages;
}

Result<base::Bytes> PageFile::read(std::uint64_t page) {
  base::Bytes image(kPageSize);
  const std::size_t size = TRY(file_->read_at(page * kPageSize, image));
  if (size != kPageSize) return Error{Code::corrupt, "a key page is cut short"};
  return image;
}

Result<void> PageFile::write(std::uint64_t page, base::View image) {
  CHECK(image.size() == kPageSize);
  return file_->write_at(page * kPageSize, image);
}

std::uint64_t PageFile::allocate() {
  while (lowest_ < used_.size() && used_[lowest_]) ++lowest_;
  if (lowest_ == used_.size()) used_.push_back(false);
  used_[lowest_] = true;
  ++in_use_;
  return lowest_++;
}

void PageFile::release(std::uint64_t page) {
  CHECK(page < used_.size() && used_[page]);
  used_[page] = false;
  --in_use_;
  lowest_ = std::min<std::size_t>(lowest_, page);
}

Result<void> PageFile::claim(std::uint64_t page) {
  if (page >= used_.size()) return Error{Code::corrupt, "a key page lies beyond the file's end"};
  if (used_[page]) return Error{Code::corrupt, "a key page hangs in the tree twice"};
  used_[page] = true;
  ++in_use_;
  return {};
}

}  // namespace keys
