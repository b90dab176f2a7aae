#include "accounts/arrivals.h"

namespace accounts {
namespace {

using base::Code;
using base::Error;
using base::Result;

enum class Invited : std::uint8_t { no, yes };

Result<void> forget_arrived(store::Tx& tx, base::UserId user) {
  TRY(tx.run("DELETE FROM arrivals_user WHERE user = ? AND state = ? AND cost_bits IS NULL",
             {user, ArrivalState::over}));
  return {};
}

}  // namespace

store::Schema Arrivals::schema() {
  return {
      "arrivals",
      {"CREATE TABLE arrivals_user ("
       " user BLOB PRIMARY KEY,"
       " state INTEGER NOT NULL,"
       " invitation_state INTEGER NOT NULL,"
       " cost_bits BLOB"
       ") STRICT, WITHOUT ROWID;"
       "CREATE INDEX arrivals_user_cost ON arrivals_user (cost_bits) WHERE cost_bits IS NOT NULL;"
       "CREATE INDEX arrivals_user_uninvited ON arrivals_user (state, invitation_state);"},
      store::Keeping::bulk,
      {{"arrivals_user", "user"}}};
}

Result<void> Arrivals::note(store::Tx& tx, base::UserId user,
                            const std::optional<ForeignCost>& cost) {
  const base::Bytes kept = cost ? cost->bytes() : base::Bytes();
  const store::Value value = cost ? store::Value(kept) : store::Value(nullptr);
  TRY(tx.run(
      "INSERT INTO arrivals_user (user, state, invitation_state, cost_bits) VALUES (?, ?, ?, ?)",
      {user, ArrivalState::waiting, Invited::no, value}));
  return {};
}

Result<Arrival> Arrivals::find(store::Reader& reader, base::UserId user) {
  Arrival found;
  TRY(reader.query("SELECT state, cost_bits FROM arrivals_user WHERE user = ?", {user},
                   [&](const store::Row& row) -> Result<void> {
                     if (row.integer(0) != 0) found.state = ArrivalState::waiting;
                     if (!row.null(1)) found.cost = TRY(ForeignCost::from(row.blob(1)));
                     return {};
                   }));
  return found;
}

Result<std::vector<ForeignCost>> Arrivals::costs(store::Reader& reader) {
  std::vector<ForeignCost> found;
  // From one to the next: there are few, however many have them.
  for (base::Bytes last;;) {
    std::optional<ForeignCost> next;
    TRY(reader.query(
        "SELECT cost_bits FROM arrivals_user WHERE cost_bits > ? ORDER BY cost_bits LIMIT 1",
        {last}, [&](const store::Row& row) -> Result<void> {
          next = TRY(ForeignCost::from(row.blob(0)));
          return {};
        }));
    if (!next) return found;
    found.push_back(*next);
    last = next->bytes();
  }
}

Result<void> Arrivals::arrived(store::Tx& tx, base::UserId user) {
  TRY(tx.run("UPDATE arrivals_user SET state = ? WHERE user = ?", {ArrivalState::over, user}));
  return forget_arrived(tx, user);
}

Result<void> Arrivals::rehashed(store::Tx& tx, base::UserId user) {
  TRY(tx.run("UPDATE arrivals_user SET cost_bits = NULL WHERE user = ?", {user}));
  return forget_arrived(tx, user);
}

Result<std::vector<base::UserId>> Arrivals::uninvited(store::Reader& reader, base::UserId after,
                                                      std::size_t most) {
  std::vector<base::UserId> found;
  TRY(reader.query(
      "SELECT user FROM arrivals_user WHERE state = ? AND invitation_state = ? AND user > ?"
      " ORDER BY user LIMIT ?",
      {ArrivalState::waiting, Invited::no, after, most},
      [&](const store::Row& row) -> Result<void> {
        found.push_back(TRY(row.id<base::UserId>(0)));
        return {};
      }));
  return found;
}

Result<std::uint64_t> Arrivals::count_uninvited(store::Reader& reader) {
  std::uint64_t count = 0;
  TRY(reader.query("SELECT COUNT(*) FROM arrivals_user WHERE state = ? AND invitation_state = ?",
                   {ArrivalState::waiting, Invited::no},
                   [&](const store::Row& row) -> Result<void> {
                     count = static_cast<std::uint64_t>(row.integer(0));
                     return {};
                   }));
  return count;
}

Result<void> Arrivals::invited(store::Tx& tx, base::UserId user) {
  const auto changed =
      TRY(tx.run("UPDATE arrivals_user SET invitation_state = ? WHERE user = ? AND state = ? AND "
                 "invitation_state = ?",
                 {Invited::yes, user, ArrivalState::waiting, Invited::no}));
  if (changed != 1) return Error{Code::conflict, "she was invited already, or has arrived"};
  return {};
}

Result<void> Arrivals::forget(store::Tx& tx, base::OwnerId user) {
  TRY(tx.run("DELETE FROM arrivals_user WHERE user = ?", {user}));
  return {};
}

}  // namespace accounts
