#include "holder/caller_key.h"

#include <limits>

#include "keys/rewrap.h"
#include "keys/root_record.h"
#include "keys/root_wrap.h"

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kSeedSize = 32;
// No page has that number: no root of a tree is taken for a key, nor the other way round.
constexpr std::uint64_t kPage = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kEpoch = 1;

Error damaged() { return {Code::corrupt, "the key to the holders (holders.key) is damaged"}; }

/// The beginning of the file: the seed alone, or a slot's record.
Result<base::SecretBytes> read_head(base::Disk& disk, const std::string& root) {
  const auto file = TRY(disk.open(caller_file(root).path(), base::Open::read));
  base::SecretBytes head(keys::kWrappedSize);
  const std::size_t read = TRY(file->read_at(0, head.mutable_view()));
  if (read == head.size()) return head;
  if (read != kSeedSize) return damaged();
  return base::SecretBytes::copy_of(head.view().first(kSeedSize));
}

Result<base::SecretBytes> seed_of(std::optional<keys::Root> record) {
  if (!record || record->epoch != kEpoch || record->page != kPage) return damaged();
  return std::move(record->key);
}

Result<base::SecretBytes> read_seed(base::Disk& disk, const std::string& root,
                                    const keys::Wrapping* wrapping) {
  base::SecretBytes head = TRY(read_head(disk, root));
  if (head.size() == kSeedSize) return head;
  const auto wrapped = keys::parse_wrapped(head.view());
  if (!wrapped) return seed_of(keys::parse_root(head.view().first(keys::kRootRecordSize)));
  if (wrapping == nullptr)
    return Error{Code::denied,
                 "the key to the holders is wrapped in a passphrase: give --passphrase-file"};
  const auto wrap = TRY(keys::RootWrap::again(*wrapping, wrapped->header));
  auto record = wrap.unwrap(*wrapped);
  if (!record.ok() && record.code() == Code::denied)
    return Error{Code::denied,
                 "the passphrase is not the one that the key to the holders is wrapped in"};
  if (!record.ok()) return record.error();
  return seed_of(std::move(*record));
}

Result<void> write_seed(base::Disk& disk, const std::string& root, base::SecretBytes seed,
                        const keys::Wrapping* wrapping) {
  std::array<std::optional<keys::Root>, 2> records;
  records[0] = keys::Root{kEpoch, std::move(seed), kPage};
  return keys::exchange_roots(disk, caller_file(root), records, wrapping);
}

}  // namespace

keys::RootFile caller_file(const std::string& root) { return {root, "holders.key"}; }

Result<Identity> caller_identity(base::Disk& disk, base::Entropy& entropy, const std::string& root,
                                 const keys::Wrapping* wrapping) {
  TRY_AS(keys::finish_exchange(disk, caller_file(root)),
         "cannot finish the change of the passphrase of the key to the holders");
  if (!TRY(disk.exists(caller_file(root).path()))) {
    base::SecretBytes seed(kSeedSize);
    entropy.fill(seed.mutable_view());
    TRY_AS(write_seed(disk, root, std::move(seed), wrapping), "cannot make a key to the holders");
  }
  return look_up_caller(disk, root, wrapping);
}

Result<Identity> look_up_caller(base::Disk& disk, const std::string& root,
                                const keys::Wrapping* wrapping) {
  const auto seed = TRY(read_seed(disk, root, wrapping));
  return Identity::from_seed(seed, Side::caller);
}

Result<keys::RootFileHolds> look_at_caller_key(base::Disk& disk, const std::string& root) {
  const auto head = TRY(read_head(disk, root));
  if (head.size() == kSeedSize) return keys::RootFileHolds::plain;
  return keys::look_at_root_file(disk, caller_file(root));
}

Result<void> renew_caller_key(base::Disk& disk, const std::string& root) {
  TRY(keys::finish_exchange(disk, caller_file(root)));
  if (!TRY(disk.exists(caller_file(root).path()))) return {};
  auto head = TRY(read_head(disk, root));
  if (head.size() != kSeedSize) return {};
  return write_seed(disk, root, std::move(head), nullptr);
}

}  // namespace holder
