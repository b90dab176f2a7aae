#include "keys/subkeys.h"

#include "base/mutant.h"

namespace keys {

void Subkeys::enter(std::uint64_t epoch) {
  if (epoch == epoch_ || base::mutated(base::Mutant::subkeys_not_wiped)) return;
  owners_.clear();
  epoch_ = epoch;
}

const base::SecretBytes* Subkeys::find(std::uint64_t epoch, base::OwnerId owner,
                                       base::Literal label) {
  enter(epoch);
  const Labelled* hers = owners_.find(owner);
  if (hers == nullptr) return nullptr;
  for (std::size_t i = 0; i < hers->count; ++i)
    if (hers->keys[i].first == label.c_str()) return &hers->keys[i].second;
  return nullptr;
}

void Subkeys::put(std::uint64_t epoch, base::OwnerId owner, base::Literal label,
                  const base::SecretBytes& key) {
  if (find(epoch, owner, label) != nullptr) return;
  Labelled* hers = owners_.find(owner);
  if (hers == nullptr) hers = &owners_.put(owner, {});
  if (hers->count < labels_max) hers->keys[hers->count++] = {label.c_str(), key.clone()};
}

}  // namespace keys
