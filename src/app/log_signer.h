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

/// Finishes a rotation that a crash has interrupted, and answers the signing key, made where there
/// is no log yet. Code::missing where `log_directory` has a published log and the tree has no key
/// for it: a log is never signed by another key in silence.
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
};
/// Gives the log another signing key: records it as an entry, destroys the old key, publishes the
/// statement by which both keys sign the handover, and signs the same tree with the new one. The
/// ledger that is given is used up. Answers the new verifier key. Whatever a crash leaves,
/// open_log_signer brings to one end: the old key, or the new key and its statement.
base::Result<std::string> rotate_log_signer(const RotationParts& parts);

}  // namespace app
