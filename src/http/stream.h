// A connected socket as a stream of bytes: as it is, or under TLS. Works on a socket that outlives
// it, on its executor only. Keeps no buffer of its own, so that a connection that waits costs
// little. Never knows of deadlines: who cancels the socket ends what is under way.
#pragma once

#include <memory>
#include <optional>

#include "base/bytes.h"
#include "http/async.h"

struct ssl_ctx_st;
struct ssl_st;

namespace http {

/// How many bytes went through; 0 at the end; nothing where the peer is gone or the socket was
/// cancelled.
using Moved = std::optional<std::size_t>;

/// What has come on the socket itself, also where there is TLS on it.
Async<Moved> receive(Socket& socket, base::Mutable out);

class PlainStream {
 public:
  explicit PlainStream(Socket& socket) : socket_(socket) {}
  Async<Moved> read_some(base::Mutable out);
  Async<Moved> write_some(base::View bytes);

 private:
  Socket& socket_;
};

/// The server's side of TLS, by OpenSSL on the socket itself: between two records it has given its
/// buffers back. It writes without MSG_NOSIGNAL: the process ignores SIGPIPE. Others on the
/// executor have their turn between two operations, and within one that a peer could draw out.
class TlsStream {
 public:
  TlsStream(Socket& socket, ssl_ctx_st* context);
  TlsStream(const TlsStream&) = delete;  // OpenSSL knows where it stands
  TlsStream& operator=(const TlsStream&) = delete;
  /// False where it fails.
  Async<bool> handshake();
  Async<Moved> read_some(base::Mutable out);
  /// A few records at most.
  Async<Moved> write_some(base::View bytes);
  /// Says that nothing more will be written (close_notify); does not wait for the peer's.
  Async<void> shutdown();

 private:
  template <class Operation>
  Async<int> run(Operation operation);
  Async<bool> ready_again(int error);

  struct Free {
    void operator()(ssl_st* tls) const;
  };
  Socket& socket_;
  int reads_left_ = 0;                 // of the operation under way
  std::unique_ptr<ssl_st, Free> tls_;  // nothing where it could not be made
};

}  // namespace http
