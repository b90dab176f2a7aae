// A person's exercise of her rights over what is kept: the inventory and the export, written once
// over all declared collections. Owns nothing; asks the gate for each category, with the notice's
// purpose for her rights, so that restriction, erasure and the notice are heeded.
#pragma once

#include "vault/collections.h"
#include "vault/content_store.h"
#include "vault/expiry.h"
#include "vault/holdings.h"
#include "vault/records.h"

namespace vault {

class Rights {
 public:
  struct Parts {
    store::Store& store;
    gate::Gate& gate;
    const Collections& collections;
    Records& records;
    const Expiries& expiries;
  };
  explicit Rights(const Parts& parts) : parts_(parts) {}

  base::Result<Inventory> inventory(gate::Actor actor, base::OwnerId owner);
  base::Result<ExportPage> page(gate::Actor actor, base::OwnerId owner, const ExportCursor& at);
  std::vector<ExportSchema> schemas() const;

 private:
  using Declared = Collections::Declared;
  base::Result<void> ask(gate::Actor actor, base::OwnerId owner, const Declared& declared);
  base::Time now(base::OwnerId owner);
  base::Result<void> add_records(store::Reader& reader, base::OwnerId owner,
                                 const Declared& declared, const ExportCursor& at,
                                 ExportPage& page);
  base::Result<void> add_content(store::Reader& reader, base::OwnerId owner,
                                 const Declared& declared, const ExportCursor& at,
                                 ExportPage& page);
  const Parts parts_;
};

}  // namespace vault
