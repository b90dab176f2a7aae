// A mail as the modules ask for it: what it is about and the few values its template takes. Nothing
// that somebody typed gets into one but the address that it goes to, and a proven address of
// whoever caused it. The words stand in words.cc; who sends it comes from the notice's operator
// block.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "base/personal.h"
#include "base/result.h"
#include "vault/address.h"

namespace egress {

enum class MailKind : std::uint8_t {
  verify,         // sign-up: the link that proves the address
  known_address,  // sign-up with an address that has an account already
  test,           // `mail test`: that mails arrive
  // How somebody proves who she is has changed, or is being tried.
  authenticator_added,
  authenticator_removed,
  passkey_added,
  passkey_removed,
  recovery_code_used,
  recovery_codes_renewed,
  wrong_codes,  // the right password, and wrong codes after it
  new_device,   // a login from a device that was not known
  // What a person does with her account:
  prove_address,     // to a new address: the link that proves it
  taken_address,     // to a new address that has an account already
  new_address,       // to the address that is hers now
  former_address,    // to the one that was: the link that undoes it
  changed_password,  // that there is a new one
  recovery,          // the link that sets a new password
  no_account,        // to whoever asked for that link and has no account
  undone_address,    // to an address that was the account's until the change to it was undone
  invitation,        // to whom an import has brought: the link that sets a password
  // Who belongs to an account:
  member_invitation,   // the link that leads to the invitation
  role_changed,        // to a member, whose role in it is another now
  removed,             // to whoever was taken out of it and belongs to another
  removed_and_erased,  // to whoever belonged to no other
  account_closed,      // to members of one that its owner has cancelled, likewise
  account_closed_and_erased,
  hand_over,  // to whoever is to be its owner, if she accepts
  now_owner,  // that she is
  former_owner,
};
inline constexpr MailKind last_mail_kind = MailKind::former_owner;

/// The kind's name, as the mail's X-Scalign-Mail header carries it.
const char* to_string(MailKind kind) noexcept;

enum class Language : std::uint8_t { english, norwegian };
/// The language tag (BCP 47): `en` or `nb`.
const char* to_string(Language language) noexcept;
/// English where the tag is of a language that mails are not written in.
Language language_of(std::string_view tag) noexcept;

/// Where somebody logged in from, and when. Words of ours, empty where they are not known.
struct SeenDevice {
  base::Personal<std::string> program, system;
  base::Personal<std::string> country;  // the code of ISO 3166-1
  base::Time at{};
};

struct Mail {
  MailKind kind;
  base::OwnerId owner;  // whose key seals it while it waits
  vault::Address to;
  base::Personal<std::string> token;  // empty where the kind has none
  std::string origin;                 // scheme://host that links lead to
  Language language = Language::english;
  /// What keeps it from going twice: a mail whose id was queued before is not queued again. None:
  /// a new one.
  std::optional<base::MailId> id = std::nullopt;
  std::optional<SeenDevice> device = std::nullopt;  // of the kind new_device
  /// The address, which is proven, of whoever caused it; of the kinds member_invitation and
  /// hand_over.
  base::Personal<std::string> by = {};
};

/// What a mail looks like: facts of the notice's brand.
struct Look {
  std::string brand;
  std::string accent_light = "#0d5c53", on_light = "#ffffff";
  std::string accent_dark = "#7ccbb9", on_dark = "#08221d";
};

/// Who mails are from: facts of the notice's operator block.
struct Sender {
  std::string name;
  std::string address;  // postal, one line
  std::string contact;  // mail address
  std::string organisation_number = {};
  std::string from = {};  // mail address; empty: the contact
  Look look = {};

  const std::string& from_address() const noexcept { return from.empty() ? contact : from; }
  /// Of the address that mails come from.
  std::string domain() const;
};

/// A mail with its words: headers apart, so that a transport can put them its own way.
struct Letter {
  MailKind kind;
  base::MailId id;
  base::Personal<std::string> to;
  std::string subject;
  base::Personal<std::string> text;  // UTF-8, lines end in \n
  base::Personal<std::string> html;
  Language language = Language::english;
};

/// Fills the template of the mail's kind, in its language.
Letter compose(base::MailId id, const Mail& mail, const Sender& sender);

}  // namespace egress
