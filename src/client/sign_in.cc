#include "client/sign_in.h"

#include <nlohmann/json.hpp>

#include "client/remote.h"

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;
using nlohmann::json;

constexpr std::size_t kAnswerBytes = 64UL << 10;
constexpr Patience kPatience = {
    .connect_ms = 10'000, .whole_ms = 60'000, .slowest_bytes_per_second = 1, .slowest_seconds = 60};
constexpr std::string_view kSession = "__Host-session=";

Error odd() { return {Code::corrupt, "the server's answer is not what it should be"}; }

void wipe(std::string& text) {
  base::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
}

/// Letters, digits, `-` and `_`: what may stand in a header and in a file.
bool plain(std::string_view text) {
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
          c == '_'))
      return false;
  return !text.empty() && text.size() <= 256;
}

/// The cookie of the session; empty where the answer sets none.
std::string session_of(const Head& head) {
  for (const auto& [name, value] : head.fields) {
    if (name != "set-cookie" || !value.starts_with(kSession)) continue;
    const std::string cookie = value.substr(0, value.find(';'));
    if (plain(std::string_view(cookie).substr(kSession.size()))) return cookie;
  }
  return {};
}

std::string text_in(const json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string dumped(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

Result<Answer> SignIn::post(const char* path, std::string text) {
  OutgoingText body(base::view(text));
  Asking asking;
  asking.method = "POST";
  asking.url = origin_ + path;
  asking.headers = {"Origin: " + origin_, "Content-Type: application/json"};
  if (!session_.empty()) asking.headers.push_back("Cookie: " + session_);
  asking.body = &body;
  asking.patience = kPatience;
  problem_ = {};
  auto answer = http_.ask(asking, kAnswerBytes);
  wipe(text);
  if (!answer.ok() || answer->head.good()) return answer;
  problem_ = parse_problem(answer->body);
  problem_.status = answer->head.status;
  return refusal(answer->head);
}

Result<SignIn::Next> SignIn::password(const std::string& email, const base::SecretBytes& password) {
  const Answer answer =
      TRY(post("/v1/login", dumped({{"email", email}, {"password", base::text(password.view())}})));
  session_ = session_of(answer.head);
  if (answer.head.status == 200) {
    if (session_.empty()) return odd();
    return Next::done;
  }
  const json said = json::parse(answer.body, nullptr, false);
  if (text_in(said, "next") == "acceptance") return Next::acceptance;
  const std::string half = text_in(said, "token");
  if (text_in(said, "next") != "second-step" || half.empty()) return odd();
  half_ = base::SecretBytes::copy_of(base::view(half));
  return Next::second;
}

Result<void> SignIn::second(const base::SecretBytes& code) {
  const std::string_view given = base::text(code.view());
  const bool digits = given.size() == 6 && given.find_first_not_of("0123456789") == given.npos;
  const Answer answer = TRY(post(
      "/v1/login/second",
      dumped({{"token", base::text(half_.view())}, {digits ? "code" : "recovery_code", given}})));
  session_ = session_of(answer.head);
  if (session_.empty()) return odd();
  return {};
}

Result<SignIn::TokenMade> SignIn::make_token(const TokenWanted& wanted,
                                             const base::SecretBytes& password) {
  json scopes = {"files:read"};
  if (wanted.writes) scopes.emplace_back("files:write");
  Answer answer = TRY(post("/v1/tokens", dumped({{"name", wanted.name},
                                                 {"scopes", scopes},
                                                 {"expires_in_days", wanted.days},
                                                 {"password", base::text(password.view())}})));
  const json said = json::parse(answer.body, nullptr, false);
  std::string token = text_in(said, "token");
  if (!plain(token)) return odd();
  TokenMade made{base::SecretBytes::copy_of(base::view(token)), text_in(said, "expires")};
  wipe(token);
  wipe(answer.body);
  return made;
}

Result<void> SignIn::leave() {
  Problem before = problem_;
  const auto left = post("/v1/logout", {});
  problem_ = std::move(before);
  if (!left.ok()) return left.error();
  session_.clear();
  return {};
}

}  // namespace client
