#include <algorithm>
#include <array>

#include "api/api.h"
#include "site/forms.h"
#include "site/site.h"

namespace site {

base::Result<std::optional<accounts::Identity>> signed_in(const Parts& parts,
                                                          const http::Request& request) {
  auto identity = api::identify(parts.accounts, request);
  if (identity.ok()) return std::optional(std::move(*identity));
  if (identity.code() == base::Code::unauthenticated) return std::optional<accounts::Identity>();
  return identity.error();
}

pages::Visitor visitor(const Parts& parts, const std::optional<accounts::Identity>& identity) {
  pages::Visitor visitor;
  if (!identity) return visitor;
  auto profile = parts.accounts.profile(*identity);
  if (profile.ok()) visitor.name = profile->legal_name;
  return visitor;
}

base::Literal wrong_password(std::string_view chosen) {
  if (chosen.size() < accounts::password_bytes_min || chosen.size() > accounts::password_bytes_max)
    return "Choose a password of 12 to 1,024 characters.";
  return "This password is easily guessed. Take a few words that do not belong together, and "
         "nothing of your name or address.";
}

bool plain_page(std::string_view path) {
  constexpr auto ours = std::to_array<std::string_view>(
      {"/account", "/account/address", "/account/leave", "/account/name", "/account/password",
       "/account/switch", "/app", "/cancel", "/files"});
  return std::ranges::find(ours, path) != ours.end();
}

http::Response to_login(const http::Request& request) {
  // The page's own path may hold names of her files: they do not go into an address.
  const bool files = request.path.starts_with("/files");
  return http::Response::redirect(files                      ? "/login?next=/files"
                                  : plain_page(request.path) ? "/login?next=" + request.path
                                                             : "/login");
}

base::Result<http::Form> read_form(const http::Request& request) {
  constexpr std::size_t kFormBytes = 16 * 1024;
  const std::string text = TRY(request.read_body(kFormBytes));
  return http::Form::parse(text);
}

base::Result<void> of_this_account(const accounts::Identity& identity,
                                   const std::optional<std::string>& said) {
  if (said == identity.account.str()) return {};
  return base::Error{base::Code::conflict,
                     "this page was of another account of yours: open it again"};
}

base::Result<http::Form> read_form(const accounts::Identity& identity,
                                   const http::Request& request) {
  auto form = TRY(read_form(request));
  TRY(of_this_account(identity, form.get("account")));
  return form;
}

pages::PersonalText field(const http::Form& form, std::string_view name) {
  return pages::PersonalText(form.get(name).value_or(""));
}

base::SecretBytes secret(const http::Form& form, std::string_view name) {
  return base::SecretBytes::copy_of(base::view(form.get(name).value_or("")));
}

http::Response page(int status, std::string html) {
  auto response = http::Response::html(status, std::move(html));
  response.set("Cache-Control", "no-store");
  return response;
}

std::string next_page(std::string_view next) {
  return plain_page(next) ? std::string(next) : "/app";
}

http::Response problem_page(const pages::Pages& pages, const http::Request& request,
                            const http::Response& problem) {
  pages::ProblemPage page;
  page.status = problem.status;
  page.request = request.id.str();
  if (problem.problem) {
    page.type = problem.problem->type.c_str();
    page.title = problem.problem->title.c_str();
    page.detail = problem.problem->detail.c_str();
  }
  return http::Response::html(problem.status, pages.problem({}, page));
}

}  // namespace site
