#include "accounts/changes.h"

#include <array>

#include "accounts/contact.h"
#include "accounts/erased.h"

namespace accounts {
namespace {

using base::Code;
using base::Error;
using base::Result;
using egress::MailKind;

constexpr std::size_t kNobodyKnowsBytes = 32;

/// That whoever it was about is erased, or being erased, is nothing to tell the link's holder.
Error none_left(const Error& error) {
  if (is_erased(error)) return {Code::missing, "this link was used already, or has run out"};
  return error;
}

}  // namespace

Result<vault::Record> Changes::identity_of(store::Reader& reader, base::UserId user) {
  return accounts_.read_one(reader, base::owner_of(user), accounts_.leave_.identity, "identity");
}

/// What no link is in, at her own address and in her own language.
Result<void> Changes::tell(store::Tx& tx, MailKind kind, base::OwnerId owner,
                           const vault::Record& to, const Origin& origin) {
  const auto her = TRY(contact_in(to.fields));
  return accounts_.tell(tx, kind, owner, her, origin);
}

Result<void> Changes::rename(const Identity& identity,
                             const base::Personal<std::string>& legal_name) {
  return parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    TRY(parts_.proofs.require(tx, identity.user, identity.session));
    vault::Fields fields = TRY(identity_of(tx, identity.user)).fields;
    fields.set("legal_name", legal_name);
    return accounts_.write_one(tx, base::owner_of(identity.user), accounts_.leave_.identity,
                               "identity", fields);
  });
}

Result<void> Changes::set_password(store::Tx& tx, base::UserId user, const std::string& hash) {
  const base::OwnerId owner = base::owner_of(user);
  const notice::CategoryId category = accounts_.leave_.credentials;
  vault::Fields credentials = TRY(accounts_.read_one(tx, owner, category, "credentials")).fields;
  credentials.set("password_hash", base::copy(base::view(hash)));
  TRY(accounts_.write_one(tx, owner, category, "credentials", credentials));
  TRY(Arrivals::rehashed(tx, user));
  // Whoever asked for one with the old password in hand, or with somebody else's mail open.
  return Links::end_waiting(tx, user);
}

Result<void> Changes::change_password(const Identity& identity, const base::SecretBytes& chosen,
                                      const Origin& origin) {
  const std::string hash = TRY(parts_.passwords.hash(chosen));
  return parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    TRY(parts_.proofs.require(tx, identity.user, identity.session, Act::change_password));
    TRY(set_password(tx, identity.user, hash));
    TRY(accounts_.end_access(tx, identity.user, identity.session));
    const auto her = TRY(identity_of(tx, identity.user));
    return tell(tx, MailKind::changed_password, base::owner_of(identity.user), her, origin);
  });
}

Result<void> Changes::ask_address(const Identity& identity, const vault::Address& next,
                                  const Origin& origin) {
  const auto taken = TRY(parts_.vault.find(next));
  std::optional<vault::Record> her;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    her = TRY(identity_of(reader, identity.user));
    return {};
  }));
  const Contact now = TRY(contact_in(her->fields));
  const std::string token = new_token(parts_.entropy);
  return accounts_.links_.make(
      {LinkPurpose::address, identity.user, token, address_link_lives,
       AddressPair{now.address, next}},
      [&](store::Tx& tx, base::OwnerId link) -> Result<void> {
        TRY(parts_.proofs.require(tx, identity.user, identity.session, Act::change_address));
        const bool undoable = TRY(accounts_.links_.in_force(tx, identity.user));
        if (undoable)
          return Error{Code::conflict,
                       "the address was changed in the last seven days; it can be changed again "
                       "when that cannot be undone any more"};
        TRY(Links::end_others(tx, identity.user, link));
        return parts_.outbox.queue(
            tx, {taken ? MailKind::taken_address : MailKind::prove_address, link, next,
                 base::Personal<std::string>(taken ? std::string() : token), origin, now.language});
      });
}

/// In her record. The directory is for the caller, who holds it.
Result<void> Changes::move_address(store::Tx& tx, base::UserId user, const vault::Address& from,
                                   const vault::Address& to) {
  vault::Fields fields = TRY(identity_of(tx, user)).fields;
  const auto now = TRY(fields.text("email"));
  if (now != from.text()) return Error{Code::missing, "this link was used already, or has run out"};
  fields.set("email", to.text());
  return accounts_.write_one(tx, base::owner_of(user), accounts_.leave_.identity, "identity",
                             fields);
}

Result<AddressPair> Changes::addresses_of(const Link& link) {
  std::optional<AddressPair> read;
  const auto opened = parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    read = TRY(accounts_.links_.addresses(reader, link.owner));
    return {};
  });
  if (!opened.ok()) return none_left(opened.error());
  return std::move(*read);
}

Result<void> Changes::prove_address(std::string_view token, const Origin& origin) {
  Links& links = accounts_.links_;
  const Link link = TRY(links.find(token, LinkPurpose::address, LinkState::waiting));
  const AddressPair pair = TRY(addresses_of(link));
  const std::string undo = new_token(parts_.entropy);
  // From here on nobody else is given one of the two.
  const auto directory = TRY(parts_.vault.hold_directory(std::array{pair.former, pair.next}));
  const auto taken = TRY(parts_.vault.find(pair.next));
  if (taken) return Error{Code::conflict, "this address has an account already"};
  const auto moved = parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    TRY(links.put_in_force(tx, link, undo, undo_lives));
    // A link to set a password that was mailed to the old one.
    TRY(Links::end_others(tx, link.user, link.owner));
    TRY(move_address(tx, link.user, pair.former, pair.next));
    const auto account = TRY(Accounts::account_of(tx, link.user));
    // The link's own owner holds the old one: nobody logs in with it, nobody takes it, and her end
    // frees it.
    const auto holder = base::UserId::from(link.owner.bytes()).value();
    TRY(parts_.vault.relist(tx, directory, pair.former, {holder, account}));
    TRY(parts_.vault.enlist(tx, directory, pair.next, {link.user, account}));
    const auto her = TRY(identity_of(tx, link.user));
    TRY(tell(tx, MailKind::new_address, base::owner_of(link.user), her, origin));
    const auto contact = TRY(contact_in(her.fields));
    return parts_.outbox.queue(tx, {MailKind::former_address, link.owner, pair.former,
                                    base::Personal<std::string>(undo), origin, contact.language});
  });
  if (!moved.ok()) return none_left(moved.error());
  return {};
}

Result<void> Changes::undo_address(std::string_view token, const Origin& origin) {
  Links& links = accounts_.links_;
  const Link link = TRY(links.find(token, LinkPurpose::address, LinkState::in_force));
  const AddressPair pair = TRY(addresses_of(link));
  // Whoever changed the address knew the password, and may have added factors before: it opens
  // nothing any more, and neither do those.
  const base::Time changed = link.expires - undo_lives;
  base::SecretBytes nobody_knows(kNobodyKnowsBytes);
  parts_.entropy.fill(nobody_knows.mutable_view());
  const std::string hash = TRY(parts_.passwords.hash(nobody_knows));
  auto language = egress::Language::english;
  {
    const auto directory = TRY(parts_.vault.hold_directory(std::array{pair.former, pair.next}));
    const auto moved = parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
      TRY(links.end(tx, link, LinkState::in_force));
      TRY(move_address(tx, link.user, pair.next, pair.former));
      const auto account = TRY(Accounts::account_of(tx, link.user));
      const auto holder = base::UserId::from(link.owner.bytes()).value();
      TRY(parts_.vault.relist(tx, directory, pair.former, {link.user, account}));
      TRY(parts_.vault.relist(tx, directory, pair.next, {holder, account}));
      TRY(set_password(tx, link.user, hash));
      TRY(parts_.factors.remove_since(tx, link.user, changed - factor_settles, origin));
      const auto her = TRY(identity_of(tx, link.user));
      const auto contact = TRY(contact_in(her.fields));
      language = contact.language;
      TRY(parts_.outbox.queue(
          tx,
          {MailKind::undone_address, base::owner_of(link.user), pair.next, {}, origin, language}));
      return accounts_.end_access(tx, link.user, std::nullopt);
    });
    if (!moved.ok()) return none_left(moved.error());
  }
  links.destroy(link);
  return ask_recovery(pair.former, language, origin);
}

Result<void> Changes::ask_recovery(const vault::Address& address, egress::Language language,
                                   const Origin& origin) {
  // The order and amount of work below do not depend on whether the address is known. One that only
  // holds its place while a change can be undone has no account; whose it is stays so until the
  // link is made.
  const auto directory = TRY(parts_.vault.hold_directory(std::array{address}));
  const auto listed = TRY(parts_.vault.find(address));
  const auto person = TRY(accounts_.links_.person_at(listed));
  const bool known = person.has_value();
  const std::string token = new_token(parts_.entropy);
  return accounts_.links_.make(
      {LinkPurpose::recovery, known ? std::optional(person->user) : std::nullopt, token,
       recovery_link_lives},
      [&](store::Tx& tx, base::OwnerId link) {
        return parts_.outbox.queue(
            tx, {known ? MailKind::recovery : MailKind::no_account, link, address,
                 base::Personal<std::string>(known ? token : std::string()), origin, language});
      });
}

Result<Profile> Changes::whose(std::string_view token) {
  const Link link = TRY(accounts_.links_.find(token, LinkPurpose::recovery, LinkState::waiting));
  std::optional<base::AccountId> account;
  const auto read = parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    account = TRY(Accounts::account_of(reader, link.user));
    return {};
  });
  if (!read.ok()) return none_left(read.error());
  auto profile = accounts_.profile({{}, link.user, *account});
  if (!profile.ok()) return none_left(profile.error());
  return profile;
}

Result<void> Changes::recover(std::string_view token, const base::SecretBytes& chosen,
                              const Origin& origin) {
  Links& links = accounts_.links_;
  const Link link = TRY(links.find(token, LinkPurpose::recovery, LinkState::waiting));
  const std::string hash = TRY(parts_.passwords.hash(chosen));
  const auto done = parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    TRY(links.end(tx, link, LinkState::waiting));
    TRY(set_password(tx, link.user, hash));
    // A second factor stands as it is: whoever reads her mail has one of two. But where none has
    // settled yet, the stolen password alone may have brought them.
    const base::Time since = parts_.clock.now() - factor_settles;
    const bool settled = TRY(parts_.factors.any_before(tx, link.user, since));
    if (!settled) TRY(parts_.factors.remove_since(tx, link.user, since, origin));
    TRY(accounts_.end_access(tx, link.user, std::nullopt));
    const auto her = TRY(identity_of(tx, link.user));
    return tell(tx, MailKind::changed_password, base::owner_of(link.user), her, origin);
  });
  if (!done.ok()) return none_left(done.error());
  links.destroy(link);
  return {};
}

}  // namespace accounts
