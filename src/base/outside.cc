// The process outside: what it is asked, and how it answers. One message a request: a verb and its
// words, each ended by a zero byte; an answer is a number, 0 where the answer is no.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "base/children.h"
#include "base/clock.h"
#include "base/descriptor_pass.h"
#include "base/process.h"

namespace base {
namespace {

enum class Verb : std::uint8_t { allow = 1, seal = 2, start = 3, end = 4 };

constexpr std::size_t kRequestMax = 4096;
constexpr std::size_t kAllowedMax = 64;
constexpr std::size_t kLiveMax = 64;
constexpr Duration kPatience = std::chrono::seconds(5);
constexpr Duration kReap = std::chrono::seconds(10);

Bytes request_of(Verb verb, const Words& words) {
  Bytes out{static_cast<std::uint8_t>(verb)};
  for (const std::string& word : words) {
    out.insert(out.end(), word.begin(), word.end());
    out.push_back(0);
  }
  return out;
}

std::optional<Words> words_of(View request) {
  Words words;
  std::string word;
  for (const std::uint8_t byte : request) {
    if (byte != 0) {
      word.push_back(static_cast<char>(byte));
      continue;
    }
    words.push_back(std::move(word));
    word.clear();
  }
  if (!word.empty() || words.empty()) return std::nullopt;
  return words;
}

/// What the process outside knows: what it may start, and what of that runs.
class Starter {
 public:
  std::uint32_t answer(View request, const Descriptor& passed) {
    if (request.empty()) return 0;
    const View rest = request.subspan(1);
    switch (static_cast<Verb>(request[0])) {
      case Verb::allow:
        return allow(rest);
      case Verb::seal:
        sealed_ = true;
        return 1;
      case Verb::start:
        return start(rest, passed);
      case Verb::end:
        return end(rest);
    }
    return 0;
  }

  /// Forgets those that ended by themselves.
  void reap() {
    std::erase_if(live_, [](int child) {
      int status = 0;
      return ::waitpid(child, &status, WNOHANG) != 0;
    });
  }

  void end_all() {
    for (const int child : live_) children_.end(child);
  }

 private:
  std::uint32_t allow(View rest) {
    const auto words = words_of(rest);
    // Once it is sealed, not even whoever has taken our parent over can reach another place.
    if (sealed_ || !words || allowed_.size() >= kAllowedMax) return 0;
    allowed_.push_back(*words);
    return 1;
  }

  std::uint32_t start(View rest, const Descriptor& passed) {
    const auto words = words_of(rest);
    reap();
    if (!sealed_ || !words || !passed || live_.size() >= kLiveMax ||
        std::ranges::find(allowed_, *words) == allowed_.end())
      return 0;
    const auto child = children_.start(*words, passed);
    if (!child.ok()) return 0;
    live_.push_back(*child);
    return static_cast<std::uint32_t>(*child);
  }

  std::uint32_t end(View rest) {
    if (rest.size() != 4) return 0;
    const auto child = static_cast<int>(load_u32(rest.data()));
    if (std::erase(live_, child) == 0) return 0;
    children_.end(child);
    return 1;
  }

  OwnChildren children_;
  std::vector<Words> allowed_;
  std::vector<int> live_;
  bool sealed_ = false;
};

}  // namespace

Result<std::unique_ptr<Outside>> Outside::open(Wait& wait, const Words& own,
                                               const std::vector<Words>& allowed) {
  Line line = TRY(make_line(LineKind::messages));
  const int process = TRY(OwnChildren().start(own, line.theirs));
  std::unique_ptr<Outside> outside(new Outside(wait, process, std::move(line.ours)));
  line.theirs = Descriptor();
  for (const Words& words : allowed) TRY(outside->ask(request_of(Verb::allow, words), nullptr));
  TRY(outside->ask(request_of(Verb::seal, {}), nullptr));
  return outside;
}

Outside::~Outside() {
  // It ends its children, and itself, at the end of its line.
  ::shutdown(line_.number(), SHUT_WR);
  (void)readable(line_.number(), kPatience);
  OwnChildren().end(process_);
}

Result<int> Outside::ask(View request, const Descriptor* passed) {
  const Error gone{Code::unavailable,
                   "the process that starts others is gone: the server has to be started anew"};
  if (request.size() > kRequestMax) return Error{Code::invalid, "a child's arguments are too long"};
  if (!send_with(line_.number(), request, passed)) return gone;
  if (!readable(line_.number(), kPatience)) return gone;
  std::array<std::uint8_t, 4> answer{};
  // NOLINTNEXTLINE(clang-analyzer-unix.BlockInCriticalSection): it does not wait
  if (::recv(line_.number(), answer.data(), answer.size(), MSG_DONTWAIT) !=
      static_cast<ssize_t>(answer.size()))
    return gone;
  const auto number = static_cast<int>(load_u32(answer.data()));
  if (number == 0) return Error{Code::unavailable, "a child process cannot be started"};
  return number;
}

Result<int> Outside::start(const Words& words, const Descriptor& line) {
  const Lock lock(mutex_);
  return ask(request_of(Verb::start, words), &line);
}

void Outside::end(int child) {
  const Lock lock(mutex_);
  Bytes request{static_cast<std::uint8_t>(Verb::end), 0, 0, 0, 0};
  store_u32(request.data() + 1, static_cast<std::uint32_t>(child));
  (void)ask(request, nullptr).ok();  // where it is gone itself, its children end with their lines
}

int outside_for_parent() {
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  // Nobody of the same user reaches into it to make it do what it does not do by itself.
  if (!harden_process().ok()) return 1;
  hold_signals();  // it ends with its parent, which may still need it while it drains
  Starter starter;
  Bytes request(kRequestMax);
  while (true) {
    if (!readable(kChildLine, kReap)) {
      starter.reap();
      continue;
    }
    Descriptor passed;
    const auto size = receive_with(kChildLine, request, passed);
    if (!size || *size == 0) break;
    std::array<std::uint8_t, 4> answer{};
    store_u32(answer.data(), starter.answer(View(request).first(*size), passed));
    if (::send(kChildLine, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
  }
  starter.end_all();
  return 0;
}

}  // namespace base
