// A mail as the modules ask for it: what it is about and the few values its template takes. The
// words stand in templates.cc; who sends it comes from the notice's operator block.
#pragma once

#include <cstdint>
#include <string>

#include "base/id.h"
#include "base/personal.h"
#include "base/result.h"
#include "vault/address.h"

namespace egress {

enum class MailKind : std::uint8_t {
  verify,         // sign-up: the link that proves the address
  known_address,  // sign-up with an address that has an account already
};

/// The kind's name, as the mail's X-Scalign-Mail header carries it.
const char* to_string(MailKind kind) noexcept;

struct Mail {
  MailKind kind;
  base::OwnerId owner;  // whose key seals it while it waits
  vault::Address to;
  base::Personal<std::string> token;  // empty where the kind has none
  std::string origin;                 // scheme://host that links lead to
};

/// Who mails are from: facts of the notice's operator block.
struct Sender {
  std::string name;
  std::string address;  // postal, one line
  std::string contact;  // mail address
  std::string organisation_number = {};
};

/// A mail with its words: headers apart, so that a transport can put them its own way.
struct Letter {
  MailKind kind;
  base::MailId id;
  base::Personal<std::string> to;
  std::string subject;
  base::Personal<std::string> text;  // UTF-8, lines end in \n
};

/// Fills the template of the mail's kind.
Letter compose(base::MailId id, const Mail& mail, const Sender& sender);

}  // namespace egress
