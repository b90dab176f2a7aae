// A conversation with a holder: one request, one answer, over whatever carries it (mutual TLS
// between two hosts, a call within one process in tests). Owns the names of the requests; never
// knows what is in them. Bodies may carry a root key: who makes or receives one wipes it.
#pragma once

#include <cstdint>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"

namespace holder {

/// What can be asked of a holder. As on the wire: never renumbered.
enum class Method : std::uint8_t {
  // The root, where the holder is the primary or keeps a share of it (keys/root_holder.h).
  root_read = 1,
  root_write = 2,
  root_destroy = 3,
  // The replica of the tree and of the ledger (holder/replica.h).
  replica_status = 16,
  replica_intend = 17,
  replica_pages = 18,
  replica_commit = 19,
  replica_leaves = 20,
  replica_keys = 21,
  // What a restore asks for.
  restore_begin = 32,
  restore_pages = 33,
  restore_leaves = 34,
};

inline constexpr std::size_t kBodyBytesMax = 1 << 20;

/// A holder as seen by its server. Safe from any thread; one request is in flight at a time.
class Channel {
 public:
  virtual ~Channel() = default;
  /// Code::unavailable where the holder cannot be reached or does not answer in time: nobody knows
  /// then whether the request was carried out. Other codes are the holder's own answer.
  virtual base::Result<base::Bytes> call(Method method, base::View body) = 0;
};

/// A holder as seen by itself: answers one request at a time.
class Handler {
 public:
  virtual ~Handler() = default;
  /// Code::denied says that another host has taken the service over, and nothing else: the server
  /// ends itself then. See own_failure.
  virtual base::Result<base::Bytes> handle(Method method, base::View body) = 0;
};

/// What failed within a holder, as its server may hear it: what was denied there (its passphrase
/// does not open a root) is Code::io under `why`.
inline base::Error own_failure(base::Error error, base::Literal why) {
  if (error.code() != base::Code::denied) return error;
  return {base::Code::io, why, std::move(error)};
}

}  // namespace holder
