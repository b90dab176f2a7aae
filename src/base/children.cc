#include "base/children.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/clock.h"

namespace base {

Result<Line> make_line(LineKind kind) {
  std::array<int, 2> pair{};
  const int type = kind == LineKind::messages ? SOCK_SEQPACKET : SOCK_STREAM;
  if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair.data()) != 0)
    return Error{Code::unavailable, "no line to a child process can be had"};
  return Line{Descriptor(pair[0]), Descriptor(pair[1])};
}

bool readable(int line, Duration at_most) {
  SteadyClock clock;
  const Time end = clock.now() + at_most;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - clock.now()).count();
    pollfd waiting{line, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

Result<int> OwnChildren::start(const Words& words, const Descriptor& line) {
  Words all = {"/proc/self/exe"};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> pointers;
  for (std::string& word : all) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  std::array<char*, 1> no_environment{nullptr};

  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  // Also where it is that very number already: copied onto itself it survives the exec.
  ::posix_spawn_file_actions_adddup2(&files, line.number(), kChildLine);
  // Whatever we have open, also without our knowing: the child has the line alone.
  ::posix_spawn_file_actions_addclosefrom_np(&files, kChildLine + 1);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  int child = -1;
  const int failed = ::posix_spawn(&child, all[0].c_str(), &files, &attributes, pointers.data(),
                                   no_environment.data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  if (failed == 0) return child;
  return Error{Code::unavailable, "a child process cannot be started"};
}

void OwnChildren::end(int child) {
  ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace base
