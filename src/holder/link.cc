#include "holder/link.h"

#include <algorithm>

#include "holder/pairing.h"

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::chrono::seconds kPairingMax{10};

}  // namespace

Link::Link(const Identity& identity, Dial dial, const Peer& peer, base::Clock& steady,
           base::Wait& wait, const Limits& limits)
    : identity_(identity),
      dial_(std::move(dial)),
      peer_(peer),
      steady_(steady),
      limits_(limits),
      mutex_(wait) {}

/// Takes the lane. Only after its answer is anything else asked here: whatever may still be under
/// way in an older connection, the holder has dropped it by then.
Result<void> Link::begin(Conversation& conversation, base::Time until) {
  base::Bytes body = {static_cast<std::uint8_t>(peer_.lane)};
  body.insert(body.end(), peer_.tree.begin(), peer_.tree.end());
  const auto asked = conversation.ask(kBegin, body, until);
  // Not Code::denied, which is what a replica says to a host that was replaced.
  if (!asked.ok() && asked.code() == Code::denied)
    return Error{Code::conflict, "the holder serves another tree"};
  const base::Bytes answer = TRY(asked);
  TreeName tree{};
  if (answer.size() != tree.size()) return Error{Code::invalid, "the holder answers nonsense"};
  std::ranges::copy(answer, tree.begin());
  tree_ = tree;
  return {};
}

Result<void> Link::connect(base::Time until) {
  const base::Time now = steady_.now();
  if (now < rest_until_)
    return Error{Code::unavailable, "the holder could not be reached just now"};
  const auto attempt = [&]() -> Result<void> {
    base::Descriptor socket = TRY(dial_(limits_.reach));
    const base::Time reached = std::min(until, now + limits_.reach);
    auto opened = TRY(Conversation::open(identity_, std::move(socket), steady_, reached, &ended_));
    const auto key = TRY(opened.session().peer());
    if (key != peer_.key)
      return Error{Code::unavailable, "another holder answers there: pair it anew (holder add)"};
    TRY(begin(opened, reached));
    conversation_.emplace(std::move(opened));
    return {};
  };
  const auto done = attempt();
  if (done.ok()) {
    rest_ = base::Duration(0);
    return {};
  }
  rest_ = std::clamp(rest_ * 2, limits_.rest_first, limits_.rest_max);
  rest_until_ = steady_.now() + rest_;
  return done.error();
}

Result<base::Bytes> Link::call(Method method, base::View body) {
  if (body.size() > kBodyBytesMax) return Error{Code::too_large, "a request is too large"};
  const base::Lock lock(mutex_);
  const base::Time until = steady_.now() + limits_.answer;
  // A connection that stood idle may have ended long ago; a fresh one is tried once.
  bool idle = conversation_.has_value();
  while (true) {
    if (ended_) return Error{Code::unavailable, "nobody waits for the holder any more"};
    if (!conversation_) TRY(connect(until));
    auto answer = conversation_->ask(static_cast<std::uint8_t>(method), body, until);
    if (!conversation_->broken()) return answer;
    conversation_.reset();
    if (!idle || steady_.now() >= until) return answer;
    idle = false;
  }
}

Result<void> Link::reach() {
  const base::Lock lock(mutex_);
  if (ended_) return Error{Code::unavailable, "nobody waits for the holder any more"};
  if (!conversation_) TRY(connect(steady_.now() + limits_.answer));
  return {};
}

std::optional<TreeName> Link::tree() {
  const base::Lock lock(mutex_);
  return tree_;
}

Result<base::PublicKey> pair(const Identity& identity, const Dial& dial,
                             const base::SecretBytes& secret, base::Clock& steady) {
  const base::Time until = steady.now() + kPairingMax;
  base::Descriptor socket = TRY(dial(kPairingMax / 2));
  auto conversation = TRY(Conversation::open(identity, std::move(socket), steady, until));
  const auto theirs = TRY(conversation.session().peer());
  const Binding binding = conversation.session().binding();
  const auto ours = proof(secret, Side::caller, binding, identity.key(), theirs);
  const auto answer = conversation.ask(kPair, ours, until);
  if (!answer.ok() && answer.code() == Code::unauthenticated)
    return Error{Code::unauthenticated,
                 "the code is wrong, used or too old: get another (holder pair)"};
  if (!answer.ok()) return answer.error();
  const auto expected = proof(secret, Side::holder, binding, identity.key(), theirs);
  if (!base::equal_constant_time(*answer, expected))
    return Error{Code::unauthenticated, "who answers does not know the code: it is not the holder"};
  return theirs;
}

}  // namespace holder
