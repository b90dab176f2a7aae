#include "base/local_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace base {

Result<void> keep_to_owner(int socket) {
  // The mode of the socket itself becomes that of the name, less what the mask forbids.
  if (::fchmod(socket, S_IRUSR | S_IWUSR) != 0)
    return Error{Code::io, "a socket cannot be closed to others"};
  return {};
}

bool peer_is_same_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && size == sizeof peer &&
         peer.uid == ::geteuid();
}

}  // namespace base
