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

http::Response to_login(const http::Request& request) {
  // The page's own path may hold names of her files: they do not go into an address.
  const bool files = request.path.starts_with("/files");
  const bool account = request.path == "/account" || request.path == "/cancel";
  return http::Response::redirect(files     ? "/login?next=/files"
                                  : account ? "/login?next=" + request.path
                                            : "/login");
}

http::Response problem_page(const pages::Pages& pages, const http::Request& request,
                            http::Response problem) {
  if (!problem.problem) return problem;
  const http::Problem what = *problem.problem;
  problem.body = pages.problem({}, {problem.status, what.type.c_str(), what.title.c_str(),
                                    what.detail.c_str(), request.id.str()});
  problem.set("Content-Type", "text/html; charset=utf-8");
  return problem;
}

}  // namespace site
