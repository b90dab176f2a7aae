// A tree that grows on disk: leaves in, bundles and tiles out as they fill. Owns the edge, the last
// bundle and the names of what has filled; the sequencer and a mirror grow their logs with it.
// Never decides when anything is durable or published.
#pragma once

#include "ledger/edge.h"
#include "ledger/ledger.h"
#include "ledger/log_files.h"

namespace ledger {

class Growth {
 public:
  /// From an empty tree.
  Growth() = default;
  /// From the tree of `edge`, whose last, partial bundle is `tail`.
  Growth(Edge edge, base::Bytes tail) : edge_(std::move(edge)), tail_(std::move(tail)) {}

  const Edge& edge() const noexcept { return edge_; }
  /// Adds a leaf and writes what it fills. After an error this must be dropped.
  base::Result<void> add(LogFiles& files, const Leaf& leaf);
  /// Writes the partial tiles and the partial bundle of the tree of this size, but for those that
  /// the tree of `published` leaves has too: a crash may tear what is written, and they are relied
  /// upon.
  base::Result<void> put_partials(LogFiles& files, std::uint64_t published) const;
  /// Removes the partial forms of what was filled. What cannot be removed does no harm: no error.
  void drop_partials(LogFiles& files);

 private:
  Edge edge_;
  base::Bytes tail_;
  std::vector<std::string> filled_;
};

}  // namespace ledger
