#include "app/service.h"

#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <thread>

#include "accounts/accounts.h"
#include "api/api.h"
#include "app/access_metrics.h"
#include "app/control_server.h"
#include "app/core.h"
#include "app/erasure_watch.h"
#include "app/holder_command.h"
#include "app/mail_metrics.h"
#include "app/outside.h"
#include "app/password_metrics.h"
#include "app/routes.h"
#include "app/timer.h"
#include "base/process.h"
#include "base/sandbox.h"
#include "egress/bounces.h"
#include "http/metrics.h"
#include "http/server.h"
#include "http/tls.h"

namespace app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

base::Result<std::optional<http::Tls>> read_tls(Core& core, const ServeOptions& options) {
  if (options.tls_self_signed) {
    std::vector<std::string> names = served_names(options, core.document);
    names.insert(names.begin(), {"localhost", "127.0.0.1", "::1"});
    return std::optional(TRY(http::make_self_signed(names, core.clock.now(), core.entropy)));
  }
  if (options.tls_certificate.empty()) return std::optional<http::Tls>();
  const base::Bytes certificate = TRY_AS(
      base::read_file(core.disk, options.tls_certificate, kPemBytes), "cannot read --tls-cert");
  const base::Bytes key =
      TRY_AS(base::read_file(core.disk, options.tls_key, kPemBytes), "cannot read --tls-key");
  return std::optional(
      http::Tls{std::string(base::text(certificate)), std::string(base::text(key))});
}

base::Result<http::Options> http_options(Core& core, const ServeOptions& options) {
  const auto endpoint = parse_endpoint(options.listen);
  CHECK(endpoint);
  http::Options http;
  http.listen = {endpoint->address, endpoint->port};
  http.tls = TRY(read_tls(core, options));
  http.behind_proxy = options.behind_proxy;
  for (const std::string& proxy : options.trusted_proxies)
    http.trusted_proxies.push_back(http::AddressRange::parse(proxy).value());
  http.hosts = served_names(options, core.document);
  return http;
}

/// It stays below Store::kLogPages and a little, unless folding fails or a reader never ends.
http::Figure log_figure(store::Store& store) {
  return {"store_log_pages", "Pages of the database's write-ahead log that are not folded in",
          http::Figure::Kind::gauge, store.figures().log_pages};
}

std::vector<http::Figure> figures_of(Core& core) {
  std::vector<http::Figure> figures = mail_figures(core);
  for (const http::Figure& figure : access_figures(core)) figures.push_back(figure);
  for (const http::Figure& figure : password_figures(core)) figures.push_back(figure);
  figures.push_back(erasure_figure(*core.vault));
  figures.push_back(log_figure(*core.store));
  return figures;
}

/// The metrics of `server` on an address of their own, in a thread of their own.
class MetricsServer {
 public:
  static base::Result<std::unique_ptr<MetricsServer>> open(Core& core, const http::Server& server,
                                                           const Endpoint& endpoint) {
    auto metrics = std::make_unique<MetricsServer>();
    metrics->router_.add(
        http::Method::get, "/metrics", [&core, &server](http::Request&, const http::Captures&) {
          return http::Response::text(200, http::metrics_text(server.counters(), figures_of(core)) +
                                               replica_metrics_text(core.replication->standings()));
        });
    http::Options options;
    options.listen = {endpoint.address, endpoint.port};
    options.hosts = {endpoint.address};
    options.limits.connections_max = 16;
    options.limits.pool_threads = 1;
    metrics->server_ =
        TRY(http::Server::bind(options, metrics->router_, {}, core.entropy, core.log));
    metrics->thread_ = std::thread([raw = metrics->server_.get()] { raw->run(); });
    return metrics;
  }
  ~MetricsServer() {
    if (!thread_.joinable()) return;
    server_->stop();
    thread_.join();
  }
  std::uint16_t port() const { return server_->port(); }

 private:
  http::Router router_;
  std::unique_ptr<http::Server> server_;
  std::thread thread_;
};

std::string loopback_origin(const ServeOptions& options, const http::Server& server) {
  const bool tls = options.tls_self_signed || !options.tls_certificate.empty();
  return fmt::format("{}://localhost:{}", tls ? "https" : "http", server.port());
}

/// Where mailed links lead that nobody's request asked for.
std::string own_origin(const Core& core, const ServeOptions& options, const http::Server& server) {
  const auto endpoint = parse_endpoint(options.listen);
  CHECK(endpoint);
  if (endpoint->loopback && !options.behind_proxy) return loopback_origin(options, server);
  const auto served = served_names(options, core.document);
  const auto& origins = core.document.operator_.origins;
  const auto ours = std::ranges::find_if(origins, [&](const std::string& origin) {
    return std::ranges::find(served, host_of(origin)) != served.end();
  });
  return ours == origins.end() ? origins.front() : *ours;
}

void announce(const Core& core, const ServeOptions& options, const http::Server& server,
              const MetricsServer* metrics) {
  const std::string origin = loopback_origin(options, server);
  fmt::print(
      "Serving {0}\n"
      "  The notice       {0}/notice\n"
      "  Sign up          {0}/signup\n"
      "  The application  {0}/app\n"
      "  Mails {1}\n"
      "  Public log       {0}/log/checkpoint\n",
      origin,
      core.smtp == nullptr ? "land in    " + core.outbox_directory
                           : "go to      " + options.smtp.server);
  std::size_t number = 0;
  for (const ReplicaStanding& replica : core.replication->standings())
    fmt::print("  Replica {}        {}\n", ++number, replica.name);
  if (metrics != nullptr)
    fmt::print("  Metrics          http://localhost:{}/metrics\n", metrics->port());
  if (core.stepping != nullptr) fmt::print("  Test clock       POST {}/test/clock\n", origin);
  std::fflush(stdout);
}

/// Apart from the others: a mail does not wait for a sweep.
std::vector<Job> mail_jobs(Core& core) {
  return {{"outbox", milliseconds(200), [&core] { return core.outbox->tick(); }},
          {"bounces", seconds(2), [&core] {
             return egress::Bounces(core.disk, core.bounces_directory).take(*core.outbox, core.log);
           }}};
}

/// Apart from the others: an entry that nobody waits for is public within 50 ms and the time that
/// it takes to make it so, however long a sweep or a key holder takes.
std::vector<Job> log_jobs(Core& core) {
  return {{"ledger", milliseconds(50), [&core] { return core.ledger->tick(); }}};
}

/// What the log has grown by is copied aside, so that no commit has to wait for it.
std::vector<Job> store_jobs(Core& core) {
  return {{"store", milliseconds(50), [&core] { return core.store->fold_log(); }}};
}

std::vector<Job> jobs(Core& core, ErasureWatch& erasures) {
  return {{"vault", seconds(1), [&erasures] { return erasures.tick(); }},
          {"throttle", seconds(10),
           [&core] {
             core.throttle->tick();
             return base::Result<void>();
           }},
          {"records", seconds(1),
           [&core]() -> base::Result<void> {
             core.records->tick();
             return {};
           }},
          {"accounts", seconds(2), [&core] { return core.accounts->tick(); }},
          {"invitations", seconds(2), [&core] { return core.invitations->tick(); }},
          {"proofs", seconds(10), [&core] { return core.proofs->tick(); }},
          {"challenges", seconds(10), [&core] { return core.challenges->tick(*core.store); }},
          {"replicas", milliseconds(200), [&core] {
             core.replication->tick();
             return base::Result<void>();
           }}};
}

}  // namespace

base::Result<void> serve(const ServeOptions& options, const notice::Document& document,
                         const notice::Plans& plans) {
  base::hold_signals();
  base::ThreadWait wait;
  // First of all: what is started after the server has given up connecting could not connect.
  const auto outside = TRY(open_outside(wait, options));
  const auto core = TRY(Core::open(options, document, {.plans = plans}, outside.get()));
  const auto routes = TRY(Routes::open(*core, options));
  auto http = TRY(http_options(*core, options));
  http.error_page = routes->error_page();
  http.clock = &core->clock;
  const auto server =
      TRY(http::Server::bind(std::move(http), routes->router(), {}, core->entropy, core->log));
  std::unique_ptr<MetricsServer> metrics;
  if (!options.metrics.empty())
    metrics = TRY(MetricsServer::open(*core, *server, *parse_endpoint(options.metrics)));
  const auto control =
      TRY(ControlServer::open(*core, options.data, own_origin(*core, options, *server)));

  // All that listens is bound: from here on nothing in this process makes a connection.
  TRY(base::forbid_connections());

  const Timer mails(core->log, mail_jobs(*core));
  const Timer entries(core->log, log_jobs(*core));
  const Timer folds(core->log, store_jobs(*core));
  ErasureWatch erasures(*core->vault, core->log);
  const Timer timer(core->log, jobs(*core, erasures));
  std::thread ending([&] {
    base::wait_for_signal();
    core->log.info("stopping: draining requests");
    if (core->smtp != nullptr) core->smtp->leave();
    server->stop();
  });
  core->mandate.on_end([log = &core->log] {
    log->error("another host has taken this service over, as a holder says");
    base::signal_self();
  });
  announce(*core, options, *server, metrics.get());
  if (const auto warning = root_warning(options)) core->log.warn(*warning);
  if (options.behind_proxy && options.trusted_proxies.empty())
    core->log.warn("no --trusted-proxy: all who come through the proxy count as one network");
  core->log.info("passwords are hashed with Argon2id",
                 {{"memory_bytes", core->password_cost.cost.memory_bytes},
                  {"passes", core->password_cost.cost.passes},
                  {"takes_us", core->password_cost.takes}});
  core->log.info("serving", {{"port", server->port()}});
  server->run();
  ending.join();
  core->log.info("stopped");
  if (core->mandate.ended())
    return base::Error{base::Code::denied,
                       "stopped: another host has taken this service over, as a holder says; do "
                       "not start this one again"};
  return {};
}

}  // namespace app
