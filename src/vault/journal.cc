#include "vault/journal.h"

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

store::Schema Journal::schema() {
  return {"vault_journal",
          {"CREATE TABLE vault_journal ("
           " owner BLOB NOT NULL PRIMARY KEY,"
           " count INTEGER NOT NULL) STRICT, WITHOUT ROWID"}};
}

Result<std::uint64_t> Journal::take_number(store::Tx& tx, base::OwnerId owner) {
  std::uint64_t number = 0;
  TRY(tx.query("SELECT count FROM vault_journal WHERE owner = ?", {owner},
               [&](const store::Row& row) {
                 number = static_cast<std::uint64_t>(row.integer(0));
                 return Result<void>();
               }));
  TRY(
      tx.run("INSERT INTO vault_journal (owner, count) VALUES (?, ?) "
             "ON CONFLICT (owner) DO UPDATE SET count = excluded.count",
             {owner, number + 1}));
  return number;
}

Result<base::Digest> Journal::take_label(store::Tx& tx, base::OwnerId owner, base::View log_key) {
  const std::uint64_t number = TRY(take_number(tx, owner));
  return log_label(log_key, number);
}

Result<ledger::Ticket> Journal::enter(store::Tx& tx, base::OwnerId owner, const Entry& entry) {
  const base::SecretBytes log_key = TRY(parts_.keys.derive(owner, kLogKey));
  const std::string payload = TRY(entry_payload(entry, parts_.clock.now()));
  const std::uint64_t number = TRY(take_number(tx, owner));
  const base::Bytes nonce = parts_.entropy.bytes(ledger::kNonceBytes);
  const base::Digest label = log_label(log_key.view(), number);

  Fields opening;
  opening.set("number", static_cast<std::int64_t>(number));
  opening.set("nonce", nonce);
  opening.set("payload", Fields::Text(payload));
  TRY(parts_.records.put(tx, owner, {kLogOpenings, {}, opening_id(label)}, opening));
  return parts_.ledger.append(tx, {label, ledger::commit_of(nonce, payload)});
}

Result<void> Journal::remove_all(store::Tx& tx, base::OwnerId owner) {
  TRY(tx.run("DELETE FROM vault_journal WHERE owner = ?", {owner}));
  return {};
}

}  // namespace vault
