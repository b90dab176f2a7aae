// Who was brought here by an import and has not quite arrived: she has still to say that she is of
// age and here for her work and to accept the terms, or her password is still hashed as elsewhere.
// Owns a plain table of them, from which each goes once both are done. Knows no hash, only what
// trying it costs.
#pragma once

#include <optional>
#include <vector>

#include "accounts/foreign_hash.h"
#include "base/id.h"
#include "store/store.h"

namespace accounts {

/// Whether what every visitor says at sign-up is still to be said.
enum class ArrivalState : std::uint8_t { over, waiting };

struct Arrival {
  ArrivalState state = ArrivalState::over;
  std::optional<ForeignCost> cost;  // of her password's hash, where it was made elsewhere
};

class Arrivals {
 public:
  static store::Schema schema();

  /// Somebody new, in the transaction that makes her user.
  static base::Result<void> note(store::Tx& tx, base::UserId user,
                                 const std::optional<ForeignCost>& cost);
  /// Of whoever came in by the front door: arrived, with a hash of ours.
  static base::Result<Arrival> find(store::Reader& reader, base::UserId user);
  /// Every cost that somebody's hash has: each login does the work of each.
  static base::Result<std::vector<ForeignCost>> costs(store::Reader& reader);
  /// She has said and accepted what everybody does.
  static base::Result<void> arrived(store::Tx& tx, base::UserId user);
  /// Her password is hashed as ours are.
  static base::Result<void> rehashed(store::Tx& tx, base::UserId user);

  /// Those who wait and were not invited yet, by their ids from behind `after`, `most` at most.
  static base::Result<std::vector<base::UserId>> uninvited(store::Reader& reader,
                                                           base::UserId after, std::size_t most);
  static base::Result<std::uint64_t> count_uninvited(store::Reader& reader);
  /// Code::conflict where she was, or has arrived.
  static base::Result<void> invited(store::Tx& tx, base::UserId user);

  /// In the transaction that erases a user.
  static base::Result<void> forget(store::Tx& tx, base::OwnerId user);
};

}  // namespace accounts
