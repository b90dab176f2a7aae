#include "vault/journal.h"

#include "base/mutant.h"
#include "ledger/receipt_form.h"
#include "vault/collections.h"
#include "vault/payload.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

}  // namespace

base::Digest log_label(base::View log_key, std::uint64_t number) {
  base::Bytes message;
  base::put_u64(message, number);
  return base::hmac_sha256(log_key, message);
}

base::RecordId opening_id(const base::Digest& label) {
  return base::RecordId::from(base::View(label).first(base::RecordId::size)).value();
}

base::Literal log_key_of(Chain chain) {
  return chain == Chain::standing ? base::Literal("vault standing log v1")
                                  : base::Literal("vault log v1");
}

store::Schema Journal::schema() {
  return {"vault_journal",
          {"CREATE TABLE vault_journal ("
           " owner BLOB NOT NULL PRIMARY KEY,"
           " count INTEGER NOT NULL) STRICT, WITHOUT ROWID",
           // A count for each chain.
           "ALTER TABLE vault_journal RENAME TO vault_journal_1;"
           "CREATE TABLE vault_journal ("
           " owner BLOB NOT NULL,"
           " chain INTEGER NOT NULL,"
           " count INTEGER NOT NULL,"
           " PRIMARY KEY (owner, chain)) STRICT, WITHOUT ROWID;"
           "INSERT INTO vault_journal SELECT owner, 0, count FROM vault_journal_1;"
           "DROP TABLE vault_journal_1"},
          store::Keeping::bulk,
          {{"vault_journal", "owner"}}};
}

Result<std::uint64_t> Journal::count(store::Reader& reader, base::OwnerId owner, Chain chain) {
  std::uint64_t count = 0;
  TRY(reader.query("SELECT count FROM vault_journal WHERE owner = ? AND chain = ?", {owner, chain},
                   [&](const store::Row& row) {
                     count = static_cast<std::uint64_t>(row.integer(0));
                     return Result<void>();
                   }));
  return count;
}

Result<void> Journal::set_count(store::Tx& tx, base::OwnerId owner, Chain chain,
                                std::uint64_t count) {
  TRY(
      tx.run("INSERT INTO vault_journal (owner, chain, count) VALUES (?, ?, ?) "
             "ON CONFLICT (owner, chain) DO UPDATE SET count = excluded.count",
             {owner, chain, count}));
  return {};
}

Result<std::uint64_t> Journal::take_number(store::Tx& tx, base::OwnerId owner, Chain chain) {
  const std::uint64_t number = TRY(count(tx, owner, chain));
  if (!base::mutated(base::Mutant::counter_reused) || number == 0)
    TRY(set_count(tx, owner, chain, number + 1));
  return number;
}

Result<base::Digest> Journal::take_label(store::Tx& tx, base::OwnerId owner, base::View log_key) {
  const std::uint64_t number = TRY(take_number(tx, owner, Chain::entries));
  return log_label(log_key, number);
}

Result<std::uint64_t> Journal::logged(store::Reader& reader, base::OwnerId owner, Chain chain) {
  const base::SecretBytes log_key = TRY(parts_.keys.derive(owner, log_key_of(chain)));
  std::uint64_t next = TRY(count(reader, owner, chain));
  if (base::mutated(base::Mutant::catch_up_skipped)) return next;
  while (TRY(ledger::Ledger::has(reader, log_label(log_key.view(), next)))) ++next;
  return next;
}

Result<void> Journal::move_past(store::Tx& tx, base::OwnerId owner, std::uint64_t logged) {
  return set_count(tx, owner, Chain::entries, logged);
}

Result<std::uint64_t> Journal::catch_up(store::Tx& tx, base::OwnerId owner, Chain chain) {
  const std::uint64_t before = TRY(count(tx, owner, chain));
  const std::uint64_t next = TRY(logged(tx, owner, chain));
  if (next > before) TRY(set_count(tx, owner, chain, next));
  return next - before;
}

Result<ledger::Ticket> Journal::enter(store::Tx& tx, base::OwnerId owner, const Entry& entry,
                                      Chain chain) {
  const base::SecretBytes log_key = TRY(parts_.keys.derive(owner, log_key_of(chain)));
  const std::string payload = TRY(entry_payload(entry, parts_.clock.now()));
  const std::uint64_t number = TRY(take_number(tx, owner, chain));
  const base::Bytes nonce = parts_.entropy.bytes(ledger::kNonceBytes);
  const base::Digest label = log_label(log_key.view(), number);

  Fields opening;
  opening.set("number", static_cast<std::int64_t>(number));
  opening.set("chain", static_cast<std::int64_t>(chain));
  opening.set("nonce", nonce);
  opening.set("payload", Fields::Text(payload));
  TRY(parts_.records.put(tx, owner, {kLogOpenings, {}, opening_id(label)}, opening,
                         Stay{parts_.clock.now(), std::nullopt}));
  return parts_.ledger.append(tx, {label, ledger::commit_of(nonce, payload)});
}

Result<void> Journal::remove_all(store::Tx& tx, base::OwnerId owner) {
  TRY(tx.run("DELETE FROM vault_journal WHERE owner = ?", {owner}));
  return {};
}

}  // namespace vault
