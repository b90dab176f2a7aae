// The link between a server and its replica, and the replica's host behind it. Owns both: the link
// is cut, loses requests and answers, delivers some twice and some late; the host loses power. One
// request is in flight at a time, as Channel says.
#pragma once

#include <optional>

#include "base/faulty_disk.h"
#include "holder/channel.h"
#include "holder/replica.h"
#include "tests/sim/choice.h"
#include "tests/sim/trace.h"

namespace sim {

class Link final : public holder::Channel {
 public:
  Link(base::Wait& wait, base::Clock& clock, Trace& trace, std::uint64_t seed);
  base::Result<base::Bytes> call(holder::Method method, base::View body) override;

  /// Calls that the replica's disk still does; then its host loses power, and starts again.
  void fail_after(std::uint64_t operations) { disk_.fail_after(operations); }
  void cut(bool now) { cut_ = now; }
  std::uint64_t crashes() const noexcept { return crashes_; }

  /// The replica as it is after a start. Where it does not open, its error.
  base::Result<holder::Replica*> replica();
  base::FaultyDisk& disk() noexcept { return disk_; }

 private:
  struct Request {
    holder::Method method;
    base::Bytes body;
  };
  base::Result<base::Bytes> deliver(holder::Method method, base::View body);
  base::Result<void> start();

  base::Wait& wait_;
  base::Clock& clock_;
  Trace& trace_;
  Choice choice_;
  base::SeededEntropy entropy_;
  base::FaultyDisk disk_;
  std::unique_ptr<holder::Replica> replica_;
  std::optional<Request> late_;
  bool cut_ = false;
  std::uint64_t crashes_ = 0;
};

}  // namespace sim
