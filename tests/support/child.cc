#include "tests/support/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <utility>

#include "tests/support/files.h"

extern char** environ;

namespace support {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto kStep = 2ms;
// The time that a program has: a sanitizer slows it as much as the test that waits.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr auto kRunMax = 150s;
#else
constexpr auto kRunMax = 30s;
#endif

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> surroundings(const std::vector<std::string>& more) {
  std::vector<std::string> out = more;  // the first of a name counts
  for (char** at = environ; *at != nullptr; ++at) out.emplace_back(*at);
  return out;
}

}  // namespace

std::string program() {
  const char* other = std::getenv("SCALIGN_PROGRAM");
  return other != nullptr ? other : SCALIGN_PROGRAM;
}

Child Child::start(const std::vector<std::string>& arguments, const Files& files,
                   const std::vector<std::string>& environment) {
  std::vector<std::string> words = arguments;
  words.insert(words.begin(), program());
  std::vector<std::string> around = surroundings(environment);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kHow = O_WRONLY | O_CREAT | O_APPEND;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, files.out.c_str(), kHow, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, files.err.c_str(), kHow, 0600);
  pid_t id = -1;
  const int failed = ::posix_spawn(&id, words[0].c_str(), &actions, nullptr, pointers(words).data(),
                                   pointers(around).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + words[0]);
  return Child(id);
}

Child::~Child() {
  if (id_ < 0) return;
  signal(SIGKILL);
  int status = 0;
  ::waitpid(id_, &status, 0);
}

Child::Child(Child&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
Child& Child::operator=(Child&& other) noexcept {
  std::swap(id_, other.id_);
  return *this;
}

void Child::signal(int number) const {
  if (id_ > 0) ::kill(id_, number);
}

std::optional<int> Child::wait(std::chrono::milliseconds patience) {
  const auto end = steady_clock::now() + patience;
  while (true) {
    int status = 0;
    if (::waitpid(id_, &status, WNOHANG) == id_) {
      id_ = -1;
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    if (steady_clock::now() >= end) return std::nullopt;
    std::this_thread::sleep_for(kStep);
  }
}

Outcome run(const std::vector<std::string>& arguments) {
  const TemporaryDirectory directory;
  const Child::Files files{directory.path() + "/out", directory.path() + "/err"};
  const auto from = steady_clock::now();
  Child child = Child::start(arguments, files);
  Outcome outcome;
  outcome.code = child.wait(kRunMax).value_or(-1);
  outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - from);
  outcome.out = read_file(files.out);
  outcome.err = read_file(files.err);
  return outcome;
}

}  // namespace support
