#include "app/log_signer.h"

#include <algorithm>
#include <array>

#include "keys/reserved.h"
#include "ledger/handover.h"

// A rotation, and what a crash between its steps leaves:
//  1. entry         the log's last leaf under the old key; without the rest it says what was
//  planned
//  2. intent        durable, with the statement in its note. The old key stands, the new one exists
//                   in memory only, so that a crash here takes it back: the intent is dropped and
//                   the statement, which nobody has seen, with it
//  3. tree commit   the new key is in force and the old one destroyed: the statement must come out
//  4. statement     appended to the log's chain
//  5. end of the intent
//  6. checkpoint    the same tree, signed by the new key; ledger::Ledger::open does it

namespace app {
namespace {

using base::Code;
using base::Error;
using base::Result;

// The first byte of an intent's note says whose it is; an erasure's is 1.
constexpr std::uint8_t kHandoverNote = 2;

base::Bytes note_of(const std::string& statement) {
  base::Bytes note{kHandoverNote};
  note.insert(note.end(), statement.begin(), statement.end());
  return note;
}

Result<std::string> statement_of(base::View note) {
  if (note.empty() || note.front() != kHandoverNote)
    return Error{Code::corrupt, "a rotation's note of no known form"};
  return std::string(base::text(note.subspan(1)));
}

Result<void> close_intent(store::Store& store, keys::Keys& keys) {
  return store.write(
      [&](store::Tx& tx) { return keys.finish(tx, std::array{keys::log_signer()}); });
}

Result<void> finish_rotation(store::Store& store, keys::Keys& keys, base::Disk& disk,
                             const std::string& log_directory) {
  const auto unfinished = TRY(keys.unfinished());
  for (const keys::Keys::Unfinished& intent : unfinished) {
    if (std::ranges::find(intent.rekey, keys::log_signer()) == intent.rekey.end()) continue;
    if (intent.destroyed) {
      const std::string statement = TRY(statement_of(intent.note));
      TRY(ledger::publish_handover(disk, log_directory, statement));
    }
    TRY(close_intent(store, keys));
  }
  return {};
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

Result<std::string> rotate_log_signer(const RotationParts& parts) {
  const std::array owner = {keys::log_signer()};
  const base::SigningKey old =
      TRY(open_log_signer(parts.store, parts.keys, parts.disk, parts.log_directory));
  keys::Erasure rekeying = TRY(parts.keys.prepare({}, owner));
  const base::SecretBytes seed = TRY(rekeying.next(owner[0], kLogSignerLabel));
  base::SigningKey next = TRY(base::SigningKey::from_seed(seed));
  ledger::Handover handover;
  handover.from = ledger::VerifierKey::of(parts.ledger.origin(), old.public_key());
  handover.to = ledger::VerifierKey::of(parts.ledger.origin(), next.public_key());

  ledger::Ticket entry{};
  TRY(parts.store.write([&](store::Tx& tx) -> Result<void> {
    entry = TRY(parts.ledger.append(tx, ledger::handover_leaf(handover.from, handover.to)));
    return {};
  }));
  TRY(parts.ledger.await(entry));
  const ledger::Checkpoint last =
      TRY(ledger::open_checkpoint(parts.ledger.checkpoint(), handover.from));
  handover.head = last.head;
  const std::string statement = ledger::sign_handover(handover, old, next);
  TRY(ledger::check_handover(parts.disk, parts.log_directory, statement));

  TRY(parts.store.write(
      [&](store::Tx& tx) { return parts.keys.intend(tx, rekeying, note_of(statement)); }));
  TRY(parts.keys.commit(std::move(rekeying)));
  TRY(ledger::publish_handover(parts.disk, parts.log_directory, statement));
  TRY(close_intent(parts.store, parts.keys));
  const auto renewed =
      TRY(ledger::Ledger::open(parts.store, parts.disk, parts.wait, parts.clock,
                               parts.log_directory, parts.ledger.origin(), std::move(next)));
  return renewed->verifier_key();
}

}  // namespace app
