#include "holder/replica_state.h"

#include <algorithm>
#include <array>

#include "base/crypto.h"

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::View;

// magic 8 | contact u64, microseconds since 1970 | incarnation u64 | that of the tree u64 | pages
// damaged u64 | scrubbed u64, as contact | intents | SHA-256 of these
constexpr std::array<std::uint8_t, 8> kMagic = {'S', 'C', 'L', 'R', 'E', 'P', 'L', '1'};
constexpr std::size_t kHeadBytes = 16 + (4 * 8) + 4;

base::Time time_of(std::uint64_t microseconds) {
  return base::Time(base::Duration(static_cast<std::int64_t>(microseconds)));
}

void put_time(base::Bytes& out, base::Time time) {
  base::put_u64(out, static_cast<std::uint64_t>(time.time_since_epoch().count()));
}

Result<ReplicaState> parse(View body) {
  base::Reader in(body);
  ReplicaState state;
  state.contact = time_of(TRY(in.u64()));
  state.incarnation = TRY(in.u64());
  state.tree_incarnation = TRY(in.u64());
  state.pages_damaged = TRY(in.u64());
  state.scrubbed = time_of(TRY(in.u64()));
  state.intents = TRY(take_intents(in));
  return state;
}
constexpr std::size_t kBytesMax = 128 + kIntentsMax * 8;

}  // namespace

Result<std::optional<ReplicaState>> ReplicaState::read(base::Disk& disk, const std::string& path) {
  if (!TRY(disk.exists(path))) return std::optional<ReplicaState>();
  const Error damaged(Code::corrupt,
                      "the replica's state is damaged: remove its directory, and it "
                      "is made anew");
  const base::Bytes file = TRY(base::read_file(disk, path, kBytesMax));
  if (file.size() < kHeadBytes + 32 || !std::equal(kMagic.begin(), kMagic.end(), file.begin()))
    return damaged;
  const View summed = View(file).first(file.size() - 32);
  if (!base::equal_constant_time(base::sha256(summed), View(file).last(32))) return damaged;
  auto state = parse(summed.subspan(kMagic.size()));
  if (!state.ok()) return damaged;
  return std::optional(std::move(*state));
}

Result<void> ReplicaState::write(base::Disk& disk, const std::string& path) const {
  base::Bytes file(kMagic.begin(), kMagic.end());
  put_time(file, contact);
  base::put_u64(file, incarnation);
  base::put_u64(file, tree_incarnation);
  base::put_u64(file, pages_damaged);
  put_time(file, scrubbed);
  put_intents(file, intents);
  const base::Digest sum = base::sha256(file);
  file.insert(file.end(), sum.begin(), sum.end());
  return base::write_file_atomically(disk, path, file);
}

}  // namespace holder
