#include "keys/root_holder.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/mutant.h"
#include "keys/root_record.h"

namespace keys {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::View;

// A slot has a block of its own, so that writing one can never tear the other.
constexpr std::size_t kBlockSize = 4096;
constexpr std::size_t kSlots = 2;

constexpr std::size_t kKeyAt = 8;
constexpr std::size_t kPageAt = 40;
constexpr std::size_t kDigestAt = 48;

/// Replaces a slot's whole block; returns when the medium holds it and says so.
Result<void> replace_block(base::File& file, std::size_t slot, View block) {
  CHECK(slot < kSlots && block.size() == kBlockSize);
  TRY(file.write_at(slot * kBlockSize, block));
  if (!base::mutated(base::Mutant::root_not_synced)) TRY(file.sync());
  base::SecretBytes back(kBlockSize);
  const std::size_t read = TRY(file.read_at(slot * kBlockSize, back.mutable_view()));
  if (read != kBlockSize || !base::equal_constant_time(back.view(), block))
    return Error{Code::io, "a root slot does not read back as it was written"};
  return {};
}

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

Result<std::unique_ptr<FileRootHolder>> FileRootHolder::open(base::Disk& disk,
                                                             const std::string& directory) {
  TRY_AS(disk.make_directory(directory), "cannot make the root's directory");
  auto file = TRY_AS(disk.open(directory + "/root.ktn", base::Open::update),
                     "cannot open the root holder's file");
  // Only what a crash left unmade is filled in: a slot that is there is never touched here.
  const std::uint64_t size = TRY(file->size());
  if (size < kSlots * kBlockSize) {
    TRY(file->write_at(size, base::Bytes(kSlots * kBlockSize - size)));
    TRY(file->sync());
  }
  TRY(disk.sync_directory(directory));
  TRY(disk.sync_directory(base::parent_of(directory)));
  return std::unique_ptr<FileRootHolder>(new FileRootHolder(std::move(file)));
}

Result<std::array<std::optional<Root>, 2>> FileRootHolder::read() {
  std::array<std::optional<Root>, kSlots> roots;
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    base::SecretBytes record(kRootRecordSize);
    const std::size_t read = TRY(file_->read_at(slot * kBlockSize, record.mutable_view()));
    if (read == kRootRecordSize) roots[slot] = parse_root(record.view());
  }
  return roots;
}

Result<void> FileRootHolder::write(std::size_t slot, const Root& root) {
  base::SecretBytes block(kBlockSize);
  const base::SecretBytes record = encode_root(root);
  std::copy_n(record.view().data(), record.size(), block.mutable_view().data());
  return replace_block(*file_, slot, block.view());
}

Result<void> FileRootHolder::destroy(std::size_t slot) {
  return replace_block(*file_, slot, base::Bytes(kBlockSize));
}

}  // namespace keys
