// How a log's signing key is followed by the next one, or its origin by another: statements signed
// by both verifier keys, each naming the tree at which the one ends and the other begins, in one
// append-only file of the log (`keys`). Text in, text out; owns nothing. A chain that has been
// parsed is verified in itself; whether its log is the right one, only a key known beforehand
// tells. docs/formats/ledger.md describes the file.
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
  TreeHead head;  // the last tree of `from` that counts, and the first of `to`
};

/// Whether the log goes on under another origin, by the same key: what was signed under the old one
/// beyond that tree is lost, and is never signed again under the same name. Else it is the key that
/// changes, under the same origin.
inline bool moves_origin(const VerifierKey& from, const VerifierKey& to) {
  return from.name != to.name;
}

/// The entry that a change of the key leaves as the log's last leaf under the old one, or a change
/// of the origin as its first under the new one. Anybody can make it again: it discloses what is
/// public anyway.
Leaf handover_leaf(const VerifierKey& from, const VerifierKey& to);
Leaf origin_leaf(const Handover& handover);

/// The statement as it stands in the chain. CHECKs that either the key or the origin changes.
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
/// one before it ended, goes to a verifier key that was not there before, and never to a smaller
/// tree. An empty chain is a log whose key was never rotated: it gives no keys.
base::Result<KeyHistory> parse_chain(std::string_view chain);
/// The chain of the log in `directory`; no keys where there is none.
base::Result<KeyHistory> read_chain(base::Disk& disk, const std::string& directory);
/// The name under which the log in `directory` goes on, which began as `origin`. Code::conflict
/// where it began under another.
base::Result<std::string> origin_in_force(base::Disk& disk, const std::string& directory,
                                          const std::string& origin);

/// Has the log in `directory` go on as `origin`, by the same key, from the tree of its checkpoint:
/// appends the statement. Ledger::refill adds the entry, Ledger::open signs under the new name.
/// Content where it goes on so already.
base::Result<void> change_origin(base::Disk& disk, const std::string& directory,
                                 const std::string& origin, const base::SigningKey& signer);

/// Whether publish_handover would take it: asked before the old key is destroyed.
base::Result<void> check_handover(base::Disk& disk, const std::string& directory,
                                  const std::string& statement);
/// Appends the statement to the chain of the log in `directory`, durably; content where it is the
/// last one already. Code::invalid where it does not fit the chain.
base::Result<void> publish_handover(base::Disk& disk, const std::string& directory,
                                    const std::string& statement);

}  // namespace ledger
