// The public log: the ledger's files as they stand on disk (C2SP tlog-tiles), for anybody.
#include "api/api.h"

namespace api {
namespace {

using http::Response;

constexpr std::size_t kFileBytes = 1 << 20;

/// Letters, digits, dots and slashes as tile paths have them; the engine has refused dot segments.
bool tile_path(std::string_view path) {
  return path.size() < 200 &&
         path.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789./") == path.npos;
}

Response file(const Parts& parts, const std::string& name, const char* type, const char* caching) {
  auto bytes = base::read_file(parts.disk, parts.log_directory + "/" + name, kFileBytes);
  if (!bytes.ok()) return http::problem(bytes.error());
  Response response;
  response.body = base::text(*bytes);
  response.set("Content-Type", type);
  response.set("Cache-Control", caching);
  // Public data for verifiers anywhere, also in a browser.
  response.set("Access-Control-Allow-Origin", "*");
  response.set("Cross-Origin-Resource-Policy", "cross-origin");
  return response;
}

}  // namespace

void add_log_routes(http::Router& router, const Parts& parts) {
  constexpr const char* kText = "text/plain; charset=utf-8";
  router.add(http::Method::get, "/log/checkpoint", [&parts](http::Request&, const http::Captures&) {
    return file(parts, "checkpoint", kText, "no-cache");
  });
  router.add(http::Method::get, "/log/key", [&parts](http::Request&, const http::Captures&) {
    return file(parts, "key", kText, "no-cache");
  });
  router.add(http::Method::get, "/log/tile/{path...}",
             [&parts](http::Request&, const http::Captures& captures) {
               if (!tile_path(captures.at(0)))
                 return http::problem({base::Code::missing, "there is no such tile"});
               // A tile that is there never changes.
               return file(parts, "tile/" + captures.at(0), "application/octet-stream",
                           "public, max-age=31536000, immutable");
             });
}

}  // namespace api
