#include "holder/replica_look.h"

#include "holder/replica_state.h"
#include "keys/root_holder.h"
#include "ledger/note.h"

namespace holder {
namespace {

using base::Code;
using base::Result;

constexpr std::size_t kNoteBytesMax = 64 << 10;

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

Result<std::optional<std::uint64_t>> look_at_root(base::Disk& disk, const std::string& directory) {
  std::optional<std::uint64_t> epoch;
  // Opening it would make it.
  if (!TRY(disk.exists(directory + "/root.ktn"))) return epoch;
  const auto file = TRY(keys::FileRootHolder::open(disk, directory));
  const auto roots = TRY(file->read());
  for (const auto& root : roots)
    if (root) epoch = std::min(epoch.value_or(root->epoch), root->epoch);
  return epoch;
}

Result<std::optional<ReplicaLook>> look_at_replica(base::Disk& disk, const std::string& directory) {
  const auto state = TRY(ReplicaState::read(disk, directory + "/state"));
  if (!state) return std::optional<ReplicaLook>();
  ReplicaLook look;
  look.incarnation = state->incarnation;
  look.open_intents = state->intents.size();
  look.contact = state->contact;
  look.epoch = TRY(look_at_root(disk, directory)).value_or(0);
  look.leaves = TRY(look_at_log(disk, directory + "/log"));
  return std::optional(look);
}

}  // namespace holder
