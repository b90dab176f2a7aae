// What a holder does with a request: the root's go to its root, the replica's and a restore's to
// its replica. Owns neither; never knows who asks (holder/server.h does).
#pragma once

#include "holder/channel.h"
#include "keys/root_holder.h"

namespace holder {

/// Which of a holder's parts a conversation is with. Each has one conversation at a time.
enum class Lane : std::uint8_t { root = 1, replica = 2, restore = 3 };

/// Whether `method` may be asked in `lane`; a restore may look at the replica's status, too.
bool belongs(std::uint8_t method, Lane lane);

/// The root's requests, answered out of a root holder in this process.
class RootPart final : public Handler {
 public:
  explicit RootPart(keys::RootHolder& holder) : holder_(holder) {}
  base::Result<base::Bytes> handle(Method method, base::View body) override;

 private:
  base::Result<base::Bytes> read();
  keys::RootHolder& holder_;
};

class Dispatch final : public Handler {
 public:
  /// `replica` may be nobody: then Code::unsupported.
  Dispatch(Handler& root, Handler* replica) : root_(root), replica_(replica) {}
  base::Result<base::Bytes> handle(Method method, base::View body) override;

 private:
  Handler& root_;
  Handler* replica_;
};

}  // namespace holder
