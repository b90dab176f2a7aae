// The second half of an exchange: from a parsed head to the last byte of the response.
#include <boost/asio/awaitable.hpp>

#include "http/connection.h"
#include "http/memory_body.h"
#include "http/outgoing.h"
#include "http/security.h"

namespace http {
namespace {

using base::Code;
using base::Error;

// A body up to this size is read before the handler begins: a slow sender then holds no thread. No
// handler takes more from somebody whom it does not know.
constexpr std::uint64_t body_ahead_bytes_max = 16UL * 1024;
// As much of an unread body is read and dropped so that the connection can go on.
constexpr std::uint64_t discard_bytes_max = 256UL * 1024;
// A body up to this size is sent together with the head, and is read where it comes from a source
// before its handler's thread is given back: another thread for each would cost more than it.
constexpr std::size_t joined_bytes_max = 16UL * 1024;
constexpr std::size_t piece_bytes = 64UL * 1024;

Response busy() {
  Response response = problem(503, "busy", "The server is busy",
                              "Too many requests are under way. Please try again in a moment.");
  response.set("Retry-After", "1");
  return response;
}

base::Result<std::size_t> read_some(BodySource& source, base::Mutable out) {
  base::Result<std::size_t> piece = 0U;
  try {
    piece = source.read(out);
  } catch (...) {
    return Error{Code::internal, "a body source threw"};
  }
  if (piece.ok() && *piece == 0) return Error{Code::internal, "a body source ended early"};
  return piece;
}

base::Result<std::string> read_all(BodySource& source) {
  std::string body(static_cast<std::size_t>(source.size()), '\0');
  const base::Mutable place(reinterpret_cast<std::uint8_t*>(body.data()), body.size());
  for (std::size_t filled = 0; filled < body.size();)
    filled += TRY(read_some(source, place.subspan(filled)));
  return body;
}

// One of the handlers under way, for as long as it lives.
class InFlight {
 public:
  explicit InFlight(std::atomic<std::uint64_t>& count)
      : count_(count), order_(count.fetch_add(1)) {}
  ~InFlight() { --count_; }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;
  bool within(std::size_t most) const { return order_ < most; }

 private:
  std::atomic<std::uint64_t>& count_;
  std::uint64_t order_;
};

}  // namespace

Response request_too_slow() {
  return problem(408, "timeout", "The request took too long",
                 "The request did not arrive in the time that the server gives it.");
}

// For what cannot be answered as a request: nothing behind it can be trusted to begin one.
Async<Connection::Next> Connection::refuse(Exchange& exchange, Response response) {
  ++service_.counters.refused_total;
  complete(service_, exchange.request, response);
  const auto sent = co_await send(exchange, response, Head::After::close);
  co_return sent.ok() ? Next::finish : Next::close;
}

Async<Connection::Next> Connection::answer(Exchange& exchange, const Head& head,
                                           Incoming& incoming) {
  if (std::optional<Response> refusal = refuse_foreign_origin(exchange.request)) {
    complete(service_, exchange.request, *refusal);
    co_return co_await reply(exchange, head, incoming, *refusal);
  }
  // Where only the end tells how long it is, one byte more tells that it is longer than that.
  const bool declared = head.framing != Framing::chunked;
  const std::uint64_t most = declared ? head.length : body_ahead_bytes_max + 1;
  std::string ahead;
  if (!declared || head.length <= body_ahead_bytes_max) {
    auto pulled = co_await incoming.pull_ahead(static_cast<std::size_t>(most));
    if (!pulled.ok() && transport_->expired())
      co_return co_await refuse(exchange, request_too_slow());
    if (!pulled.ok()) co_return Next::close;
    ahead = *std::move(pulled);
  }
  if (incoming.done())
    co_return co_await handle(exchange, head, incoming,
                              std::make_unique<MemoryBody>(std::move(ahead)));
  auto place = service_.upload_places.take(exchange.request.client);
  if (!place) co_return co_await turn_away(exchange, head, incoming);
  co_return co_await handle(exchange, head, incoming,
                            std::make_unique<Upload>(service_, transport_, incoming,
                                                     *std::move(place), std::move(ahead)));
}

Async<Connection::Next> Connection::turn_away(Exchange& exchange, const Head& head,
                                              Incoming& incoming) {
  ++service_.counters.refused_total;
  Response response = busy();
  complete(service_, exchange.request, response);
  co_return co_await reply(exchange, head, incoming, response);
}

Async<Connection::Next> Connection::handle(Exchange& exchange, const Head& head, Incoming& incoming,
                                           std::unique_ptr<BodyReader> body) {
  Response response;
  bool taken = false;
  {
    // Both end with the handler: those who read the response slowly hold no place.
    const std::unique_ptr<BodyReader> read = std::move(body);
    const InFlight place(service_.counters.requests_in_flight);
    taken = place.within(service_.options.limits.requests_in_flight_max);
    if (taken) co_await run(exchange, *read, response);
  }
  if (!taken) co_return co_await turn_away(exchange, head, incoming);
  const Next next = co_await reply(exchange, head, incoming, response);
  // What a source holds may take a while to let go.
  if (response.stream)
    co_await service_.pool.run(Pool::Lane::ordinary, [&] { response.stream.reset(); });
  co_return next;
}

Async<void> Connection::run(Exchange& exchange, BodyReader& body, Response& response) {
  exchange.request.body = &body;
  transport_->expires_never();
  const auto lane = body.came_before() ? Pool::Lane::ordinary : Pool::Lane::uploads;
  co_await service_.pool.run(lane, [&] {
    response = call(exchange.request);
    join(exchange.request, response);
    complete(service_, exchange.request, response);
  });
  exchange.request.body = nullptr;
}

void Connection::join(const Request& request, Response& response) const {
  if (!response.stream || response.stream->size() > joined_bytes_max ||
      body_of(request, response) == Body::none)
    return;
  auto body = read_all(*response.stream);
  if (body.ok()) {
    response.body = *std::move(body);
    response.stream.reset();
    return;
  }
  service_.log.error("response_failed", {{"id", request.id}, {"cause", body.error()}});
  response = problem(body.error());
}

Response Connection::call(Request& request) const {
  try {
    return service_.router.route(request);
  } catch (...) {
    // What third-party code says may hold anything: it does not go to the log.
    service_.log.error("handler_threw", {{"id", request.id}});
    return problem({Code::internal, "a handler threw"});
  }
}

Head::After Connection::after(const Head& head, const Incoming& incoming) const {
  if (head.after == Head::After::close || service_.draining) return Head::After::close;
  if (incoming.done()) return Head::After::keep;
  // A client that waits for leave may send the body all the same, or not: nobody knows.
  const bool droppable =
      !incoming.unasked() && incoming.left() && *incoming.left() <= discard_bytes_max;
  return droppable ? Head::After::keep : Head::After::close;
}

Async<Connection::Next> Connection::reply(Exchange& exchange, const Head& head, Incoming& incoming,
                                          Response& response) {
  const Head::After planned = after(head, incoming);
  const auto sent = co_await send(exchange, response, planned);
  if (!sent.ok()) co_return Next::close;
  if (planned == Head::After::close) co_return Next::finish;
  const bool clean = co_await incoming.discard(discard_bytes_max);
  co_return clean ? Next::request : Next::close;
}

Async<base::Result<void>> Connection::send(Exchange& exchange, Response& response,
                                           Head::After after) {
  exchange.status = response.status;
  transport_->expires_after(service_.options.limits.stall_time_max);
  std::string bytes = serialize_head(service_, exchange.request, response, after);
  const bool whole = body_of(exchange.request, response) == Body::follows && !response.stream;
  if (whole && response.body.size() <= joined_bytes_max) bytes += response.body;
  const auto sent = co_await transport_->write(base::view(bytes));
  if (!sent.ok()) co_return sent.error();
  if (body_of(exchange.request, response) == Body::none) co_return base::Result<void>{};
  if (response.stream) co_return co_await send_stream(exchange, *response.stream);
  exchange.sent = response.body.size();
  if (response.body.size() <= joined_bytes_max) co_return base::Result<void>{};
  co_return co_await transport_->write(base::view(response.body));
}

Async<base::Result<void>> Connection::send_stream(Exchange& exchange, BodySource& source) {
  base::Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(source.size(), piece_bytes)));
  for (std::uint64_t left = source.size(); left > 0;) {
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
    base::Result<std::size_t> piece = 0U;
    transport_->expires_never();
    co_await service_.pool.run(Pool::Lane::ordinary, [&] {
      piece = read_some(source, base::Mutable(buffer).first(room));
    });
    if (!piece.ok()) {
      service_.log.error("response_cut", {{"id", exchange.request.id}, {"cause", piece.error()}});
      co_return piece.error();
    }
    CHECK(*piece <= room);
    transport_->expires_after(service_.options.limits.stall_time_max);
    const auto sent = co_await transport_->write(base::View(buffer).first(*piece));
    if (!sent.ok()) co_return sent.error();
    exchange.sent += *piece;
    left -= *piece;
  }
  co_return base::Result<void>{};
}

}  // namespace http
