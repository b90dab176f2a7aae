// How a log's signing key is followed by the next one: statements signed by both, each naming the
// tree at which the one ends and the other begins, in one append-only file of the log (`keys`).
// Text in, text out; owns nothing. A chain that has been parsed is verified in itself; whether its
// log is the right one, only a key known beforehand tells. docs/formats/ledger.md describes the
// file.
#pragma once

#include "base/disk.h"
#include "ledger/ledger.h"
#include "ledger/note.h"

namespace ledger {

/// More are refused, by whoever signs and by whoever reads.
inline constexpr std::size_t kHandoversMax = 100;
inline constexpr std::size_t kChainBytesMax = kHandoversMax * 2048;

struct Handover {
  VerifierKey from;
  VerifierKey to;
  TreeHead head;  // the last tree that `from` signed, and the first of `to`
};

/// The entry that the log's last leaf under the old key is. Anybody can make it again: it discloses
/// what is public anyway.
Leaf handover_leaf(const VerifierKey& from, const VerifierKey& to);

/// The statement as it stands in the chain.
std::string sign_handover(const Handover& handover, const base::SigningKey& from,
                          const base::SigningKey& to);

/// The keys of a log, oldest first, and the tree at which each but the last ended.
struct KeyHistory {
  std::vector<VerifierKey> keys;
  std::vector<TreeHead> ends;

  const VerifierKey& current() const { return keys.back(); }
  /// Which of them `verifier_key` is; nothing where it is none.
  std::optional<std::size_t> find(const VerifierKey& key) const;
  /// Whether key number `which` may have signed that tree: up to its end, and there no other.
  bool may_sign(std::size_t which, const TreeHead& head) const;
};

/// Code::invalid unless each statement is whole and signed by both of its keys, begins where the
/// one before it ended, goes to a key that was not there before, and never to a smaller tree. An
/// empty chain is a log whose key was never rotated: it gives no keys.
base::Result<KeyHistory> parse_chain(std::string_view chain);

/// Whether publish_handover would take it: asked before the old key is destroyed.
base::Result<void> check_handover(base::Disk& disk, const std::string& directory,
                                  const std::string& statement);
/// Appends the statement to the chain of the log in `directory`, durably; content where it is the
/// last one already. Code::invalid where it does not fit the chain.
base::Result<void> publish_handover(base::Disk& disk, const std::string& directory,
                                    const std::string& statement);

}  // namespace ledger
