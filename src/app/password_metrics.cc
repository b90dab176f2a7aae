#include "app/password_metrics.h"

namespace app {

std::vector<http::Figure> password_figures(const Core& core) {
  using Kind = http::Figure::Kind;
  const accounts::MeasuredCost& measured = core.password_cost;
  return {{"password_hash_memory_bytes", "Memory that hashing a password takes", Kind::gauge,
           measured.cost.memory_bytes},
          {"password_hash_passes", "Passes over that memory", Kind::gauge, measured.cost.passes},
          {"password_hash_microseconds", "How long one took at the start", Kind::gauge,
           static_cast<std::uint64_t>(measured.takes.count())},
          {"login_hashes_total", "Hashes that logins have computed", Kind::counter,
           core.passwords->tried()}};
}

}  // namespace app
