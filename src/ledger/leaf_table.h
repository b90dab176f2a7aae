// The log's own tables in the store: the leaves, as two digests each, and the last tree that was
// signed. All SQL of the ledger is here. Owns the numbering: the leaves' ids are dense, since none
// is ever deleted and what is rolled back is not counted, and a leaf's index in the log is its id
// less one. So the order of commits is the order of the log, and no leaf can get another index.
#pragma once

#include <functional>
#include <optional>

#include "ledger/ledger.h"

namespace ledger {

// The leaves stay in the table after they are published, although the bundles hold them too: they
// are the source from which tiles and bundles are made again, the witness against a rolled-back
// directory, and the index by label.
class LeafTable {
 public:
  static store::Schema schema();
  explicit LeafTable(store::Store& store) : store_(store) {}

  /// Answers the leaf's index. Code::conflict where the label is another entry's.
  static base::Result<std::uint64_t> append(store::Tx& tx, const Leaf& leaf);
  static base::Result<bool> has(store::Reader& reader, const Digest& label);
  /// How many leaves are committed.
  base::Result<std::uint64_t> count();
  using OnLeaf = std::function<base::Result<void>(const Leaf&)>;
  /// Calls `on_leaf` for the committed leaves from index `from` on, at most `leaves_max`.
  base::Result<void> each(std::uint64_t from, std::uint64_t leaves_max, const OnLeaf& on_leaf);

  /// The tree that was signed last, and up to which size its tiles and bundles are durable.
  struct Remembered {
    TreeHead head;
    std::uint64_t settled = 0;
  };
  /// Nothing before the first.
  base::Result<std::optional<Remembered>> remembered();
  base::Result<void> remember(const Remembered& tree);

 private:
  store::Store& store_;
};

}  // namespace ledger
