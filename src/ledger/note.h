// Signed notes (c2sp.org/signed-note) and what a log makes of them: checkpoints (tlog-checkpoint)
// and self-contained proofs of inclusion (tlog-proof). Text in, text out; owns nothing. A note's
// text is worth nothing until open_checkpoint has verified it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "ledger/tlog.h"

namespace ledger {

/// An Ed25519 verifier key: `name+0123abcd+base64`.
struct VerifierKey {
  std::string name;
  std::uint32_t id = 0;
  base::PublicKey key{};

  static VerifierKey of(std::string name, const base::PublicKey& key);
  std::string str() const;
};
/// Code::invalid for anything that VerifierKey::str never makes.
base::Result<VerifierKey> parse_verifier_key(std::string_view text);
/// Whether a key may have this name: not empty, no spaces, no plus, no control characters.
bool valid_key_name(std::string_view name);

/// A note taken apart; nothing in it is verified.
struct Note {
  struct Signature {
    std::string name;
    std::uint32_t id = 0;
    base::Bytes bytes;
  };
  std::string text;  // with its final newline
  std::vector<Signature> signatures;
};
/// Code::invalid where it is not a note, Code::too_large over 64 KiB or 64 signatures.
base::Result<Note> parse_note(std::string_view text);
/// `text` (which ends in a newline) signed, as a note.
std::string sign_note(std::string_view text, const std::string& name,
                      const base::SigningKey& signer);
/// Code::denied unless the note is signed by `key`, and wherever a signature claims so wrongly.
base::Result<void> verify_note(const Note& note, const VerifierKey& key);

struct Checkpoint {
  std::string origin;
  TreeHead head;
};
std::string sign_checkpoint(const Checkpoint& checkpoint, const base::SigningKey& signer);
/// The checkpoint in a note's text, unverified.
base::Result<Checkpoint> parse_checkpoint(const Note& note);
/// Verified: signed by `key`, and the origin is the key's name, as in every log of ours.
base::Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key);

/// A leaf's proof with the checkpoint that it leads to, as C2SP tlog-proof text.
struct InclusionProof {
  std::uint64_t index = 0;
  Proof hashes;
  std::string checkpoint;  // a signed note
};
std::string format_proof(const InclusionProof& proof);
/// Extra data is refused: nothing of ours writes any, and it is not authenticated.
base::Result<InclusionProof> parse_proof(std::string_view text);

}  // namespace ledger
