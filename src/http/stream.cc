#include "http/stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace http {
namespace {

namespace asio = boost::asio;

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);
// Each brings a buffer full of records, as far as they have come.
constexpr int reads_max = 16;
// Of four records, for who can take as much: a body. OpenSSL's own is of one.
constexpr std::size_t read_buffer_bytes = 66UL * 1024;
// In one operation; the way to the executor and back costs as much as a record does.
constexpr int writes_max = 4;

/// Before each call to the kernel. What makes no byte of its own (changes of keys, warnings)
/// OpenSSL reads on and on, as long as it comes: after so many it is to wait, which others use.
long keep_within(BIO* bio, int operation, const char*, std::size_t, int, long, int result,
                 std::size_t*) {
  if (operation != BIO_CB_READ) return result;
  int& left = *reinterpret_cast<int*>(BIO_get_callback_arg(bio));
  if (left-- > 0) return result;
  BIO_clear_retry_flags(bio);
  BIO_set_retry_read(bio);
  return -1;
}

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
  BIO* bio = SSL_get_rbio(tls_.get());
  BIO_set_callback_arg(bio, reinterpret_cast<char*>(&reads_left_));
  BIO_set_callback_ex(bio, keep_within);
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
  bool waited = false;
  // Once it is closed its number may be another file's, and OpenSSL knows the number alone.
  while (tls_ && socket_.is_open()) {
    ERR_clear_error();
    reads_left_ = reads_max;
    const int result = operation();
    if (result > 0) {
      // Afterwards: what cancels before would find nothing to cancel.
      if (!waited) co_await asio::post(socket_.get_executor(), asio::use_awaitable);
      co_return SSL_ERROR_NONE;
    }
    const int error = SSL_get_error(tls_.get(), result);
    if (!co_await ready_again(error)) co_return error;
    waited = true;
  }
  co_return SSL_ERROR_SYSCALL;
}

Async<bool> TlsStream::handshake() {
  const int error = co_await run([this] { return SSL_do_handshake(tls_.get()); });
  co_return error == SSL_ERROR_NONE;
}

Async<Moved> TlsStream::read_some(base::Mutable out) {
  std::size_t size = 0;
  // Taken when bytes come and given back when all are read: nobody keeps it.
  if (tls_)
    SSL_set_default_read_buffer_len(tls_.get(),
                                    out.size() >= read_buffer_bytes ? read_buffer_bytes : 0);
  const int error = co_await run([&] {
    const int result = SSL_read_ex(tls_.get(), out.data(), out.size(), &size);
    // What has come as well. What ends that, if it is more than a lack of bytes, ends the next one
    // too.
    for (std::size_t more = 0; result > 0 && size < out.size(); size += more)
      if (SSL_read_ex(tls_.get(), out.data() + size, out.size() - size, &more) <= 0) break;
    return result;
  });
  if (error == SSL_ERROR_NONE) co_return Moved(size);
  // A peer that ends without close_notify is common; what was cut off, the framing above tells.
  const bool ended = error == SSL_ERROR_ZERO_RETURN ||
                     (error == SSL_ERROR_SSL &&
                      ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING);
  co_return ended ? Moved(0) : Moved();
}

Async<Moved> TlsStream::write_some(base::View bytes) {
  std::size_t size = 0;
  const int error = co_await run([&] {
    const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &size);
    std::size_t more = 0;
    for (int writes = 1; result > 0 && size < bytes.size() && writes < writes_max; ++writes) {
      if (SSL_write_ex(tls_.get(), bytes.data() + size, bytes.size() - size, &more) <= 0) break;
      size += more;
    }
    return result;
  });
  co_return error == SSL_ERROR_NONE ? Moved(size) : Moved();
}

Async<void> TlsStream::shutdown() {
  // 0 is: ours is sent, the peer's has not come.
  co_await run([this] { return SSL_shutdown(tls_.get()) >= 0 ? 1 : -1; });
}

}  // namespace http
