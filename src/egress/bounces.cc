#include "egress/bounces.h"

namespace egress {

base::Result<void> Bounces::note(base::MailId id) {
  TRY(disk_.make_directory(directory_));
  return base::write_file_atomically(disk_, directory_ + "/" + id.str(), {});
}

base::Result<void> Bounces::take(Outbox& outbox, base::Log& log) {
  const auto names = disk_.list(directory_);
  if (!names.ok() && names.code() == base::Code::missing) return {};
  if (!names.ok()) return names.error();
  for (const std::string& name : *names) {
    const auto id = base::MailId::parse(name);
    if (!id.ok()) continue;  // one that is being written, or none of ours
    const auto told = outbox.bounced(*id);
    if (!told.ok() && told.code() != base::Code::missing) return told;
    if (!told.ok()) log.warn("a bounce of an unknown mail", {{"mail", *id}});
    TRY(disk_.remove(directory_ + "/" + name));
  }
  return {};
}

}  // namespace egress
