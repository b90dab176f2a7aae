#include "api/api.h"

namespace api {

std::string session_cookie(const std::string& token) {
  const auto lives = std::chrono::duration_cast<std::chrono::seconds>(accounts::session_lives);
  return std::string(kSessionCookie) + "=" + token +
         "; Path=/; Max-Age=" + std::to_string(lives.count()) + "; Secure; HttpOnly; SameSite=Lax";
}

std::string ended_session_cookie() {
  return std::string(kSessionCookie) + "=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax";
}

base::Result<accounts::Identity> identify(accounts::Accounts& accounts,
                                          const http::Request& request) {
  const auto cookie = request.cookie(kSessionCookie);
  if (!cookie) return base::Error{base::Code::unauthenticated, "log in first"};
  const auto identity = TRY(accounts.session(*cookie));
  if (!identity)
    return base::Error{base::Code::unauthenticated, "this session has ended: log in again"};
  return *identity;
}

}  // namespace api
