// What a process gives up once it has all that it needs. Owns nothing; what is given up is given up
// for every thread, for good, and for every program started from here.
#pragma once

#include "base/result.h"

namespace base {

/// From here on no socket can be made but of the local kind, and none connected: sockets that
/// listen go on accepting, and what others hand over (Outside) can be used. Also refused is what
/// would go round that: io_uring, taking descriptors out of other processes, writing into them.
/// Code::unavailable where the kernel cannot do it.
Result<void> forbid_connections();

}  // namespace base
