// Who stays and who ends when an account or a membership does, as plain values: what cancelling,
// leaving and a restore say to each other, and how often they look again. Owns nothing.
#pragma once

#include <vector>

#include "accounts/contact.h"
#include "accounts/links.h"
#include "accounts/sessions.h"
#include "base/id.h"
#include "base/result.h"
#include "vault/address.h"

namespace accounts {

/// Who cancels an account, where links of mails about it lead, and by what she may: asked in the
/// transaction of the intent.
struct Cancelling {
  Identity identity;
  std::string origin;
  store::Store::Body proved;
};

struct Person {
  base::UserId user;
  Contact contact;
};

/// An account's members, when it ends: who else's data ends with it.
struct Parting {
  std::vector<base::UserId> erased, staying;
  bool operator==(const Parting&) const = default;
};

/// People whose keys are destroyed, and what goes with them.
struct Ending {
  std::vector<base::OwnerId> users;
  Links::Held links;
  std::vector<vault::Address> addresses;  // theirs, and those of the links
};

/// `attempt` once more each time that others have overtaken it (Code::stale), five times at most;
/// then Code::conflict, with `otherwise`.
template <class Attempt>
auto while_stale(const Attempt& attempt, base::Literal otherwise) -> decltype(attempt()) {
  constexpr int kTries = 5;
  for (int tried = 0; tried < kTries; ++tried) {
    auto done = attempt();
    if (done.ok() || done.code() != base::Code::stale) return done;
  }
  return base::Error{base::Code::conflict, otherwise};
}

}  // namespace accounts
