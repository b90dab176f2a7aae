// The replicas that this server has: what an erasure tells them and asks of them. Owns no thread
// and no replicator, only who is there.
#pragma once

#include <vector>

#include "holder/replicator.h"
#include "keys/following.h"

namespace holder {

class Replicas final : public keys::Followers {
 public:
  Replicas(base::Clock& clock, std::vector<Replicator*> replicators)
      : clock_(clock), replicators_(std::move(replicators)) {}
  base::Result<void> intend() override;
  std::vector<keys::Following> await(std::uint64_t epoch, base::Duration patience) override;
  /// Asks them all whether another host has taken the service over, and waits shortly: whether one
  /// says so. Who is away is not waited for, and says nothing.
  bool say_replaced();
  /// After each commit.
  void wake();

 private:
  bool any_replaced();

  base::Clock& clock_;
  const std::vector<Replicator*> replicators_;
};

}  // namespace holder
