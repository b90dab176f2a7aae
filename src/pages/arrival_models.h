// What the page shows to somebody whom an import has brought, at her first login; beside models.h,
// by whose rules it goes. Holds no behaviour.
#pragma once

#include <string>

#include "pages/models.h"

namespace pages {

/// Shown where /login was. Posts to /login/accept: half (what the password answered), next,
/// adult_professional (`yes` where ticked), terms (the version that is accepted, where ticked) and
/// notice (the version that is shown); or to /login/decline: half.
struct ArrivalForm {
  std::string half;
  PersonalText next = {};
  Ticked adult_professional = Ticked::no;
  Ticked terms = Ticked::no;
  FieldErrors errors = {};
};

/// The second step of a log-in, shown where /login was. Posts to /login/second: half (what the
/// first step answered), next, and code or recovery_code.
struct SecondStepForm {
  std::string half;
  bool app = false;      // whether she has an authenticator app
  bool passkey = false;  // whether she has passkeys, which the application asks for
  PersonalText next;
  FieldErrors errors;
};

}  // namespace pages
