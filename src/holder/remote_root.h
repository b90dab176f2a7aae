// A root that another host keeps: a keys::RootHolder over a Channel. Owns nothing. Every request
// can be repeated: nobody knows of a request without an answer whether it was carried out.
#pragma once

#include "base/mandate.h"
#include "holder/channel.h"
#include "keys/root_holder.h"

namespace holder {

class RemoteRootHolder final : public keys::RootHolder {
 public:
  /// Code::unavailable from each call while the holder cannot be reached. `incarnation` is as in
  /// holder/incarnation.h, or kLooking where nothing is written. A holder that has met a newer host
  /// ends the `mandate`, which is borrowed and may be nobody's: base::replaced_host().
  RemoteRootHolder(Channel& channel, std::uint64_t incarnation, base::Mandate* mandate = nullptr)
      : channel_(channel), incarnation_(incarnation), mandate_(mandate) {}
  base::Result<std::array<std::optional<keys::Root>, 2>> read() override;
  base::Result<void> write(std::size_t slot, const keys::Root& root) override;
  base::Result<void> destroy(std::size_t slot) override;

 private:
  base::Error outwards(const base::Error& error);
  Channel& channel_;
  const std::uint64_t incarnation_;
  base::Mandate* const mandate_;
};

}  // namespace holder
