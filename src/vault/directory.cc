#include "vault/directory.h"

#include <algorithm>

#include "vault/door.h"
#include "vault/sealing.h"

// Invariants:
//  1. Every bucket has a row of the generation that keys says is in force for its owner, and it
//     opens with the owner's key. While a bucket is re-keyed there is a second row, of the next
//     generation, durable before the tree commit makes that generation the one in force.
//  2. A bucket changes only while it is held. Reading holds nothing: where a re-keying comes
//  between
//     the look at the generation and the look at the row, it reads again.

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr base::Literal kBucketKey = "vault directory bucket v1";
constexpr base::Literal kDigestKey = "vault directory digest v1";
constexpr const char* kCollection = "directory";
// The digests' owner has the row of this number.
constexpr std::int64_t kSystemRow = -1;
constexpr int kReadsMax = 16;

SealHeader header_of(base::OwnerId bucket, std::uint64_t generation) {
  return {bucket, kCollection, {}, {}, generation};
}

}  // namespace

store::Schema Directory::schema() {
  return {"vault_directory",
          {"CREATE TABLE vault_directory ("
           " bucket INTEGER NOT NULL,"
           " generation INTEGER NOT NULL,"
           " owner BLOB NOT NULL,"
           " sealed BLOB NOT NULL,"
           " PRIMARY KEY (owner, generation)) STRICT"},
          store::Keeping::bulk,
          {{"vault_directory", "owner"}}};
}

Result<std::unique_ptr<Directory>> Directory::open(store::Store& store, keys::Keys& keys,
                                                   base::Entropy& entropy, base::Wait& wait) {
  std::unique_ptr<Directory> directory(new Directory(store, keys, entropy, wait));
  const bool there = TRY(directory->load_owners());
  if (!there) TRY(directory->make());
  return directory;
}

Result<bool> Directory::load_owners() {
  std::size_t found = 0;
  owners_.assign(buckets, {});
  TRY(store_.read([&](store::Reader& reader) {
    return reader.query("SELECT DISTINCT bucket, owner FROM vault_directory", {},
                        [&](const store::Row& row) -> Result<void> {
                          const auto owner = TRY(row.id<base::OwnerId>(1));
                          const std::int64_t number = row.integer(0);
                          ++found;
                          if (number == kSystemRow) {
                            system_ = owner;
                            return {};
                          }
                          if (number < 0 || static_cast<std::size_t>(number) >= buckets)
                            return Error{Code::corrupt, "the directory has an unknown bucket"};
                          owners_[static_cast<std::size_t>(number)] = owner;
                          return {};
                        });
  }));
  if (found == 0) return false;
  if (found != buckets + 1) return Error{Code::corrupt, "the directory lacks a bucket"};
  return true;
}

Result<void> Directory::make() {
  for (auto& owner : owners_) owner = base::OwnerId::random(entropy_);
  system_ = base::OwnerId::random(entropy_);
  std::vector<base::OwnerId> all = owners_;
  all.push_back(system_);
  TRY(keys_.mint(all));
  return store_.write([&](store::Tx& tx) { return empty_all(tx, all); });
}

/// Binds the owners that were minted, and leaves nothing but empty buckets.
Result<void> Directory::empty_all(store::Tx& tx, std::span<const base::OwnerId> minted) {
  for (const auto owner : minted) TRY(keys_.bind(tx, owner));
  TRY(tx.run("DELETE FROM vault_directory", {}));
  TRY(
      tx.run("INSERT INTO vault_directory (bucket, generation, owner, sealed) "
             "VALUES (?, 0, ?, x'')",
             {kSystemRow, system_}));
  for (const auto owner : owners_) {
    TRY(write_in_force(tx, owner, Bucket()));
  }
  return {};
}

Result<Directory::Place> Directory::place_of(const Address& address) {
  const base::SecretBytes key = TRY(keys_.derive(system_, kDigestKey));
  base::Bytes text = Door::folded(address);
  Place place;
  place.tag = base::hmac_sha256(key.view(), text);
  base::wipe(text);
  place.bucket = base::load_u64(place.tag.data()) % buckets;
  return place;
}

Result<base::Bytes> Directory::read_plain(store::Reader& reader, base::OwnerId bucket) {
  const std::uint64_t generation = TRY(keys_.generation(bucket));
  const base::SecretBytes subkey = TRY(keys_.derive(bucket, kBucketKey));
  std::optional<base::Bytes> plain;
  TRY(reader.query("SELECT sealed FROM vault_directory WHERE owner = ? AND generation = ?",
                   {bucket, generation}, [&](const store::Row& row) -> Result<void> {
                     plain = TRY(
                         open_record(subkey.view(), header_of(bucket, generation), row.blob(0)));
                     return {};
                   }));
  // The keys are never older than a store of theirs; an older store was put beside them.
  if (!plain.has_value())
    return Error{Code::unavailable,
                 "the directory of addresses is older than the keys: a restore makes it anew"};
  return std::move(*plain);
}

Result<Bucket> Directory::read_bucket(store::Reader& reader, base::OwnerId bucket) {
  base::Bytes plain = TRY(read_plain(reader, bucket));
  auto contents = Bucket::decode(plain);
  base::wipe(plain);
  return contents;
}

Result<base::Bytes> Directory::read_stable(base::OwnerId bucket) {
  for (int reads = 0;; ++reads) {
    const std::uint64_t before = TRY(keys_.generation(bucket));
    std::optional<base::Bytes> plain;
    const auto read = store_.read_once([&](store::Reader& reader) -> Result<void> {
      plain = TRY(read_plain(reader, bucket));
      return {};
    });
    if (read.ok()) return std::move(*plain);
    const std::uint64_t after = TRY(keys_.generation(bucket));
    if (before == after || reads == kReadsMax) return read.error();
  }
}

Result<void> Directory::write_bucket(store::Tx& tx, base::OwnerId bucket, const Bucket& contents,
                                     base::View subkey, std::uint64_t generation) {
  const auto number = std::ranges::find(owners_, bucket) - owners_.begin();
  CHECK(static_cast<std::size_t>(number) < buckets);
  base::Bytes plain = contents.encode();
  const base::Bytes sealed =
      seal_record(subkey, header_of(bucket, generation), plain, kBucketPadding, entropy_);
  base::wipe(plain);
  TRY(
      tx.run("INSERT INTO vault_directory (bucket, generation, owner, sealed) "
             "VALUES (?, ?, ?, ?) ON CONFLICT (owner, generation) "
             "DO UPDATE SET sealed = excluded.sealed",
             {number, generation, bucket, sealed}));
  return {};
}

Result<void> Directory::write_in_force(store::Tx& tx, base::OwnerId bucket,
                                       const Bucket& contents) {
  const base::SecretBytes subkey = TRY(keys_.derive(bucket, kBucketKey));
  const std::uint64_t generation = TRY(keys_.generation(bucket));
  return write_bucket(tx, bucket, contents, subkey.view(), generation);
}

Result<std::optional<Vault::Listed>> Directory::find(const Address& address) {
  const Place place = TRY(place_of(address));
  base::Bytes plain = TRY(read_stable(owners_[place.bucket]));
  auto listed = Bucket::find(plain, place.tag);
  base::wipe(plain);
  return listed;
}

Result<BucketLocks::Hold> Directory::hold(std::span<const Address> addresses) {
  std::vector<std::size_t> numbers;
  for (const Address& address : addresses) {
    const Place place = TRY(place_of(address));
    numbers.push_back(place.bucket);
  }
  return locks_.take(std::move(numbers));
}

Result<BucketLocks::Hold> Directory::hold(std::span<const base::OwnerId> buckets_owners) {
  std::vector<std::size_t> numbers;
  for (const base::OwnerId owner : buckets_owners) {
    const auto found = std::ranges::find(owners_, owner);
    if (found == owners_.end())
      return Error{Code::corrupt, "an erasure re-keys a bucket that the directory does not have"};
    numbers.push_back(static_cast<std::size_t>(found - owners_.begin()));
  }
  return locks_.take(std::move(numbers));
}

Result<void> Directory::enlist(store::Tx& tx, const BucketLocks::Hold& hold, const Address& address,
                               const Vault::Listed& listed) {
  const Place place = TRY(place_of(address));
  CHECK(hold.holds(place.bucket));
  const base::OwnerId owner = owners_[place.bucket];
  Bucket bucket = TRY(read_bucket(tx, owner));
  TRY(bucket.add(place.tag, listed));
  return write_in_force(tx, owner, bucket);
}

Result<void> Directory::relist(store::Tx& tx, const BucketLocks::Hold& hold, const Address& address,
                               const Vault::Listed& listed) {
  const Place place = TRY(place_of(address));
  CHECK(hold.holds(place.bucket));
  const base::OwnerId owner = owners_[place.bucket];
  Bucket bucket = TRY(read_bucket(tx, owner));
  TRY(bucket.replace(place.tag, listed));
  return write_in_force(tx, owner, bucket);
}

Result<std::vector<base::OwnerId>> Directory::holding(std::span<const Address> addresses,
                                                      std::span<const base::OwnerId> erased) {
  std::vector<base::OwnerId> found;
  for (const Address& address : addresses) {
    const Place place = TRY(place_of(address));
    const base::OwnerId owner = owners_[place.bucket];
    if (std::ranges::find(found, owner) != found.end()) continue;
    base::Bytes plain = TRY(read_stable(owner));
    auto decoded = Bucket::decode(plain);
    base::wipe(plain);
    Bucket bucket = TRY(std::move(decoded));
    if (bucket.remove(erased) > 0) found.push_back(owner);
  }
  return found;
}

Result<void> Directory::rewrite(store::Tx& tx, const keys::Erasure& erasure,
                                std::span<const base::OwnerId> rekeyed,
                                std::span<const base::OwnerId> erased) {
  for (const base::OwnerId owner : rekeyed) {
    Bucket bucket = TRY(read_bucket(tx, owner));
    bucket.remove(erased);
    const base::SecretBytes subkey = TRY(erasure.next(owner, kBucketKey));
    const std::uint64_t generation = TRY(erasure.next_generation(owner));
    TRY(write_bucket(tx, owner, bucket, subkey.view(), generation));
  }
  return {};
}

Result<void> Directory::drop_older(store::Tx& tx, std::span<const base::OwnerId> rekeyed) {
  for (const base::OwnerId owner : rekeyed) {
    const std::uint64_t generation = TRY(keys_.generation(owner));
    TRY(tx.run("DELETE FROM vault_directory WHERE owner = ? AND generation < ?",
               {owner, generation}));
  }
  return {};
}

}  // namespace vault
