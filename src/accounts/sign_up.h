// What somebody says of herself at a sign-up and what an account is made of, as plain values:
// forms, profiles, and the shapes that names and passwords have. Owns nothing.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/personal.h"
#include "base/secret_bytes.h"
#include "egress/mail.h"
#include "vault/address.h"

namespace accounts {

/// What a sign-up form says (DATA-1, AGES-1).
struct SignUp {
  base::Personal<std::string> legal_name;
  vault::Address email;
  base::SecretBytes password;
  std::string origin;                                     // where the mailed link leads
  std::string terms;                                      // the version that she accepts
  std::string notice;                                     // the version that she was shown
  egress::Language language = egress::Language::english;  // that she reads
};

/// The versions of what somebody accepts, and of what she was shown with it.
struct Shown {
  std::string terms;
  std::string notice;
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

/// The shape of a name that a person may sign up with: 1 to 200 bytes of UTF-8 with a letter in it
/// and no control characters. Code::invalid otherwise.
base::Result<base::Personal<std::string>> parse_legal_name(std::string_view text);
inline constexpr std::size_t password_bytes_min = 12;
inline constexpr std::size_t password_bytes_max = 1024;
/// 12 to 1024 bytes, and not easily guessed by somebody who knows what is said `about` the person:
/// her name, her address (accounts/strength.h). Code::invalid otherwise.
base::Result<base::SecretBytes> parse_password(std::string_view text,
                                               std::initializer_list<std::string_view> about);

}  // namespace accounts
