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

// magic 8 | contact u64, microseconds since 1970 | a status without epoch and leaves | SHA-256 of
// these
constexpr std::array<std::uint8_t, 8> kMagic = {'S', 'C', 'L', 'R', 'E', 'P', 'L', '1'};
constexpr std::size_t kStatusAt = 16;
constexpr std::size_t kBytesMax = 128 + kIntentsMax * 8;

}  // namespace

Result<std::optional<ReplicaState>> ReplicaState::read(base::Disk& disk, const std::string& path) {
  if (!TRY(disk.exists(path))) return std::optional<ReplicaState>();
  const Error damaged(Code::corrupt,
                      "the replica's state is damaged: remove its directory, and it "
                      "is made anew");
  const base::Bytes file = TRY(base::read_file(disk, path, kBytesMax));
  if (file.size() < kStatusAt + 32 || !std::equal(kMagic.begin(), kMagic.end(), file.begin()))
    return damaged;
  const View summed = View(file).first(file.size() - 32);
  if (!base::equal_constant_time(base::sha256(summed), View(file).last(32))) return damaged;
  const auto status = parse_status(summed.subspan(kStatusAt));
  if (!status.ok()) return damaged;
  ReplicaState state{status->incarnation, status->tree_incarnation, {}, status->intents};
  state.contact =
      base::Time(base::Duration(static_cast<std::int64_t>(base::load_u64(file.data() + 8))));
  return std::optional(std::move(state));
}

Result<void> ReplicaState::write(base::Disk& disk, const std::string& path) const {
  base::Bytes file(kMagic.begin(), kMagic.end());
  base::put_u64(file, static_cast<std::uint64_t>(contact.time_since_epoch().count()));
  const base::Bytes status = encode_status({incarnation, tree_incarnation, 0, 0, intents});
  file.insert(file.end(), status.begin(), status.end());
  const base::Digest sum = base::sha256(file);
  file.insert(file.end(), sum.begin(), sum.end());
  return base::write_file_atomically(disk, path, file);
}

}  // namespace holder
