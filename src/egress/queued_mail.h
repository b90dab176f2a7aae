// A waiting mail as its sealed record holds it. Owns the names of the fields.
#pragma once

#include "egress/mail.h"
#include "vault/fields.h"
#include "vault/vault.h"

namespace egress {

vault::Key key_of(base::MailId id);
vault::Fields to_fields(const Mail& mail);
/// Code::corrupt where the fields are of no mail.
base::Result<Mail> to_mail(base::OwnerId owner, const vault::Fields& fields);

}  // namespace egress
