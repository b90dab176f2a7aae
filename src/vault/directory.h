// The directory: from an e-mail address to who she is. 1024 sealed buckets, each under a key of its
// own, so that one person's entry can be made unreadable, in backups too, by giving one bucket a
// new key. Owns vault_directory and the owners of the buckets; an address is nowhere, only its
// keyed digest, and that only inside a bucket.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/entropy.h"
#include "base/mutant.h"
#include "keys/keys.h"
#include "store/store.h"
#include "vault/bucket.h"
#include "vault/bucket_locks.h"
#include "vault/vault.h"

namespace vault {

class Directory {
 public:
  // Few in the simulator, so that people share them: its lives know some dozens.
  static constexpr std::size_t buckets = base::simulated ? 96 : 1024;

  static store::Schema schema();
  /// Opens the directory, or makes it: the owners of all buckets in one go.
  static base::Result<std::unique_ptr<Directory>> open(store::Store& store, keys::Keys& keys,
                                                       base::Entropy& entropy, base::Wait& wait);

  base::Result<std::optional<Vault::Listed>> find(const Address& address);
  base::Result<void> enlist(store::Tx& tx, const BucketLocks::Hold& hold, const Address& address,
                            const Vault::Listed& listed);
  base::Result<void> relist(store::Tx& tx, const BucketLocks::Hold& hold, const Address& address,
                            const Vault::Listed& listed);
  /// The buckets in which these addresses stand, or would.
  base::Result<BucketLocks::Hold> hold(std::span<const Address> addresses);
  /// The buckets that have these owners.
  base::Result<BucketLocks::Hold> hold(std::span<const base::OwnerId> buckets);
  /// See Vault::rebuild_directory.
  base::Result<std::uint64_t> rebuild(const Vault::Listings& listings);

  // Erasure, while the buckets are held: from the first of these until the tree commit.
  /// The owners of the buckets that list one of `addresses` for one of `erased`.
  base::Result<std::vector<base::OwnerId>> holding(std::span<const Address> addresses,
                                                   std::span<const base::OwnerId> erased);
  /// Writes each bucket without `erased` under the key that it will have, beside the one in force.
  base::Result<void> rewrite(store::Tx& tx, const keys::Erasure& erasure,
                             std::span<const base::OwnerId> rekeyed,
                             std::span<const base::OwnerId> erased);
  /// After the tree commit: removes the buckets' older rows, which nothing opens any more.
  base::Result<void> drop_older(store::Tx& tx, std::span<const base::OwnerId> rekeyed);

 private:
  struct Place {
    std::size_t bucket = 0;
    base::Digest tag{};
  };
  Directory(store::Store& store, keys::Keys& keys, base::Entropy& entropy, base::Wait& wait)
      : store_(store), keys_(keys), entropy_(entropy), locks_(wait, buckets) {}
  base::Result<bool> load_owners();
  base::Result<void> make();
  base::Result<void> empty_all(store::Tx& tx, std::span<const base::OwnerId> minted);
  base::Result<void> replace_keyless(std::vector<base::OwnerId>& minted);
  base::Result<Place> place_of(const Address& address);
  base::Result<Bucket> read_bucket(store::Reader& reader, base::OwnerId bucket);
  /// The bucket's plain bytes; the caller wipes them.
  base::Result<base::Bytes> read_plain(store::Reader& reader, base::OwnerId bucket);
  base::Result<base::Bytes> read_stable(base::OwnerId bucket);
  /// Under the key in force.
  base::Result<void> write_in_force(store::Tx& tx, base::OwnerId bucket, const Bucket& contents);
  base::Result<void> write_bucket(store::Tx& tx, base::OwnerId bucket, const Bucket& contents,
                                  base::View subkey, std::uint64_t generation);

  store::Store& store_;
  keys::Keys& keys_;
  base::Entropy& entropy_;
  BucketLocks locks_;
  base::OwnerId system_{};             // whose subkey makes the digests
  std::vector<base::OwnerId> owners_;  // of the buckets, by number
};

}  // namespace vault
