#include <fmt/format.h>

#include "egress/door.h"
#include "egress/transport.h"

namespace egress {

base::Result<EmlTransport> EmlTransport::open(base::Disk& disk, base::Clock& clock,
                                              std::string directory) {
  TRY(disk.make_directory(directory));
  return EmlTransport(disk, clock, std::move(directory));
}

base::Result<void> EmlTransport::deliver(const Letter& letter, const Sender& sender) {
  // RFC 5322, with UTF-8 as it is (RFC 6532). Nothing here can hold a line break: the address was
  // parsed, the subject is ours, the sender comes from the checked notice.
  const std::string bytes = fmt::format(
      "From: \"{}\" <{}>\r\n"
      "To: <{}>\r\n"
      "Subject: {}\r\n"
      "Date: {}\r\n"
      "Message-ID: <{}@localhost>\r\n"
      "Auto-Submitted: auto-generated\r\n"
      "X-Scalign-Mail: {}\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: 8bit\r\n"
      "\r\n{}",
      sender.name, sender.contact, Door::open(letter.to), letter.subject,
      base::mail_date(clock_->now()), letter.id.str(), to_string(letter.kind),
      Door::open(letter.text));
  const std::string path = fmt::format("{}/{}.eml", directory_, letter.id.str());
  return base::write_file_atomically(*disk_, path, base::view(bytes));
}

}  // namespace egress
