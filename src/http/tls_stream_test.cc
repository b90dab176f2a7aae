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

milliseconds since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
}

/// How long somebody else waits for an answer.
milliseconds other_waits(const TestServer& server) {
  const auto begun = std::chrono::steady_clock::now();
  Client other(server.port(), TlsVersion::v1_3);
  other.send("HEAD /none HTTP/1.1\r\n" + host + "\r\n");
  EXPECT_EQ(other.receive(BodyExpected::no).status, 404);
  return since(begun);
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
  /// beforehand, so that they come faster than they are taken. Answers how long they took.
  milliseconds flood(int changes) {
    BIO* made = BIO_new(BIO_s_mem());
    SSL_set0_wbio(tls_, made);
    for (int i = 0; i < changes; ++i) {
      SSL_key_update(tls_, SSL_KEY_UPDATE_NOT_REQUESTED);
      EXPECT_EQ(SSL_do_handshake(tls_), 1);
    }
    const std::string request = "HEAD /none HTTP/1.1\r\n" + host + "\r\n";
    EXPECT_EQ(SSL_write(tls_, request.data(), static_cast<int>(request.size())),
              static_cast<int>(request.size()));
    char* bytes = nullptr;
    const auto size = static_cast<std::size_t>(BIO_get_mem_data(made, &bytes));
    const auto begun = std::chrono::steady_clock::now();
    flooding_ = true;
    for (std::size_t at = 0; at < size;) {
      const ssize_t sent = send(socket_, bytes + at, size - at, 0);
      if (sent > 0) at += static_cast<std::size_t>(sent);
      if (sent <= 0) wait(POLLOUT);
    }
    char first = 0;
    while (SSL_read(tls_, &first, 1) != 1) wait(POLLIN);
    return since(begun);
  }
  bool flooding() const { return flooding_; }
  /// Sends what the socket takes of `bytes`, and drops what has come.
  void exchange(std::string_view bytes) {
    std::size_t done = 0;
    while (!bytes.empty() && SSL_write_ex(tls_, bytes.data(), bytes.size(), &done) == 1)
      bytes.remove_prefix(done);
    std::array<char, 16 * 1024> dropped;
    while (SSL_read_ex(tls_, dropped.data(), dropped.size(), &done) == 1) continue;
  }

 private:
  void wait(short what) const {
    pollfd one{socket_, what, 0};
    poll(&one, 1, 100);
  }
  std::atomic<bool> flooding_ = false;
  int socket_ = socket(AF_INET, SOCK_STREAM, 0);
  SSL_CTX* context_;
  SSL* tls_;
};

TEST(TlsStream, OthersAreServedWhileAPeerChangesItsKeys) {
  const TestServer server([](Router&) {}, tls_options());
  Raw raw(server.port());
  std::future<milliseconds> flood =
      std::async(std::launch::async, [&] { return raw.flood(60'000); });
  while (!raw.flooding()) std::this_thread::yield();
  const milliseconds waited = other_waits(server);
  EXPECT_LT(waited * 3, flood.get()) << "nobody had a turn before all of it was taken";
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
  for (int i = 0; i < 10; ++i) EXPECT_LT(other_waits(server), milliseconds(4000));
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
