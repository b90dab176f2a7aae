// Gives a root's file a passphrase, another one, or none. Owns nothing; the roots stay as they are.
#pragma once

#include "keys/root_holder.h"

namespace keys {

/// `now` and `then` are what the file is wrapped in before and after (nothing: not at all). A crash
/// leaves it as it was or as it is to be. Code::denied where `now` is not what it is wrapped in,
/// Code::missing where it holds no root.
base::Result<void> rewrap(base::Disk& disk, const RootFile& where, const Wrapping* now,
                          const Wrapping* then);

/// Gives the file these roots in the place of whatever is in it, or makes it with them. A crash
/// leaves what was there, or the new ones once whoever opens it has called finish_exchange().
base::Result<void> exchange_roots(base::Disk& disk, const RootFile& where,
                                  const std::array<std::optional<Root>, 2>& roots,
                                  const Wrapping* then);

}  // namespace keys
