#include "app/access_metrics.h"

namespace app {

std::vector<http::Figure> access_figures(Core& core) {
  using Kind = http::Figure::Kind;
  const auto sessions = core.sessions->figures();
  const auto tokens = core.tokens->figures();
  const auto throttle = core.throttle->figures();
  return {{"sessions_begun_total", "Logins", Kind::counter, sessions.begun},
          {"sessions_from_new_devices_total", "Logins from devices that were told by mail",
           Kind::counter, sessions.from_new_devices},
          {"tokens_made_total", "Access tokens made", Kind::counter, tokens.made},
          {"tokens_used_total", "Requests by a live access token", Kind::counter, tokens.used},
          {"tokens_refused_total", "Requests by what is no live access token", Kind::counter,
           tokens.refused},
          {"tries_let_through_total", "Tries within what may be tried", Kind::counter,
           throttle.let_through},
          {"tries_held_back_total", "Tries beyond it, answered by 429", Kind::counter,
           throttle.held_back},
          {"tries_remembered", "Networks, addresses and accounts that have something used up",
           Kind::gauge, throttle.entries}};
}

}  // namespace app
