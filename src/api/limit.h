// What may be tried how often, at the door of a route: one line in its handler. Says on the answer
// how much is left (RateLimit and RateLimit-Policy of draft-ietf-httpapi-ratelimit-headers-11) and,
// where it is to wait, for how long (Retry-After).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "accounts/entrance.h"
#include "accounts/throttle.h"
#include "api/api.h"

namespace api {

/// What is tried: each has its quotas (accounts/throttle.h).
enum class Act : std::uint8_t {
  follow,         // a link that was mailed, or its code
  recover,        // to be mailed one that sets a password
  prove_address,  // to be mailed one that proves an address
};

/// Counts a try, for `address` where it is about one. Code::exhausted (429) where it is to wait.
base::Result<void> limit(const Parts& parts, const http::Request& request, Act act,
                         const vault::Address* address = nullptr);
/// Counts a sign-up. With the `token` of a mail that a sign-up with this address brought there, it
/// counts by that mail and not by the address: so whoever reads its mails has tries of her own,
/// however often others have asked for it.
base::Result<void> limit_sign_up(const Parts& parts, const http::Request& request,
                                 const vault::Address& address, std::string_view token);
/// Counts a try to prove a sign-up's address with the `token` of its mail: one that is waited for
/// by itself, so that nobody without the mail uses its tries up; one that is none by the network.
base::Result<void> limit_verify(const Parts& parts, const http::Request& request,
                                std::string_view token);

/// Counts what somebody tries to prove who she is, other than at a login's first step; is taken
/// back where it was right. Each begin: Code::exhausted where it is to wait.
class ProofTry {
 public:
  /// With a password, a code or a passkey, by whoever is logged in already.
  static base::Result<ProofTry> begin(const Parts& parts, const http::Request& request,
                                      base::UserId user);
  /// At the second step of a login as `user`: for each network by itself, so that whoever knows her
  /// password locks out nobody but her, where he is; and whoever does not, not even there: what
  /// others try in her network counts for their passwords alone.
  static base::Result<ProofTry> begin_second_step(const Parts& parts, const http::Request& request,
                                                  base::UserId user);
  /// With a passkey alone: who it is shows when it is right. By network, and apart from passwords.
  static base::Result<ProofTry> begin_passkey(const Parts& parts, const http::Request& request);
  /// With the password of a link, by whoever has the link: for each link by itself.
  static base::Result<ProofTry> begin_link(const Parts& parts, const http::Request& request,
                                           base::RecordId link);
  void was_right();

 private:
  ProofTry(const Parts& parts, const http::Request& request, accounts::Knock knock)
      : parts_(parts), request_(request), knock_(std::move(knock)) {}
  static base::Result<ProofTry> count(const Parts& parts, const http::Request& request,
                                      std::vector<accounts::Count> counts);
  const Parts& parts_;
  const http::Request& request_;
  accounts::Knock knock_;
};

/// Counts a login: all but a wrong password is taken back, and right ones have a quota of their
/// own.
class LoginTry {
 public:
  /// Code::exhausted where it is to wait.
  static base::Result<LoginTry> begin(const Parts& parts, const http::Request& request,
                                      const vault::Address& email, const accounts::Visit& visit);
  void was_wrong() { wrong_ = true; }
  /// Code::exhausted where there were so many right ones that it is to wait.
  base::Result<void> was_right();
  ~LoginTry();
  LoginTry(LoginTry&& other) noexcept;

 private:
  LoginTry(const Parts& parts, const http::Request& request, accounts::Knock knock)
      : parts_(parts), request_(request), knock_(std::move(knock)) {}
  const Parts& parts_;
  const http::Request& request_;
  accounts::Knock knock_;  // without counts: moved from
  bool wrong_ = false;
};

/// Counts an invitation by the account that it is from, by the address that it is to, from that
/// account and from all.
base::Result<void> limit_invitation(const Parts& parts, const http::Request& request,
                                    base::AccountId account, const vault::Address& address);

/// Counts the use of a token by itself, and one that is none by the network that it comes from.
base::Result<void> limit_token(const Parts& parts, const http::Request& request,
                               const std::optional<accounts::TokenIdentity>& token);

}  // namespace api
