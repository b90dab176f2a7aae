// What the pages about the accounts of a person show, as plain structs beside those of models.h, by
// whose rules they go: which there are, the way out of one, an invitation that was followed.
#pragma once

#include <string>
#include <vector>

#include "pages/models.h"

namespace pages {

struct AccountRow {
  std::string id;
  PersonalText owner;
  std::string role;
  Ticked current = Ticked::no;
};

/// /account/switch: account.
struct AccountsPage {
  std::vector<AccountRow> accounts;
};

/// /account/leave: account, password, code (where `second` asks for it).
struct LeaveForm {
  std::string account;
  SecondField second;
  Ticked several = Ticked::no;  // whether the visitor belongs to another account too
  FieldErrors errors;
};

/// /invitation, once its link was followed. Its forms carry the token on, and post to:
///  - /invitation/accept: token
///  - /invitation/signup: token, legal_name, password, adult_professional, terms, notice
///  - /invitation/decline: token
struct InvitationPage {
  enum class Way : std::uint8_t {
    sign_up,  // nobody with us has the address
    log_in,   // somebody has, and is not logged in
    accept,   // she is
    declined  // none any more: nothing else is filled in then
  };
  Way way = Way::sign_up;
  PersonalText token;
  PersonalText by_name, by_email;
  PersonalText email;  // that was invited
  std::string role;
  PersonalText legal_name;
  Ticked adult_professional = Ticked::no;
  Ticked terms = Ticked::no;
  FieldErrors errors;
};

}  // namespace pages
