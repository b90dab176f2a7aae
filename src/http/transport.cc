#include "http/transport.h"

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <type_traits>

#include "http/stream.h"

namespace http {
namespace {

namespace asio = boost::asio;
using base::Code;
using base::Error;
using boost::system::error_code;
using Timer = asio::steady_timer;

constexpr auto linger_time_max = std::chrono::seconds(2);
constexpr std::size_t linger_bytes_max = 1024UL * 1024;

template <class Stream>
class SocketTransport final : public Transport,
                              public std::enable_shared_from_this<SocketTransport<Stream>> {
 public:
  template <class... Arguments>
  explicit SocketTransport(Socket&& socket, Arguments... arguments)
      : socket_(std::move(socket)),
        stream_(socket_, arguments...),
        executor_(socket_.get_executor()),
        timer_(executor_) {}

  Async<base::Result<void>> handshake() override {
    if constexpr (std::is_same_v<Stream, TlsStream>)
      if (!co_await stream_.handshake()) co_return Error{Code::io, "the TLS handshake failed"};
    co_return base::Result<void>{};
  }

  Async<base::Result<std::size_t>> read_some(base::Mutable out) override {
    if (expired_) co_return Error{Code::io, "the peer is too slow"};
    const Moved size = co_await stream_.read_some(out);
    if (size) co_return *size;
    if (expired_) co_return Error{Code::io, "the peer is too slow"};
    co_return Error{Code::io, "the peer is gone"};
  }

  Async<base::Result<void>> write(base::View bytes) override {
    while (!bytes.empty()) {
      if (expired_) co_return Error{Code::io, "the peer is too slow"};
      const Moved size = co_await stream_.write_some(bytes);
      if (!size) co_return Error{Code::io, "the peer is gone"};
      bytes = bytes.subspan(*size);
      if (!bytes.empty()) renew();
    }
    co_return base::Result<void>{};
  }

  Async<void> finish() override {
    expires_after(linger_time_max);
    if constexpr (std::is_same_v<Stream, TlsStream>) co_await stream_.shutdown();
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    std::array<std::uint8_t, 4096> dropped;
    for (std::size_t total = 0; total < linger_bytes_max && !expired_;) {
      const Moved size = co_await receive(socket_, dropped);
      if (!size || *size == 0) break;
      total += *size;
    }
    close();
  }

  void expires_after(base::Duration duration) override {
    expired_ = false;
    duration_ = duration;
    renew();
  }
  void expires_never() override {
    expired_ = false;
    deadline_ = Timer::time_point::max();
  }
  bool expired() const override { return expired_; }

  void stop_waiting() override {
    error_code ignored;
    socket_.cancel(ignored);
  }
  void close() override {
    expires_never();
    timer_.cancel();
    error_code ignored;
    socket_.close(ignored);
  }
  const asio::any_io_executor& executor() override { return executor_; }

 private:
  void renew() {
    deadline_ = Timer::clock_type::now() + duration_;
    // A timer that is set for an earlier time looks again then: cheaper than setting it each time.
    if (deadline_ >= wakes_at_) return;
    wakes_at_ = deadline_;
    watch();
  }

  void watch() {
    timer_.expires_at(wakes_at_);
    timer_.async_wait([weak = this->weak_from_this()](error_code ec) {
      const auto self = weak.lock();
      if (!ec && self) self->wake();
    });
  }

  void wake() {
    if (deadline_ <= Timer::clock_type::now()) {
      wakes_at_ = Timer::time_point::max();
      deadline_ = Timer::time_point::max();
      expired_ = true;
      stop_waiting();
      return;
    }
    wakes_at_ = deadline_;
    if (deadline_ != Timer::time_point::max()) watch();
  }

  Socket socket_;
  Stream stream_;
  asio::any_io_executor executor_;
  Timer timer_;
  base::Duration duration_{};
  Timer::time_point deadline_ = Timer::time_point::max();
  Timer::time_point wakes_at_ = Timer::time_point::max();  // max: the timer does not run
  bool expired_ = false;
};

}  // namespace

std::shared_ptr<Transport> make_transport(Socket&& socket, ssl_ctx_st* tls) {
  error_code ignored;  // a local socket has no such option
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (tls == nullptr) return std::make_shared<SocketTransport<PlainStream>>(std::move(socket));
  return std::make_shared<SocketTransport<TlsStream>>(std::move(socket), tls);
}

}  // namespace http
