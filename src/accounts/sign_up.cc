// Sign-up and verification (DATA-1, AGES-1).
#include <array>

#include "accounts/accounts.h"
#include "accounts/erased.h"
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

base::Error used() { return {base::Code::missing, "this link was used already, or has run out"}; }

}  // namespace

base::Result<void> Accounts::in_force(const Shown& shown) const {
  if (shown.terms != facts_.terms_version)
    return base::Error{base::Code::conflict,
                       "terms: another version is in force now; read it at /terms, and accept it"};
  if (shown.notice != facts_.notice_version)
    return base::Error{base::Code::conflict,
                       "notice: another version is in force now; read it at /notice"};
  return {};
}

base::Result<void> Accounts::introduce(store::Tx& tx, base::OwnerId owner,
                                       const Introduced& person) {
  vault::Fields identity, credentials;
  identity.set("legal_name", person.legal_name)
      .set("email", person.contact.address.text())
      .set("language", base::copy(base::view(egress::to_string(person.contact.language))));
  credentials.set("password_hash", base::copy(base::view(person.password_hash)));
  TRY(write_one(tx, owner, leave_.identity, "identity", identity));
  return write_one(tx, owner, leave_.credentials, "credentials", credentials);
}

base::Result<void> Accounts::attest(store::Tx& tx, base::OwnerId owner, const Shown& shown) {
  vault::Fields attestation;
  attestation.set("adult_professional_at", parts_.clock.now())
      .set("notice_version", base::copy(base::view(shown.notice)))
      .set("terms_version", base::copy(base::view(shown.terms)));
  return write_one(tx, owner, leave_.attestation, "attestation", attestation);
}

base::Result<void> Accounts::sign_up(SignUp form) {
  TRY(in_force(form.shown));
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
  const Introduced person{form.legal_name, {form.email, form.language}, hash};
  const egress::Mail mail{known ? egress::MailKind::known_address : egress::MailKind::verify,
                          owner,
                          form.email,
                          base::Personal<std::string>(known ? std::string() : token),
                          form.origin,
                          form.language};
  return parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(parts_.keys.bind(tx, owner));
    TRY(introduce(tx, owner, person));
    TRY(attest(tx, owner, form.shown));
    TRY(
        tx.run("INSERT INTO accounts_pending (owner, token_digest, state, expires_at)"
               " VALUES (?, ?, ?, ?)",
               {owner, base::View(base::sha256(base::view(token))), SignUpState::waiting,
                parts_.clock.now() + kLinkLives}));
    return parts_.outbox.queue(tx, mail);
  });
}

base::Result<std::optional<base::OwnerId>> Accounts::pending(const base::Digest& token) {
  std::optional<base::OwnerId> found;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> base::Result<void> {
    return reader.query(
        "SELECT owner FROM accounts_pending"
        " WHERE token_digest = ? AND state = ? AND expires_at > ?",
        {base::View(token), SignUpState::waiting, parts_.clock.now()},
        [&](const store::Row& row) -> base::Result<void> {
          found = TRY(row.id<base::OwnerId>(0));
          return {};
        });
  }));
  return found;
}

base::Result<bool> Accounts::waits(std::string_view token) {
  const auto waiting = TRY(pending(base::sha256(base::view(token))));
  return waiting.has_value();
}

base::Result<std::optional<vault::Address>> Accounts::mailed_to(std::string_view token) {
  const auto waiting = TRY(pending(base::sha256(base::view(token))));
  if (!waiting) return std::optional<vault::Address>();
  std::optional<vault::Address> address;
  const auto read =
      parts_.vault.store().read_once([&](store::Reader& reader) -> base::Result<void> {
        const auto record = TRY(read_one(reader, *waiting, leave_.identity, "identity"));
        address = vault::Address::trusted(TRY(record.fields.text("email")));
        return {};
      });
  if (!read.ok() && !is_erased(read)) return read.error();
  return address;
}

base::Result<std::optional<vault::Vault::Listed>> Accounts::verify(
    std::string_view token, const base::SecretBytes& password) {
  const base::Digest digest = base::sha256(base::view(token));
  const auto waiting = TRY(pending(digest));
  std::optional<std::string> hash;
  if (waiting) {
    // What proves her lies with a sign-up as it does with a user.
    auto kept = password_hash(base::UserId::from(waiting->bytes()).value());
    if (!kept.ok() && !is_erased(kept)) return kept.error();
    if (kept.ok()) hash = std::move(*kept);
  }
  if (!hash) {
    // Whether a link waits is in the answer; that nobody does is not cheaper to learn.
    TRY(parts_.passwords.try_login({}, password, {}));
    return used();
  }
  // Before anybody looks whether the address has an account: that is for who knows the password.
  const bool right = TRY(parts_.passwords.matches(*hash, password));
  if (!right) return std::optional<vault::Vault::Listed>();
  const auto made = TRY(make_account(digest, *waiting));
  // What the sign-up held now stands under the user's own key; its first key has no use left. The
  // sweep does this again should it fail here.
  const auto erased = erase_sign_up(*waiting);
  if (!erased.ok()) parts_.log.warn("sign-up not erased yet", {{"error", erased.error()}});
  return std::optional(made);
}

base::Result<vault::Vault::Listed> Accounts::make_account(const base::Digest& token,
                                                          base::OwnerId pending) {
  vault::Record identity, credentials, attestation;
  const auto opened = parts_.vault.store().read([&](store::Reader& reader) -> base::Result<void> {
    identity = TRY(read_one(reader, pending, leave_.identity, "identity"));
    credentials = TRY(read_one(reader, pending, leave_.credentials, "credentials"));
    attestation = TRY(read_one(reader, pending, leave_.attestation, "attestation"));
    return {};
  });
  // The sign-up is over between the look at the link and here: another used it.
  if (is_erased(opened)) return used();
  TRY(opened);
  const auto email = vault::Address::trusted(TRY(identity.fields.text("email")));
  const auto account = base::AccountId::random(parts_.entropy);
  const auto user = base::UserId::random(parts_.entropy);
  const base::OwnerId owner = base::owner_of(user);

  // From here to the end one verifies at a time for this address, so that a link used twice at once
  // is used once.
  const auto directory = TRY(parts_.vault.hold_directory(std::span(&email, 1)));
  const auto waiting = TRY(this->pending(token));
  if (!waiting) return used();
  const auto taken = TRY(parts_.vault.find(email));
  if (taken) return base::Error{base::Code::conflict, "this address has an account already"};
  const std::array owners = {owner, base::owner_of(account)};
  TRY(parts_.keys.mint(owners));
  const auto stored = parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    const std::int64_t moved =
        TRY(tx.run("UPDATE accounts_pending SET state = ? WHERE token_digest = ? AND state = ?",
                   {SignUpState::used, base::View(token), SignUpState::waiting}));
    if (moved != 1) return used();
    TRY(parts_.keys.bind(tx, owner));
    TRY(parts_.keys.bind(tx, base::owner_of(account)));
    TRY(write_one(tx, owner, leave_.identity, "identity", identity.fields));
    TRY(write_one(tx, owner, leave_.credentials, "credentials", credentials.fields));
    TRY(write_one(tx, owner, leave_.attestation, "attestation", attestation.fields));
    return put_account(tx, directory, email, {user, account}, parts_.clock.now());
  });
  if (!stored.ok()) {
    (void)parts_.keys.abandon(owners).ok();  // where that fails too, the next start does it
    return stored.error();
  }
  return vault::Vault::Listed{user, account};
}

base::Result<void> Accounts::put_account(store::Tx& tx, const vault::BucketLocks::Hold& directory,
                                         const vault::Address& email,
                                         const vault::Vault::Listed& whose, base::Time created) {
  TRY(tx.run("INSERT INTO accounts_account (id, state, created_at) VALUES (?, ?, ?)",
             {whose.account, AccountState::active, created}));
  TRY(join(tx, {whose.account, whose.user, Role::owner}));
  return parts_.vault.enlist(tx, directory, email, whose);
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
