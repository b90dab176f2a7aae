#include "base/sandbox.h"

#include <seccomp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>

namespace base {
namespace {

using Filter =
    std::unique_ptr<void, decltype([](scmp_filter_ctx filter) { seccomp_release(filter); })>;

/// Whatever could make, connect or take a socket without socket(2) and connect(2).
constexpr std::array kRoundabout = {
    SCMP_SYS(connect),        SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register),
    SCMP_SYS(pidfd_getfd),    SCMP_SYS(process_vm_writev),
#if !__has_feature(address_sanitizer)  // whose leak check traces its own process
    SCMP_SYS(ptrace),
#endif
};

bool add_rules(scmp_filter_ctx filter) {
  // A call of another kind of machine (32 bits) would pass by the rules: it ends the process.
  if (seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0 ||
      seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 1) != 0 ||
      seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) != 0)
    return false;
  const auto refused = SCMP_ACT_ERRNO(EPERM);
  const scmp_arg_cmp not_local{0, SCMP_CMP_NE, AF_UNIX, 0};
  for (const int call : {SCMP_SYS(socket), SCMP_SYS(socketpair)})
    if (seccomp_rule_add_array(filter, refused, call, 1, &not_local) != 0) return false;
  for (const int call : kRoundabout)
    if (seccomp_rule_add(filter, refused, call, 0) != 0) return false;
  return true;
}

}  // namespace

Result<void> forbid_connections() {
  const Filter filter(seccomp_init(SCMP_ACT_ALLOW));
  if (filter == nullptr || !add_rules(filter.get()) || seccomp_load(filter.get()) != 0)
    return Error{Code::unavailable,
                 "this system cannot forbid the server to connect (seccomp): refusing to serve"};
  return {};
}

}  // namespace base
