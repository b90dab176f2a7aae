#include "api/api.h"

namespace api {

std::string_view embedded(std::string_view path);  // made by scalign_embed

void add_description_route(http::Router& router) {
  router.add(http::Method::get, "/v1/openapi.json", [](http::Request&, const http::Captures&) {
    auto response = http::Response::json(200, std::string(embedded("src/api/openapi.json")));
    response.set("Cache-Control", "no-cache");
    return response;
  });
}

}  // namespace api
