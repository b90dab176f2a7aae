#include "base/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iostream>

#include "base/descriptor.h"

namespace base {
namespace {

constexpr std::size_t kUsualColumns = 80;

int number_of(Stream stream) {
  switch (stream) {
    case Stream::in:
      return STDIN_FILENO;
    case Stream::out:
      return STDOUT_FILENO;
    case Stream::error:
      return STDERR_FILENO;
  }
  return STDERR_FILENO;
}

// What would end the process in the middle of a question, once it has come.
constexpr std::array kEnding = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
volatile std::sig_atomic_t came = 0;
void note_signal(int number) { came = number; }

/// While it lives, a terminal does not echo, and signals come in wait() alone: one that came just
/// before it would be waited for in vain.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    came = 0;
    sigset_t ending;
    sigemptyset(&ending);
    for (const int number : kEnding) sigaddset(&ending, number);
    CHECK(::pthread_sigmask(SIG_BLOCK, &ending, &let_in_) == 0);
    struct sigaction noting{};
    noting.sa_handler = note_signal;
    for (std::size_t i = 0; i < kEnding.size(); ++i)
      CHECK(::sigaction(kEnding[i], &noting, &before_[i]) == 0);
    if (::tcgetattr(terminal, &echoing_) != 0) return;
    termios silent = echoing_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK);
    silent.c_lflag |= ECHONL | ICANON;
    silenced_ = ::tcsetattr(terminal, TCSAFLUSH, &silent) == 0;
  }
  ~Silence() {
    if (silenced_) ::tcsetattr(terminal_, TCSAFLUSH, &echoing_);
    for (std::size_t i = 0; i < kEnding.size(); ++i)
      CHECK(::sigaction(kEnding[i], &before_[i], nullptr) == 0);
    if (came != 0) ::kill(::getpid(), came);
    CHECK(::pthread_sigmask(SIG_SETMASK, &let_in_, nullptr) == 0);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  bool silenced() const { return silenced_; }
  /// Until something can be read; false where a signal came first.
  bool wait() const {
    pollfd readable{terminal_, POLLIN, 0};
    while (::ppoll(&readable, 1, nullptr, &let_in_) < 0)
      if (errno != EINTR || came != 0) return false;
    return true;
  }

 private:
  int terminal_;
  termios echoing_{};
  bool silenced_ = false;
  std::array<struct sigaction, kEnding.size()> before_{};
  sigset_t let_in_{};
};

/// A line, without its end, into `line`; its size. More than fits is read and counted.
Result<std::size_t> read_line(const Silence& silence, int terminal, Mutable line) {
  std::size_t size = 0;
  for (;;) {
    std::uint8_t letter = 0;
    if (!silence.wait() || ::read(terminal, &letter, 1) <= 0)
      return Error{Code::invalid, "nothing was given"};
    if (letter == '\n' || letter == '\r') return size;
    if (size < line.size()) line[size] = letter;
    ++size;
  }
}

}  // namespace

bool is_terminal(Stream stream) { return ::isatty(number_of(stream)) == 1; }
bool on_a_terminal() { return is_terminal(Stream::in) && is_terminal(Stream::out); }

std::size_t terminal_columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualColumns;
  return size.ws_col;
}

std::optional<std::string> ask_on_terminal(const std::string& question) {
  std::printf("%s ", question.c_str());
  std::fflush(stdout);
  std::string line;
  if (!std::getline(std::cin, line)) {
    std::printf("\n");
    return std::nullopt;
  }
  return line;
}

Result<SecretBytes> ask_secret_on_terminal(const std::string& question, std::size_t bytes_max) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal) return Error{Code::missing, "there is no terminal to ask on"};
  SecretBytes line(bytes_max);
  std::size_t size = 0;
  {
    std::fflush(stdout);
    const Silence silence(terminal.number());
    if (!silence.silenced()) return Error{Code::io, "the terminal cannot be silenced"};
    // Once it is silent: whoever answers at once is not echoed.
    const std::string asked = question + " ";
    if (::write(terminal.number(), asked.data(), asked.size()) < 0)
      return Error{Code::io, "the terminal takes nothing"};
    size = TRY(read_line(silence, terminal.number(), line.mutable_view()));
  }
  if (size == 0) return Error{Code::invalid, "nothing was given"};
  if (size > bytes_max) return Error{Code::too_large, "this is too long"};
  return SecretBytes::copy_of(line.view().first(size));
}

Result<std::size_t> read_standard_input(Mutable out) {
  for (;;) {
    const auto got = ::read(STDIN_FILENO, out.data(), out.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return Error{Code::io, "standard input cannot be read"};
  }
}

Result<void> write_standard_output(View bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EPIPE)
      return Error{Code::unavailable, "nobody reads standard output any more"};
    if (written < 0) return Error{Code::io, "standard output cannot be written"};
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace base
