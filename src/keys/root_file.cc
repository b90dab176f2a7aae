#include "keys/root_file.h"

#include <algorithm>
#include <functional>

#include "base/mutant.h"
#include "keys/root_record.h"
#include "keys/root_wrap.h"

// An exchange, and what a crash between its steps leaves:
//  1. NAME.next: both blocks and their sum, synced, with its directory    before: the old blocks.
//                This is the commit point.
//  2. each block is written over the old one, synced and read back        the next open does it
//  again
//  3. NAME.next is overwritten with zeros and removed                     the same; then it is no
//                                                                         exchange any more

namespace keys {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::View;

constexpr std::string_view kMagic = "KTNEXT1\n";
constexpr std::size_t kBlocks = kRootSlots * kRootBlockSize;
constexpr std::size_t kDigestAt = kBlocks + kMagic.size();
constexpr std::size_t kNextSize = kDigestAt + sizeof(base::Digest);

std::string next_of(const RootFile& where) { return where.path() + ".next"; }

/// Overwrites a file as far as it reaches, and removes it.
Result<void> shred(base::Disk& disk, const std::string& path) {
  {
    auto file = disk.open(path, base::Open::read);
    if (!file.ok() && file.code() == Code::missing) return {};
    file = disk.open(path, base::Open::update);
    if (!file.ok()) return file.error();
    const base::Bytes zeros(TRY((*file)->size()));
    TRY((*file)->write_at(0, zeros));
    TRY((*file)->sync());
    base::Bytes back(zeros.size(), 1);
    if (TRY((*file)->read_at(0, back)) != zeros.size() || back != zeros)
      return Error{Code::io, "a root's file does not read back as it was overwritten"};
  }
  TRY(disk.remove(path));
  return disk.sync_directory(base::parent_of(path));
}

/// Blocks whose exchange is decided; nothing where none is, or writing them was cut short.
Result<std::optional<base::SecretBytes>> read_next(base::Disk& disk, const RootFile& where) {
  const auto file = disk.open(next_of(where), base::Open::read);
  if (!file.ok() && file.code() == Code::missing) return std::optional<base::SecretBytes>();
  if (!file.ok()) return file.error();
  base::SecretBytes all(kNextSize);
  const std::size_t read = TRY((*file)->read_at(0, all.mutable_view()));
  if (read != kNextSize || base::text(all.view().subspan(kBlocks, kMagic.size())) != kMagic ||
      !base::equal_constant_time(base::sha256(all.view().first(kDigestAt)),
                                 all.view().subspan(kDigestAt)))
    return std::optional<base::SecretBytes>();
  return std::optional(base::SecretBytes::copy_of(all.view().first(kBlocks)));
}

/// What stands in each slot, of those that are there whole.
Result<void> each_record(base::Disk& disk, const RootFile& where,
                         const std::function<void(View)>& look) {
  const auto file = TRY(disk.open(where.path(), base::Open::read));
  for (std::size_t slot = 0; slot < kRootSlots; ++slot) {
    base::SecretBytes record(kWrappedSize);
    const std::size_t read = TRY(file->read_at(slot * kRootBlockSize, record.mutable_view()));
    if (read == record.size()) look(record.view());
  }
  return {};
}

}  // namespace

Result<void> replace_root_block(base::File& file, std::size_t slot, View block) {
  CHECK(slot < kRootSlots && block.size() == kRootBlockSize);
  TRY(file.write_at(slot * kRootBlockSize, block));
  if (!base::mutated(base::Mutant::root_not_synced)) TRY(file.sync());
  base::SecretBytes back(kRootBlockSize);
  const std::size_t read = TRY(file.read_at(slot * kRootBlockSize, back.mutable_view()));
  if (read != kRootBlockSize || !base::equal_constant_time(back.view(), block))
    return Error{Code::io, "a root slot does not read back as it was written"};
  return {};
}

Result<void> exchange_root_blocks(base::Disk& disk, const RootFile& where,
                                  const base::SecretBytes& blocks) {
  CHECK(blocks.size() == kBlocks);
  base::SecretBytes all(kNextSize);
  std::ranges::copy(blocks.view(), all.mutable_view().begin());
  std::ranges::copy(kMagic, all.mutable_view().begin() + kBlocks);
  const base::Digest digest = base::sha256(all.view().first(kDigestAt));
  std::ranges::copy(digest, all.mutable_view().begin() + kDigestAt);
  {
    const auto file = TRY(disk.open(next_of(where), base::Open::update));
    TRY(file->write_at(0, all.view()));
    TRY(file->sync());
  }
  TRY(disk.sync_directory(where.directory));
  if (!TRY(finish_exchange(disk, where)))
    return Error{Code::io, "the change of the root's passphrase was taken away: try again"};
  return {};
}

Result<bool> finish_exchange(base::Disk& disk, const RootFile& where) {
  const auto blocks = TRY(read_next(disk, where));
  if (blocks) {
    const auto file = TRY(disk.open(where.path(), base::Open::update));
    for (std::size_t slot = 0; slot < kRootSlots; ++slot)
      TRY(replace_root_block(*file, slot,
                             blocks->view().subspan(slot * kRootBlockSize, kRootBlockSize)));
  }
  TRY(shred(disk, next_of(where)));
  return blocks.has_value();
}

Result<RootFileHolds> look_at_root_file(base::Disk& disk, const RootFile& where) {
  RootFileHolds holds = RootFileHolds::nothing;
  TRY(each_record(disk, where, [&](View record) {
    if (parse_root(record.first(kRootRecordSize))) holds = RootFileHolds::plain;
    if (holds == RootFileHolds::nothing && parse_wrapped(record)) holds = RootFileHolds::wrapped;
  }));
  return holds;
}

Result<std::optional<std::uint64_t>> look_at_root_epoch(base::Disk& disk, const RootFile& where) {
  std::optional<std::uint64_t> epoch;
  TRY(each_record(disk, where, [&](View record) {
    const auto root = parse_root(record.first(kRootRecordSize));
    if (root) epoch = std::min(epoch.value_or(root->epoch), root->epoch);
  }));
  return epoch;
}

Result<void> destroy_root_file(base::Disk& disk, const RootFile& where) {
  // First what would bring it back.
  TRY(shred(disk, next_of(where)));
  return shred(disk, where.path());
}

}  // namespace keys
