#include "base/child.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/descriptor_pass.h"

namespace base {
namespace {

using std::chrono::milliseconds;

// One byte each way: a request carries how long it may take, in steps of 50 ms; an answer says
// whether a descriptor comes with it.
constexpr milliseconds kStep{50};
constexpr std::int64_t kStepsMax = 250;
constexpr std::uint8_t kConnected = 1;
constexpr std::uint8_t kFailed = 2;
constexpr unsigned kLifeSeconds = 30;  // of a child whose resolver hangs

Descriptor take_answer(int line) {
  std::array<std::uint8_t, 1> answer{};
  Descriptor socket;
  const auto size = receive_with(line, answer, socket);
  return size && answer[0] == kConnected ? std::move(socket) : Descriptor();
}

/// A connected socket, or nothing after `at_most`.
Descriptor connect_one(const addrinfo& to, Duration at_most) {
  Descriptor socket(
      ::socket(to.ai_family, to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to.ai_protocol));
  if (!socket) return {};
  const int on = 1;
  ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket.number(), to.ai_addr, to.ai_addrlen) == 0) return socket;
  if (errno != EINPROGRESS) return {};
  pollfd waiting{socket.number(), POLLOUT, 0};
  const auto left = std::chrono::ceil<milliseconds>(at_most).count();
  if (::poll(&waiting, 1, static_cast<int>(left)) != 1) return {};
  int failed = 0;
  socklen_t size = sizeof failed;
  if (::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &failed, &size) != 0 || failed != 0)
    return {};
  return socket;
}

Descriptor connect_to(const Place& place, Duration at_most) {
  SteadyClock clock;
  const Time end = clock.now() + at_most;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(place.host.c_str(), place.port.c_str(), &hints, &found) != 0) return {};
  Descriptor socket;
  for (const addrinfo* one = found; one != nullptr && !socket && clock.now() < end;
       one = one->ai_next) {
    // No address may use up what the next ones need.
    const Duration left = end - clock.now();
    socket = connect_one(*one, one->ai_next == nullptr ? left : left / 2);
  }
  ::freeaddrinfo(found);
  return socket;
}

}  // namespace

Result<Place> parse_place(const std::string& text) {
  const Error wrong{Code::invalid, "give a host and a port, like holder.example:7300"};
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return wrong;
  Place place{text.substr(0, colon), text.substr(colon + 1)};
  if (place.host.starts_with('[') && place.host.ends_with(']'))
    place.host = place.host.substr(1, place.host.size() - 2);
  else if (place.host.find(':') != std::string::npos)
    return wrong;
  const bool digits = place.port.find_first_not_of("0123456789") == std::string::npos;
  if (place.host.empty() || place.host.size() > 253 || place.host.starts_with('-') || !digits ||
      place.port.empty() || place.port.size() > 5 || std::stoi(place.port) > 65535 ||
      std::stoi(place.port) == 0)
    return wrong;
  return place;
}

Words dialer_words(Words arguments, const Place& place) {
  arguments.insert(arguments.end(), {place.host, place.port});
  return arguments;
}

Dialer::Dialer(Wait& wait, Words arguments, const Place& place, Children* starter)
    : mutex_(wait),
      children_(starter == nullptr ? own_ : *starter),
      words_(dialer_words(std::move(arguments), place)) {}

Dialer::~Dialer() { end(); }

Result<void> Dialer::start() {
  Line line = TRY(make_line(LineKind::messages));
  child_ = TRY_AS(children_.start(words_, line.theirs),
                  "the child process that connects cannot be started");
  line_ = std::move(line.ours);
  return {};
}

void Dialer::end() {
  line_ = Descriptor();
  if (child_ >= 0) children_.end(std::exchange(child_, -1));
}

Result<Descriptor> Dialer::dial(Duration at_most) {
  const Lock lock(mutex_);
  const auto steps = std::clamp<std::int64_t>(at_most / kStep, 1, kStepsMax);
  const auto request = static_cast<std::uint8_t>(steps);
  // A child that died is found out by the line's end; then another one is asked, once.
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (child_ < 0) TRY(start());
    if (::send(line_.number(), &request, 1, MSG_NOSIGNAL) == 1) {
      if (!readable(line_.number(), at_most)) {
        end();
        return Error{Code::unavailable, "no connection within the time allowed"};
      }
      std::uint8_t seen = 0;
      // It is there to be read, so nobody waits at the lock.
      // NOLINTNEXTLINE(clang-analyzer-unix.BlockInCriticalSection)
      if (::recv(line_.number(), &seen, 1, MSG_PEEK | MSG_DONTWAIT) == 1) {
        Descriptor socket = take_answer(line_.number());
        if (socket) return socket;
        return Error{Code::unavailable, "no connection can be had"};
      }
    }
    end();
  }
  return Error{Code::unavailable, "the child process that connects keeps ending"};
}

int dial_for_parent(const Place& place) {
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  while (true) {
    std::uint8_t steps = 0;
    const ssize_t got = ::recv(kChildLine, &steps, 1, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got != 1) return 0;  // our parent is gone
    ::alarm(kLifeSeconds);
    const Descriptor socket = connect_to(place, kStep * steps);
    ::alarm(0);
    const std::array<std::uint8_t, 1> answer{socket ? kConnected : kFailed};
    if (!send_with(kChildLine, answer, &socket)) return 0;
  }
}

}  // namespace base
