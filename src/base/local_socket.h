// What the operating system knows of sockets in the file system (unix(7)): who may open one, and
// who has. Owns none.
#pragma once

#include "base/result.h"

namespace base {

/// Before the socket is bound to a name: only its owner will be able to open that. (Afterwards
/// there would be a moment at which others can.)
Result<void> keep_to_owner(int socket);
/// Whether the other end of a connection is a process of this one's user.
bool peer_is_same_user(int socket);

}  // namespace base
