// The replica as a holder serves it beside the root: made when the first server asks for it, in a
// directory of its own. Owns the replica. A copy that does not open is refused to the server that
// follows it, and concerns nobody else: the root beside it is served on. A wrong passphrase is said
// to whoever starts the holder.
#pragma once

#include <memory>
#include <string>

#include "holder/replica.h"

namespace holder {

class ReplicaPart final : public Handler {
 public:
  /// `directory` belongs to the replica alone, since a root in it is replaced as the server
  /// commits. `wrapping` wraps that root, `fence` is as Replica has it; borrowed, and nobody's
  /// where nothing does.
  ReplicaPart(base::Disk& disk, base::Clock& clock, std::string directory,
              const keys::Wrapping* wrapping = nullptr, Fence* fence = nullptr)
      : disk_(disk),
        clock_(clock),
        directory_(std::move(directory)),
        wrapping_(wrapping),
        fence_(fence) {}
  /// Opens the copy that is there, which finishes what a crash interrupted; content where none is.
  /// Code::denied where the passphrase is not the one of its root, is missing or needless.
  base::Result<void> recover();
  base::Result<base::Bytes> handle(Method method, base::View body) override;
  /// See Replica::tick.
  base::Result<void> tick();
  /// Pages of its tree that do not open, as far as is known.
  std::uint64_t pages_damaged() const;

 private:
  base::Result<void> open();
  base::Disk& disk_;
  base::Clock& clock_;
  const std::string directory_;
  const keys::Wrapping* const wrapping_;
  Fence* const fence_;
  std::unique_ptr<Replica> replica_;
};

}  // namespace holder
