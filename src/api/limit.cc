#include "api/limit.h"

#include <array>

namespace api {
namespace {

using accounts::Count;
using accounts::Quota;
using accounts::Remaining;
using accounts::Ruling;
using base::Code;
using base::Error;

std::string seconds_up(base::Duration duration) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

void note(const http::Request& request, const char* name, std::string value) {
  std::erase_if(request.on_answer, [&](const auto& header) { return header.first == name; });
  request.on_answer.emplace_back(name, std::move(value));
}

/// A list of structured fields (RFC 9651), a member a quota.
void say(const http::Request& request, const std::vector<Remaining>& all) {
  std::string policies, limits;
  for (const Remaining& left : all) {
    if (left.quota.told == Quota::Told::no) continue;
    const std::string between = policies.empty() ? "" : ", ";
    const std::string name = std::string("\"") + left.quota.name.c_str() + "\"";
    policies += between + name + ";q=" + std::to_string(left.quota.tries) +
                ";w=" + seconds_up(left.quota.within);
    limits +=
        between + name + ";r=" + std::to_string(left.tries) + ";t=" + seconds_up(left.full_in);
  }
  if (policies.empty()) return;
  note(request, "RateLimit-Policy", policies);
  note(request, "RateLimit", limits);
}

/// Says how it stands, and refuses what is to wait.
base::Result<void> abide(const http::Request& request, const Ruling& ruling) {
  say(request, ruling.left);
  if (ruling.answer == Ruling::Answer::go_on) return {};
  note(request, "Retry-After", seconds_up(ruling.wait_for));
  return Error{Code::exhausted,
               "this was tried too often: wait as long as Retry-After says, then try again"};
}

/// Of all who are not on this machine: here, nobody's network is meant.
std::optional<base::Digest> network_of(const Parts& parts, const http::Request& request) {
  if (request.client.is_loopback()) return std::nullopt;
  return request.client.network_digest(parts.throttle.key());
}

/// One that proves an address: what one network has asked for, and what comes to the address.
std::vector<Count> mails_to(const Parts& parts, const http::Request& request,
                            const vault::Address& address) {
  const base::View key = parts.throttle.key();
  const base::Digest of = address.digest(key);
  const auto network = network_of(parts, request);
  base::Bytes from;
  base::put_block(from, of);
  base::put_block(from, network ? base::View(*network) : base::View());
  return {{accounts::kSignUpByAddress, base::hmac_sha256(key, from)}, {accounts::kSignUpMails, of}};
}

/// By network and by address, where there is one.
std::vector<Count> counts_of(const Parts& parts, const http::Request& request, Act act,
                             const vault::Address* address) {
  Quota by_network = accounts::kCodeByNetwork;
  std::vector<Count> counts;
  switch (act) {
    case Act::prove_address:
      by_network = accounts::kSignUpByNetwork;
      if (address != nullptr) counts = mails_to(parts, request, *address);
      break;
    case Act::recover:
      by_network = accounts::kRecoveryByNetwork;
      if (address != nullptr)
        counts = {{accounts::kRecoveryByAddress, address->digest(parts.throttle.key())}};
      break;
    case Act::follow:
      break;
  }
  if (const auto network = network_of(parts, request))
    counts.insert(counts.begin(), {by_network, *network});
  return counts;
}

base::Digest of_token(const Parts& parts, std::string_view token) {
  return base::hmac_sha256(parts.throttle.key(), base::view(token));
}

}  // namespace

base::Result<void> limit(const Parts& parts, const http::Request& request, Act act,
                         const vault::Address* address) {
  const auto counts = counts_of(parts, request, act, address);
  if (counts.empty()) return {};
  return abide(request, parts.throttle.count(counts));
}

base::Result<void> limit_sign_up(const Parts& parts, const http::Request& request,
                                 const vault::Address& address, std::string_view token) {
  const base::View key = parts.throttle.key();
  const auto mailed = TRY(parts.accounts.mailed_to(token));
  if (!mailed || mailed->digest(key) != address.digest(key))
    return limit(parts, request, Act::prove_address, &address);
  std::vector<Count> counts = {{accounts::kSignUpByLink, of_token(parts, token)}};
  if (const auto network = network_of(parts, request))
    counts.insert(counts.begin(), {accounts::kSignUpByNetwork, *network});
  return abide(request, parts.throttle.count(counts));
}

base::Result<void> limit_verify(const Parts& parts, const http::Request& request,
                                std::string_view token) {
  const bool waits = TRY(parts.accounts.waits(token));
  if (!waits) return limit(parts, request, Act::follow);
  const Count count{accounts::kConfirmByLink, of_token(parts, token)};
  return abide(request, parts.throttle.count(std::span(&count, 1)));
}

base::Result<ProofTry> ProofTry::count(const Parts& parts, const http::Request& request,
                                       std::vector<Count> counts) {
  auto ruling = parts.throttle.count(counts);
  TRY(abide(request, ruling));
  return ProofTry(parts, request, {std::move(counts), std::move(ruling)});
}

base::Result<ProofTry> ProofTry::begin(const Parts& parts, const http::Request& request,
                                       base::UserId user) {
  return count(
      parts, request,
      {{accounts::kPasswordByUser, base::hmac_sha256(parts.throttle.key(), user.bytes())}});
}

base::Result<ProofTry> ProofTry::begin_link(const Parts& parts, const http::Request& request,
                                            base::RecordId link) {
  return count(
      parts, request,
      {{accounts::kPasswordByUser, base::hmac_sha256(parts.throttle.key(), link.bytes())}});
}

base::Result<ProofTry> ProofTry::begin_second_step(const Parts& parts, const http::Request& request,
                                                   base::UserId user) {
  base::Bytes of = base::copy(user.bytes());
  if (const auto network = network_of(parts, request))
    of.insert(of.end(), network->begin(), network->end());
  return count(parts, request,
               {{accounts::kSecondStep, base::hmac_sha256(parts.throttle.key(), of)}});
}

base::Result<ProofTry> ProofTry::begin_passkey(const Parts& parts, const http::Request& request) {
  std::vector<Count> counts;
  if (const auto network = network_of(parts, request))
    counts.push_back({accounts::kPasskeyByNetwork, *network});
  return count(parts, request, std::move(counts));
}

void ProofTry::was_right() {
  parts_.throttle.give_back(knock_.ruling.charges);
  say(request_, parts_.throttle.look(knock_.counts));
}

base::Result<LoginTry> LoginTry::begin(const Parts& parts, const http::Request& request,
                                       const vault::Address& email, const accounts::Visit& visit) {
  auto knock = TRY(parts.entrance.knock(email, visit, network_of(parts, request)));
  TRY(abide(request, knock.ruling));
  return LoginTry(parts, request, std::move(knock));
}

LoginTry::LoginTry(LoginTry&& other) noexcept
    : parts_(other.parts_),
      request_(other.request_),
      knock_(std::move(other.knock_)),
      wrong_(other.wrong_) {
  other.knock_ = {};
}

base::Result<void> LoginTry::was_right() {
  const Ruling ruling = parts_.entrance.right(knock_);
  wrong_ = ruling.answer == Ruling::Answer::wait;  // it stands, as a wrong one does
  return abide(request_, ruling);
}

LoginTry::~LoginTry() {
  if (knock_.counts.empty() || wrong_) return;
  parts_.throttle.give_back(knock_.ruling.charges);
  say(request_, parts_.throttle.look(knock_.counts));
}

base::Result<void> limit_invitation(const Parts& parts, const http::Request& request,
                                    base::AccountId account, const vault::Address& address) {
  const base::View key = parts.throttle.key();
  const base::Digest to = address.digest(key);
  base::Bytes from;
  base::put_block(from, to);
  base::put_block(from, account.bytes());
  const std::array counts = {
      Count{accounts::kInvitationByAccount, base::hmac_sha256(key, account.bytes())},
      Count{accounts::kInvitationByAddress, base::hmac_sha256(key, from)},
      Count{accounts::kInvitationMails, to}};
  return abide(request, parts.throttle.count(counts));
}

base::Result<void> limit_token(const Parts& parts, const http::Request& request,
                               const std::optional<accounts::TokenIdentity>& token) {
  if (token) {
    Quota quota = accounts::kTokenUse;
    const notice::Plan* plan = TRY(parts.plans.of(token->account));
    quota.tries = plan->token_requests_per_minute;
    const Count count{quota, base::hmac_sha256(parts.throttle.key(), token->token.bytes())};
    return abide(request, parts.throttle.count(std::span(&count, 1)));
  }
  const auto network = network_of(parts, request);
  if (!network) return {};
  const Count count{accounts::kBadTokenByNetwork, *network};
  return abide(request, parts.throttle.count(std::span(&count, 1)));
}

}  // namespace api
