#include "http/stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace http {
namespace {

namespace asio = boost::asio;

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

}  // namespace

Async<Moved> receive(Socket& socket, base::Mutable out) {
  const auto [ec, size] =
      co_await socket.async_read_some(asio::buffer(out.data(), out.size()), tuple);
  if (ec == asio::error::eof) co_return Moved(0);
  co_return ec ? Moved() : Moved(size);
}

Async<Moved> PlainStream::read_some(base::Mutable out) { return receive(socket_, out); }

Async<Moved> PlainStream::write_some(base::View bytes) {
  const auto [ec, size] =
      co_await socket_.async_write_some(asio::buffer(bytes.data(), bytes.size()), tuple);
  co_return ec ? Moved() : Moved(size);
}

void TlsStream::Free::operator()(ssl_st* tls) const { SSL_free(tls); }

TlsStream::TlsStream(Socket& socket, ssl_ctx_st* context)
    : socket_(socket), tls_(SSL_new(context)) {
  boost::system::error_code ec;
  socket_.native_non_blocking(true, ec);
  if (ec || !tls_ || SSL_set_fd(tls_.get(), socket_.native_handle()) != 1) tls_.reset();
  if (!tls_) return;
  SSL_set_accept_state(tls_.get());
  // A record's head and body come with one call to the kernel.
  SSL_set_read_ahead(tls_.get(), 1);
  // What waits to be written is the caller's, who comes again with the same bytes.
  SSL_set_mode(tls_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                               SSL_MODE_RELEASE_BUFFERS);
}

/// Whether it is worth trying again: waits until the socket can do what OpenSSL lacks.
Async<bool> TlsStream::ready_again(int error) {
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) co_return false;
  const auto [ec] = co_await socket_.async_wait(
      error == SSL_ERROR_WANT_READ ? Socket::wait_read : Socket::wait_write, tuple);
  co_return !ec;
}

/// Calls `operation` until it is done. Answers what it failed with (SSL_get_error), or none.
template <class Operation>
Async<int> TlsStream::run(Operation operation) {
  if (!tls_) co_return SSL_ERROR_SSL;
  while (true) {
    ERR_clear_error();
    const int result = operation();
    if (result > 0) co_return SSL_ERROR_NONE;
    const int error = SSL_get_error(tls_.get(), result);
    if (!co_await ready_again(error)) co_return error;
  }
}

Async<bool> TlsStream::handshake() {
  const int error = co_await run([this] { return SSL_do_handshake(tls_.get()); });
  co_return error == SSL_ERROR_NONE;
}

Async<Moved> TlsStream::read_some(base::Mutable out) {
  std::size_t size = 0;
  const int error =
      co_await run([&] { return SSL_read_ex(tls_.get(), out.data(), out.size(), &size); });
  if (error == SSL_ERROR_NONE) co_return Moved(size);
  // A peer that ends without close_notify is common; what was cut off, the framing above tells.
  const bool ended = error == SSL_ERROR_ZERO_RETURN ||
                     (error == SSL_ERROR_SSL &&
                      ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING);
  co_return ended ? Moved(0) : Moved();
}

Async<Moved> TlsStream::write_some(base::View bytes) {
  std::size_t size = 0;
  const int error =
      co_await run([&] { return SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &size); });
  co_return error == SSL_ERROR_NONE ? Moved(size) : Moved();
}

Async<void> TlsStream::shutdown() {
  // 0 is: ours is sent, the peer's has not come.
  co_await run([this] { return SSL_shutdown(tls_.get()) >= 0 ? 1 : -1; });
}

}  // namespace http
