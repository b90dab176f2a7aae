// Owners that are nobody: fixed ids under which the program keeps keys of its own in the tree, so
// that the root protects them and replicas carry them as any other. Never erased with an account.
#pragma once

#include "base/id.h"

namespace keys {

/// Whose key the log's signing key is derived from.
inline base::OwnerId log_signer() {
  return base::OwnerId::from(base::view("the log's signer")).value();
}

}  // namespace keys
