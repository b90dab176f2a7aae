// What the pages about the people of an account show, as plain structs beside those of models.h, by
// whose rules they go: who is in it, the accounts of a person, an invitation that was followed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pages/models.h"

namespace pages {

enum class MembersNote : std::uint8_t {
  none,
  invited,
  withdrawn,
  role_changed,
  removed,
  offered,
  taken_back,
  accepted,
  joined
};

struct MemberRow {
  std::string id;
  PersonalText legal_name;
  PersonalText email;  // empty where the visitor does not see it
  std::string role;    // owner, admin, member or reader
  Ticked self = Ticked::no;
};

struct InvitationRow {
  std::string id;
  PersonalText email;
  std::string role;
  base::Time expires;
};

/// What waits to be accepted by another owner.
struct OfferRow {
  PersonalText to;
  base::Time expires;
  Ticked to_visitor = Ticked::no;
};

/// /account/members. Its forms say in `account` which one they are of, and post to:
///  - /account/members/invite: email, role
///  - /account/members/withdraw: invitation
///  - /account/members/role: member, role
///  - /account/members/remove: member
///  - /account/members/offer: member
///  - /account/members/offer/{accept,withdraw} and /account/leave, without other fields
struct MembersPage {
  std::string account;
  std::vector<MemberRow> members;
  std::vector<InvitationRow> invitations;
  std::optional<OfferRow> offer;
  Ticked administers = Ticked::no;
  Ticked owns = Ticked::no;
  Ticked several = Ticked::no;  // whether the visitor belongs to another account too
  MembersNote note = MembersNote::none;
  PersonalText email;  // what was typed
  std::string role;    // what was chosen
  FieldErrors errors;
};

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
