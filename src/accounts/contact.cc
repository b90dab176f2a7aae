#include "accounts/contact.h"

namespace accounts {

base::Result<Contact> contact_in(const vault::Fields& identity) {
  auto email = TRY(identity.text("email"));
  Contact contact{vault::Address::trusted(std::move(email))};
  // Not so in those of the first version.
  if (!identity.has("language")) return contact;
  const base::Bytes tag = TRY(identity.bytes("language"));
  contact.language = egress::language_of(base::text(tag));
  return contact;
}

}  // namespace accounts
