// One bucket of the directory, opened: who is listed under which keyed digest of an address. Owns
// its entries; knows no address and no key.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/crypto.h"
#include "base/id.h"
#include "vault/vault.h"

namespace vault {

class Bucket {
 public:
  static constexpr std::size_t entries_max = 1 << 20;

  /// version u8 | count u32 | entries by ascending tag {tag 32, user 16, account 16}.
  base::Bytes encode() const;
  /// Code::corrupt for anything that encode does not make.
  static base::Result<Bucket> decode(base::View bytes);

  /// Who is listed under `tag` in a bucket as encode makes it, without taking it apart: looks at
  /// every entry, whether or not one fits, and allocates nothing. Code::corrupt where the size is
  /// not that of its list.
  static base::Result<std::optional<Vault::Listed>> find(base::View encoded,
                                                         const base::Digest& tag);
  /// Code::conflict where the tag is there, Code::exhausted where the bucket is full.
  base::Result<void> add(const base::Digest& tag, const Vault::Listed& listed);
  /// Code::missing where the tag is not there.
  base::Result<void> replace(const base::Digest& tag, const Vault::Listed& listed);
  /// Removes the entries whose user is among `owners`, and answers how many. The account is no
  /// ground: whoever belongs to another one as well stays listed.
  std::size_t remove(std::span<const base::OwnerId> owners);

 private:
  struct Entry {
    base::Digest tag{};
    Vault::Listed listed;
  };
  std::vector<Entry> entries_;
};

}  // namespace vault
