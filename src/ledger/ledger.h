// The transparency log: fixed-size leaves in, proofs out, in the C2SP formats (tlog-tiles, signed
// note checkpoints, tlog-proof; hashes by RFC 6962). Owns the pending leaves, the tiles and the
// signer. Knows no personal data: a leaf is two digests, without type and without time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/disk.h"
#include "base/mandate.h"
#include "base/wait.h"
#include "ledger/tlog.h"
#include "store/store.h"

namespace ledger {

/// What an owner can enumerate (label) and open (commit): see vault/journal.h.
struct Leaf {
  base::Digest label{};
  base::Digest commit{};
  /// ver u8 | label 32 | commit 32: the entry as it stands in the bundle.
  base::Bytes encode() const;
  /// The inverse; Code::corrupt for anything else.
  static base::Result<Leaf> decode(base::View entry);
};
inline constexpr std::size_t kLeafBytes = 65;

/// Names a leaf that a transaction appended.
enum class Ticket : std::int64_t {};

/// Safe from any thread. What nobody waits for is sequenced by tick().
class Ledger {
 public:
  static store::Schema schema();

  /// Opens the log in `directory`, or makes it. Tiles and bundles that are missing are made again
  /// from the leaves; Code::corrupt where the published checkpoint and the store disagree (one of
  /// them was rolled back). `mandate` is confirmed before a larger tree is signed, and nothing is
  /// signed once it has ended: base::replaced_host(). Borrowed; nobody: it never ends.
  static base::Result<std::unique_ptr<Ledger>> open(store::Store& store, base::Disk& disk,
                                                    base::Wait& wait, base::Clock& clock,
                                                    const std::string& directory,
                                                    std::string origin, base::SigningKey signer,
                                                    base::Mandate* mandate = nullptr);
  /// Fills an empty store with the leaves of the log in `directory`, whose checkpoint must be
  /// signed by `verifier_key`, for a restore where the store was lost; open() then remembers the
  /// tree. What an earlier call, cut short, has filled in stays; the entry of a change of origin is
  /// added where the log lacks it. Answers how many leaves the store has. Code::conflict where it
  /// has others than the log, Code::corrupt where the log is damaged.
  static base::Result<std::uint64_t> refill(store::Store& store, base::Disk& disk,
                                            const std::string& directory,
                                            const std::string& verifier_key);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Leaves `leaf` pending in the transaction of the change that it records. A leaf whose label is
  /// there already is the same entry asked for again: its ticket is answered; Code::conflict where
  /// that entry has another commit.
  base::Result<Ticket> append(store::Tx& tx, const Leaf& leaf);
  /// Whether an entry with this label was ever appended.
  static base::Result<bool> has(store::Reader& reader, const base::Digest& label);
  /// Waits until the leaf stands in a signed checkpoint, flushing at once; answers its index. Call
  /// it after append's transaction has committed: Code::missing where that has not.
  base::Result<std::uint64_t> await(Ticket ticket);
  /// Sequences what is pending.
  base::Result<void> tick();

  /// The signed checkpoint in force (a C2SP signed note).
  std::string checkpoint();
  /// The inclusion proof of `index` in the checkpoint in force, as C2SP tlog-proof text.
  base::Result<std::string> prove(std::uint64_t index);
  /// The verifier key (C2SP vkey: name+hash+base64) that checkpoints are signed under.
  const std::string& verifier_key() const;
  const std::string& origin() const;
  /// How the key was handed over (handover.h); empty while it never was.
  base::Result<std::string> key_chain();
  /// Leaves in the checkpoint in force.
  std::uint64_t size();

 private:
  struct Impl;
  explicit Ledger(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ledger
