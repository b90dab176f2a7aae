#include "app/serve_command.h"

#include <fmt/format.h>

#include <cstdio>

#include "app/service.h"
#include "base/disk.h"
#include "http/tls.h"
#include "notice/notice.h"

namespace app {
namespace {

constexpr int kRefused = 1;
constexpr int kCannotServe = 2;
constexpr std::size_t kNoticeBytes = 1 << 20;
constexpr std::size_t kPemBytes = 1 << 20;

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
  std::string file(notice::default_file);
  std::string text(notice::default_text());
  if (!options.notice.empty()) {
    base::RealDisk disk;
    const auto bytes = base::read_file(disk, options.notice, kNoticeBytes);
    if (!bytes.ok()) {
      fmt::print(stderr, "serve: --notice {}: {}\n", options.notice, bytes.error().chain());
      return kCannotServe;
    }
    file = options.notice;
    text = base::text(*bytes);
  }
  const notice::Checked checked = notice::check(file, text);
  if (!checked.ok()) {
    fmt::print(stderr, "{}serve: the notice is refused, so there is nothing to serve\n",
               checked.report());
    return kRefused;
  }
  const auto reasons = objections(options, *checked.document, certificate_names(options));
  for (const std::string& reason : reasons) fmt::print(stderr, "serve: {}\n", reason);
  if (!reasons.empty()) return kCannotServe;

  const auto served = serve(options, *checked.document);
  if (served.ok()) return 0;
  fmt::print(stderr, "serve: {}\n", served.error().chain());
  return kCannotServe;
}

}  // namespace app
