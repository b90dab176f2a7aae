// The table of sealed records. Owns vault_record; asks nobody for leave, which is the Vault's part.
#pragma once

#include <string_view>
#include <vector>

#include "base/entropy.h"
#include "keys/keys.h"
#include "store/store.h"
#include "vault/vault.h"

namespace vault {

class Records {
 public:
  static store::Schema schema();
  Records(keys::Keys& keys, base::Entropy& entropy) : keys_(keys), entropy_(entropy) {}

  base::Result<void> put(store::Tx& tx, base::OwnerId owner, const Key& key, const Fields& fields);
  base::Result<Record> get(store::Reader& reader, base::OwnerId owner, const Key& key);
  base::Result<std::vector<Record>> list(store::Reader& reader, base::OwnerId owner,
                                         const Key& after, std::size_t records_max);
  base::Result<void> remove(store::Tx& tx, base::OwnerId owner, const Key& key);
  /// Removes the ciphertext of an owner whose key is gone.
  base::Result<void> remove_all(store::Tx& tx, base::OwnerId owner);

 private:
  keys::Keys& keys_;
  base::Entropy& entropy_;
};

}  // namespace vault
