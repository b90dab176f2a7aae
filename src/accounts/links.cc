#include "accounts/links.h"

#include <array>

#include "accounts/sweep.h"
#include "egress/outbox.h"

namespace accounts {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr base::Literal kAddresses = "address_change";
constexpr std::size_t kTokenBytes = 32;
constexpr base::Duration kFarewellLives = std::chrono::hours(7 * 24);
constexpr Over kOver = {
    "SELECT owner FROM account_links WHERE owner >= ? AND (state = ? OR expires_at <= ?)"
    " ORDER BY owner LIMIT ?",
    "SELECT owner FROM account_links WHERE owner < ? AND (state = ? OR expires_at <= ?)"
    " ORDER BY owner LIMIT ?",
    static_cast<std::int64_t>(LinkState::over)};

Error followed() { return {Code::missing, "this link was used already, or has run out"}; }

}  // namespace

std::string new_token(base::Entropy& entropy) {
  return base::base64url(entropy.bytes(kTokenBytes));
}

store::Schema Links::schema() {
  return {"account_links",
          {"CREATE TABLE account_links ("
           " owner BLOB PRIMARY KEY,"
           " user BLOB NOT NULL,"  // the link's own id where there is nobody
           " purpose INTEGER NOT NULL,"
           " state INTEGER NOT NULL,"
           " token_digest BLOB NOT NULL UNIQUE,"
           " expires_at INTEGER NOT NULL"
           ") STRICT, WITHOUT ROWID;"
           "CREATE INDEX account_links_user ON account_links (user);"
           "CREATE INDEX account_links_expires ON account_links (expires_at);"},
          store::Keeping::bulk,
          {{"account_links", "owner"}, {"account_links", "user"}}};
}

vault::Collection Links::collection() {
  using vault::FieldKind;
  return {kAddresses,
          "identity",
          "address_changes",
          {{"former", FieldKind::text, "Your address before"},
           {"next", FieldKind::text, "Your address after"}}};
}

Result<gate::Permit> Links::ask(base::OwnerId link) {
  return parts_.vault.gate().ask(gate::Actor::person, link, parts_.identity, parts_.manage);
}

Result<void> Links::make(const Wanted& wanted, const Along& along) {
  // As at a sign-up: the work does not depend on whether there is anybody.
  const auto owner = base::OwnerId::random(parts_.entropy);
  const base::UserId user = wanted.user.value_or(base::UserId::from(owner.bytes()).value());
  TRY(parts_.keys.mint(std::array{owner}));
  const auto stored = parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    TRY(parts_.keys.bind(tx, owner));
    if (wanted.addresses) {
      const auto permit = TRY(ask(owner));
      vault::Fields fields;
      fields.set("former", wanted.addresses->former.text())
          .set("next", wanted.addresses->next.text());
      TRY(parts_.vault.put(tx, permit, {kAddresses, {}, {}}, fields));
    }
    TRY(tx.run(
        "INSERT INTO account_links (owner, user, purpose, state, token_digest, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        {owner, user, wanted.purpose, LinkState::waiting,
         base::View(base::sha256(base::view(wanted.token))), parts_.clock.now() + wanted.lives}));
    return along(tx, owner);
  });
  if (!stored.ok()) (void)parts_.keys.abandon(std::array{owner}).ok();
  return stored;
}

Result<base::OwnerId> Links::make_farewell() {
  std::optional<base::OwnerId> made;
  TRY(make({LinkPurpose::farewell, std::nullopt, new_token(parts_.entropy), kFarewellLives},
           [&](store::Tx&, base::OwnerId link) -> Result<void> {
             made = link;
             return {};
           }));
  return *made;
}

Result<Link> Links::find(std::string_view token, LinkPurpose purpose, LinkState state) {
  std::optional<Link> found;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    return reader.query(
        "SELECT owner, user, expires_at FROM account_links"
        " WHERE token_digest = ? AND purpose = ? AND state = ? AND expires_at > ?",
        {base::View(base::sha256(base::view(token))), purpose, state, parts_.clock.now()},
        [&](const store::Row& row) -> Result<void> {
          const auto owner = TRY(row.id<base::OwnerId>(0));
          const auto user = TRY(row.id<base::UserId>(1));
          found = Link{owner, user, row.time(2)};
          return {};
        });
  }));
  if (!found) return followed();
  return *found;
}

Result<AddressPair> Links::addresses(store::Reader& reader, base::OwnerId link) {
  const auto permit = TRY(ask(link));
  const auto record = TRY(parts_.vault.get(reader, permit, {kAddresses, {}, {}}));
  auto former = TRY(record.fields.text("former"));
  auto next = TRY(record.fields.text("next"));
  return AddressPair{vault::Address::trusted(std::move(former)),
                     vault::Address::trusted(std::move(next))};
}

Result<void> Links::end(store::Tx& tx, const Link& link, LinkState state) {
  const std::int64_t ended =
      TRY(tx.run("UPDATE account_links SET state = ? WHERE owner = ? AND state = ?",
                 {LinkState::over, link.owner, state}));
  if (ended != 1) return followed();
  return {};
}

Result<void> Links::put_in_force(store::Tx& tx, const Link& link, std::string_view token,
                                 base::Duration lives) {
  const std::int64_t moved =
      TRY(tx.run("UPDATE account_links SET state = ?, token_digest = ?, expires_at = ?"
                 " WHERE owner = ? AND state = ?",
                 {LinkState::in_force, base::View(base::sha256(base::view(token))),
                  parts_.clock.now() + lives, link.owner, LinkState::waiting}));
  if (moved != 1) return followed();
  return {};
}

Result<void> Links::end_waiting(store::Tx& tx, base::UserId user) {
  return end_others(tx, user, {});
}

Result<void> Links::end_others(store::Tx& tx, base::UserId user, base::OwnerId but) {
  TRY(tx.run("UPDATE account_links SET state = ? WHERE user = ? AND state = ? AND owner <> ?",
             {LinkState::over, user, LinkState::waiting, but}));
  return {};
}

Result<std::optional<vault::Vault::Listed>> Links::person_at(
    const std::optional<vault::Vault::Listed>& listed) {
  bool found = false;
  const auto owner = listed ? base::owner_of(listed->user) : base::OwnerId::random(parts_.entropy);
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    return reader.query("SELECT 1 FROM account_links WHERE owner = ?", {owner},
                        [&](const store::Row&) -> Result<void> {
                          found = true;
                          return {};
                        });
  }));
  return found ? std::nullopt : listed;
}

Result<bool> Links::in_force(store::Reader& reader, base::UserId user) {
  bool found = false;
  TRY(reader.query("SELECT 1 FROM account_links WHERE user = ? AND state = ?",
                   {user, LinkState::in_force}, [&](const store::Row&) -> Result<void> {
                     found = true;
                     return {};
                   }));
  return found;
}

Result<Links::Held> Links::held_for(std::span<const base::OwnerId> users) {
  Held held;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> Result<void> {
    for (const base::OwnerId& user : users)
      TRY(reader.query("SELECT owner FROM account_links WHERE user = ?", {user},
                       [&](const store::Row& row) -> Result<void> {
                         held.owners.push_back(TRY(row.id<base::OwnerId>(0)));
                         return {};
                       }));
    for (const base::OwnerId& link : held.owners) {
      const auto pair = addresses(reader, link);
      if (!pair.ok()) continue;  // no change of address, or destroyed already
      held.addresses.push_back(pair->former);
      held.addresses.push_back(pair->next);
    }
    return {};
  }));
  return held;
}

Result<void> Links::forget(store::Tx& tx, std::span<const base::OwnerId> users, const Held& held) {
  for (const base::OwnerId& link : held.owners) {
    TRY(egress::Outbox::forget(tx, link));
    TRY(tx.run("DELETE FROM account_links WHERE owner = ?", {link}));
  }
  for (const base::OwnerId& user : users)
    TRY(tx.run("UPDATE account_links SET state = ? WHERE user = ?", {LinkState::over, user}));
  return {};
}

Result<void> Links::restored(store::Tx& tx) {
  TRY(tx.run("UPDATE account_links SET state = ?", {LinkState::over}));
  return {};
}

Result<void> Links::try_destroy(base::OwnerId link) {
  std::vector<vault::Address> held;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> Result<void> {
    const auto pair = addresses(reader, link);
    // A way back in has none.
    if (!pair.ok() && pair.code() == Code::missing) return {};
    const AddressPair both = TRY(pair);
    held = {both.former, both.next};
    return {};
  }));
  // Its bucket of the directory gets a new key in the same commit: what is not listed any more is
  // not to be read in a backup either.
  const vault::Vault::Erasing what{link, {}, held, std::nullopt};
  TRY(parts_.vault.erase(what, [&](store::Tx& tx) -> Result<void> {
    TRY(egress::Outbox::forget(tx, link));
    TRY(tx.run("DELETE FROM account_links WHERE owner = ?", {link}));
    return {};
  }));
  return {};
}

void Links::destroy(const Link& link) {
  const auto destroyed = try_destroy(link.owner);
  if (!destroyed.ok()) parts_.log.warn("link not erased yet", {{"error", destroyed.error()}});
}

Result<void> Links::tick() {
  return sweep(parts_.vault.store(), parts_.entropy, parts_.clock.now(), kOver,
               [this](base::OwnerId link) { return try_destroy(link); });
}

}  // namespace accounts
