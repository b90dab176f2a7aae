#include "holder/replica_journal.h"

#include <algorithm>
#include <array>

#include "keys/page.h"

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::View;

// header 88: magic 8 | epoch u64 | records u64 | SHA-256 of the records | SHA-256 of these 56
// records: page u64 | image 4096
constexpr std::array<std::uint8_t, 8> kMagic = {'S', 'C', 'L', 'J', 'R', 'N', 'L', '1'};
constexpr std::size_t kSummed = 56;
constexpr std::size_t kHeaderSize = 88;
constexpr std::size_t kRecordSize = 8 + keys::kPageSize;
constexpr std::uint64_t kSyncEvery = 2'048;  // records: 8 MiB

base::Bytes encode_header(std::uint64_t epoch, std::uint64_t count, const base::Digest& records) {
  base::Bytes header(kMagic.begin(), kMagic.end());
  base::put_u64(header, epoch);
  base::put_u64(header, count);
  header.insert(header.end(), records.begin(), records.end());
  const base::Digest sum = base::sha256(header);
  header.insert(header.end(), sum.begin(), sum.end());
  CHECK(header.size() == kHeaderSize);
  return header;
}

}  // namespace

ReplicaJournal::ReplicaJournal(base::Disk& disk, std::string path, std::unique_ptr<base::File> file)
    : disk_(&disk),
      path_(std::move(path)),
      file_(std::move(file)),
      digest_(std::make_unique<base::Sha256>()) {}

Result<ReplicaJournal> ReplicaJournal::begin(base::Disk& disk, const std::string& path) {
  auto file = TRY(disk.open(path, base::Open::update));
  TRY(file->truncate(0));
  return ReplicaJournal(disk, path, std::move(file));
}

Result<void> ReplicaJournal::remove(base::Disk& disk, const std::string& path) {
  if (!TRY(disk.exists(path))) return {};
  TRY(disk.remove(path));
  return disk.sync_directory(base::parent_of(path));
}

Result<void> ReplicaJournal::add(std::uint64_t page, View image) {
  CHECK(image.size() == keys::kPageSize && epoch_ == 0);
  if (!places_.emplace(page, count_).second)
    return Error{Code::invalid, "a page was sent twice in one transfer"};
  base::Bytes record;
  record.reserve(kRecordSize);
  base::put_u64(record, page);
  record.insert(record.end(), image.begin(), image.end());
  TRY(file_->write_at(kHeaderSize + count_ * kRecordSize, record));
  digest_->update(record);
  ++count_;
  // So that sealing has little left to wait for.
  if (count_ % kSyncEvery == 0) TRY(file_->sync());
  return {};
}

/// Reads a record's image; answers its page.
Result<std::uint64_t> ReplicaJournal::record(std::uint64_t place, base::Bytes& image) {
  base::Bytes record(kRecordSize);
  const std::size_t read = TRY(file_->read_at(kHeaderSize + place * kRecordSize, record));
  if (read != record.size()) return Error{Code::corrupt, "the replica's journal is cut short"};
  image.assign(record.begin() + 8, record.end());
  return base::load_u64(record.data());
}

Result<base::Bytes> ReplicaJournal::read(std::uint64_t page) {
  const auto found = places_.find(page);
  if (found == places_.end()) return Error{Code::missing, "this page was not sent"};
  base::Bytes image;
  TRY(record(found->second, image));
  return image;
}

Result<void> ReplicaJournal::seal(std::uint64_t epoch) {
  CHECK(epoch != 0 && epoch_ == 0);
  TRY(file_->write_at(0, encode_header(epoch, count_, digest_->finish())));
  TRY(file_->sync());
  TRY(disk_->sync_directory(base::parent_of(path_)));
  epoch_ = epoch;
  return {};
}

Result<std::optional<ReplicaJournal>> ReplicaJournal::recover(base::Disk& disk,
                                                              const std::string& path) {
  std::optional<ReplicaJournal> journal;
  if (!TRY(disk.exists(path))) return journal;
  auto file = TRY(disk.open(path, base::Open::update));
  journal = ReplicaJournal(disk, path, std::move(file));
  if (!TRY(journal->adopt())) journal.reset();
  return journal;
}

/// Whether the file is a journal that was sealed: all of its records are there.
Result<bool> ReplicaJournal::adopt() {
  base::Bytes header(kHeaderSize);
  const std::size_t read = TRY(file_->read_at(0, header));
  if (read != kHeaderSize || !std::equal(kMagic.begin(), kMagic.end(), header.begin()))
    return false;
  if (!base::equal_constant_time(base::sha256(View(header).first(kSummed)),
                                 View(header).subspan(kSummed)))
    return false;
  epoch_ = base::load_u64(header.data() + 8);
  count_ = base::load_u64(header.data() + 16);
  const std::uint64_t size = TRY(file_->size());
  if (epoch_ == 0 || size < kHeaderSize || (size - kHeaderSize) / kRecordSize < count_)
    return false;
  base::Bytes record(kRecordSize);
  for (std::uint64_t place = 0; place < count_; ++place) {
    const std::size_t got = TRY(file_->read_at(kHeaderSize + place * kRecordSize, record));
    if (got != record.size()) return false;
    digest_->update(record);
    places_.emplace(base::load_u64(record.data()), place);
  }
  return base::equal_constant_time(digest_->finish(), View(header).subspan(24, 32));
}

Result<void> ReplicaJournal::apply(base::File& pages, std::uint64_t first, std::uint64_t count) {
  CHECK(epoch_ != 0);
  base::Bytes image;
  const std::uint64_t end = first + std::min(count, count_ - std::min(first, count_));
  for (std::uint64_t place = first; place < end; ++place) {
    const std::uint64_t page = TRY(record(place, image));
    TRY(pages.write_at(page * keys::kPageSize, image));
  }
  return pages.sync();
}

}  // namespace holder
