// What mails about belonging to an account say. Owns the words and nothing else.
#pragma once

#include "egress/words.h"

namespace egress {

/// Of the kinds from MailKind::member_invitation on.
const Words& member_words(MailKind kind, Language language);

}  // namespace egress
