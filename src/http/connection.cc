#include "http/connection.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace http {
namespace {

// The clock of the sockets' own deadlines.
using Monotonic = boost::asio::steady_timer::clock_type;

Response head_too_large(const HeadScanner& scanner) {
  if (!scanner.has_request_line())
    return problem(414, "target", "The address is too long",
                   "The request line is longer than this server takes.");
  return problem(431, "headers", "The headers are too large",
                 "The headers are larger than this server takes.");
}

}  // namespace

Connection::Connection(Service& service, std::shared_ptr<Transport> transport,
                       const ClientAddress& peer)
    : service_(service), transport_(std::move(transport)), peer_(peer) {}

void Connection::drain() {
  if (idle_) transport_->stop_waiting();
}

void Connection::cut() { transport_->close(); }

Async<void> Connection::serve() {
  transport_->expires_after(service_.options.limits.header_time_max);
  const auto greeted = co_await transport_->handshake();
  Next next = greeted.ok() ? Next::request : Next::close;
  while (next == Next::request) next = co_await exchange();
  if (next == Next::finish) co_await transport_->finish();
  transport_->close();
}

// The size of the head that is now in the inbox; or what to answer; or nothing, where the client
// has gone.
Async<std::expected<std::size_t, std::optional<Response>>> Connection::await_head() {
  using Answer = std::expected<std::size_t, std::optional<Response>>;
  const Limits& limits = service_.options.limits;
  HeadScanner scanner;
  bool begun = false;
  while (true) {
    // RFC 9112, 2.2: empty lines before a request are skipped.
    while (!begun && inbox_.text().starts_with("\r\n")) inbox_.consume(2);
    if (!inbox_.empty() && inbox_.text() != "\r") {
      const Arrival arrival = scanner.scan(inbox_.text());
      if (arrival == Arrival::malformed)
        co_return Answer(std::unexpect,
                         problem(400, "malformed", "The request is not valid HTTP",
                                 "A line is not well-formed or does not end in CR LF."));
      if (arrival == Arrival::complete && scanner.end() <= limits.header_bytes_max)
        co_return Answer(scanner.end());
      if (arrival == Arrival::complete || inbox_.view().size() >= limits.header_bytes_max)
        co_return Answer(std::unexpect, head_too_large(scanner));
      if (!begun) transport_->expires_after(limits.header_time_max);
      begun = true;
    } else if (inbox_.empty()) {
      if (service_.draining) co_return Answer(std::unexpect, std::nullopt);
      inbox_.shrink();
      transport_->expires_after(limits.idle_time_max);
    }
    idle_ = inbox_.empty();
    const auto size = co_await transport_->read_some(inbox_.room(limits.header_bytes_max));
    idle_ = false;
    if (!size.ok() && transport_->expired() && begun)
      co_return Answer(std::unexpect, request_too_slow());
    if (!size.ok() || *size == 0) co_return Answer(std::unexpect, std::nullopt);
    inbox_.filled(*size);
  }
}

Async<Connection::Next> Connection::exchange() {
  auto arrived = co_await await_head();
  if (!arrived && !arrived.error()) co_return Next::close;  // nothing is unread: no lingering
  const auto begin = Monotonic::now();
  Exchange exchange;
  exchange.request.id = base::RequestId::random(service_.entropy);
  exchange.request.method = Method::other;  // until it is known
  const Next next = arrived ? co_await take(exchange, *arrived)
                            : co_await refuse(exchange, *std::move(arrived.error()));
  count(exchange);
  const auto duration = std::chrono::duration_cast<base::Duration>(Monotonic::now() - begin);
  service_.log.info("request", {{"id", exchange.request.id},
                                {"method", to_string(exchange.request.method)},
                                {"status", exchange.status},
                                {"duration_us", duration},
                                {"bytes_in", exchange.received},
                                {"bytes_out", exchange.sent}});
  co_return next;
}

Async<Connection::Next> Connection::take(Exchange& exchange, std::size_t size) {
  const Limits& limits = service_.options.limits;
  auto head = parse_head(inbox_.text().substr(0, size),
                         HeadLimits{limits.headers_max, limits.body_bytes_max});
  inbox_.consume(size);
  if (!head) co_return co_await refuse(exchange, std::move(head.error()));
  const base::RequestId id = exchange.request.id;
  auto request = make_request(*head, service_.reach, peer_);
  if (!request) {
    exchange.request.method = head->method;
    exchange.request.headers = std::move(head->headers);  // Accept is among them
    co_return co_await refuse(exchange, std::move(request.error()));
  }
  exchange.request = *std::move(request);
  exchange.request.id = id;
  Incoming incoming(service_, *transport_, inbox_, *head);
  const Next next = co_await answer(exchange, *head, incoming);
  exchange.received = incoming.total();
  co_return next;
}

void Connection::count(const Exchange& exchange) {
  Counters& counters = service_.counters;
  ++counters.requests_total;
  counters.request_body_bytes_total += exchange.received;
  counters.response_body_bytes_total += exchange.sent;
  if (exchange.status >= 500)
    ++counters.responses_5xx_total;
  else if (exchange.status >= 400)
    ++counters.responses_4xx_total;
}

}  // namespace http
