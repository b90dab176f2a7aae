// How a letter leaves. `.eml` files are the transport of a server on loopback: delivered mail has
// left us, its files belong to whoever reads that folder.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/disk.h"
#include "egress/mail.h"

namespace egress {

class Transport {
 public:
  virtual ~Transport() = default;
  /// Returns once the letter is accepted. Delivering the same id again must not make two of it.
  /// Code::unavailable where asking again later may help.
  virtual base::Result<void> deliver(const Letter& letter, const Sender& sender) = 0;
};

/// Writes each letter to `directory`/<time>-<id>.eml, whole or not at all.
class EmlTransport final : public Transport {
 public:
  static base::Result<EmlTransport> open(base::Disk& disk, base::Clock& clock,
                                         std::string directory);
  base::Result<void> deliver(const Letter& letter, const Sender& sender) override;

 private:
  EmlTransport(base::Disk& disk, base::Clock& clock, std::string directory)
      : disk_(&disk), clock_(&clock), directory_(std::move(directory)) {}
  base::Disk* disk_;
  base::Clock* clock_;
  std::string directory_;
};

}  // namespace egress
