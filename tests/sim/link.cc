#include "tests/sim/link.h"

namespace sim {

using base::Bytes;
using base::Code;
using base::Error;
using base::Result;

namespace {

constexpr const char* kDirectory = "replica";
constexpr std::uint64_t kDelayMaxUs = 40'000;

}  // namespace

Link::Link(base::Wait& wait, base::Clock& clock, Trace& trace, std::uint64_t seed)
    : wait_(wait), clock_(clock), trace_(trace), choice_(seed), entropy_(seed), disk_(wait) {}

Result<void> Link::start() {
  replica_.reset();
  ++crashes_;
  disk_.crash(entropy_);
  replica_ = TRY(holder::Replica::open(disk_, clock_, kDirectory));
  return {};
}

Result<holder::Replica*> Link::replica() {
  if (replica_ == nullptr) TRY(start());
  return replica_.get();
}

/// The replica's answer, as its host gives it.
Result<Bytes> Link::deliver(holder::Method method, base::View body) {
  holder::Replica* replica = TRY(this->replica());
  auto answer = replica->handle(method, body);
  trace_.add("request", "replica", static_cast<std::uint64_t>(method), body.size());
  // Its power is gone: whoever asks next finds it started anew.
  if (!answer.ok() && answer.code() == Code::io) replica_.reset();
  return answer;
}

Result<Bytes> Link::call(holder::Method method, base::View body) {
  const Error away(Code::unavailable, "the link is down");
  wait_.sleep(base::Duration(static_cast<std::int64_t>(choice_.below(kDelayMaxUs))));
  if (cut_ || choice_.one_in(40)) return away;
  if (late_ && choice_.one_in(2)) {
    const Request late = *std::exchange(late_, std::nullopt);
    (void)deliver(late.method, late.body).ok();
  }
  if (choice_.one_in(20)) late_ = Request{method, base::copy(body)};
  if (choice_.one_in(30)) (void)deliver(method, body).ok();
  auto answer = deliver(method, body);
  if (choice_.one_in(40)) return away;
  if (!answer.ok() && answer.code() == Code::io) return away;
  return answer;
}

}  // namespace sim
