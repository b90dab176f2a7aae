// The routes of all faces over one core, and what they share: where links lead, who stays.
#pragma once

#include <memory>

#include "api/api.h"
#include "app/core.h"
#include "http/http.h"
#include "http/server.h"
#include "pages/pages.h"
#include "site/site.h"

namespace app {

class Routes {
 public:
  static base::Result<std::unique_ptr<Routes>> open(Core& core, const ServeOptions& options);
  Routes(const Routes&) = delete;
  Routes& operator=(const Routes&) = delete;

  const http::Router& router() const { return router_; }
  /// Turns a problem into a page, for browsers.
  http::ErrorPage error_page() const;

 private:
  Routes(Core& core, bool here, std::unique_ptr<pages::Pages> pages,
         std::unique_ptr<http::Countries> countries);
  void add_health(Core& core);
  void add_test_clock(base::SteppingClock& clock);

  std::unique_ptr<pages::Pages> pages_;
  std::unique_ptr<http::Countries> countries_;  // nothing without --country-database
  api::Parts api_;
  site::Parts site_;
  http::Router router_;
};

}  // namespace app
