// TLS by a peer that means harm, or is cut off: what it does must stay its own affair.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <future>

#include "base/disk.h"
#include "base/process.h"
#include "http/harness.h"
#include "store/testing.h"

namespace http {
namespace {

using std::chrono::milliseconds;

const std::string host = "Host: localhost\r\n";

Options tls_options() {
  Options out = test_options();
  base::SystemEntropy entropy;
  base::SystemClock clock;
  out.tls = make_self_signed({"localhost"}, clock.now(), entropy).value();
  return out;
}

/// Whether somebody has an answer before the harness gives up.
bool served(Client& somebody) {
  somebody.send("HEAD /none HTTP/1.1\r\n" + host + "\r\n");
  return somebody.receive(BodyExpected::no).status == 404;
}

/// A client with OpenSSL in its hands, on a socket that does not block.
class Raw {
 public:
  explicit Raw(std::uint16_t port)
      : context_(SSL_CTX_new(TLS_client_method())), tls_(SSL_new(context_)) {
    base::ignore_broken_pipes();
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    SSL_set_fd(tls_, socket_);
    EXPECT_EQ(SSL_connect(tls_), 1);
    fcntl(socket_, F_SETFL, O_NONBLOCK);
  }
  ~Raw() {
    SSL_free(tls_);
    SSL_CTX_free(context_);
    close(socket_);
  }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;

  /// So many changes of keys, of which the peer makes nothing, and a request behind them: made
  /// beforehand, so that they come faster than they are taken.
  std::string made(int changes) {
    BIO* records = BIO_new(BIO_s_mem());
    SSL_set0_wbio(tls_, records);
    for (int i = 0; i < changes; ++i) {
      SSL_key_update(tls_, SSL_KEY_UPDATE_NOT_REQUESTED);
      EXPECT_EQ(SSL_do_handshake(tls_), 1);
    }
    const std::string request = "HEAD /none HTTP/1.1\r\n" + host + "\r\n";
    EXPECT_GT(SSL_write(tls_, request.data(), static_cast<int>(request.size())), 0);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(records, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
  }
  /// Sends them, and waits for the answer; or for the end, where the peer has ended it.
  void flood(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_, bytes.data(), bytes.size(), 0);
      if (sent < 0 && errno != EAGAIN) return;
      if (sent < 0) wait(POLLOUT);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    char first = 0;
    while (SSL_read(tls_, &first, 1) <= 0 && wait(POLLIN)) continue;
  }
  /// Sends what the socket takes of `bytes`, and drops what has come.
  void exchange(std::string_view bytes) {
    std::size_t done = 0;
    while (!bytes.empty() && SSL_write_ex(tls_, bytes.data(), bytes.size(), &done) == 1)
      bytes.remove_prefix(done);
    std::array<char, 16 * 1024> dropped;
    while (SSL_read_ex(tls_, dropped.data(), dropped.size(), &done) == 1) continue;
  }

 private:
  /// False where the peer has ended it.
  bool wait(short what) const {
    pollfd one{socket_, what, 0};
    return poll(&one, 1, 100) == 0 || (one.revents & (POLLHUP | POLLERR)) == 0;
  }
  int socket_ = socket(AF_INET, SOCK_STREAM, 0);
  SSL_CTX* context_;
  SSL* tls_;
};

TEST(TlsStream, OthersAreServedWhileAPeerChangesItsKeys) {
  Options options = tls_options();
  // No deadline ends it before: making the changes takes long under a sanitizer.
  options.limits.header_time_max = options.limits.idle_time_max = std::chrono::minutes(5);
  const TestServer server([](Router&) {}, options);
  Raw raw(server.port());
  const std::string many = raw.made(60'000);
  Client other(server.port(), TlsVersion::v1_3);
  ASSERT_TRUE(served(other));
  const std::future<void> flood = std::async(std::launch::async, [&] { raw.flood(many); });
  int meanwhile = 0;
  while (flood.wait_for(milliseconds(0)) == std::future_status::timeout) {
    ASSERT_TRUE(served(other));
    ++meanwhile;
  }
  // One may have come in before it, and one with its end.
  EXPECT_GT(meanwhile, 3) << "nobody had a turn before all of it was taken";
}

TEST(TlsStream, OthersAreServedWhileAPeerHasRequestAfterRequest) {
  const TestServer server([](Router&) {}, tls_options());
  std::string many;
  for (int i = 0; i < 400; ++i)
    many += "PUT /x HTTP/1.1\r\n" + host + "Origin: https://elsewhere.example\r\n\r\n";
  std::atomic<bool> over = false;
  std::thread busy([&] {
    Raw raw(server.port());
    while (!over) raw.exchange(many);
  });
  for (int i = 0; i < 5; ++i) {
    Client other(server.port(), TlsVersion::v1_3);
    EXPECT_TRUE(served(other));
  }
  over = true;
  busy.join();
}

TEST(TlsStream, WritesToNobodysFileOnceItWasCut) {
  Options options = tls_options();
  options.limits.drain_time_max = milliseconds(200);
  const store::TemporaryDirectory directory;
  base::RealDisk disk;
  std::promise<void> cut;
  std::vector<std::unique_ptr<base::File>> files;
  std::promise<void> asked;
  TestServer server(
      [&](Router& router) {
        router.add(Method::get, "/slow", [&](Request&, const Captures&) {
          asked.set_value();
          cut.get_future().wait();
          // One of them gets the number that the socket had.
          for (int i = 0; i < 16; ++i)
            files.push_back(
                disk.open(directory.file("f" + std::to_string(i)), base::Open::create).value());
          return Response::text(200, std::string(100'000, 'x'));
        });
      },
      options);
  Client client(server.port(), TlsVersion::v1_3);
  client.send("GET /slow HTTP/1.1\r\n" + host + "\r\n");
  asked.get_future().wait();
  server.stop();
  EXPECT_TRUE(client.ends_within(milliseconds(3000)));
  cut.set_value();
  server.join();
  for (const auto& file : files) EXPECT_EQ(file->size().value(), 0U);
}

}  // namespace
}  // namespace http
