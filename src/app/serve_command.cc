#include "app/serve_command.h"

#include <fmt/format.h>

#include <cstdio>

#include "app/holder_command.h"
#include "app/load_notice.h"
#include "app/service.h"
#include "base/disk.h"
#include "http/tls.h"

namespace app {
namespace {

constexpr int kCannotServe = 2;

std::vector<std::string> certificate_names(const ServeOptions& options) {
  if (options.tls_certificate.empty()) return {};
  base::RealDisk disk;
  const auto pem = base::read_file(disk, options.tls_certificate, kPemBytes);
  // Unreadable: serving says so with its own words.
  return pem.ok() ? http::certificate_names(std::string(base::text(*pem)))
                  : std::vector<std::string>();
}

}  // namespace

int serve_command(const ServeOptions& options) {
  const auto checked = load_notice(options.notice, "serve");
  if (!checked.document) return checked.exit_code;
  const auto loaded = load_plans(options.plans, "serve");
  if (!loaded.plans) return loaded.exit_code;
  auto reasons = objections(options, *checked.document, certificate_names(options));
  for (std::string& reason : holder_objections(holder_hosts(options), *checked.document))
    reasons.push_back(std::move(reason));
  for (std::string& reason : replica_objections(options)) reasons.push_back(std::move(reason));
  for (const std::string& reason : reasons) fmt::print(stderr, "serve: {}\n", reason);
  if (!reasons.empty()) return kCannotServe;

  const auto served = serve(options, *checked.document, *loaded.plans);
  if (served.ok()) return 0;
  fmt::print(stderr, "serve: {}\n", served.error().chain());
  return kCannotServe;
}

}  // namespace app
