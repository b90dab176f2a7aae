// Turns who a person is into a token: her password, and her second factor where she has one, open a
// session that makes one token and ends. Owns the connection and the session; keeps neither
// password nor session for longer.
#pragma once

#include <string>

#include "base/secret_bytes.h"
#include "client/http.h"
#include "client/listing.h"
#include "client/server_address.h"

namespace client {

class SignIn {
 public:
  SignIn(Http http, const ServerAddress& address)
      : http_(std::move(http)), origin_(address.origin()) {}

  enum class Next : std::uint8_t {
    done,        // the session is open
    second,      // give a second factor
    acceptance,  // she was moved here, and has to accept the terms in a browser first
  };
  base::Result<Next> password(const std::string& email, const base::SecretBytes& password);
  /// Six digits are a code of her authenticator app; anything else is a recovery code.
  base::Result<void> second(const base::SecretBytes& code);

  struct TokenWanted {
    std::string name;
    unsigned days = 0;
    bool writes = true;
  };
  struct TokenMade {
    base::SecretBytes token;
    std::string expires;
  };
  base::Result<TokenMade> make_token(const TokenWanted& wanted, const base::SecretBytes& password);
  /// Ends the session; the token lives on. Leaves the problem as it was.
  base::Result<void> leave();

  const Problem& problem() const noexcept { return problem_; }

 private:
  base::Result<Answer> post(const char* path, std::string json);

  Http http_;
  std::string origin_;
  std::string session_;  // the cookie, `name=value`
  base::SecretBytes half_;
  Problem problem_;
};

}  // namespace client
