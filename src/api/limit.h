// What may be tried how often, at the door of a route: one line in its handler. Says on the answer
// how much is left (RateLimit and RateLimit-Policy of draft-ietf-httpapi-ratelimit-headers-11) and,
// where it is to wait, for how long (Retry-After).
#pragma once

#include <optional>
#include <vector>

#include "accounts/entrance.h"
#include "accounts/throttle.h"
#include "api/api.h"

namespace api {

/// What is tried: each has its quotas (accounts/throttle.h).
enum class Act : std::uint8_t {
  sign_up,
  follow,         // a link that was mailed, or its code
  recover,        // to be mailed one that sets a password
  prove_address,  // to be mailed one that proves another address
};

/// Counts a try, for `address` where it is about one. Code::exhausted (429) where it is to wait.
base::Result<void> limit(const Parts& parts, const http::Request& request, Act act,
                         const vault::Address* address = nullptr);

/// Counts what somebody tries to prove who she is, other than at a login's first step; is taken
/// back where it was right. Each begin: Code::exhausted where it is to wait.
class ProofTry {
 public:
  /// With a password, a code or a passkey, by whoever is logged in already.
  static base::Result<ProofTry> begin(const Parts& parts, const http::Request& request,
                                      base::UserId user);
  /// At the second step of a login as `user`: for each network by itself, so that whoever knows her
  /// password locks out nobody but those who come from where he does.
  static base::Result<ProofTry> begin_second_step(const Parts& parts, const http::Request& request,
                                                  base::UserId user);
  /// With a passkey alone: who it is shows when it is right.
  static base::Result<ProofTry> begin_passkey(const Parts& parts, const http::Request& request);
  void was_right();

 private:
  ProofTry(const Parts& parts, const http::Request& request, std::vector<accounts::Count> counts)
      : parts_(parts), request_(request), counts_(std::move(counts)) {}
  static base::Result<ProofTry> count(const Parts& parts, const http::Request& request,
                                      std::vector<accounts::Count> counts);
  const Parts& parts_;
  const http::Request& request_;
  std::vector<accounts::Count> counts_;
};

/// Counts a login: all but a wrong password is taken back.
class LoginTry {
 public:
  /// Code::exhausted where it is to wait.
  static base::Result<LoginTry> begin(const Parts& parts, const http::Request& request,
                                      const vault::Address& email, const accounts::Visit& visit);
  void was_wrong() { wrong_ = true; }
  ~LoginTry();
  LoginTry(LoginTry&& other) noexcept;

 private:
  LoginTry(const Parts& parts, const http::Request& request, std::vector<accounts::Count> counts)
      : parts_(parts), request_(request), counts_(std::move(counts)) {}
  const Parts& parts_;
  const http::Request& request_;
  std::vector<accounts::Count> counts_;  // empty: moved from
  bool wrong_ = false;
};

/// Counts an invitation by the account that it is from and by the address that it is to.
base::Result<void> limit_invitation(const Parts& parts, const http::Request& request,
                                    base::AccountId account, const vault::Address& address);

/// Counts the use of a token by itself, and one that is none by the network that it comes from.
base::Result<void> limit_token(const Parts& parts, const http::Request& request,
                               const std::optional<accounts::TokenIdentity>& token);

}  // namespace api
