#include "base/child.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace base {
namespace {

using std::chrono::milliseconds;

// One byte each way: a request carries how long it may take, in steps of 50 ms; an answer says
// whether a descriptor comes with it.
constexpr int kLine = 3;
constexpr milliseconds kStep{50};
constexpr std::int64_t kStepsMax = 250;
constexpr std::uint8_t kConnected = 1;
constexpr std::uint8_t kFailed = 2;
constexpr unsigned kLifeSeconds = 30;  // of a child whose resolver hangs

union Ancillary {
  cmsghdr align;
  std::array<char, CMSG_SPACE(sizeof(int))> bytes;
};

bool send_answer(std::uint8_t answer, const Descriptor& socket) {
  iovec data{&answer, 1};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  Ancillary ancillary{};
  if (socket) {
    message.msg_control = ancillary.bytes.data();
    message.msg_controllen = ancillary.bytes.size();
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    const int number = socket.number();
    std::memcpy(CMSG_DATA(head), &number, sizeof number);
  }
  return ::sendmsg(kLine, &message, MSG_NOSIGNAL) == 1;
}

Descriptor take_answer(int line) {
  std::uint8_t answer = 0;
  iovec data{&answer, 1};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  Ancillary ancillary{};
  message.msg_control = ancillary.bytes.data();
  message.msg_controllen = ancillary.bytes.size();
  if (::recvmsg(line, &message, MSG_CMSG_CLOEXEC) != 1) return {};
  const cmsghdr* head = CMSG_FIRSTHDR(&message);
  if (head == nullptr || head->cmsg_type != SCM_RIGHTS || head->cmsg_len != CMSG_LEN(sizeof(int)))
    return {};
  int number = -1;
  std::memcpy(&number, CMSG_DATA(head), sizeof number);
  Descriptor socket(number);
  return answer == kConnected ? std::move(socket) : Descriptor();
}

/// Whether `line` can be read within `at_most`; an end counts, too.
bool readable(int line, Duration at_most) {
  SteadyClock clock;
  const Time end = clock.now() + at_most;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(end - clock.now()).count();
    pollfd waiting{line, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
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

Dialer::Dialer(Wait& wait, std::vector<std::string> arguments, Place place)
    : mutex_(wait), arguments_(std::move(arguments)), place_(std::move(place)) {}

Dialer::~Dialer() { end(); }

Result<void> Dialer::start() {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.data()) != 0)
    return Error{Code::unavailable, "no line to a child process can be had"};
  line_ = Descriptor(pair[0]);
  const Descriptor theirs(pair[1]);
  std::vector<std::string> words = {"/proc/self/exe"};
  words.insert(words.end(), arguments_.begin(), arguments_.end());
  words.insert(words.end(), {place_.host, place_.port});
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  std::array<char*, 1> no_environment{nullptr};

  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, theirs.number(), kLine);
  // Whatever we have open, also without our knowing: the child has the line alone.
  ::posix_spawn_file_actions_addclosefrom_np(&files, kLine + 1);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  const int failed = ::posix_spawn(&child_, words[0].c_str(), &files, &attributes, pointers.data(),
                                   no_environment.data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  if (failed == 0) return {};
  child_ = -1;
  line_ = Descriptor();
  return Error{Code::unavailable, "the child process that connects cannot be started"};
}

void Dialer::end() {
  line_ = Descriptor();
  if (child_ < 0) return;
  ::kill(child_, SIGKILL);
  int status = 0;
  while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
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
      if (::recv(line_.number(), &seen, 1, MSG_PEEK) == 1) {
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
    const ssize_t got = ::recv(kLine, &steps, 1, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got != 1) return 0;  // our parent is gone
    ::alarm(kLifeSeconds);
    const Descriptor socket = connect_to(place, kStep * steps);
    ::alarm(0);
    if (!send_answer(socket ? kConnected : kFailed, socket)) return 0;
  }
}

}  // namespace base
