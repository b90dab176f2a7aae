// Factors that do not stand against their owner's mail yet: whoever had her password could have
// added them, and she would be kept out of her own account.
#include "accounts/factor_records.h"
#include "accounts/factors.h"

namespace accounts {

base::Result<bool> Factors::any_before(store::Reader& reader, base::UserId user, base::Time time) {
  const auto permit = TRY(ask(user, leave_.credentials));
  const auto now = TRY(enrolled_in(reader, permit));
  if (now.authenticator && *now.authenticator < time) return true;
  const auto passkeys = TRY(parts_.vault.list(reader, permit, {kPasskeys, {}, {}}, passkeys_max));
  for (const vault::Record& passkey : passkeys)
    if (TRY(passkey.fields.time("added")) < time) return true;
  return false;
}

base::Result<bool> Factors::remove_authenticator_since(store::Tx& tx, const gate::Permit& permit,
                                                       base::Time since) {
  const auto now = TRY(enrolled_in(tx, permit));
  if (!now.authenticator || *now.authenticator < since) return false;
  TRY(forget(tx, permit.owner().as<base::UserTag>()));
  TRY(parts_.vault.remove(tx, permit, {kAuthenticator, {}, {}}));
  return true;
}

base::Result<bool> Factors::remove_passkeys_since(store::Tx& tx, const gate::Permit& permit,
                                                  base::Time since) {
  bool any = false;
  const auto passkeys = TRY(parts_.vault.list(tx, permit, {kPasskeys, {}, {}}, passkeys_max));
  for (const vault::Record& passkey : passkeys) {
    if (TRY(passkey.fields.time("added")) < since) continue;
    TRY(parts_.vault.remove(tx, permit, {kPasskeys, {}, passkey.id}));
    any = true;
  }
  return any;
}

base::Result<void> Factors::remove_since(store::Tx& tx, base::UserId user, base::Time since,
                                         const std::string& origin) {
  const auto permit = TRY(ask(user, leave_.credentials));
  const bool app = TRY(remove_authenticator_since(tx, permit, since));
  const bool passkey = TRY(remove_passkeys_since(tx, permit, since));
  const auto left = TRY(enrolled_in(tx, permit));
  // Recovery codes stand in for a factor: without one they would be a second password.
  TRY(remove_codes(tx, permit, left.any() ? since : base::Time{}));
  if (app) TRY(tell(tx, user, egress::MailKind::authenticator_removed, origin));
  if (passkey) TRY(tell(tx, user, egress::MailKind::passkey_removed, origin));
  return {};
}

}  // namespace accounts
