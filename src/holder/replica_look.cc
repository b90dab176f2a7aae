#include "holder/replica_look.h"

#include "holder/message_parts.h"
#include "holder/replica_state.h"
#include "keys/root_file.h"
#include "ledger/note.h"

namespace holder {
namespace {

using base::Code;
using base::Result;

/// Leaves in the copy's checkpoint, as it says.
Result<std::uint64_t> look_at_log(base::Disk& disk, const std::string& directory) {
  const auto text = base::read_file(disk, directory + "/checkpoint", kNoteBytesMax);
  if (!text.ok() && text.code() == Code::missing) return std::uint64_t{0};
  if (!text.ok()) return text.error();
  const auto note = TRY(ledger::parse_note(base::text(*text)));
  const auto checkpoint = TRY(ledger::parse_checkpoint(note));
  return checkpoint.head.size;
}

}  // namespace

Result<std::optional<RootLook>> look_at_root(base::Disk& disk, const std::string& directory) {
  const keys::RootFile where{directory};
  const auto holds = keys::look_at_root_file(disk, where);
  if (!holds.ok() && holds.code() == Code::missing) return std::optional<RootLook>();
  if (!holds.ok()) return holds.error();
  if (*holds == keys::RootFileHolds::nothing) return std::optional<RootLook>();
  return std::optional(RootLook{TRY(keys::look_at_root_epoch(disk, where))});
}

Result<std::optional<ReplicaLook>> look_at_replica(base::Disk& disk, const std::string& directory) {
  const auto state = TRY(ReplicaState::read(disk, directory + "/state"));
  if (!state) return std::optional<ReplicaLook>();
  ReplicaLook look;
  look.incarnation = state->incarnation;
  look.open_intents = state->intents.size();
  look.contact = state->contact;
  look.pages_damaged = state->pages_damaged;
  if (state->scrubbed != base::Time{}) look.scrubbed = state->scrubbed;
  const auto root = TRY(look_at_root(disk, directory));
  if (root) look.epoch = root->epoch;
  look.leaves = TRY(look_at_log(disk, directory + "/log"));
  return std::optional(look);
}

}  // namespace holder
