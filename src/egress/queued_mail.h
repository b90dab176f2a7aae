// A waiting mail as its sealed record holds it. Owns the names of the fields.
#pragma once

#include "egress/mail.h"
#include "vault/fields.h"
#include "vault/vault.h"

namespace egress {

/// Of waiting mails: their collection, and its category in the notice.
inline constexpr base::Literal kMailCollection = "mail";

vault::Key key_of(base::MailId id);
vault::Fields to_fields(const Mail& mail);
/// Code::corrupt where the fields are of no mail.
base::Result<Mail> to_mail(base::OwnerId owner, const vault::Fields& fields);

}  // namespace egress
