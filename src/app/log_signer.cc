#include "app/log_signer.h"

#include <algorithm>
#include <array>

#include "keys/reserved.h"
#include "ledger/handover.h"

// A rotation, and what a crash or a failure between its steps leaves:
//  1. intent and entry   in one transaction; the note has the key to come, sealed under the one in
//                        force. From here on it is carried through: the next start goes on.
//  2. the entry is sequenced: the log's last leaf under the old key    the same
//  3. statement          into the intent's note                        the same
//  4. tree commit        the new key is in force and the old one destroyed, and with it what opens
//                        the note: the statement must come out
//  5. statement          appended to the log's chain
//  6. end of the intent
//  7. checkpoint         the same tree, signed by the new key; ledger::Ledger::open does it

namespace app {
namespace {

using base::Code;
using base::Error;
using base::Result;

// The first byte of an intent's note says whose it is; an erasure's is 1.
constexpr std::uint8_t kHandoverNote = 3;
constexpr base::Literal kSealLabel = "log signer handover v1";

/// What the intent of a rotation bears.
struct Note {
  base::Bytes sealed;     // the owner's key to come
  std::string statement;  // empty until the entry is sequenced

  base::Bytes encode() const {
    base::Bytes note{kHandoverNote};
    base::put_block(note, sealed);
    note.insert(note.end(), statement.begin(), statement.end());
    return note;
  }
  static Result<Note> parse(base::View bytes) {
    base::Reader in(bytes);
    const auto kind = in.u8();
    const auto sealed = in.block();
    if (!kind.ok() || *kind != kHandoverNote || !sealed.ok())
      return Error{Code::corrupt, "a rotation's note of no known form"};
    return Note{base::copy(*sealed), std::string(base::text(in.rest()))};
  }
};

Result<void> close_intent(store::Store& store, keys::Keys& keys) {
  return store.write(
      [&](store::Tx& tx) { return keys.finish(tx, std::array{keys::log_signer()}); });
}

/// The rotation that is not finished; nothing where none is.
Result<std::optional<keys::Keys::Unfinished>> rotation_begun(keys::Keys& keys) {
  auto unfinished = TRY(keys.unfinished());
  for (keys::Keys::Unfinished& intent : unfinished)
    if (std::ranges::find(intent.rekey, keys::log_signer()) != intent.rekey.end())
      return std::optional(std::move(intent));
  return std::optional<keys::Keys::Unfinished>();
}

/// Where the new key is in force already: publishes the statement.
Result<void> finish_rotation(store::Store& store, keys::Keys& keys, base::Disk& disk,
                             const std::string& log_directory) {
  const auto begun = TRY(rotation_begun(keys));
  if (begun) TRY(begun->looked);
  if (!begun || !begun->destroyed) return {};
  const Note note = TRY(Note::parse(begun->note));
  TRY(ledger::publish_handover(disk, log_directory, note.statement));
  return close_intent(store, keys);
}

/// All behind the intent, which is durable with the entry.
Result<std::unique_ptr<ledger::Ledger>> carry_through(const RotationParts& parts,
                                                      keys::Erasure rekeying, Note note) {
  const base::OwnerId owner = keys::log_signer();
  const base::SecretBytes old_seed = TRY(parts.keys.derive(owner, kLogSignerLabel));
  const base::SecretBytes next_seed = TRY(rekeying.next(owner, kLogSignerLabel));
  const base::SigningKey old = TRY(base::SigningKey::from_seed(old_seed));
  base::SigningKey next = TRY(base::SigningKey::from_seed(next_seed));
  ledger::Handover handover;
  handover.from = ledger::VerifierKey::of(parts.ledger.origin(), old.public_key());
  handover.to = ledger::VerifierKey::of(parts.ledger.origin(), next.public_key());
  ledger::Ticket entry{};
  TRY(parts.store.write([&](store::Tx& tx) -> Result<void> {
    entry = TRY(parts.ledger.append(tx, ledger::handover_leaf(handover.from, handover.to)));
    return {};
  }));
  const std::uint64_t index = TRY(parts.ledger.await(entry));
  const ledger::Checkpoint last =
      TRY(ledger::open_checkpoint(parts.ledger.checkpoint(), handover.from));
  handover.head = last.head;
  if (handover.head.size != index + 1)
    return Error{Code::internal, "the log has grown behind the entry of its handover"};
  note.statement = ledger::sign_handover(handover, old, next);
  TRY(ledger::check_handover(parts.disk, parts.log_directory, note.statement));

  TRY(parts.store.write(
      [&](store::Tx& tx) { return parts.keys.intend(tx, rekeying, note.encode()); }));
  if (parts.followers != nullptr) TRY(parts.followers->intend());
  TRY(parts.keys.commit(std::move(rekeying)));
  TRY(ledger::publish_handover(parts.disk, parts.log_directory, note.statement));
  TRY(close_intent(parts.store, parts.keys));
  return ledger::Ledger::open(parts.store, parts.disk, parts.wait, parts.clock, parts.log_directory,
                              parts.ledger.origin(), std::move(next), parts.mandate);
}

}  // namespace

Result<base::SigningKey> open_log_signer(store::Store& store, keys::Keys& keys, base::Disk& disk,
                                         const std::string& log_directory) {
  TRY(finish_rotation(store, keys, disk, log_directory));
  const base::OwnerId owner = keys::log_signer();
  auto seed = keys.derive(owner, kLogSignerLabel);
  if (!seed.ok() && seed.code() == Code::missing) {
    if (TRY(disk.exists(log_directory + "/checkpoint")))
      return Error{Code::missing,
                   "there is a published log, but its signing key is not in the key tree: "
                   "refusing to start"};
    TRY(keys.mint(std::array{owner}));
    TRY(store.write([&](store::Tx& tx) { return keys.bind(tx, owner); }));
    seed = keys.derive(owner, kLogSignerLabel);
  }
  if (!seed.ok()) return seed.error();
  return base::SigningKey::from_seed(*seed);
}

Result<std::unique_ptr<ledger::Ledger>> resume_rotation(const RotationParts& parts) {
  const auto begun = TRY(rotation_begun(parts.keys));
  if (!begun) return std::unique_ptr<ledger::Ledger>();
  Note note = TRY(Note::parse(begun->note));
  const base::OwnerId owner = keys::log_signer();
  keys::Erasure rekeying = TRY(parts.keys.resume(*begun));
  const base::SecretBytes under = TRY(parts.keys.derive(owner, kSealLabel));
  TRY(rekeying.take_next(owner, under, note.sealed));
  return carry_through(parts, std::move(rekeying), std::move(note));
}

Result<std::string> rotate_log_signer(const RotationParts& parts) {
  const auto resumed = TRY(resume_rotation(parts));
  if (resumed) return resumed->verifier_key();
  const std::array owner = {keys::log_signer()};
  const base::SecretBytes old_seed = TRY(parts.keys.derive(owner[0], kLogSignerLabel));
  const base::SigningKey old = TRY(base::SigningKey::from_seed(old_seed));
  keys::Erasure rekeying = TRY(parts.keys.prepare({}, owner));
  const base::SecretBytes next_seed = TRY(rekeying.next(owner[0], kLogSignerLabel));
  const base::SigningKey next = TRY(base::SigningKey::from_seed(next_seed));
  const base::SecretBytes under = TRY(parts.keys.derive(owner[0], kSealLabel));
  Note note;
  note.sealed = TRY(rekeying.seal_next(owner[0], under));
  const ledger::Leaf entry =
      ledger::handover_leaf(ledger::VerifierKey::of(parts.ledger.origin(), old.public_key()),
                            ledger::VerifierKey::of(parts.ledger.origin(), next.public_key()));
  TRY(parts.store.write([&](store::Tx& tx) -> Result<void> {
    TRY(parts.keys.intend(tx, rekeying, note.encode()));
    TRY(parts.ledger.append(tx, entry));
    return {};
  }));
  const auto renewed = TRY(carry_through(parts, std::move(rekeying), std::move(note)));
  return renewed->verifier_key();
}

}  // namespace app
