#include "app/control_server.h"

namespace app {
namespace {

constexpr std::uint64_t kFileBytes = 4ULL << 30;  // of people to import

}  // namespace

ControlServer::ControlServer(Core& core, std::string path, std::string origin)
    : core_(core),
      path_(std::move(path)),
      roster_(*core.store),
      import_(*core.accounts),
      parts_{roster_, import_, *core.plans, std::move(origin)} {
  api::add_control_routes(router_, parts_);
}

base::Result<std::unique_ptr<ControlServer>> ControlServer::open(Core& core,
                                                                 const std::string& data,
                                                                 std::string origin) {
  std::unique_ptr<ControlServer> control(
      new ControlServer(core, control_path(data), std::move(origin)));
  if (const auto removed = core.disk.remove(control->path_);
      !removed.ok() && removed.code() != base::Code::missing)
    return base::Error{base::Code::io, "cannot remove the control socket that was left there"};
  http::Options options;
  options.listen.path = control->path_;
  options.clock = &core.clock;
  options.limits.connections_max = 16;
  options.limits.body_bytes_max = kFileBytes;
  options.limits.requests_in_flight_max = 8;
  options.limits.pool_threads = 2;
  options.limits.upload_threads = 1;
  options.limits.drain_time_max = std::chrono::seconds(5);
  control->server_ =
      TRY_AS(http::Server::bind(options, control->router_, {}, core.entropy, core.log),
             "cannot make the control socket (control.sock in --data)");
  control->thread_ = std::thread([raw = control->server_.get()] { raw->run(); });
  return control;
}

ControlServer::~ControlServer() {
  if (!thread_.joinable()) return;
  server_->stop();
  thread_.join();
  // Where that fails, the next start does it.
  (void)core_.disk.remove(path_).ok();
}

}  // namespace app
