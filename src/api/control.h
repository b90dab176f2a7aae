// The operator's face: what whoever runs the service asks of it, over a socket that only the
// server's own user can open. Opaque ids, states, days and counts go out by it, and nothing of any
// person: staff see that under a grant alone. Owns no state; has no sessions and no cookies, since
// being able to open the socket is all the proof there is.
#pragma once

#include <string>

#include "accounts/import.h"
#include "accounts/plans.h"
#include "accounts/roster.h"
#include "http/http.h"

namespace api {

struct ControlParts {
  accounts::Roster& roster;
  accounts::Import& import;
  accounts::Plans& plans;
  std::string origin;  // where links in invitations lead
};

/// /v1/accounts/, /v1/imports/
void add_control_routes(http::Router& router, const ControlParts& parts);

/// How many accounts one answer lists at most.
inline constexpr std::size_t accounts_listed_max = 500;

}  // namespace api
