// Personal access tokens as a page: what /v1/tokens does, in other clothes.
#include <charconv>

#include "site/forms.h"
#include "site/site.h"

namespace site {
namespace {

using http::Request;
using http::Response;

constexpr unsigned kDaysMax = 365;

std::vector<std::string> names_of(accounts::Scopes scopes) {
  std::vector<std::string> names;
  for (const accounts::Scope scope : scopes.all())
    names.emplace_back(accounts::to_string(scope).c_str());
  return names;
}

base::Result<Response> tokens_page(const Parts& parts, const accounts::Identity& identity,
                                   int status, pages::TokensPage shown) {
  shown.account = identity.account.str();
  for (auto& token : TRY(parts.api.tokens.list(identity)))
    shown.tokens.push_back({token.id.str(), std::move(token.name), names_of(token.scopes),
                            token.created, token.expires, token.last_used});
  for (const accounts::Scope scope : accounts::all_scopes)
    shown.scopes.emplace_back(accounts::to_string(scope).c_str());
  shown.second = TRY(second_field(parts, identity));
  return page(status, parts.pages.tokens(visitor(parts, identity), shown));
}

base::Result<Response> show(const Parts& parts, const accounts::Identity& identity,
                            const Request& request) {
  pages::TokensPage tokens;
  if (request.parameter("note") == "revoked") tokens.note = pages::TokensNote::revoked;
  return tokens_page(parts, identity, 200, std::move(tokens));
}

accounts::Scopes ticked(const http::Form& form) {
  accounts::Scopes scopes;
  for (const auto& [name, value] : form.fields())
    if (name == "scope")
      if (const auto scope = accounts::parse_scope(value)) scopes.add(*scope);
  return scopes;
}

unsigned days_of(const http::Form& form) {
  const std::string text = form.get("days").value_or("");
  unsigned days = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), days);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() ? days : 0;
}

base::Result<Response> make(const Parts& parts, const accounts::Identity& identity,
                            const Request& request) {
  const auto form = TRY(read_form(identity, request));
  const auto name = accounts::parse_token_name(form.get("name").value_or(""));
  const accounts::Scopes scopes = ticked(form);
  const unsigned days = days_of(form);
  pages::TokensPage again;
  again.name = field(form, "name");
  again.ticked = names_of(scopes);
  again.days = form.get("days").value_or("");
  if (!name.ok()) again.errors.push_back({"name", "Give it a name of at most 80 characters."});
  if (scopes.empty()) again.errors.push_back({"scope", "Choose what it may open."});
  if (days < 1 || days > kDaysMax)
    again.errors.push_back({"days", "Choose a number of days from 1 to 365."});
  if (!again.errors.empty()) return tokens_page(parts, identity, 400, std::move(again));

  const auto proof = TRY(try_proof(parts, request, identity, form));
  if (proof != accounts::Proof::given) {
    again.errors = proof_errors(proof, "This is not the account's password. Nothing was made.");
    return tokens_page(parts, identity, 403, std::move(again));
  }
  auto made = TRY(parts.api.tokens.make(identity, *name, scopes, std::chrono::days(days)));
  pages::TokensPage done;
  done.made = pages::PersonalText(std::move(made.token));
  return tokens_page(parts, identity, 201, std::move(done));
}

base::Result<Response> revoke(const Parts& parts, const accounts::Identity& identity,
                              const Request& request) {
  const auto form = TRY(read_form(request));
  const auto id = accounts::TokenId::parse(form.get("token").value_or(""));
  if (!id.ok()) return base::Error{base::Code::missing, "there is no such token"};
  const auto revoked = parts.api.tokens.revoke(identity, *id);
  // Over already: what she wanted.
  if (!revoked.ok() && revoked.code() != base::Code::missing) return revoked.error();
  return Response::redirect("/account/tokens?note=revoked");
}

}  // namespace

void add_token_pages(http::Router& router, const Parts& parts) {
  using http::Method;
  add_hers(router, parts, Method::get, "/account/tokens", show);
  add_hers(router, parts, Method::post, "/account/tokens", make);
  add_hers(router, parts, Method::post, "/account/tokens/revoke", revoke);
}

}  // namespace site
