// One connection's bytes: a socket, plain or under TLS, with a deadline for whatever is under
// way. Owns the socket; used on its executor only. Never knows what HTTP is.
#pragma once

#include <memory>

#include "base/bytes.h"
#include "base/clock.h"
#include "http/async.h"

struct ssl_ctx_st;

namespace http {

class Transport {
 public:
  virtual ~Transport() = default;
  /// TLS's handshake, where there is TLS. Code::io where it fails.
  virtual Async<base::Result<void>> handshake() = 0;
  /// 0 at the end; Code::io where the peer is gone, or the deadline has passed or stop_waiting()
  /// was called.
  virtual Async<base::Result<std::size_t>> read_some(base::Mutable out) = 0;
  /// Writes all; the deadline starts again with every piece that the peer takes.
  virtual Async<base::Result<void>> write(base::View bytes) = 0;
  /// Says that nothing more will be written, and waits a little for the peer to have read it: a
  /// socket closed over unread bytes would take the answer back.
  virtual Async<void> finish() = 0;

  /// What is under way or begins later must be over after `duration`; until said otherwise.
  virtual void expires_after(base::Duration duration) = 0;
  virtual void expires_never() = 0;
  /// Whether the deadline ended something.
  virtual bool expired() const = 0;
  /// Ends what is under way with Code::io.
  virtual void stop_waiting() = 0;
  virtual void close() = 0;
  virtual const boost::asio::any_io_executor& executor() = 0;
};

/// With TLS where there is a context.
std::shared_ptr<Transport> make_transport(Socket&& socket, ssl_ctx_st* tls);

}  // namespace http
