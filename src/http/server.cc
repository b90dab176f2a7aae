#include "http/server.h"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <exception>
#include <optional>
#include <thread>
#include <unordered_set>

#include "base/local_socket.h"
#include "http/connection.h"
#include "http/percent.h"
#include "http/service.h"
#include "http/transport.h"

namespace http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using base::Code;
using base::Error;
using boost::system::error_code;
using Stream = asio::generic::stream_protocol;
using Acceptor = asio::basic_socket_acceptor<Stream, asio::any_io_executor>;

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);
// Out of descriptors, say: the next connection may find one.
constexpr auto accept_pause = std::chrono::milliseconds(50);

// The end of a connection of TCP; of another family, or of one that is over already, nothing.
std::optional<tcp::endpoint> internet(const Stream::endpoint& from) {
  tcp::endpoint endpoint;
  const int family = from.protocol().family();
  if ((family != AF_INET && family != AF_INET6) || from.size() > endpoint.capacity())
    return std::nullopt;
  std::memcpy(endpoint.data(), from.data(), from.size());
  endpoint.resize(from.size());
  return endpoint;
}

// Of a connection that is over already, the address that nobody has.
ClientAddress peer_of(const Socket& socket) {
  error_code ec;
  const auto end = socket.remote_endpoint(ec);
  if (ec) return {};
  if (end.protocol().family() == AF_UNIX)
    return ClientAddress::parse("127.0.0.1").value_or(ClientAddress());
  const auto endpoint = internet(end);
  if (!endpoint) return {};
  // Without its zone, which means something on this machine alone.
  asio::ip::address address = endpoint->address();
  if (address.is_v6()) {
    auto without = address.to_v6();
    without.scope_id(0);
    address = without;
  }
  return ClientAddress::parse(address.to_string()).value_or(ClientAddress());
}

// One thread's connections. All but post() happens on that thread.
class Loop {
 public:
  explicit Loop(Service& service)
      : service_(service), guard_(asio::make_work_guard(context_)), cut_timer_(context_) {}

  asio::io_context& context() { return context_; }
  void run() { context_.run(); }

  void adopt(Socket socket) {
    asio::co_spawn(context_, serve(std::move(socket)), [this](std::exception_ptr thrown) {
      if (thrown) service_.log.error("connection_threw");
    });
  }

  void drain() {
    guard_.reset();
    for (Connection* connection : connections_) connection->drain();
    if (connections_.empty()) return;
    cut_timer_.expires_after(service_.options.limits.drain_time_max);
    cut_timer_.async_wait([this](error_code ec) {
      if (ec) return;
      service_.log.warn("drain_cut", {{"connections", connections_.size()}});
      for (Connection* connection : connections_) connection->cut();
    });
  }

 private:
  // Keeps a connection in the books for as long as it lives.
  class Entry {
   public:
    Entry(Loop& loop, Connection& connection) : loop_(loop), connection_(connection) {
      loop_.connections_.insert(&connection_);
    }
    ~Entry() {
      loop_.connections_.erase(&connection_);
      --loop_.service_.counters.connections;
      if (loop_.connections_.empty()) loop_.cut_timer_.cancel();
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    Loop& loop_;
    Connection& connection_;
  };

  Async<void> serve(Socket socket) {
    const ClientAddress peer = peer_of(socket);
    Connection connection(service_, make_transport(std::move(socket), service_.tls.get()), peer);
    const Entry entry(*this, connection);
    co_await connection.serve();
  }

  Service& service_;
  std::unordered_set<Connection*> connections_;
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  asio::steady_timer cut_timer_;
};

}  // namespace

struct Server::Impl {
  Impl(Options options, const Router& router, Finish finish, base::Entropy& entropy, base::Log& log)
      : service{std::move(options), router, std::move(finish), entropy, log} {
    for (unsigned i = 0; i < std::max(1U, service.options.limits.io_threads); ++i)
      loops.push_back(std::make_unique<Loop>(service));
    acceptor = std::make_unique<Acceptor>(loops.front()->context());
  }

  base::Result<void> prepare();
  base::Result<void> listen();
  base::Result<void> listen_on_path(const std::string& path);
  bool welcome(Socket& socket);
  Async<void> accept();

  Service service;
  std::vector<std::unique_ptr<Loop>> loops;
  std::unique_ptr<Acceptor> acceptor;
  std::size_t next_loop = 0;
  std::uint16_t port = 0;
};

base::Result<void> Server::Impl::prepare() {
  for (const std::string& host : service.options.hosts)
    service.reach.hosts.push_back(lower_case(host));
  service.reach.trusted = service.options.trusted_proxies;
  service.reach.tls = service.options.tls.has_value();
  if (service.options.behind_proxy) service.reach.proxy = Reach::Proxy::declared;
  if (service.options.tls) service.tls = TRY(make_tls_context(*service.options.tls));
  return {};
}

base::Result<void> Server::Impl::listen_on_path(const std::string& path) {
  if (path.size() > listen_path_bytes_max)
    return Error{Code::invalid, "the path of the socket is longer than the system takes"};
  const asio::local::stream_protocol::endpoint endpoint(path);
  error_code ec;
  acceptor->open(endpoint.protocol(), ec);
  if (!ec) TRY(base::keep_to_owner(acceptor->native_handle()));
  if (!ec) acceptor->bind(endpoint, ec);
  if (!ec) acceptor->listen(asio::socket_base::max_listen_connections, ec);
  if (ec) return Error{Code::unavailable, "the path to listen on cannot be used"};
  return {};
}

base::Result<void> Server::Impl::listen() {
  if (!service.options.listen.path.empty()) return listen_on_path(service.options.listen.path);
  error_code ec;
  const auto address = asio::ip::make_address(service.options.listen.address, ec);
  if (ec) return Error{Code::invalid, "the address to listen on is not a numeric address"};
  const tcp::endpoint endpoint(address, service.options.listen.port);
  acceptor->open(endpoint.protocol(), ec);
  if (!ec) acceptor->set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor->bind(endpoint, ec);
  if (!ec) acceptor->listen(asio::socket_base::max_listen_connections, ec);
  if (!ec)
    if (const auto bound = internet(acceptor->local_endpoint(ec))) port = bound->port();
  if (ec) return Error{Code::unavailable, "the address to listen on cannot be used"};
  return {};
}

bool Server::Impl::welcome(Socket& socket) {
  if (service.counters.connections >= service.options.limits.connections_max) return false;
  return service.options.listen.path.empty() || base::peer_is_same_user(socket.native_handle());
}

Async<void> Server::Impl::accept() {
  while (!service.draining) {
    Loop& loop = *loops[next_loop++ % loops.size()];
    auto [ec, socket] = co_await acceptor->async_accept(
        asio::any_io_executor(loop.context().get_executor()), tuple);
    if (ec == asio::error::operation_aborted || !acceptor->is_open()) co_return;
    if (ec) {
      asio::steady_timer pause(acceptor->get_executor(), accept_pause);
      co_await pause.async_wait(tuple);
      continue;
    }
    Counters& counters = service.counters;
    ++counters.connections_total;
    if (!welcome(socket)) {
      ++counters.refused_total;  // closed as it goes out of scope
      continue;
    }
    ++counters.connections;
    asio::post(loop.context(),
               [&loop, taken = std::move(socket)]() mutable { loop.adopt(std::move(taken)); });
  }
}

base::Result<std::unique_ptr<Server>> Server::bind(Options options, const Router& router,
                                                   Finish finish, base::Entropy& entropy,
                                                   base::Log& log) {
  auto impl = std::make_unique<Impl>(std::move(options), router, std::move(finish), entropy, log);
  TRY(impl->prepare());
  TRY(impl->listen());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

std::uint16_t Server::port() const { return impl_->port; }

void Server::run() {
  const Limits& limits = impl_->service.options.limits;
  impl_->service.pool.start(limits.pool_threads, limits.upload_threads);
  asio::co_spawn(impl_->loops.front()->context(), impl_->accept(),
                 [this](std::exception_ptr thrown) {
                   if (thrown) impl_->service.log.error("accepting_threw");
                 });
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < impl_->loops.size(); ++i)
    threads.emplace_back([loop = impl_->loops[i].get()] { loop->run(); });
  impl_->loops.front()->run();
  for (std::thread& thread : threads) thread.join();
  impl_->service.pool.join();
}

void Server::stop() {
  if (impl_->service.draining.exchange(true)) return;
  for (const auto& loop : impl_->loops)
    asio::post(loop->context(), [this, raw = loop.get()] {
      error_code ignored;
      if (raw == impl_->loops.front().get()) impl_->acceptor->close(ignored);
      raw->drain();
    });
}

const Counters& Server::counters() const { return impl_->service.counters; }

}  // namespace http
