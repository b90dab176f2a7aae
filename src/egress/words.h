// What mails say, in each language: subject, paragraphs, the one thing to do. Owns the words and
// nothing else; how they are laid out is for templates.cc.
#pragma once

#include "egress/mail.h"

namespace egress {

/// Text with `{sender}`, `{origin}`, `{contact}` and, where the kind has one, `{device}` and `{by}`
/// in it.
struct Words {
  const char* subject;
  const char* opening;
  const char* action;  // the button; empty where there is nothing to do
  const char* path;    // behind the origin, with `{token}` in it
  const char* code;    // said above the code; empty where the mail has none
  const char* closing;
  const char* told = "";  // paragraphs under it, one a line; empty where there are none
};

/// What stands under each mail.
struct Footer {
  const char* number;   // of the organisation
  const char* promise;  // leads to the notice
};

const Words& words_of(MailKind kind, Language language);
const Footer& footer_of(Language language);

}  // namespace egress
