// A holder on another host, as its server's Channel: connects when first asked, again after a
// break, and never takes longer than its limits say. Owns the connection; the socket comes from
// whoever dials (base/child.h).
#pragma once

#include <functional>
#include <optional>

#include "base/wait.h"
#include "holder/channel.h"
#include "holder/conversation.h"
#include "holder/dispatch.h"

namespace holder {

using Dial = std::function<base::Result<base::Descriptor>(base::Duration at_most)>;
using TreeName = std::array<std::uint8_t, 16>;

class Link final : public Channel {
 public:
  struct Peer {
    base::PublicKey key{};  // pinned: nobody else is talked to
    Lane lane = Lane::root;
    TreeName tree{};  // zeros in a restore, which learns it by tree()
  };
  struct Limits {
    base::Duration reach = std::chrono::milliseconds(1'500);     // connecting, hands shaken
    base::Duration answer = std::chrono::milliseconds(2'000);    // the whole of a call
    base::Duration rest_first = std::chrono::milliseconds(100);  // between attempts to connect
    base::Duration rest_max = std::chrono::milliseconds(2'000);
  };
  Link(const Identity& identity, Dial dial, const Peer& peer, base::Clock& steady, base::Wait& wait,
       const Limits& limits);

  /// Code::unavailable at once while an attempt to connect has just failed; Code::conflict where
  /// the holder serves another tree.
  base::Result<base::Bytes> call(Method method, base::View body) override;
  /// Connects, where that is not done yet, and asks nothing: as call() answers.
  base::Result<void> reach();
  /// From any thread: the call that waits for an answer and all later ones are Code::unavailable.
  void end() noexcept { ended_ = true; }
  /// The tree that the holder serves, as it said when last connected; nothing before.
  std::optional<TreeName> tree();

 private:
  base::Result<void> connect(base::Time until);
  base::Result<void> begin(Conversation& conversation, base::Time until);

  const Identity& identity_;
  Dial dial_;
  Peer peer_;
  base::Clock& steady_;
  Limits limits_;
  Ended ended_ = false;
  base::Mutex mutex_;
  std::optional<Conversation> conversation_;
  std::optional<TreeName> tree_;
  base::Time rest_until_{};
  base::Duration rest_{0};
};

/// Pairs with the holder that `dial` leads to: proves the code, and answers the holder's key,
/// proven by the same code. Code::unauthenticated where the code is wrong, used or too old.
base::Result<base::PublicKey> pair(const Identity& identity, const Dial& dial,
                                   const base::SecretBytes& secret, base::Clock& steady);

}  // namespace holder
