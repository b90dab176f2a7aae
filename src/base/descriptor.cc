#include "base/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

namespace base {

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Result<void> Descriptor::prepare() {
  const int flags = ::fcntl(number_, F_GETFL);
  if (flags < 0 || ::fcntl(number_, F_SETFL, flags | O_NONBLOCK) != 0 ||
      ::fcntl(number_, F_SETFD, FD_CLOEXEC) != 0)
    return Error{Code::io, "cannot prepare a descriptor"};
  return {};
}

}  // namespace base
