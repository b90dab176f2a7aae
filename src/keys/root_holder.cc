#include "keys/root_holder.h"

#include <algorithm>

#include "keys/root_file.h"
#include "keys/root_record.h"
#include "keys/root_wrap.h"

namespace keys {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::View;

constexpr std::size_t kKeyAt = 8;
constexpr std::size_t kPageAt = 40;
constexpr std::size_t kDigestAt = 48;

}  // namespace

base::SecretBytes encode_root(const Root& root) {
  CHECK(root.epoch != 0 && root.key.size() == 32);
  base::SecretBytes record(kRootRecordSize);
  std::uint8_t* raw = record.mutable_view().data();
  base::store_u64(raw, root.epoch);
  std::copy_n(root.key.view().data(), root.key.size(), raw + kKeyAt);
  base::store_u64(raw + kPageAt, root.page);
  const base::Digest digest = base::sha256(record.view().first(kDigestAt));
  std::copy(digest.begin(), digest.end(), raw + kDigestAt);
  return record;
}

std::optional<Root> parse_root(View record) {
  if (record.size() != kRootRecordSize) return std::nullopt;
  const base::Digest digest = base::sha256(record.first(kDigestAt));
  if (!base::equal_constant_time(digest, record.subspan(kDigestAt))) return std::nullopt;
  Root root;
  root.epoch = base::load_u64(record.data());
  if (root.epoch == 0) return std::nullopt;
  root.key = base::SecretBytes::copy_of(record.subspan(kKeyAt, kPageAt - kKeyAt));
  root.page = base::load_u64(record.data() + kPageAt);
  return root;
}

FileRootHolder::FileRootHolder(std::unique_ptr<base::File> file) : file_(std::move(file)) {}
FileRootHolder::~FileRootHolder() = default;

Result<std::unique_ptr<FileRootHolder>> FileRootHolder::open(base::Disk& disk,
                                                             const std::string& directory) {
  return open(disk, RootFile{.directory = directory}, nullptr);
}

Result<std::unique_ptr<FileRootHolder>> FileRootHolder::open(base::Disk& disk,
                                                             const RootFile& where,
                                                             const Wrapping* wrapping) {
  TRY_AS(disk.make_directory(where.directory), "cannot make the root's directory");
  TRY_AS(finish_exchange(disk, where), "cannot finish the change of the root's passphrase");
  auto file =
      TRY_AS(disk.open(where.path(), base::Open::update), "cannot open the root holder's file");
  // Only what a crash left unmade is filled in: a slot that is there is never touched here.
  const std::uint64_t size = TRY(file->size());
  if (size < kRootSlots * kRootBlockSize) {
    TRY(file->write_at(size, base::Bytes(kRootSlots * kRootBlockSize - size)));
    TRY(file->sync());
  }
  TRY(disk.sync_directory(where.directory));
  TRY(disk.sync_directory(base::parent_of(where.directory)));
  std::unique_ptr<FileRootHolder> holder(new FileRootHolder(std::move(file)));
  if (wrapping != nullptr) TRY(holder->take_wrap(*wrapping));
  return holder;
}

/// The key that the file is wrapped in, or a new one where it holds nothing yet.
Result<void> FileRootHolder::take_wrap(const Wrapping& wrapping) {
  entropy_ = &wrapping.entropy;
  for (std::size_t slot = 0; slot < kRootSlots; ++slot) {
    // It may be a root that nothing wraps.
    base::SecretBytes record(kWrappedSize);
    TRY(file_->read_at(slot * kRootBlockSize, record.mutable_view()));
    const auto wrapped = parse_wrapped(record.view());
    if (!wrapped) continue;
    RootWrap wrap = TRY(RootWrap::again(wrapping, wrapped->header));
    wrap_ = std::make_unique<RootWrap>(std::move(wrap));
    return {};
  }
  RootWrap wrap = TRY(RootWrap::make(wrapping));
  wrap_ = std::make_unique<RootWrap>(std::move(wrap));
  return {};
}

Result<std::optional<Root>> FileRootHolder::read_slot(std::size_t slot) {
  base::SecretBytes record(kWrappedSize);
  const std::size_t read = TRY(file_->read_at(slot * kRootBlockSize, record.mutable_view()));
  if (read != kWrappedSize) return std::optional<Root>();
  auto plain = parse_root(record.view().first(kRootRecordSize));
  if (plain && wrap_)
    return Error{Code::denied,
                 "the root is not wrapped: give it the passphrase first (`keys "
                 "passphrase`, or `holder passphrase`), or give none"};
  const auto wrapped = parse_wrapped(record.view());
  if (wrapped && !wrap_)
    return Error{Code::denied, "the root is wrapped in a passphrase: give --passphrase-file"};
  if (!wrapped) return plain;
  Root root = TRY(wrap_->unwrap(*wrapped));
  return std::optional(std::move(root));
}

Result<std::array<std::optional<Root>, 2>> FileRootHolder::read() {
  std::array<std::optional<Root>, kRootSlots> roots;
  for (std::size_t slot = 0; slot < kRootSlots; ++slot) {
    auto root = TRY(read_slot(slot));
    roots[slot] = std::move(root);
  }
  return roots;
}

Result<void> FileRootHolder::write(std::size_t slot, const Root& root) {
  base::SecretBytes block(kRootBlockSize);
  if (wrap_)
    std::ranges::copy(wrap_->wrap(root, *entropy_), block.mutable_view().begin());
  else
    std::ranges::copy(encode_root(root).view(), block.mutable_view().begin());
  return replace_root_block(*file_, slot, block.view());
}

Result<void> FileRootHolder::destroy(std::size_t slot) {
  return replace_root_block(*file_, slot, base::Bytes(kRootBlockSize));
}

}  // namespace keys
