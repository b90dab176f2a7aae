// A second copy of the log on another host, as a follower keeps it: the same static files, made
// again from the leaves and held against the signed checkpoint before it is replaced. Owns the
// copy's files. Never signs: a mirror that is handed a shorter or another tree refuses it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/disk.h"
#include "ledger/ledger.h"
#include "ledger/note.h"

namespace ledger {

/// How a checkpoint that somebody shows stands to a copy's own. `other`: not signed by a key that
/// the copy knows, beyond where that key ended, or of another history.
enum class Shown : std::uint8_t { same, older, newer, other };

/// One caller at a time.
class Mirror {
 public:
  /// Opens the copy in `directory`, or makes an empty one. Code::corrupt where it is damaged.
  static base::Result<std::unique_ptr<Mirror>> open(base::Disk& disk, const std::string& directory);
  ~Mirror();

  /// Leaves in the checkpoint that the copy has.
  std::uint64_t size() const;
  /// Leaves that are there, those included that are staged.
  std::uint64_t staged() const;
  /// That checkpoint; nothing before the first.
  std::optional<std::string> checkpoint() const;
  /// Stages leaves behind the ones that are there; `first` is the index of the first one, and what
  /// was staged and is sent again is passed over. Code::invalid where there would be a hole.
  base::Result<void> stage(std::uint64_t first, std::span<const Leaf> leaves);
  /// Forgets what is staged: it made another tree than the one that was signed.
  void unstage();
  /// Takes the log's chain of handovers (its file `keys`), durably: after it publish() takes a
  /// newer key. Code::conflict where it does not go on from the chain and the key that are there.
  base::Result<void> hand_over(const std::string& chain);
  /// Publishes `checkpoint` over what is staged: durable on return. Code::conflict where the leaves
  /// do not make its tree, its signature is not by `key`, or it is shorter; what was there stays.
  /// After Code::io nothing is staged any more: the disk may have lost it.
  base::Result<void> publish(const std::string& checkpoint, const std::string& key);
  /// What a checkpoint says of this copy; it believes none that it cannot verify.
  base::Result<Shown> compare(const std::string& checkpoint);
  /// The verifier key that the copy was published under last, and the chain that leads to it; empty
  /// before the first checkpoint, or where the key was never handed over.
  base::Result<std::string> verifier_key();
  base::Result<std::string> chain();
  /// At most `leaves_max` leaves from `first` on.
  base::Result<std::vector<Leaf>> leaves(std::uint64_t first, std::size_t leaves_max);

 private:
  struct Impl;
  explicit Mirror(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ledger
