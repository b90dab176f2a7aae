#include <fmt/format.h>

#include "egress/door.h"
#include "egress/mail.h"

namespace egress {
namespace {

struct Words {
  const char* subject;
  const char* text;  // fmt: {0} origin, {1} token, {2} sender's name
};

const Words& words_of(MailKind kind) {
  static constexpr Words kVerify{
      "Confirm your address",
      "Hello,\n"
      "\n"
      "you, or somebody who knows this address, asked for an account with {2}.\n"
      "Confirm that the address is yours, and the account is ready:\n"
      "\n"
      "{0}/verify#token={1}\n"
      "\n"
      "Where that link does not open, go to {0}/verify and enter this code:\n"
      "\n"
      "{1}\n"
      "\n"
      "The link works once, for seven days. If you did not ask for it, do nothing:\n"
      "what was entered is deleted then, and no account is made.\n"};
  static constexpr Words kKnown{
      "You have an account already",
      "Hello,\n"
      "\n"
      "somebody, perhaps you, tried to sign up at {2} with this address.\n"
      "It has an account already, and nothing about that account has changed.\n"
      "\n"
      "Log in here: {0}/login\n"
      "\n"
      "If it was not you, there is nothing you need to do.\n"};
  return kind == MailKind::verify ? kVerify : kKnown;
}

}  // namespace

const char* to_string(MailKind kind) noexcept {
  switch (kind) {
    case MailKind::verify:
      return "verify";
    case MailKind::known_address:
      return "known-address";
  }
  return "unknown";
}

Letter compose(base::MailId id, const Mail& mail, const Sender& sender) {
  const Words& words = words_of(mail.kind);
  std::string text =
      fmt::format(fmt::runtime(words.text), mail.origin, Door::open(mail.token), sender.name);
  text += fmt::format("\n--\n{}, organisation number {}\n{}\n{}\nWhat we promise: {}/notice\n",
                      sender.name, sender.organisation_number, sender.address, sender.contact,
                      mail.origin);
  return {mail.kind, id, mail.to.text(), words.subject, base::Personal<std::string>(text)};
}

}  // namespace egress
