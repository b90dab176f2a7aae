#include "accounts/kept_cost.h"

#include <optional>

namespace accounts {
namespace {

using base::Result;

constexpr std::uint64_t kWorthIt = 2;  // a machine so much faster is another machine
constexpr std::int64_t kPassesMax = 64;
constexpr std::int64_t kMemoryMin = 8192;  // bytes, as Argon2 has it (RFC 9106, section 3.1)
constexpr std::int64_t kMemoryMax = std::int64_t{1} << 30;

Result<base::PasswordCost> cost_in(const store::Row& row) {
  const std::int64_t passes = row.integer(0);
  const std::int64_t memory_bytes = row.integer(1);
  if (passes < 1 || passes > kPassesMax || memory_bytes < kMemoryMin || memory_bytes > kMemoryMax)
    return base::Error{base::Code::corrupt, "the kept cost of a password's hash is none"};
  return base::PasswordCost{static_cast<std::uint64_t>(passes),
                            static_cast<std::size_t>(memory_bytes)};
}

Result<std::optional<base::PasswordCost>> kept_cost(store::Store& store) {
  std::optional<base::PasswordCost> kept;
  TRY(store.read_once([&](store::Reader& reader) {
    return reader.query("SELECT pass_count, memory_bytes FROM password_cost", {},
                        [&](const store::Row& row) -> Result<void> {
                          kept = TRY(cost_in(row));
                          return {};
                        });
  }));
  return kept;
}

}  // namespace

store::Schema KeptCost::schema() {
  return {"password_cost",
          {"CREATE TABLE password_cost ("
           " id INTEGER PRIMARY KEY CHECK (id = 1),"
           " pass_count INTEGER NOT NULL,"
           " memory_bytes INTEGER NOT NULL"
           ") STRICT;"},
          store::Keeping::live};
}

Result<MeasuredCost> KeptCost::settle(store::Store& store, const MeasuredCost& chosen,
                                      const MeasureCost& measure) {
  const auto kept = TRY(kept_cost(store));
  if (kept && work(chosen.cost) <= kWorthIt * work(*kept)) {
    if (*kept == chosen.cost) return chosen;
    const base::Duration takes = TRY(measure(*kept));
    return MeasuredCost{*kept, takes};
  }
  TRY(store.write([&](store::Tx& tx) -> Result<void> {
    TRY(tx.run(
        "INSERT OR REPLACE INTO password_cost (id, pass_count, memory_bytes) VALUES (1, ?, ?)",
        {chosen.cost.passes, chosen.cost.memory_bytes}));
    return {};
  }));
  return chosen;
}

}  // namespace accounts
