#include "http/incoming.h"

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <utility>

namespace http {
namespace {

using base::Code;
using base::Error;
// The clock of the sockets' own deadlines.
using Monotonic = boost::asio::steady_timer::clock_type;

constexpr std::size_t chunk_buffer_bytes = 64UL * 1024;

}  // namespace

Incoming::Incoming(const Service& service, Transport& transport, Inbox& inbox, const Head& head)
    : service_(service),
      transport_(transport),
      inbox_(inbox),
      decoder_(head.framing, head.length, service.options.limits.body_bytes_max),
      expects_(head.expect == Head::Expect::proceed) {}

Async<base::Result<void>> Incoming::give_leave() {
  if (!expects_) co_return base::Result<void>{};
  expects_ = false;
  co_return co_await transport_.write(base::view("HTTP/1.1 100 Continue\r\n\r\n"));
}

std::optional<std::uint64_t> Incoming::left() const {
  if (decoder_.done()) return 0;
  const std::uint64_t left = decoder_.direct_bytes_max();
  return left > 0 ? std::optional(left) : std::nullopt;
}

/// Time and again, so that nobody dwells on what came quickly before.
bool Incoming::too_slow() {
  const Limits& limits = service_.options.limits;
  if (waited_ <= limits.stall_time_max) return false;
  const auto seconds = std::chrono::duration<double>(std::exchange(waited_, {})).count();
  const std::uint64_t came = total_ - std::exchange(total_before_, total_);
  return static_cast<double>(came) <
         seconds * static_cast<double>(limits.body_bytes_per_second_min);
}

Async<base::Result<std::size_t>> Incoming::pull(base::Mutable out) {
  if (broken_) co_return *broken_;
  auto piece = co_await next(out);
  if (!piece.ok()) broken_ = piece.error();
  co_return piece;
}

Async<base::Result<std::size_t>> Incoming::next(base::Mutable out) {
  while (!decoder_.done() && !out.empty()) {
    if (!inbox_.empty()) {
      const auto step = decoder_.decode(inbox_.view(), out);
      if (!step.ok()) co_return step.error();
      inbox_.consume(step->consumed);
      total_ += step->produced;
      if (step->produced > 0) co_return step->produced;
      continue;
    }
    transport_.expires_after(service_.options.limits.stall_time_max);
    const auto leave = co_await give_leave();
    if (!leave.ok()) co_return leave.error();
    // A body of known length goes straight to where it is wanted.
    const std::uint64_t direct = decoder_.direct_bytes_max();
    const base::Mutable place =
        direct > 0
            ? out.first(static_cast<std::size_t>(std::min<std::uint64_t>(direct, out.size())))
            : inbox_.room(chunk_buffer_bytes);
    const auto before = Monotonic::now();
    const auto size = co_await transport_.read_some(place);
    waited_ += std::chrono::duration_cast<base::Duration>(Monotonic::now() - before);
    if (!size.ok()) co_return size.error();
    if (*size == 0) co_return Error{Code::io, "the peer is gone"};
    if (direct == 0) {
      inbox_.filled(*size);
    } else {
      decoder_.came(*size);
      total_ += *size;
    }
    if (too_slow()) co_return Error{Code::io, "the peer is too slow"};
    if (direct > 0) co_return *size;
  }
  co_return 0U;
}

Async<base::Result<std::string>> Incoming::pull_ahead(std::size_t bytes_max) {
  std::string ahead(bytes_max, '\0');
  const base::Mutable place(reinterpret_cast<std::uint8_t*>(ahead.data()), bytes_max);
  const auto begin = Monotonic::now();
  std::size_t filled = 0;
  while (filled < bytes_max && !decoder_.done()) {
    const auto piece = co_await pull(place.subspan(filled));
    if (!piece.ok() && piece.code() == Code::io) co_return piece.error();
    if (!piece.ok()) break;
    filled += *piece;
    if (Monotonic::now() - begin > service_.options.limits.stall_time_max)
      co_return Error{Code::io, "the peer is too slow"};
  }
  ahead.resize(filled);
  co_return ahead;
}

Async<bool> Incoming::discard(std::uint64_t bytes_max) {
  base::Bytes dropped(16UL * 1024);
  for (std::uint64_t left = bytes_max; !decoder_.done() && left > 0;) {
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(left, dropped.size()));
    const auto size = co_await pull(base::Mutable(dropped).first(room));
    if (!size.ok()) co_return false;
    left -= *size;
  }
  co_return decoder_.done();
}

/// Rung and not held: whoever is woken goes on at once.
struct Upload::Arrival {
  explicit Arrival(base::Wait& wait) : came(wait) {}
  void settle(base::Result<std::size_t> its_piece) {
    piece = std::move(its_piece);
    settled = true;
    came.ring();
  }
  base::Result<std::size_t> take() {
    for (std::uint32_t heard = came.strokes(); !settled; heard = came.strokes()) came.wait(heard);
    return std::move(piece);
  }

  base::Result<std::size_t> piece = 0U;
  std::atomic<bool> settled = false;
  base::Bell came;
};

Upload::Upload(Service& service, std::shared_ptr<Transport> transport, Incoming& incoming,
               UploadPlaces::Place place, std::string ahead)
    : transport_(std::move(transport)),
      incoming_(incoming),
      place_(std::move(place)),
      ahead_(std::move(ahead)),
      wait_(service.wait),
      mutex_(service.wait) {}

Async<void> Upload::pull(base::Mutable out, std::shared_ptr<Arrival> arrival) {
  auto piece = co_await incoming_.pull(out);
  transport_->expires_never();
  // The handler may end, and this object with it, as soon as it knows.
  arrival->settle(std::move(piece));
}

/// Nothing where no more is wanted.
std::shared_ptr<Upload::Arrival> Upload::begin(base::Mutable out) {
  const base::Lock lock(mutex_);
  if (stopped_) return nullptr;
  auto arrival = std::make_shared<Arrival>(wait_);
  boost::asio::co_spawn(transport_->executor(), pull(out, arrival),
                        [arrival](std::exception_ptr thrown) {
                          if (thrown)
                            arrival->settle(Error{Code::internal, "the body could not be read"});
                        });
  return arrival;
}

base::Result<std::size_t> Upload::read(base::Mutable out) {
  if (out.empty()) return 0U;
  const std::size_t ahead = TRY(ahead_.read(out));
  if (ahead > 0) return ahead;
  const auto arrival = begin(out);
  if (!arrival) return Error{Code::io, "nothing more of the body is wanted"};
  return arrival->take();
}

void Upload::stop() {
  const base::Lock lock(mutex_);
  if (std::exchange(stopped_, true)) return;
  // Behind what read() has begun there, and before anything that the handler's end begins.
  boost::asio::post(transport_->executor(),
                    [transport = transport_] { transport->stop_waiting(); });
}

}  // namespace http
