// How a letter leaves. `.eml` files are the transport of a server on loopback: delivered mail has
// left us, its files belong to whoever reads that folder. SMTP (smtp.h) is the other.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/disk.h"
#include "egress/mail.h"

namespace egress {

enum class Outcome : std::uint8_t {
  accepted,     // the other side has answered for it: from here on it is theirs
  refused,      // for good: this letter, to this recipient
  later,        // not now: ask again
  unknown,      // it may have been accepted: ask again, under the same Message-ID
  unreachable,  // nobody to hand anything to, or not as whom we come: ask again, for all letters
};

/// What became of an attempt, with the server's reply code (RFC 5321) and the enhanced one (RFC
/// 3463), zeros where there is none. No words: they may repeat the address.
struct Delivery {
  Outcome outcome = Outcome::unknown;
  std::uint16_t reply = 0;
  std::uint16_t status_class = 0, status_subject = 0, status_detail = 0;
  friend bool operator==(const Delivery&, const Delivery&) = default;
};
/// The outcome in words, for logs.
base::Literal describe(Outcome outcome) noexcept;

class Transport {
 public:
  virtual ~Transport() = default;
  /// Returns once it is known what became of the letter, or that it cannot be known. Delivering the
  /// same id again must not make two of it where that can be avoided. An error is ours, and not the
  /// letter's: ask again later.
  virtual base::Result<Delivery> deliver(const Letter& letter, const Sender& sender) = 0;
};

/// Writes each letter to `directory`/<id>.eml, whole or not at all.
class EmlTransport final : public Transport {
 public:
  static base::Result<EmlTransport> open(base::Disk& disk, base::Clock& clock,
                                         std::string directory);
  base::Result<Delivery> deliver(const Letter& letter, const Sender& sender) override;

 private:
  EmlTransport(base::Disk& disk, base::Clock& clock, std::string directory)
      : disk_(&disk), clock_(&clock), directory_(std::move(directory)) {}
  base::Disk* disk_;
  base::Clock* clock_;
  std::string directory_;
};

}  // namespace egress
