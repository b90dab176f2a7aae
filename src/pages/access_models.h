// What the pages about sessions and access tokens show, as plain structs beside those of models.h,
// by whose rules they go. Holds no behaviour; a token in it is shown once and kept nowhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pages/models.h"

namespace pages {

enum class SessionsNote : std::uint8_t { none, ended, others_ended };

/// A place where she is logged in.
struct SessionRow {
  std::string id;
  PersonalText program, system, country;  // words of ours and a code; empty where not known
  base::Time started, last_used;          // days
  Ticked current = Ticked::no;
};

/// /account/sessions. Two forms: POST /account/sessions/end: session; and
/// POST /account/sessions/end-others, without fields.
struct SessionsPage {
  std::vector<SessionRow> sessions;
  SessionsNote note = SessionsNote::none;
};

enum class TokensNote : std::uint8_t { none, revoked };

/// A personal access token of hers.
struct TokenRow {
  std::string id;
  PersonalText name;
  std::vector<std::string> scopes;  // their names
  base::Time created, expires;
  std::optional<base::Time> last_used;
};

/// /account/tokens: account, name, scope (repeated), days, password, code. A second form posts
/// token to /account/tokens/revoke.
struct TokensPage {
  std::string account;
  std::vector<TokenRow> tokens;
  std::vector<std::string> scopes;  // all that there are
  TokensNote note = TokensNote::none;
  PersonalText made;  // the token itself, shown once; empty: none was made
  PersonalText name;
  std::vector<std::string> ticked;
  std::string days;
  SecondField second;
  FieldErrors errors;
};

}  // namespace pages
