// What goes over the line to the child that hands mails over, and what comes back. Owns the layout;
// both sides read what they get as if a stranger had sent it.
#pragma once

#include "base/bytes.h"
#include "egress/transport.h"

namespace egress {

/// A question, as views into its bytes.
struct Handover {
  base::View user, password, authorities;  // empty where there is none
  base::View from, to;                     // addresses
  base::View mail;                         // as mime() makes it
};
/// Whoever is given it wipes it: it holds the password.
base::Bytes encode(const Handover& handover);
/// Code::invalid where it is none, or an address would break a line of the protocol.
base::Result<Handover> parse_handover(base::View bytes);

base::Bytes encode(const Delivery& delivery);
base::Result<Delivery> parse_delivery(base::View bytes);

/// The numbers at the head of a reply's last line, `550 5.1.1 …`; zeros where they are not there.
Delivery read_reply(std::string_view line);

}  // namespace egress
