// What the pages show on which a person changes her account, or comes back into it: see models.h.
#pragma once

#include "pages/models.h"

namespace pages {

/// /account/name: legal_name.
struct NameForm {
  PersonalText legal_name;
  FieldErrors errors;
};

/// /account/password: password (the present one), new_password, code.
struct PasswordForm {
  SecondField second;
  FieldErrors errors;
};

/// /account/address: email (the new one), password, code.
struct AddressForm {
  PersonalText email;    // what was typed
  PersonalText present;  // the one that the account has
  SecondField second;
  FieldErrors errors;
};

/// What a link in a mail leads to, for whoever has no script: the code of the mail is typed.
///  - prove_address at /address/confirm, undo_address at /address/undo: token
///  - new_password at /recover/password: token, password
///  - invitation at /invitation: token
struct FollowForm {
  enum class Link : std::uint8_t { prove_address, undo_address, new_password, invitation };
  Link link = Link::prove_address;
  PersonalText token;  // what was typed
  FieldErrors errors;
};

/// /recover: email. After it: that a mail was sent, whether or not the address was known.
struct RecoverForm {
  enum class Stage : std::uint8_t { ask, asked, undone };
  Stage stage = Stage::ask;
  PersonalText email;
  FieldErrors errors;
};

}  // namespace pages
