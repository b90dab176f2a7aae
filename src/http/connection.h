// One connection, request after request. Owns its transport and what has come in ahead; used on its
// executor only. Each exchange: read a head (connection.cc), let the router answer on the pool,
// send, and get rid of what was not read of the body (answer.cc).
#pragma once

#include <expected>
#include <memory>
#include <optional>

#include "http/inbox.h"
#include "http/incoming.h"
#include "http/service.h"
#include "http/transport.h"

namespace http {

/// The answer to a client that is too slow to send its request.
Response request_too_slow();

class Connection {
 public:
  Connection(Service& service, std::shared_ptr<Transport> transport, const ClientAddress& peer);
  /// Serves until either side ends it.
  Async<void> serve();
  /// The service is draining: ends a connection that is idle; others end after their request.
  void drain();
  /// Ends it now; a handler that waits for the body gets Code::io.
  void cut();

 private:
  /// What one exchange did, for the log.
  struct Exchange {
    Request request;
    int status = 0;
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
  };
  enum class Next : std::uint8_t { request, finish, close };

  Async<std::expected<std::size_t, std::optional<Response>>> await_head();
  Async<Next> exchange();
  Async<Next> take(Exchange& exchange, std::size_t size);
  void count(const Exchange& exchange);
  Async<Next> refuse(Exchange& exchange, Response response);
  Async<Next> answer(Exchange& exchange, const Head& head, Incoming& incoming);
  Async<Next> turn_away(Exchange& exchange, const Head& head, Incoming& incoming);
  Async<Next> handle(Exchange& exchange, const Head& head, Incoming& incoming,
                     std::unique_ptr<BodyReader> body);
  Async<void> run(Exchange& exchange, BodyReader& body, Response& response);
  Response call(Request& request) const;
  /// What is small and comes from a source becomes the body itself.
  void join(const Request& request, Response& response) const;
  Head::After after(const Head& head, const Incoming& incoming) const;
  Async<Next> reply(Exchange& exchange, const Head& head, Incoming& incoming, Response& response);
  Async<base::Result<void>> send(Exchange& exchange, Response& response, Head::After after);
  Async<base::Result<void>> send_stream(Exchange& exchange, BodySource& source);

  Service& service_;
  std::shared_ptr<Transport> transport_;
  const ClientAddress peer_;
  Inbox inbox_;
  bool idle_ = false;
};

}  // namespace http
