#include "vault/bucket.h"

#include <algorithm>

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::uint8_t kVersion = 1;

}  // namespace

base::Bytes Bucket::encode() const {
  base::Bytes out;
  out.push_back(kVersion);
  base::put_u32(out, static_cast<std::uint32_t>(entries_.size()));
  for (const Entry& entry : entries_) {
    const base::View user = entry.listed.user.bytes();
    const base::View account = entry.listed.account.bytes();
    out.insert(out.end(), entry.tag.begin(), entry.tag.end());
    out.insert(out.end(), user.begin(), user.end());
    out.insert(out.end(), account.begin(), account.end());
  }
  return out;
}

Result<Bucket> Bucket::decode(base::View bytes) {
  base::Reader reader(bytes);
  const std::uint8_t version = TRY(reader.u8());
  const std::uint32_t count = TRY(reader.u32());
  if (version != kVersion || count > entries_max)
    return Error{Code::corrupt, "a directory bucket of no known form"};
  Bucket bucket;
  for (std::uint32_t i = 0; i < count; ++i) {
    Entry entry;
    const base::View tag = TRY(reader.take(entry.tag.size()));
    const base::View user = TRY(reader.take(base::UserId::size));
    const base::View account = TRY(reader.take(base::AccountId::size));
    std::ranges::copy(tag, entry.tag.begin());
    entry.listed.user = TRY(base::UserId::from(user));
    entry.listed.account = TRY(base::AccountId::from(account));
    if (!bucket.entries_.empty() && bucket.entries_.back().tag >= entry.tag)
      return Error{Code::corrupt, "a directory bucket is out of order"};
    bucket.entries_.push_back(entry);
  }
  if (!reader.done()) return Error{Code::corrupt, "a directory bucket is longer than its list"};
  return bucket;
}

Result<std::optional<Vault::Listed>> Bucket::find(base::View encoded, const base::Digest& tag) {
  constexpr std::size_t kEntry = sizeof tag + base::UserId::size + base::AccountId::size;
  base::Reader reader(encoded);
  const std::uint8_t version = TRY(reader.u8());
  const std::uint32_t count = TRY(reader.u32());
  if (version != kVersion || count > entries_max)
    return Error{Code::corrupt, "a directory bucket of no known form"};
  const base::View entries = TRY(reader.take(count * kEntry));
  if (!reader.done()) return Error{Code::corrupt, "a directory bucket is longer than its list"};
  std::optional<std::size_t> at;
  for (std::size_t i = 0; i < count; ++i)
    if (base::equal_constant_time(entries.subspan(i * kEntry, sizeof tag), tag)) at = i;
  if (!at) return std::optional<Vault::Listed>();
  const base::View ids = entries.subspan(*at * kEntry + sizeof tag);
  Vault::Listed listed;
  listed.user = TRY(base::UserId::from(ids.first(base::UserId::size)));
  listed.account =
      TRY(base::AccountId::from(ids.subspan(base::UserId::size, base::AccountId::size)));
  return std::optional(listed);
}

Result<void> Bucket::add(const base::Digest& tag, const Vault::Listed& listed) {
  const auto at = std::ranges::lower_bound(entries_, tag, {}, &Entry::tag);
  if (at != entries_.end() && at->tag == tag)
    return Error{Code::conflict, "the address is listed already"};
  if (entries_.size() == entries_max)
    return Error{Code::exhausted, "a bucket of the directory is full"};
  entries_.insert(at, Entry{tag, listed});
  return {};
}

Result<void> Bucket::replace(const base::Digest& tag, const Vault::Listed& listed) {
  const auto at = std::ranges::lower_bound(entries_, tag, {}, &Entry::tag);
  if (at == entries_.end() || at->tag != tag)
    return Error{Code::missing, "the address is not listed"};
  at->listed = listed;
  return {};
}

std::size_t Bucket::remove(std::span<const base::OwnerId> owners) {
  return std::erase_if(entries_, [&](const Entry& entry) {
    return std::ranges::any_of(
        owners, [&](base::OwnerId owner) { return owner == base::owner_of(entry.listed.user); });
  });
}

}  // namespace vault
