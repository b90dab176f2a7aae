#include <fmt/format.h>

#include "egress/door.h"
#include "egress/mime.h"
#include "egress/transport.h"

namespace egress {

base::Literal describe(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::accepted:
      return "accepted";
    case Outcome::refused:
      return "refused for good";
    case Outcome::later:
      return "refused for now";
    case Outcome::unknown:
      return "cut off, so that it may have been accepted";
    case Outcome::unreachable:
      return "no mail server to hand it to";
  }
  return "unknown";
}

base::Result<EmlTransport> EmlTransport::open(base::Disk& disk, base::Clock& clock,
                                              std::string directory) {
  TRY(disk.make_directory(directory));
  return EmlTransport(disk, clock, std::move(directory));
}

base::Result<Delivery> EmlTransport::deliver(const Letter& letter, const Sender& sender) {
  const auto bytes = mime(letter, sender, clock_->now());
  const std::string path = fmt::format("{}/{}.eml", directory_, letter.id.str());
  TRY(base::write_file_atomically(*disk_, path, base::view(Door::open(bytes))));
  return Delivery{Outcome::accepted};
}

}  // namespace egress
