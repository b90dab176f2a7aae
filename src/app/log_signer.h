// The log's signing key: derived from the key of a reserved owner in the key tree, so that whatever
// protects, carries and destroys owners' keys does so with it. Owns nothing.
#pragma once

#include <string>

#include "base/crypto.h"
#include "base/disk.h"
#include "keys/keys.h"
#include "ledger/ledger.h"
#include "store/store.h"

namespace app {

/// As under `keys.derive`, or as Erasure::next will have it.
inline constexpr base::Literal kLogSignerLabel = "log signer v1";

/// Publishes the statement of a rotation whose new key is in force already, and answers the signing
/// key, made where there is no log yet. Code::missing where `log_directory` has a published log and
/// the tree has no key for it: a log is never signed by another key in silence.
base::Result<base::SigningKey> open_log_signer(store::Store& store, keys::Keys& keys,
                                               base::Disk& disk, const std::string& log_directory);

struct RotationParts {
  store::Store& store;
  keys::Keys& keys;
  base::Disk& disk;
  base::Wait& wait;
  base::Clock& clock;
  ledger::Ledger& ledger;
  std::string log_directory;
  base::Mandate* mandate = nullptr;      // as Ledger::open has it
  keys::Followers* followers = nullptr;  // told and asked before the old key is destroyed
};
/// Gives the log another signing key: records it as an entry, destroys the old key, publishes the
/// statement by which both keys sign the handover, and signs the same tree with the new one. The
/// ledger that is given is used up. Answers the new verifier key. Once its entry is durable it is
/// carried through, by open_log_signer and resume_rotation where a crash or a failure stops it: no
/// entry tells of a handover that was not.
base::Result<std::string> rotate_log_signer(const RotationParts& parts);
/// Goes on with a rotation that was stopped, and answers the ledger under its new key; nothing
/// where none was. Before anything else is appended to the ledger that is given.
base::Result<std::unique_ptr<ledger::Ledger>> resume_rotation(const RotationParts& parts);

}  // namespace app
