#include "keys/rewrap.h"

#include <algorithm>

#include "keys/root_file.h"
#include "keys/root_record.h"
#include "keys/root_wrap.h"

namespace keys {

using base::Code;
using base::Error;
using base::Result;

Result<void> rewrap(base::Disk& disk, const RootFile& where, const Wrapping* now,
                    const Wrapping* then) {
  if (!TRY(disk.exists(where.path())))
    return Error{Code::missing, "there is no root's file in that directory"};
  // Both slots go along: whether a commit that was cut short holds, its tree alone can tell.
  const auto holder = TRY(FileRootHolder::open(disk, where, now));
  const auto roots = TRY(holder->read());
  if (!roots[0] && !roots[1]) return Error{Code::missing, "the root's file holds no root"};
  return exchange_roots(disk, where, roots, then);
}

Result<void> exchange_roots(base::Disk& disk, const RootFile& where,
                            const std::array<std::optional<Root>, 2>& roots, const Wrapping* then) {
  std::optional<RootWrap> wrap;
  if (then != nullptr) {
    RootWrap made = TRY(RootWrap::make(*then));
    wrap = std::move(made);
  }
  base::SecretBytes blocks(kRootSlots * kRootBlockSize);
  for (std::size_t slot = 0; slot < kRootSlots; ++slot) {
    if (!roots[slot]) continue;
    const auto block =
        blocks.mutable_view().begin() + static_cast<std::ptrdiff_t>(slot * kRootBlockSize);
    if (wrap)
      std::ranges::copy(wrap->wrap(*roots[slot], then->entropy), block);
    else
      std::ranges::copy(encode_root(*roots[slot]).view(), block);
  }
  return exchange_root_blocks(disk, where, blocks);
}

}  // namespace keys
