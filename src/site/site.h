// The HTML face: pages and forms for people, without script. Fills the models of `pages` from the
// domain modules; owns no state and no markup. What a form does is what the JSON face does: the
// same calls, other clothes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "accounts/accounts.h"
#include "api/api.h"
#include "http/http.h"
#include "notice/document.h"
#include "pages/pages.h"
#include "workspace/workspace.h"

namespace site {

struct Parts {
  const pages::Pages& pages;
  const notice::Document& notice;
  accounts::Accounts& accounts;
  workspace::Workspace& workspace;
  ledger::Ledger& ledger;
  base::Clock& clock;
  std::vector<std::string> stays;  // what outlives an account, from the notice's survivors
  std::function<std::string(const http::Request&)> origin;  // see api::Parts
  const api::Parts& api;                                    // what both faces do alike
};

/// /, /notice, /notice.json, /terms, /problems/, /receipt, /assets/ and /.well-known/
void add_public_pages(http::Router& router, const Parts& parts);
/// /app: the shell of the web application, wherever in it somebody is; and where pages were that
/// it has instead
void add_app_pages(http::Router& router, const Parts& parts);
/// /s: the shell for whoever follows a link
void add_link_pages(http::Router& router, const Parts& parts);
/// /signup, /verify, /login, /logout, /account, /cancel
void add_account_pages(http::Router& router, const Parts& parts);
/// /login/second
void add_second_step_pages(http::Router& router, const Parts& parts);
/// /login/accept and /login/decline
void add_arrival_pages(http::Router& router, const Parts& parts);
/// /account/{name,password,address}, /address/, /recover
void add_change_pages(http::Router& router, const Parts& parts);
/// /account/leave and /account/switch
void add_membership_pages(http::Router& router, const Parts& parts);
/// /invitation
void add_invitation_pages(http::Router& router, const Parts& parts);
/// /files
void add_file_pages(http::Router& router, const Parts& parts);

/// The problem as a page, for a browser that asked for one.
http::Response problem_page(const pages::Pages& pages, const http::Request& request,
                            const http::Response& problem);

/// Who looks at the page; nobody where no session is live. Whatever else api::identify() refuses is
/// refused here as well: it is no reason to log in.
base::Result<std::optional<accounts::Identity>> signed_in(const Parts& parts,
                                                          const http::Request& request);
pages::Visitor visitor(const Parts& parts, const std::optional<accounts::Identity>& identity);
/// Why a password that was chosen is refused.
base::Literal wrong_password(std::string_view chosen);
/// Whether a path is of a page of hers that a login may lead to, and says nothing about her.
bool plain_page(std::string_view path);
/// Where somebody goes who must log in first: back to this page after it.
http::Response to_login(const http::Request& request);

}  // namespace site
