#include "accounts/invitations.h"

#include <algorithm>
#include <array>

#include "accounts/erased.h"
#include "accounts/memberships.h"
#include "accounts/sweep.h"

namespace accounts {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr base::Literal kCollection = "invitations";
constexpr base::Literal kDeclined = "declined_invitations";

enum class State : std::uint8_t { waiting, over };

constexpr Over kOver = {
    "SELECT owner FROM invitations WHERE owner >= ? AND (state = ? OR expires_at <= ?)"
    " ORDER BY owner LIMIT ?",
    "SELECT owner FROM invitations WHERE owner < ? AND (state = ? OR expires_at <= ?)"
    " ORDER BY owner LIMIT ?",
    static_cast<std::int64_t>(State::over)};

Error used() { return {Code::missing, "this invitation was used already, or has run out"}; }

/// That the invitation is destroyed while it is looked at is nothing to tell its holder.
Error none_left(const Error& error) { return is_erased(error) ? used() : error; }

}  // namespace

store::Schema Invitations::schema() {
  return {"invitations",
          {"CREATE TABLE invitations ("
           " owner BLOB PRIMARY KEY,"  // also its id
           " account BLOB NOT NULL,"
           " inviter_user BLOB NOT NULL,"
           " role INTEGER NOT NULL,"
           " state INTEGER NOT NULL,"
           " token_digest BLOB NOT NULL UNIQUE,"
           " expires_at INTEGER NOT NULL"
           ") STRICT, WITHOUT ROWID;"
           "CREATE INDEX invitations_account ON invitations (account);"
           "CREATE INDEX invitations_expires ON invitations (expires_at);"},
          store::Keeping::bulk,
          {{"invitations", "owner"}, {"invitations", "account"}}};
}

std::vector<vault::Collection> Invitations::collections() {
  using vault::FieldKind;
  return {{kCollection,
           "invitations",
           "invitations",
           {{"email", FieldKind::text, "The address that was invited"},
            {"language", FieldKind::words, "The language of the mail to it"}},
           vault::Expiry::after_creation(invitation_lives)},
          // Under an id that the account's key makes of the address: nothing leads back to it.
          {kDeclined,
           "declined_invitations",
           "declined_invitations",
           {{"declined", FieldKind::time, "When somebody declined an invitation to this account"}},
           vault::Expiry::after_last_put(declined_kept_for)}};
}

Result<std::unique_ptr<Invitations>> Invitations::open(Accounts& accounts) {
  const notice::Policy& policy = accounts.parts_.vault.gate().policy().current();
  const auto category = policy.category("invitations");
  const auto declined = policy.category("declined_invitations");
  const auto purpose = policy.purpose("invite_members");
  if (!category || !declined || !purpose)
    return Error{Code::invalid,
                 "invitations need the categories invitations and declined_invitations and the "
                 "purpose invite_members"};
  return std::unique_ptr<Invitations>(new Invitations(accounts, {*category, *declined, *purpose}));
}

Result<gate::Permit> Invitations::ask(base::OwnerId invitation) {
  return parts_.vault.gate().ask(gate::Actor::person, invitation, leave_.invitations,
                                 leave_.invite);
}

Result<Contact> Invitations::contact(store::Reader& reader, base::OwnerId invitation) {
  const auto permit = TRY(ask(invitation));
  const auto record = TRY(parts_.vault.get(reader, permit, {kCollection, {}, {}}));
  return contact_in(record.fields);
}

Result<std::vector<Invitations::Row>> Invitations::waiting(store::Reader& reader,
                                                           base::AccountId account) {
  std::vector<Row> rows;
  TRY(reader.query(
      "SELECT owner, inviter_user, role, expires_at FROM invitations"
      " WHERE account = ? AND state = ? AND expires_at > ?"
      " ORDER BY expires_at DESC, owner",
      {account, State::waiting, parts_.clock.now()}, [&](const store::Row& row) -> Result<void> {
        Row found;
        found.owner = TRY(row.id<base::OwnerId>(0));
        found.account = account;
        found.inviter = TRY(row.id<base::UserId>(1));
        found.role = role_of(row.integer(2)).value_or(Role::reader);
        found.expires = row.time(3);
        rows.push_back(found);
        return {};
      }));
  return rows;
}

Result<gate::Permit> Invitations::ask_declined(base::AccountId account) {
  return parts_.vault.gate().ask(gate::Actor::member, base::owner_of(account), leave_.declined,
                                 leave_.invite);
}

Result<bool> Invitations::declined(store::Reader& reader, base::AccountId account,
                                   const vault::Address& address) {
  const auto permit = TRY(ask_declined(account));
  const auto id = TRY(parts_.vault.pseudonym(permit, {}, address.folded().text()));
  const auto found = parts_.vault.get(reader, permit, {kDeclined, {}, id});
  if (!found.ok() && found.code() == Code::missing) return false;
  TRY(found);
  return true;
}

Result<void> Invitations::note_declined(store::Tx& tx, base::AccountId account,
                                        const vault::Address& address) {
  const auto permit = TRY(ask_declined(account));
  const auto id = TRY(parts_.vault.pseudonym(permit, {}, address.folded().text()));
  vault::Fields fields;
  fields.set("declined", parts_.clock.now());
  return parts_.vault.put(tx, permit, {kDeclined, {}, id}, fields);
}

/// Before another comes: those to the same address lead nowhere any more.
Result<void> Invitations::make_room(store::Tx& tx, const Identity& identity, const Wanted& wanted,
                                    std::optional<base::UserId> listed) {
  TRY(parts_.proofs.require(tx, identity.user, identity.session, Act::change_roles));
  TRY(require(tx, identity, Right::manage_members));
  // Whoever administers the account sees who belongs to it, so that this tells her nothing.
  const auto theirs = TRY(role_in(tx, identity.account, listed.value_or(base::UserId())));
  if (theirs) return Error{Code::conflict, "email: this person belongs to the account already"};
  const bool refused = TRY(declined(tx, identity.account, wanted.email));
  if (refused)
    return Error{Code::conflict,
                 "email: this person has declined an invitation to this account, and gets no other "
                 "from it for 90 days"};
  const auto rows = TRY(waiting(tx, identity.account));
  const auto key = parts_.entropy.bytes(32);
  const auto digest = wanted.email.digest(key);
  std::size_t others = 0;
  for (const Row& row : rows) {
    const auto to = contact(tx, row.owner);
    // Being destroyed just now.
    if (is_erased(to)) continue;
    const Contact other = TRY(to);
    if (other.address.digest(key) == digest)
      TRY(end(tx, row));
    else
      ++others;
  }
  if (others >= invitations_max)
    return Error{Code::conflict,
                 "as many invitations wait as there may be: withdraw one, or wait for an answer"};
  return {};
}

Result<InvitationId> Invitations::invite(const Identity& identity, const Wanted& wanted) {
  CHECK(wanted.role != Role::owner);
  // Whether or not there is anybody, the work is the same, and so is the mail.
  const auto listed = TRY(parts_.vault.find(wanted.email));
  const auto owner = base::OwnerId::random(parts_.entropy);
  const std::string token = new_token(parts_.entropy);
  vault::Fields fields;
  fields.set("email", wanted.email.text())
      .set("language", base::copy(base::view(egress::to_string(wanted.language))));
  TRY(parts_.keys.mint(std::array{owner}));
  const auto stored = parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    TRY(make_room(tx, identity, wanted, listed ? std::optional(listed->user) : std::nullopt));
    const auto inviter = TRY(accounts_.contact(tx, identity.user));
    TRY(parts_.keys.bind(tx, owner));
    const auto permit = TRY(ask(owner));
    TRY(parts_.vault.put(tx, permit, {kCollection, {}, {}}, fields));
    TRY(tx.run(
        "INSERT INTO invitations"
        " (owner, account, inviter_user, role, state, token_digest, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        {owner, identity.account, identity.user, wanted.role, State::waiting,
         base::View(base::sha256(base::view(token))), parts_.clock.now() + invitation_lives}));
    egress::Mail mail{egress::MailKind::member_invitation, owner,         wanted.email,
                      base::Personal<std::string>(token),  wanted.origin, wanted.language};
    mail.by = inviter.address.text();
    return parts_.outbox.queue(tx, mail);
  });
  if (!stored.ok()) {
    (void)parts_.keys.abandon(std::array{owner}).ok();  // where that fails too, the next start does
    return stored.error();
  }
  return owner.as<InvitationTag>();
}

Result<std::vector<InvitationShown>> Invitations::list(const Identity& identity) {
  std::vector<InvitationShown> shown;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> Result<void> {
    TRY(require(reader, identity, Right::manage_members));
    for (const Row& row : TRY(waiting(reader, identity.account))) {
      const auto to = contact(reader, row.owner);
      if (is_erased(to)) continue;
      const Contact invited = TRY(to);
      shown.push_back(
          {row.owner.as<InvitationTag>(), invited.address.text(), row.role, row.expires});
    }
    return {};
  }));
  return shown;
}

Result<void> Invitations::end(store::Tx& tx, const Row& row) {
  const std::int64_t ended =
      TRY(tx.run("UPDATE invitations SET state = ? WHERE owner = ? AND account = ? AND state = ?",
                 {State::over, row.owner, row.account, State::waiting}));
  if (ended != 1) return used();
  return {};
}

Result<void> Invitations::withdraw(const Identity& identity, InvitationId id) {
  Row row;
  row.owner = id.as<base::OwnerTag>();
  row.account = identity.account;
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    TRY(parts_.proofs.require(tx, identity.user, identity.session));
    TRY(require(tx, identity, Right::manage_members));
    return end(tx, row);
  }));
  destroy(row.owner);
  return {};
}

Result<Invitations::Row> Invitations::find(std::string_view token) {
  std::optional<Row> found;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    return reader.query(
        "SELECT owner, account, inviter_user, role, expires_at FROM invitations"
        " WHERE token_digest = ? AND state = ? AND expires_at > ?",
        {base::View(base::sha256(base::view(token))), State::waiting, parts_.clock.now()},
        [&](const store::Row& row) -> Result<void> {
          const auto owner = TRY(row.id<base::OwnerId>(0));
          const auto account = TRY(row.id<base::AccountId>(1));
          const auto inviter = TRY(row.id<base::UserId>(2));
          found = Row{owner, account, inviter, role_of(row.integer(3)).value_or(Role::reader),
                      row.time(4)};
          return {};
        });
  }));
  if (!found) return used();
  return *found;
}

/// Whom it is to.
Result<Contact> Invitations::invited(const Row& row) {
  std::optional<Contact> to;
  const auto read = parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    to = TRY(contact(reader, row.owner));
    return {};
  });
  if (!read.ok()) return none_left(read.error());
  return std::move(*to);
}

Result<InvitationFollowed> Invitations::look(std::string_view token) {
  const Row row = TRY(find(token));
  const Contact to = TRY(invited(row));
  const auto inviter = accounts_.profile({{}, row.inviter, row.account});
  if (!inviter.ok()) return none_left(inviter.error());
  const auto listed = TRY(parts_.vault.find(to.address));
  const auto person = TRY(accounts_.links_.person_at(listed));
  return InvitationFollowed{row.account,    row.role,    to.address.text(), inviter->legal_name,
                            inviter->email, row.expires, person.has_value()};
}

Result<void> Invitations::decline(std::string_view token) {
  const Row row = TRY(find(token));
  const Contact to = TRY(invited(row));
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    TRY(end(tx, row));
    // An account that may not keep it now, or is no more, keeps nothing: she is out all the same.
    const auto noted = note_declined(tx, row.account, to.address);
    if (noted.ok() || noted.code() == Code::denied || is_erased(noted.error())) return {};
    return noted;
  }));
  destroy(row.owner);
  return {};
}

Result<base::AccountId> Invitations::accept(const Identity& identity, std::string_view token) {
  const Row row = TRY(find(token));
  const Contact to = TRY(invited(row));
  const auto key = parts_.entropy.bytes(32);
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    TRY(parts_.proofs.require(tx, identity.user, identity.session));
    // An address that was changed meanwhile is not the one that was invited.
    const auto hers = TRY(accounts_.contact(tx, identity.user));
    if (hers.address.digest(key) != to.address.digest(key))
      return Error{Code::denied, "this invitation is to another address than yours"};
    TRY(end(tx, row));
    return join(tx, {row.account, identity.user, row.role});
  }));
  destroy(row.owner);
  return row.account;
}

Result<void> Invitations::make_person(store::Tx& tx, base::UserId user, const Row& row,
                                      const Newcomer& newcomer, const Contact& contact,
                                      const std::string& hash) {
  const base::OwnerId owner = base::owner_of(user);
  TRY(end(tx, row));
  TRY(parts_.keys.bind(tx, owner));
  TRY(accounts_.introduce(tx, owner, {newcomer.legal_name, contact, hash}));
  TRY(accounts_.attest(tx, owner, newcomer.shown));
  return join(tx, {row.account, user, row.role});
}

Result<vault::Vault::Listed> Invitations::accept(Newcomer newcomer, std::string_view token) {
  TRY(accounts_.in_force(newcomer.shown));
  const Row row = TRY(find(token));
  const Contact to = TRY(invited(row));
  const std::string hash = TRY(parts_.passwords.hash(newcomer.password));
  const vault::Vault::Listed made{base::UserId::random(parts_.entropy), row.account};
  const std::array owners = {base::owner_of(made.user)};
  {
    // One at a time for this address, so that a link used twice at once is used once.
    const auto directory = TRY(parts_.vault.hold_directory(std::span(&to.address, 1)));
    const auto taken = TRY(parts_.vault.find(to.address));
    const auto person = TRY(accounts_.links_.person_at(taken));
    if (person)
      return Error{Code::conflict,
                   "this address has an account with us already: log in, and accept it there"};
    if (taken)
      return Error{Code::conflict,
                   "this address is kept for somebody who changed it and may undo that for some "
                   "days yet: wait, or be invited at another one"};
    TRY(parts_.keys.mint(owners));
    const auto stored = parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
      TRY(make_person(tx, made.user, row, newcomer, to, hash));
      return parts_.vault.enlist(tx, directory, to.address, made);
    });
    if (!stored.ok()) {
      (void)parts_.keys.abandon(owners).ok();  // where that fails too, the next start does it
      return none_left(stored.error());
    }
  }
  destroy(row.owner);
  return made;
}

Result<std::vector<base::OwnerId>> Invitations::held_for(store::Reader& reader,
                                                         base::AccountId account) {
  std::vector<base::OwnerId> held;
  TRY(reader.query("SELECT owner FROM invitations WHERE account = ?", {account},
                   [&](const store::Row& row) -> Result<void> {
                     held.push_back(TRY(row.id<base::OwnerId>(0)));
                     return {};
                   }));
  return held;
}

Result<void> Invitations::forget(store::Tx& tx, base::AccountId account,
                                 const std::vector<base::OwnerId>& held) {
  for (const base::OwnerId& owner : held) {
    TRY(egress::Outbox::forget(tx, owner));
    TRY(tx.run("DELETE FROM invitations WHERE owner = ?", {owner}));
  }
  TRY(tx.run("UPDATE invitations SET state = ? WHERE account = ?", {State::over, account}));
  return {};
}

Result<void> Invitations::end_of(store::Tx& tx, base::AccountId account, base::UserId inviter) {
  TRY(tx.run("UPDATE invitations SET state = ? WHERE account = ? AND inviter_user = ?",
             {State::over, account, inviter}));
  return {};
}

Result<void> Invitations::end_of(store::Tx& tx, base::UserId inviter) {
  TRY(tx.run("UPDATE invitations SET state = ? WHERE inviter_user = ?", {State::over, inviter}));
  return {};
}

Result<void> Invitations::restored(store::Tx& tx) {
  TRY(tx.run("UPDATE invitations SET state = ?", {State::over}));
  return {};
}

Result<void> Invitations::try_destroy(base::OwnerId invitation) {
  const vault::Vault::Erasing what{invitation, {}, {}, std::nullopt};
  TRY(parts_.vault.erase(what, [&](store::Tx& tx) -> Result<void> {
    TRY(egress::Outbox::forget(tx, invitation));
    TRY(tx.run("DELETE FROM invitations WHERE owner = ?", {invitation}));
    return {};
  }));
  return {};
}

void Invitations::destroy(base::OwnerId invitation) {
  const auto destroyed = try_destroy(invitation);
  if (!destroyed.ok()) parts_.log.warn("invitation not erased yet", {{"error", destroyed.error()}});
}

Result<void> Invitations::tick() {
  return sweep(parts_.vault.store(), parts_.entropy, parts_.clock.now(), kOver,
               [this](base::OwnerId invitation) { return try_destroy(invitation); });
}

}  // namespace accounts
