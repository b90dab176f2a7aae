// What reaches one replica from its server: the child that dials, and the link over it. Owns both;
// the server's identity is lent. Knows nothing of what is said over it but one question: whether
// another host has taken the service over.
#pragma once

#include <string>
#include <vector>

#include "base/child.h"
#include "holder/known.h"
#include "holder/link.h"

namespace holder {

class ReplicaLine {
 public:
  struct Parts {
    base::Wait& wait;
    base::Clock& steady;
    const std::vector<std::string>& dial;  // arguments of the child, see base::Dialer
    base::Children* starter = nullptr;     // of that child, see base::Dialer
  };
  ReplicaLine(const Parts& parts, const Identity& identity, const TreeName& tree, Known known);

  const Known& known() const noexcept { return known_; }
  Link& link() noexcept { return link_; }
  /// Code::denied where the replica follows a newer host than this one. Whatever else comes (it is
  /// away, it refuses) says nothing about that, and is no reason not to start.
  base::Result<void> ask_whether_replaced(std::uint64_t incarnation);

 private:
  const Known known_;
  base::Dialer dialer_;
  Link link_;
};

}  // namespace holder
