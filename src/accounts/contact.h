// Where mails to somebody go, and in which language: as her identity record says.
#pragma once

#include "egress/mail.h"
#include "vault/fields.h"

namespace accounts {

struct Contact {
  vault::Address address;
  egress::Language language = egress::Language::english;
};

base::Result<Contact> contact_in(const vault::Fields& identity);

}  // namespace accounts
