// A server's own key to its holders, in its root directory. Whoever has it is let in by every
// holder that was paired with it, and given the root by those that keep it or a replica: so a
// passphrase wraps this key as it wraps the root. Owns that file, which is built as a root's
// (docs/formats/holder.md); never decides whom a holder lets in.
#pragma once

#include <string>

#include "holder/tls.h"
#include "keys/root_file.h"

namespace holder {

/// The file in a root directory.
keys::RootFile caller_file(const std::string& root);

/// The key, made where it is missing: wrapped where there is something to wrap it in. One that is
/// plain opens with a passphrase as well, since it may be older than that; `keys passphrase` wraps
/// it. Code::denied where it is wrapped, and in another passphrase or none is given.
base::Result<Identity> caller_identity(base::Disk& disk, base::Entropy& entropy,
                                       const std::string& root, const keys::Wrapping* wrapping);
/// The same beside whoever has it, changing nothing. Code::missing where there is none.
base::Result<Identity> look_up_caller(base::Disk& disk, const std::string& root,
                                      const keys::Wrapping* wrapping);

/// What shows without a passphrase. Code::missing where there is none.
base::Result<keys::RootFileHolds> look_at_caller_key(base::Disk& disk, const std::string& root);

/// Puts the key of an older version, which is the seed alone, into a root's form, so that
/// keys::rewrap() can be asked. Content with any other, and where there is none.
base::Result<void> renew_caller_key(base::Disk& disk, const std::string& root);

}  // namespace holder
