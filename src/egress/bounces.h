// What the operator's mailbox says later: mails that were accepted and came back. A command notes
// each by its id in a directory, whether or not a server runs; the server takes them from there.
// Owns that directory; knows ids alone.
#pragma once

#include "base/disk.h"
#include "egress/outbox.h"

namespace egress {

class Bounces {
 public:
  Bounces(base::Disk& disk, std::string directory)
      : disk_(disk), directory_(std::move(directory)) {}
  /// Durable on return.
  base::Result<void> note(base::MailId id);
  /// Tells the outbox what was noted, each once.
  base::Result<void> take(Outbox& outbox, base::Log& log);

 private:
  base::Disk& disk_;
  std::string directory_;
};

}  // namespace egress
