#include "base/process.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace base {
namespace {

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

Result<void> harden_process() {
  const rlimit none{0, 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0 || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return Error{Code::io, "cannot switch core dumps off"};
  return {};
}

void hold_signals() {
  const sigset_t set = ending_signals();
  CHECK(::pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0);
  ignore_broken_pipes();
}

void ignore_broken_pipes() { CHECK(std::signal(SIGPIPE, SIG_IGN) != SIG_ERR); }

void wait_for_signal() {
  const sigset_t set = ending_signals();
  int got = 0;
  while (::sigwait(&set, &got) != 0) {
  }
}

void signal_self() { CHECK(::kill(::getpid(), SIGTERM) == 0); }

Result<LockFile> LockFile::take(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return Error{Code::io, "cannot open the lock file"};
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const bool held = errno == EWOULDBLOCK;
    ::close(descriptor);
    if (held) return Error{Code::conflict, "another server works on this data directory"};
    return Error{Code::io, "cannot lock the lock file"};
  }
  return LockFile(descriptor);
}

LockFile::~LockFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace base
