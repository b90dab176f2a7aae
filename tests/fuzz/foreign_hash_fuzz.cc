// Password hashes from elsewhere: any bytes are one that we can bear the cost of, or none; what it
// costs goes through a table unchanged.
#include <cstddef>
#include <cstdint>

#include "accounts/foreign_hash.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using accounts::ForeignCost;
  using accounts::ForeignHash;
  const auto kept = ForeignCost::from({data, size});
  if (kept.ok()) CHECK(kept->bytes() == base::Bytes(data, data + size));
  const auto read = ForeignHash::parse(base::text({data, size}));
  const auto* hash = std::get_if<ForeignHash>(&read);
  if (hash == nullptr) return 0;
  const ForeignCost& cost = hash->cost();
  CHECK(cost.estimate() <= accounts::foreign_takes_max);
  CHECK(cost.memory_bytes() <= accounts::foreign_memory_bytes_max);
  CHECK(ForeignCost::from(cost.bytes()).value() == cost);
  CHECK(ForeignHash::of_nobody(cost).cost() == cost);
  return 0;
}
