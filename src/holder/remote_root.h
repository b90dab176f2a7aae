// A root that another host keeps: a keys::RootHolder over a Channel. Owns nothing. Every request
// can be repeated: nobody knows of a request without an answer whether it was carried out.
#pragma once

#include "holder/channel.h"
#include "keys/root_holder.h"

namespace holder {

class RemoteRootHolder final : public keys::RootHolder {
 public:
  /// Code::unavailable from each call while the holder cannot be reached.
  explicit RemoteRootHolder(Channel& channel) : channel_(channel) {}
  base::Result<std::array<std::optional<keys::Root>, 2>> read() override;
  base::Result<void> write(std::size_t slot, const keys::Root& root) override;
  base::Result<void> destroy(std::size_t slot) override;

 private:
  Channel& channel_;
};

}  // namespace holder
