// Sign-up and verification (DATA-1, AGES-1).
#include <array>

#include "accounts/accounts.h"
#include "accounts/memberships.h"
#include "accounts/sweep.h"

namespace accounts {
namespace {

constexpr base::Duration kLinkLives = std::chrono::hours(7 * 24);

enum class SignUpState : std::uint8_t { waiting, used };
enum class AccountState : std::uint8_t { active };

constexpr Over kOver = {
    "SELECT owner FROM accounts_pending WHERE owner >= ? AND (state = ? OR expires_at <= ?)"
    " ORDER BY owner LIMIT ?",
    "SELECT owner FROM accounts_pending WHERE owner < ? AND (state = ? OR expires_at <= ?)"
    " ORDER BY owner LIMIT ?",
    static_cast<std::int64_t>(SignUpState::used)};

}  // namespace

base::Result<void> Accounts::in_force(const std::string& terms) const {
  if (terms == facts_.terms_version) return {};
  return base::Error{base::Code::conflict,
                     "terms: another version is in force now; read it at /terms, and accept it"};
}

base::Result<void> Accounts::declare(store::Tx& tx, base::OwnerId owner, const Declared& declared) {
  vault::Fields identity, credentials, attestation;
  identity.set("legal_name", declared.legal_name)
      .set("email", declared.contact.address.text())
      .set("language", base::copy(base::view(egress::to_string(declared.contact.language))));
  credentials.set("password_hash", base::copy(base::view(declared.password_hash)));
  attestation.set("adult_professional_at", parts_.clock.now())
      .set("notice_version", base::copy(base::view(facts_.notice_version)))
      .set("terms_version", base::copy(base::view(declared.terms)));
  TRY(write_one(tx, owner, leave_.identity, "identity", identity));
  TRY(write_one(tx, owner, leave_.credentials, "credentials", credentials));
  return write_one(tx, owner, leave_.attestation, "attestation", attestation);
}

base::Result<void> Accounts::sign_up(SignUp form) {
  TRY(in_force(form.terms));
  // The order and amount of work below do not depend on whether the address is known.
  const auto known = TRY(parts_.vault.find(form.email));
  const std::string hash = TRY(parts_.passwords.hash(form.password));
  const auto owner = base::OwnerId::random(parts_.entropy);
  TRY(parts_.keys.mint(std::array{owner}));
  const auto stored = store_sign_up(owner, form, hash, known.has_value());
  // Where that fails too, the next start does it.
  if (!stored.ok()) (void)parts_.keys.abandon(std::array{owner}).ok();
  return stored;
}

base::Result<void> Accounts::store_sign_up(base::OwnerId owner, const SignUp& form,
                                           const std::string& hash, bool known) {
  const std::string token = new_token(parts_.entropy);
  const Declared declared{form.legal_name, {form.email, form.language}, hash, form.terms};
  const egress::Mail mail{known ? egress::MailKind::known_address : egress::MailKind::verify,
                          owner,
                          form.email,
                          base::Personal<std::string>(known ? std::string() : token),
                          form.origin,
                          form.language};
  return parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(parts_.keys.bind(tx, owner));
    TRY(declare(tx, owner, declared));
    TRY(
        tx.run("INSERT INTO accounts_pending (owner, token_digest, state, expires_at)"
               " VALUES (?, ?, ?, ?)",
               {owner, base::View(base::sha256(base::view(token))), SignUpState::waiting,
                parts_.clock.now() + kLinkLives}));
    return parts_.outbox.queue(tx, mail);
  });
}

base::Result<std::optional<Accounts::Pending>> Accounts::pending(const base::Digest& token) {
  std::optional<Pending> found;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> base::Result<void> {
    return reader.query(
        "SELECT owner, expires_at FROM accounts_pending WHERE token_digest = ? AND state = ?",
        {base::View(token), SignUpState::waiting},
        [&](const store::Row& row) -> base::Result<void> {
          const auto owner = TRY(row.id<base::OwnerId>(0));
          found = Pending{owner, row.time(1)};
          return {};
        });
  }));
  return found;
}

base::Result<base::AccountId> Accounts::verify(std::string_view token) {
  const base::Digest digest = base::sha256(base::view(token));
  const auto waiting = TRY(pending(digest));
  if (!waiting || waiting->expires <= parts_.clock.now())
    return base::Error{base::Code::missing, "this link was used already, or has run out"};
  const auto account = TRY(make_account(digest, waiting->owner));
  // What the sign-up held now stands under the user's own key; its first key has no use left. The
  // sweep does this again should it fail here.
  const auto erased = erase_sign_up(waiting->owner);
  if (!erased.ok()) parts_.log.warn("sign-up not erased yet", {{"error", erased.error()}});
  return account;
}

base::Result<base::AccountId> Accounts::make_account(const base::Digest& token,
                                                     base::OwnerId pending) {
  vault::Record identity, credentials, attestation;
  const auto opened = parts_.vault.store().read([&](store::Reader& reader) -> base::Result<void> {
    identity = TRY(read_one(reader, pending, leave_.identity, "identity"));
    credentials = TRY(read_one(reader, pending, leave_.credentials, "credentials"));
    attestation = TRY(read_one(reader, pending, leave_.attestation, "attestation"));
    return {};
  });
  // The sign-up is over between the look at the link and here: another used it.
  if (!opened.ok() && (opened.code() == base::Code::gone || opened.code() == base::Code::missing))
    return base::Error{base::Code::missing, "this link was used already, or has run out"};
  TRY(opened);
  const auto email = vault::Address::trusted(TRY(identity.fields.text("email")));
  const auto account = base::AccountId::random(parts_.entropy);
  const auto user = base::UserId::random(parts_.entropy);
  const base::OwnerId owner = base::owner_of(user);

  // From here to the end one verifies at a time for this address, so that a link used twice at once
  // is used once.
  const auto directory = TRY(parts_.vault.hold_directory(std::span(&email, 1)));
  const auto waiting = TRY(this->pending(token));
  if (!waiting)
    return base::Error{base::Code::missing, "this link was used already, or has run out"};
  const auto taken = TRY(parts_.vault.find(email));
  if (taken) return base::Error{base::Code::conflict, "this address has an account already"};
  const std::array owners = {owner, base::owner_of(account)};
  TRY(parts_.keys.mint(owners));
  const auto stored = parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    const std::int64_t used =
        TRY(tx.run("UPDATE accounts_pending SET state = ? WHERE token_digest = ? AND state = ?",
                   {SignUpState::used, base::View(token), SignUpState::waiting}));
    if (used != 1)
      return base::Error{base::Code::missing, "this link was used already, or has run out"};
    TRY(parts_.keys.bind(tx, owner));
    TRY(parts_.keys.bind(tx, base::owner_of(account)));
    TRY(write_one(tx, owner, leave_.identity, "identity", identity.fields));
    TRY(write_one(tx, owner, leave_.credentials, "credentials", credentials.fields));
    TRY(write_one(tx, owner, leave_.attestation, "attestation", attestation.fields));
    TRY(tx.run("INSERT INTO accounts_account (id, state, created_at) VALUES (?, ?, ?)",
               {account, AccountState::active, parts_.clock.now()}));
    TRY(join(tx, {account, user, Role::owner}));
    return parts_.vault.enlist(tx, directory, email, {user, account});
  });
  if (!stored.ok()) {
    (void)parts_.keys.abandon(owners).ok();  // where that fails too, the next start does it
    return stored.error();
  }
  return account;
}

base::Result<void> Accounts::erase_sign_up(base::OwnerId owner) {
  // Not logged: a sign-up that never became an account has nobody who could hold the receipt.
  const vault::Vault::Erasing what{owner, {}, {}, std::nullopt};
  TRY(parts_.vault.erase(what, [&](store::Tx& tx) -> base::Result<void> {
    TRY(egress::Outbox::forget(tx, owner));
    TRY(tx.run("DELETE FROM accounts_pending WHERE owner = ?", {owner}));
    return {};
  }));
  return {};
}

base::Result<void> Accounts::tick() {
  base::Result<void> outcome;  // the first that failed; the others are done all the same
  const auto note = [&](base::Result<void> done) {
    if (!done.ok() && outcome.ok()) outcome = std::move(done);
  };
  note(sweep(parts_.vault.store(), parts_.entropy, parts_.clock.now(), kOver,
             [this](base::OwnerId owner) { return erase_sign_up(owner); }));
  note(links_.tick());
  note(parts_.tokens.tick());
  note(parts_.sessions.tick());
  return outcome;
}

}  // namespace accounts
