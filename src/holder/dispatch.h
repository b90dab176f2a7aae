// What a holder does with a request: the root's go to its root, the replica's and a restore's to
// its replica. Owns neither; never knows who asks (holder/server.h does).
#pragma once

#include "holder/channel.h"
#include "holder/fence.h"
#include "keys/root_holder.h"

namespace holder {

/// Which of a holder's parts a conversation is with. Each has one conversation at a time.
enum class Lane : std::uint8_t { root = 1, replica = 2, restore = 3 };

/// Whether `method` may be asked in `lane`; a restore may look at the replica's status, too.
bool belongs(std::uint8_t method, Lane lane);

/// Instead of an incarnation: a host that has taken nothing over yet reads the root, to see which
/// it is. Nobody is refused for it.
inline constexpr std::uint64_t kLooking = 0;

/// The root's requests, answered out of a root holder in this process. Each begins with the
/// incarnation of whoever asks.
class RootPart final : public Handler {
 public:
  RootPart(keys::RootHolder& holder, Fence& fence) : holder_(holder), fence_(fence) {}
  base::Result<base::Bytes> handle(Method method, base::View body) override;

 private:
  base::Result<base::Bytes> carry_out(Method method, base::Reader in);
  base::Result<base::Bytes> read();
  keys::RootHolder& holder_;
  Fence& fence_;
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
