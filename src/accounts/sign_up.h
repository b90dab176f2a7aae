// What somebody says of herself at a sign-up and what an account is made of, as plain values:
// forms and profiles. Owns nothing.
#pragma once

#include <string>
#include <vector>

#include "accounts/contact.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/personal.h"
#include "base/secret_bytes.h"
#include "egress/mail.h"
#include "vault/address.h"

namespace accounts {

/// The versions of what somebody accepts, and of what she was shown with it.
struct Shown {
  std::string terms;
  std::string notice;
};

/// What a sign-up form says (DATA-1, AGES-1).
struct SignUp {
  base::Personal<std::string> legal_name;
  vault::Address email;
  base::SecretBytes password;
  std::string origin;  // where the mailed link leads
  Shown shown;
  egress::Language language = egress::Language::english;  // that she reads
};

/// What there is of everybody, however she came.
struct Introduced {
  base::Personal<std::string> legal_name;
  Contact contact;
  std::string password_hash;
};

/// What the person sees of her own account.
struct Profile {
  base::AccountId account;
  base::Personal<std::string> legal_name;
  base::Personal<std::string> email;
  base::Time created;
};

/// What the notice says that receipts and mails repeat.
struct Facts {
  std::string operator_name;
  std::string notice_version;
  std::vector<std::string> stays;  // what outlives a free account, one sentence each
  std::string terms_version;       // of those in force
};

}  // namespace accounts
