#include "app/routes.h"

#include "api/body.h"

namespace app {
namespace {

constexpr std::size_t kClockBodyBytes = 1024;

/// Whether all who ask do it on this machine, and none through a proxy on it.
bool asked_here_alone(const ServeOptions& options) {
  const auto endpoint = parse_endpoint(options.listen);
  CHECK(endpoint);
  return endpoint->loopback && !options.behind_proxy && options.trusted_proxies.empty();
}

/// Where mailed links lead: an origin of the notice; the name that was asked, where that is `here`.
/// A Host that an outsider chose never gets into a mail.
std::string link_origin(const http::Request& request, const notice::Document& document, bool here) {
  std::string asked = request.origin();
  if (here || document.may_serve(asked)) return asked;
  return document.operator_.origins.front();
}

std::vector<std::string> stays(const notice::Document& document) {
  std::vector<std::string> shown;
  for (const notice::Survivor* survivor : survivors_of_an_account(document))
    shown.push_back(notice::in(survivor->text, "en"));
  return shown;
}

}  // namespace

base::Result<std::unique_ptr<Routes>> Routes::open(Core& core, const ServeOptions& options) {
  auto pages = TRY_AS(pages::Pages::open(core.document), "cannot make the pages");
  std::unique_ptr<http::Countries> countries;
  if (!options.country_database.empty())
    countries =
        TRY_AS(http::Countries::open(options.country_database), "cannot use --country-database");
  return std::unique_ptr<Routes>(
      new Routes(core, asked_here_alone(options), std::move(pages), std::move(countries)));
}

Routes::Routes(Core& core, bool here, std::unique_ptr<pages::Pages> pages,
               std::unique_ptr<http::Countries> countries)
    : pages_(std::move(pages)),
      countries_(std::move(countries)),
      api_{*core.accounts,
           *core.factors,
           *core.proving,
           *core.workspace,
           core.disk,
           core.log_directory,
           [&core, here](const http::Request& request) {
             return link_origin(request, core.document, here);
           },
           core.document.operator_.brand.name,
           *core.sessions,
           countries_.get(),
           *core.tokens,
           *core.throttle,
           *core.entrance,
           *core.changes,
           *core.invitations,
           *core.members,
           *core.plans,
           *core.records,
           *core.passwords},
      site_{*pages_,      core.document, *core.accounts,       *core.workspace,
            *core.ledger, core.clock,    stays(core.document), api_.origin,
            api_} {
  api::add_account_routes(router_, api_);
  api::add_factor_routes(router_, api_);
  api::add_passkey_routes(router_, api_);
  api::add_session_routes(router_, api_);
  api::add_token_routes(router_, api_);
  api::add_change_routes(router_, api_);
  api::add_member_routes(router_, api_);
  api::add_invitation_routes(router_, api_);
  api::add_file_routes(router_, api_);
  api::add_record_routes(router_, api_);
  api::add_workspace_routes(router_, api_);
  api::add_upload_routes(router_, api_);
  api::add_link_routes(router_, api_);
  api::add_log_routes(router_, api_);
  api::add_description_route(router_);
  site::add_public_pages(router_, site_);
  site::add_app_pages(router_, site_);
  site::add_link_pages(router_, site_);
  site::add_account_pages(router_, site_);
  site::add_second_step_pages(router_, site_);
  site::add_arrival_pages(router_, site_);
  site::add_change_pages(router_, site_);
  site::add_membership_pages(router_, site_);
  site::add_invitation_pages(router_, site_);
  site::add_file_pages(router_, site_);
  add_health(core);
  if (core.stepping != nullptr) add_test_clock(*core.stepping);
}

http::ErrorPage Routes::error_page() const {
  return [this](const http::Request& request, const http::Response& problem) {
    return site::problem_page(*pages_, request, problem);
  };
}

void Routes::add_health(Core& core) {
  router_.add(http::Method::get, "/healthz", [](http::Request&, const http::Captures&) {
    return http::Response::text(200, "ok\n");
  });
  router_.add(http::Method::get, "/readyz", [&core](http::Request&, const http::Captures&) {
    // Ready is: the store answers and the log has a checkpoint to show.
    const auto read = core.store->read([](store::Reader& reader) -> base::Result<void> {
      return reader.query("SELECT 1", {},
                          [](const store::Row&) -> base::Result<void> { return {}; });
    });
    if (!read.ok() || core.ledger->checkpoint().empty())
      return http::problem({base::Code::unavailable, "not ready to serve"});
    return http::Response::text(200, "ready\n");
  });
}

void Routes::add_test_clock(base::SteppingClock& clock) {
  router_.add(http::Method::post, "/test/clock",
              [&clock](http::Request& request, const http::Captures&) -> http::Response {
                const auto jump = [&]() -> base::Result<void> {
                  auto body = TRY(api::Body::read(request, kClockBodyBytes));
                  const std::string now = TRY(body.text("now", "now: give an RFC 3339 time"));
                  TRY(body.nothing_else());
                  const base::Time to = TRY(base::parse_rfc3339(now));
                  return clock.jump(to);
                };
                const auto jumped = jump();
                if (!jumped.ok()) return http::problem(jumped.error());
                return http::Response::json(
                    200, api::Json().add("now", base::rfc3339(clock.now())).str());
              });
}

}  // namespace app
