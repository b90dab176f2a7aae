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
    const std::string between = policies.empty() ? "" : ", ";
    const std::string name = std::string("\"") + left.quota.name.c_str() + "\"";
    policies += between + name + ";q=" + std::to_string(left.quota.tries) +
                ";w=" + seconds_up(left.quota.within);
    limits +=
        between + name + ";r=" + std::to_string(left.tries) + ";t=" + seconds_up(left.full_in);
  }
  if (all.empty()) return;
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

struct Quotas {
  Quota network;
  std::optional<Quota> address;
};

Quotas quotas_of(Act act) {
  switch (act) {
    case Act::sign_up:
    case Act::prove_address:
      return {accounts::kSignUpByNetwork, accounts::kSignUpByAddress};
    case Act::recover:
      return {accounts::kRecoveryByNetwork, accounts::kRecoveryByAddress};
    case Act::follow:
      break;
  }
  return {accounts::kCodeByNetwork, std::nullopt};
}

}  // namespace

base::Result<void> limit(const Parts& parts, const http::Request& request, Act act,
                         const vault::Address* address) {
  const Quotas quotas = quotas_of(act);
  std::vector<Count> counts;
  if (const auto network = network_of(parts, request)) counts.push_back({quotas.network, *network});
  if (address != nullptr && quotas.address)
    counts.push_back({*quotas.address, address->digest(parts.throttle.key())});
  if (counts.empty()) return {};
  return abide(request, parts.throttle.count(counts));
}

base::Result<ProofTry> ProofTry::count(const Parts& parts, const http::Request& request,
                                       std::vector<Count> counts) {
  TRY(abide(request, parts.throttle.count(counts)));
  return ProofTry(parts, request, std::move(counts));
}

base::Result<ProofTry> ProofTry::begin(const Parts& parts, const http::Request& request,
                                       base::UserId user) {
  return count(
      parts, request,
      {{accounts::kPasswordByUser, base::hmac_sha256(parts.throttle.key(), user.bytes())}});
}

base::Result<ProofTry> ProofTry::begin_second_step(const Parts& parts, const http::Request& request,
                                                   base::UserId user) {
  std::vector<Count> counts;
  base::Bytes of = base::copy(user.bytes());
  if (const auto network = network_of(parts, request)) {
    counts.push_back({accounts::kLoginByNetwork, *network});
    of.insert(of.end(), network->begin(), network->end());
  }
  counts.push_back({accounts::kSecondStep, base::hmac_sha256(parts.throttle.key(), of)});
  return count(parts, request, std::move(counts));
}

base::Result<ProofTry> ProofTry::begin_passkey(const Parts& parts, const http::Request& request) {
  std::vector<Count> counts;
  if (const auto network = network_of(parts, request))
    counts.push_back({accounts::kLoginByNetwork, *network});
  return count(parts, request, std::move(counts));
}

void ProofTry::was_right() {
  parts_.throttle.give_back(counts_);
  say(request_, parts_.throttle.look(counts_));
}

base::Result<LoginTry> LoginTry::begin(const Parts& parts, const http::Request& request,
                                       const vault::Address& email, const accounts::Visit& visit) {
  auto knock = TRY(parts.entrance.knock(email, visit, network_of(parts, request)));
  TRY(abide(request, knock.ruling));
  return LoginTry(parts, request, std::move(knock.counts));
}

LoginTry::LoginTry(LoginTry&& other) noexcept
    : parts_(other.parts_),
      request_(other.request_),
      counts_(std::move(other.counts_)),
      wrong_(other.wrong_) {
  other.counts_.clear();
}

LoginTry::~LoginTry() {
  if (counts_.empty() || wrong_) return;
  parts_.throttle.give_back(counts_);
  say(request_, parts_.throttle.look(counts_));
}

base::Result<void> limit_invitation(const Parts& parts, const http::Request& request,
                                    base::AccountId account, const vault::Address& address) {
  const base::View key = parts.throttle.key();
  const std::array counts = {
      Count{accounts::kInvitationByAccount, base::hmac_sha256(key, account.bytes())},
      Count{accounts::kInvitationByAddress, address.digest(key)}};
  return abide(request, parts.throttle.count(counts));
}

base::Result<void> limit_token(const Parts& parts, const http::Request& request,
                               const std::optional<accounts::TokenIdentity>& token) {
  if (token) {
    const Count count{accounts::kTokenUse,
                      base::hmac_sha256(parts.throttle.key(), token->token.bytes())};
    return abide(request, parts.throttle.count(std::span(&count, 1)));
  }
  const auto network = network_of(parts, request);
  if (!network) return {};
  const Count count{accounts::kBadTokenByNetwork, *network};
  return abide(request, parts.throttle.count(std::span(&count, 1)));
}

}  // namespace api
