#include "tests/sim/pool.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "base/result.h"

namespace sim {
namespace {

void say_all(int to, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = ::write(to, text.data() + at, text.size() - at);
    if (written <= 0) ::_exit(3);
    at += static_cast<std::size_t>(written);
  }
}

}  // namespace

Pool::~Pool() {
  for (const Child& child : children_) {
    ::kill(child.process, SIGKILL);
    ::waitpid(child.process, nullptr, 0);
    ::close(child.from);
  }
}

void Pool::start(std::uint64_t task, const std::function<std::string()>& body) {
  std::array<int, 2> ends{};
  CHECK(::pipe(ends.data()) == 0);
  const pid_t process = ::fork();
  CHECK(process >= 0);
  if (process == 0) {
    ::close(ends[0]);
    ::alarm(seconds_max_);
    say_all(ends[1], body());
    ::_exit(0);
  }
  ::close(ends[1]);
  children_.push_back({task, process, ends[0], {}});
}

Said Pool::next() {
  CHECK(!children_.empty());
  while (true) {
    std::vector<pollfd> waiting;
    for (const Child& child : children_) waiting.push_back({child.from, POLLIN, 0});
    if (::poll(waiting.data(), waiting.size(), -1) <= 0) continue;
    for (std::size_t i = 0; i < children_.size(); ++i) {
      if (waiting[i].revents == 0) continue;
      std::array<char, 65536> piece{};
      const ssize_t size = ::read(children_[i].from, piece.data(), piece.size());
      if (size > 0) {
        children_[i].text.append(piece.data(), static_cast<std::size_t>(size));
        continue;
      }
      Child ended = std::move(children_[i]);
      children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(i));
      ::close(ended.from);
      int status = 0;
      ::waitpid(ended.process, &status, 0);
      return {ended.task, std::move(ended.text), WIFEXITED(status) && WEXITSTATUS(status) == 0};
    }
  }
}

}  // namespace sim
