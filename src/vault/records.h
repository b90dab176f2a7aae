// The table of sealed records. Owns vault_record; asks nobody for leave, which is the Vault's part.
#pragma once

#include <string_view>
#include <vector>

#include "base/entropy.h"
#include "keys/keys.h"
#include "store/store.h"
#include "vault/vault.h"

namespace vault {

inline constexpr base::Time kNothingExpired{};

/// The day of a time, counted from 1970: how exactly the plain columns know when.
std::int64_t day_of(base::Time time);

class Records {
 public:
  static store::Schema schema();
  Records(keys::Keys& keys, base::Entropy& entropy) : keys_(keys), entropy_(entropy) {}

  base::Result<void> put(store::Tx& tx, base::OwnerId owner, const Key& key, const Fields& fields,
                         const Stay& stay);
  /// What has expired at `now` is missing, swept or not; at kNothingExpired nothing has.
  base::Result<Record> get(store::Reader& reader, base::OwnerId owner, const Key& key,
                           base::Time now);
  base::Result<std::vector<Record>> list(store::Reader& reader, base::OwnerId owner,
                                         const Key& after, std::size_t records_max, base::Time now);

  struct Place {
    base::RecordId group;
    base::RecordId id;
  };
  struct Listed {
    Place at;
    std::uint64_t version = 0;
    std::int64_t expires = 0;     // 0: never
    base::Result<Fields> fields;  // Code::corrupt where it does not open
  };
  /// Records of a collection whatever their group, by group and id, behind `after`.
  base::Result<std::vector<Listed>> page(store::Reader& reader, base::OwnerId owner,
                                         base::Literal collection, std::optional<Place> after,
                                         std::size_t records_max, base::Time now);
  base::Result<void> remove(store::Tx& tx, base::OwnerId owner, const Key& key);
  /// Counts them, expired ones that are not swept yet included; of all groups, or of one.
  static base::Result<Usage> usage(store::Reader& reader, base::OwnerId owner,
                                   base::Literal collection, std::optional<base::RecordId> group);
  /// How many there are in the same way, without a look at any: much faster.
  static base::Result<std::uint64_t> count(store::Reader& reader, base::OwnerId owner,
                                           base::Literal collection);
  /// Removes the ciphertext of an owner whose key is gone.
  base::Result<void> remove_all(store::Tx& tx, base::OwnerId owner);

 private:
  keys::Keys& keys_;
  base::Entropy& entropy_;
};

}  // namespace vault
