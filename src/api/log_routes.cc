// The public log: the ledger's files as they stand on disk (C2SP tlog-tiles), for anybody.
#include "api/api.h"
#include "ledger/tlog.h"

namespace api {
namespace {

using http::Response;

constexpr std::size_t kFileBytes = 1 << 20;
constexpr const char* kText = "text/plain; charset=utf-8";

/// What a log publishes, and nothing that a crash may have left beside it.
bool published(const std::string& path) {
  return ledger::parse_tile_path(path) || ledger::parse_bundle_path(path);
}

Response text(std::string_view body, const char* type, const char* caching) {
  Response response;
  response.body = body;
  response.set("Content-Type", type);
  response.set("Cache-Control", caching);
  // Public data for verifiers anywhere, also in a browser.
  response.set("Access-Control-Allow-Origin", "*");
  response.set("Cross-Origin-Resource-Policy", "cross-origin");
  return response;
}

Response file(const Parts& parts, const std::string& name, const char* type, const char* caching) {
  auto bytes = base::read_file(parts.disk, parts.log_directory + "/" + name, kFileBytes);
  if (!bytes.ok()) return http::problem(bytes.error());
  return text(base::text(*bytes), type, caching);
}

}  // namespace

void add_log_routes(http::Router& router, const Parts& parts) {
  router.add(http::Method::get, "/log/checkpoint", [&parts](http::Request&, const http::Captures&) {
    return file(parts, "checkpoint", kText, "no-cache");
  });
  router.add(http::Method::get, "/log/key", [&parts](http::Request&, const http::Captures&) {
    return file(parts, "key", kText, "no-cache");
  });
  router.add(http::Method::get, "/log/keys", [&parts](http::Request&, const http::Captures&) {
    // No handover yet is an empty chain.
    if (const auto there = parts.disk.exists(parts.log_directory + "/keys"); there.ok() && !*there)
      return text("", kText, "no-cache");
    return file(parts, "keys", kText, "no-cache");
  });
  router.add(http::Method::get, "/log/tile/{path...}",
             [&parts](http::Request&, const http::Captures& captures) {
               const std::string path = "tile/" + captures.at(0);
               if (!published(path))
                 return http::problem({base::Code::missing, "there is no such tile"});
               // A tile that is there never changes.
               return file(parts, path, "application/octet-stream",
                           "public, max-age=31536000, immutable");
             });
}

}  // namespace api
