// A root in two places: the key is A xor B, and either share alone says nothing of it. Owns
// neither holder. Each commit writes a new A; B rests where it is. Losing either share is losing
// every key; destroying the old A, or B, is destroying the old root.
#pragma once

#include "base/entropy.h"
#include "keys/root_holder.h"

namespace keys {

class SplitRootHolder final : public RootHolder {
 public:
  /// `rotating` should be the one that forgets better. Both outlive this.
  SplitRootHolder(RootHolder& rotating, RootHolder& resting, base::Entropy& entropy)
      : rotating_(rotating), resting_(resting), entropy_(entropy) {}

  /// Code::missing where there is an A and no B: nothing opens, and no other B is made over it.
  base::Result<std::array<std::optional<Root>, 2>> read() override;
  base::Result<void> write(std::size_t slot, const Root& root) override;
  base::Result<void> destroy(std::size_t slot) override;

 private:
  base::Result<std::optional<Root>> resting_share();
  base::Result<Root> make_resting_share(std::uint64_t epoch);

  RootHolder& rotating_;
  RootHolder& resting_;
  base::Entropy& entropy_;
};

}  // namespace keys
