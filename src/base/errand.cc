#include "base/errand.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/clock.h"
#include "base/process.h"
#include "base/secret_bytes.h"

namespace base {
namespace {

constexpr std::size_t kHead = 4;
constexpr Duration kTakes = std::chrono::seconds(5);  // a child to take its question
constexpr Duration kLeave = std::chrono::seconds(5);  // to answer, once we leave
constexpr Duration kLook = std::chrono::milliseconds(200);

/// Whether all of `bytes` went; a reader that takes nothing for so long counts as gone.
bool send_all(int line, View bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(line, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
      continue;
    }
    if (sent < 0 && errno == EINTR) continue;
    if (sent == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) return false;
    pollfd waiting{line, POLLOUT, 0};
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(kTakes).count();
    if (::poll(&waiting, 1, static_cast<int>(ms)) == 0) return false;
  }
  return true;
}

/// Whether `line` can be read before `end`, which comes nearer once `leaving` is set.
bool readable_until(int line, Time& end, const std::atomic<bool>& leaving) {
  SteadyClock clock;
  while (true) {
    const Time now = clock.now();
    if (leaving) end = std::min(end, now + kLeave);
    if (now >= end) return false;
    if (readable(line, std::min(end - now, kLook))) return true;
  }
}

/// The next message, or nothing: the line has ended, is out of step, or `ready` has had enough.
std::optional<Bytes> receive(int line, const std::function<bool()>& ready) {
  Bytes all;
  std::array<std::uint8_t, 16384> part{};
  while (true) {
    const auto message = parse_errand(all);
    if (!message.ok()) break;
    if (message->whole) {
      // One asks, the other answers: nothing may follow.
      if (message->body.size() + kHead != all.size()) break;
      Bytes body = copy(message->body);
      wipe(all);
      return body;
    }
    if (!ready()) break;
    const ssize_t got = ::recv(line, part.data(), part.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    all.insert(all.end(), part.begin(), part.begin() + got);
  }
  wipe(all);
  return std::nullopt;
}

bool send_message(int line, View body) {
  std::array<std::uint8_t, kHead> head{};
  store_u32(head.data(), static_cast<std::uint32_t>(body.size()));
  return send_all(line, head) && send_all(line, body);
}

}  // namespace

Result<ErrandMessage> parse_errand(View bytes) {
  if (bytes.size() < kHead) return ErrandMessage{};
  const std::size_t size = load_u32(bytes.data());
  if (size > kErrandBytesMax) return Error{Code::too_large, "a message to a child is too large"};
  if (bytes.size() - kHead < size) return ErrandMessage{};
  return ErrandMessage{bytes.subspan(kHead, size), true};
}

Errand::Errand(Wait& wait, Words words, Children* starter)
    : mutex_(wait), children_(starter == nullptr ? own_ : *starter), words_(std::move(words)) {}

Errand::~Errand() { end(); }

Result<void> Errand::start() {
  Line line = TRY(make_line(LineKind::stream));
  child_ = TRY(children_.start(words_, line.theirs));
  line_ = std::move(line.ours);
  return {};
}

void Errand::end() {
  line_ = Descriptor();
  if (child_ >= 0) children_.end(std::exchange(child_, -1));
}

Result<void> Errand::put(View question) {
  // One that died since is found out by its line; then another is asked, once.
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (child_ < 0) TRY(start());
    if (send_message(line_.number(), question)) return {};
    end();
  }
  return Error{Code::unavailable, "the child process keeps ending"};
}

Result<Bytes> Errand::ask(View question, Duration at_most) {
  if (question.size() > kErrandBytesMax)
    return Error{Code::too_large, "a question to a child process is too large"};
  const Lock lock(mutex_);
  if (leaving_) return Error{Code::unavailable, "no child is asked any more"};
  SteadyClock clock;
  Time end_at = clock.now() + at_most;
  TRY(put(question));
  auto answer =
      receive(line_.number(), [&] { return readable_until(line_.number(), end_at, leaving_); });
  if (answer) return std::move(*answer);
  end();
  return Error{Code::unavailable, "the child process did not answer"};
}

int do_errands(const std::function<Bytes(View question)>& answer) {
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (!harden_process().ok()) return 1;
  hold_signals();  // a server that drains may still ask
  while (auto question = receive(kChildLine, [] { return true; })) {
    const Bytes said = answer(*question);
    wipe(*question);
    if (!send_message(kChildLine, said)) break;
  }
  return 0;
}

}  // namespace base
