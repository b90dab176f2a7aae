#include "http/harness.h"

#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <mutex>

#include "base/process.h"
#include "http/percent.h"

namespace http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using TlsStream = asio::ssl::stream<tcp::socket>;

constexpr auto patience = std::chrono::seconds(5);

}  // namespace

Options test_options() {
  Options options;
  options.listen = {"127.0.0.1", 0};
  options.limits.pool_threads = 4;
  options.limits.upload_threads = 4;
  options.limits.header_time_max = std::chrono::milliseconds(1500);
  options.limits.idle_time_max = std::chrono::milliseconds(3000);
  options.limits.stall_time_max = std::chrono::milliseconds(1500);
  options.limits.drain_time_max = std::chrono::milliseconds(1500);
  return options;
}

struct TestServer::Lines {
  mutable std::mutex mutex;
  std::string text;
};

TestServer::TestServer(const Routes& routes, Options options, Finish finish)
    : lines_(std::make_shared<Lines>()), log_(clock_, [lines = lines_](std::string_view line) {
        const std::lock_guard lock(lines->mutex);
        lines->text += std::string(line) + "\n";
      }) {
  base::ignore_broken_pipes();  // as serve does: TLS is written with plain writes
  routes(router_);
  server_ = Server::bind(std::move(options), router_, std::move(finish), entropy_, log_).value();
  thread_ = std::thread([this] { server_->run(); });
}

TestServer::~TestServer() {
  stop();
  join();
}

void TestServer::join() {
  if (thread_.joinable()) thread_.join();
}

std::string TestServer::log() const {
  const std::lock_guard lock(lines_->mutex);
  return lines_->text;
}

void TestServer::await_requests(std::size_t count) const {
  for (int i = 0; i < 500; ++i) {
    const std::string text = log();
    std::size_t found = 0;
    for (auto at = text.find(R"("request")"); at != std::string::npos;
         at = text.find(R"("request")", at + 1))
      ++found;
    if (found >= count) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ADD_FAILURE() << "not so many requests were logged";
}

std::string Reply::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

struct Client::Impl {
  asio::io_context context;
  asio::ssl::context tls{asio::ssl::context::tls_client};
  std::unique_ptr<TlsStream> secure;  // one of the two
  std::unique_ptr<tcp::socket> plain;
  bool greeted = true;
  bool broken = false;  // nothing more can be sent
  std::string inbox;

  tcp::socket& socket() { return secure ? secure->next_layer() : *plain; }

  template <class Start>
  std::pair<error_code, std::size_t> bounded(Start start, std::chrono::milliseconds time) {
    std::pair<error_code, std::size_t> result{asio::error::timed_out, 0};
    context.restart();
    start([&result](error_code ec, std::size_t size) { result = {ec, size}; });
    context.run_for(time);
    if (!context.stopped()) {
      error_code ignored;
      socket().cancel(ignored);
      context.run();
      result.first = asio::error::timed_out;
    }
    return result;
  }

  // 1: something came; 0: the end; -1: time is up.
  int more(std::chrono::milliseconds time = patience) {
    std::string piece(64UL * 1024, '\0');
    const auto [ec, size] = bounded(
        [&](auto done) {
          if (secure)
            secure->async_read_some(asio::buffer(piece), done);
          else
            plain->async_read_some(asio::buffer(piece), done);
        },
        time);
    inbox.append(piece, 0, size);
    if (ec == asio::error::timed_out) return -1;
    return ec ? 0 : 1;
  }
};

Client::Client(std::uint16_t port, TlsVersion version) : impl_(std::make_unique<Impl>()) {
  auto socket = std::make_unique<tcp::socket>(impl_->context);
  socket->connect({asio::ip::make_address("127.0.0.1"), port});
  socket->set_option(tcp::no_delay(true));
  if (version == TlsVersion::none) {
    impl_->plain = std::move(socket);
    return;
  }
  SSL_CTX* raw = impl_->tls.native_handle();
  const int number = version == TlsVersion::v1_1   ? TLS1_1_VERSION
                     : version == TlsVersion::v1_2 ? TLS1_2_VERSION
                                                   : TLS1_3_VERSION;
  SSL_CTX_set_min_proto_version(raw, number);
  SSL_CTX_set_max_proto_version(raw, number);
  // OpenSSL itself offers TLS 1.1 only at level 0: it is the server that has to refuse.
  SSL_CTX_set_cipher_list(raw, version == TlsVersion::v1_1 ? "ALL:@SECLEVEL=0" : "DEFAULT");
  const unsigned char protocols[] = "\x02h2\x08http/1.1";
  SSL_CTX_set_alpn_protos(raw, protocols, sizeof protocols - 1);
  impl_->secure = std::make_unique<TlsStream>(std::move(*socket), impl_->tls);
  const auto [ec, size] = impl_->bounded(
      [&](auto done) {
        impl_->secure->async_handshake(TlsStream::client, [done](error_code e) { done(e, 0); });
      },
      patience);
  impl_->greeted = !ec;
}

Client::~Client() = default;
Client::Client(Client&&) noexcept = default;

bool Client::greeted() const { return impl_->greeted; }

std::string Client::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(impl_->secure->native_handle(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

bool Client::send(std::string_view bytes) {
  if (impl_->broken) return false;
  const auto [ec, size] = impl_->bounded(
      [&](auto done) {
        if (impl_->secure)
          asio::async_write(*impl_->secure, asio::buffer(bytes), done);
        else
          asio::async_write(*impl_->plain, asio::buffer(bytes), done);
      },
      patience);
  impl_->broken = static_cast<bool>(ec);
  return !ec;
}

Reply Client::receive(BodyExpected body) {
  Reply reply;
  std::string& inbox = impl_->inbox;
  while (!inbox.contains("\r\n\r\n"))
    if (impl_->more() != 1) return reply;
  const std::size_t end = inbox.find("\r\n\r\n") + 4;
  std::string_view head = std::string_view(inbox).substr(0, end - 2);
  reply.status = std::stoi(std::string(head.substr(9, 3)));
  reply.reason = head.substr(13, head.find("\r\n") - 13);
  for (head.remove_prefix(head.find("\r\n") + 2); !head.empty();) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    const std::size_t colon = line.find(": ");
    reply.headers.emplace(lower_case(line.substr(0, colon)), line.substr(colon + 2));
  }
  inbox.erase(0, end);
  const std::string length = reply.header("content-length");
  const std::size_t size = length.empty() || body == BodyExpected::no ? 0 : std::stoul(length);
  while (inbox.size() < size)
    if (impl_->more() != 1) break;
  reply.whole = inbox.size() >= size;
  reply.body = inbox.substr(0, size);
  inbox.erase(0, size);
  return reply;
}

bool Client::ends_within(std::chrono::milliseconds time) {
  return impl_->inbox.empty() && impl_->more(time) == 0 && impl_->inbox.empty();
}

std::string Client::some(std::size_t size) {
  if (impl_->inbox.empty()) impl_->more();
  std::string out = impl_->inbox.substr(0, size);
  impl_->inbox.erase(0, out.size());
  return out;
}

void Client::shutdown_send() {
  error_code ignored;
  impl_->socket().shutdown(tcp::socket::shutdown_send, ignored);
}

void Client::close() {
  error_code ignored;
  impl_->socket().close(ignored);
}

Reply fetch(const TestServer& server, std::string_view head_and_body) {
  Client client(server.port());
  client.send(head_and_body);
  return client.receive();
}

}  // namespace http
