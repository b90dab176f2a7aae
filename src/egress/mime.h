// A letter as the bytes of a mail (RFC 5322, MIME by RFC 2045 and 2047): headers, and the same
// words twice, plain and as HTML. Seven bits and short lines throughout, so that any server takes
// it as it is. Owns nothing; what it is given was checked where it came in, and cannot break a
// line.
#pragma once

#include "base/clock.h"
#include "egress/mail.h"

namespace egress {

base::Personal<std::string> mime(const Letter& letter, const Sender& sender, base::Time now);

/// `<id@domain>`: the same for each attempt, so that a mail that arrives twice is seen to be one.
std::string message_id(base::MailId id, const Sender& sender);
/// The id in a Message-ID of ours, with its brackets or without; Code::invalid where it is
/// another's.
base::Result<base::MailId> parse_message_id(std::string_view text);

/// A header's text: as it is where it is plain, else encoded words (RFC 2047), folded.
std::string header_text(std::string_view text);
/// A display name: quoted, or encoded words.
std::string display_name(std::string_view name);
/// Quoted-printable (RFC 2045, 6.7), with CRLF for \n.
std::string quoted_printable(std::string_view text);

}  // namespace egress
