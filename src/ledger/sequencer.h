// Turns committed leaves into the published log. Owns the growing edge of the tree and the order in
// which things become durable. One caller at a time: ledger.cc sees to that.
#pragma once

#include "base/mandate.h"
#include "ledger/growth.h"
#include "ledger/leaf_table.h"
#include "ledger/log_files.h"
#include "ledger/note.h"

namespace ledger {

/// A tree that has been signed, and its checkpoint as a note.
struct Published {
  TreeHead head;
  std::string note;
};

class Sequencer {
 public:
  Sequencer(store::Store& store, base::Disk& disk, const std::string& directory, std::string origin,
            base::SigningKey signer, base::Mandate* mandate);

  /// Brings directory and store to one tree, or says why that cannot be. Before anything else.
  base::Result<Published> recover();
  /// Publishes a batch of the leaves that are committed; answers nothing where there are no more.
  base::Result<std::optional<Published>> advance();

  const VerifierKey& verifier_key() const noexcept { return key_; }
  base::Result<std::string> key_chain();
  /// For proofs; safe from any thread.
  TileReader tiles();

 private:
  base::Result<void> publish_as(const std::string& note);
  base::Result<void> check_leaves(Edge from, const TreeHead& older, const TreeHead& newer);
  base::Result<void> check_tiles(const TreeHead& older, const TreeHead& newer);
  base::Result<void> make_again(std::uint64_t settled, const TreeHead& older,
                                const TreeHead& newer);
  base::Result<void> mend();
  base::Result<void> write_again(Edge from, std::uint64_t size);
  base::Result<base::Bytes> load_tail(std::uint64_t size);
  std::string sign(const TreeHead& head) const;

  LeafTable leaves_;
  LogFiles files_;
  const std::string origin_;
  const base::SigningKey signer_;
  const VerifierKey key_;
  base::Mandate* const mandate_;  // nobody: it cannot end
  Growth tree_;                   // the one that is published
  std::uint64_t settled_ = 0;     // the tiles of a tree of that size are durable
  bool settled_since_start_ = false;
};

}  // namespace ledger
