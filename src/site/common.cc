#include <algorithm>
#include <array>

#include "api/api.h"
#include "site/site.h"

namespace site {

std::optional<accounts::Identity> signed_in(const Parts& parts, const http::Request& request) {
  auto identity = api::identify(parts.accounts, request);
  if (!identity.ok()) return std::nullopt;
  return std::move(*identity);
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
  constexpr std::array<std::string_view, 5> pages = {"/account", "/cancel", "/account/name",
                                                     "/account/password", "/account/address"};
  return std::ranges::find(pages, path) != pages.end();
}

http::Response to_login(const http::Request& request) {
  // The page's own path may hold names of her files: they do not go into an address.
  const bool files = request.path.starts_with("/files");
  return http::Response::redirect(files                      ? "/login?next=/files"
                                  : plain_page(request.path) ? "/login?next=" + request.path
                                                             : "/login");
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
