// SECU-2: encrypted in transit, or on loopback only; what cannot be served so is refused at once.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/entropy.h"
#include "http/tls.h"
#include "tests/support/served.h"

using namespace support;

namespace {

/// Tries to serve with these options beside --data; it must end by itself.
Outcome serve(const TemporaryDirectory& directory, std::vector<std::string> options) {
  options.insert(options.begin(), {"serve", "--data", directory.path() + "/data"});
  return run(options);
}

bool says(const Outcome& outcome, const std::string& text) {
  return outcome.err.find(text) != std::string::npos;
}

TEST(SECU_2, PlainTextOutsideLoopbackIsRefusedWithEveryReason) {
  const TemporaryDirectory directory;
  for (const std::string listen : {"0.0.0.0:0", "[::]:0", "192.0.2.1:80"}) {
    const Outcome outcome =
        serve(directory, {"--listen", listen, "--name", "elsewhere.example", "--test-clock"});
    EXPECT_EQ(outcome.code, 2) << listen;
    EXPECT_LT(outcome.took, std::chrono::seconds(1)) << listen;
    EXPECT_TRUE(says(outcome, "--listen " + listen + ": plain HTTP outside loopback"))
        << outcome.err;
    EXPECT_TRUE(says(outcome, "no SMTP")) << outcome.err;
    EXPECT_TRUE(says(outcome, "--test-clock")) << outcome.err;
    EXPECT_TRUE(says(outcome, "elsewhere.example: not among the notice's origins")) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_FALSE(exists(directory.path() + "/data")) << "it has begun before it was refused";
  }
}

TEST(SECU_2, WithTlsOrAProxyThatReasonIsGone) {
  const TemporaryDirectory directory;
  for (const char* option : {"--tls-self-signed", "--behind-proxy"}) {
    const Outcome outcome = serve(directory, {"--listen", "0.0.0.0:0", option});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_FALSE(says(outcome, "plain HTTP")) << outcome.err;
    EXPECT_TRUE(says(outcome, "no SMTP")) << outcome.err;
  }
}

TEST(SECU_2, NamesThatAreNotTheOperatorsAreRefused) {
  const TemporaryDirectory directory;
  Outcome outcome = serve(directory, {"--listen", "127.0.0.1:0", "--name", "elsewhere.example",
                                      "--name", "localhost", "--name", "scalign.ai.example"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(says(outcome, "elsewhere.example: not among")) << outcome.err;
  EXPECT_TRUE(says(outcome, "scalign.ai.example: not among")) << outcome.err;
  EXPECT_FALSE(says(outcome, "localhost: not among")) << outcome.err;

  // A certificate shows the names that it is served under.
  base::SystemEntropy entropy;
  base::SystemClock clock;
  const auto tls =
      http::make_self_signed({"scalign.ai", "elsewhere.example"}, clock.now(), entropy);
  ASSERT_TRUE(tls.ok());
  const std::string certificate = directory.path() + "/cert.pem",
                    key = directory.path() + "/key.pem";
  write_file(certificate, tls->certificate_pem);
  write_file(key, tls->key_pem);
  outcome =
      serve(directory, {"--listen", "127.0.0.1:0", "--tls-cert", certificate, "--tls-key", key});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_LT(outcome.took, std::chrono::seconds(1));
  EXPECT_TRUE(says(outcome, "it names elsewhere.example")) << outcome.err;
  EXPECT_FALSE(says(outcome, "it names scalign.ai")) << outcome.err;
  outcome = serve(directory, {"--listen", "127.0.0.1:0", "--tls-cert", certificate});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(says(outcome, "belong together")) << outcome.err;
}

TEST(SECU_2, AnotherHostIsNotServed) {
  Browser anybody = common().browser();
  for (const char* host : {"elsewhere.example", "localhost.example", "10.0.0.1"}) {
    const Reply reply = anybody.get("/notice", {{"Host", host}});
    EXPECT_EQ(reply.status, 421) << host;
    EXPECT_FALSE(reply.says("OPER-1")) << host;
  }
  EXPECT_EQ(anybody.get("/notice", {{"Host", "scalign.ai"}}).status, 200);
}

TEST(SECU_2, LinksInMailsLeadToUsWhateverNameWasAsked) {
  using Options = std::vector<std::string>;
  for (const Options& options : {Options{"--behind-proxy"}, Options{"--trusted-proxy", "::1"}}) {
    Served server({.more = options});
    Browser anybody = server.browser();
    for (const char* host : {"localhost:4444", "elsewhere.localhost", "127.0.0.1"}) {
      const Reply reply = anybody.request(
          "POST", "/v1/recovery", R"({"email":"kari@example.com"})",
          {{"Content-Type", "application/json"},
           {"Host", host},
           {"X-Forwarded-Proto", "https"},
           {"Origin", (options.size() == 1 ? "https://" : "http://") + std::string(host)}});
      ASSERT_EQ(reply.status, 202) << host << reply.body;
      const Mail mail = server.next_mail("no-account", "kari@example.com");
      EXPECT_NE(mail.text.find("https://scalign.ai/"), std::string::npos) << host;
      EXPECT_EQ(mail.text.find(host), std::string::npos) << host;
    }
  }
}

/// A socket to the port of that origin.
int connect_to(const std::string& origin) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port =
      htons(static_cast<std::uint16_t>(std::stoi(origin.substr(origin.rfind(':') + 1))));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  EXPECT_EQ(::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  return descriptor;
}

/// Shakes hands with that version alone, at the lowest level of security: what a careless client
/// would accept. The version agreed on, or the reason of the alert that came.
struct Handshake {
  std::string version;
  int alert = 0;
};
Handshake shake_hands(const std::string& origin, int version) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
  SSL_CTX_set_min_proto_version(context, version);
  SSL_CTX_set_max_proto_version(context, version);
  SSL* tls = SSL_new(context);
  const int descriptor = connect_to(origin);
  SSL_set_fd(tls, descriptor);
  ERR_clear_error();
  Handshake done;
  if (SSL_connect(tls) == 1)
    done.version = SSL_get_version(tls);
  else
    done.alert = ERR_GET_REASON(ERR_peek_error());
  SSL_free(tls);
  ::close(descriptor);
  SSL_CTX_free(context);
  return done;
}

/// A system whose own settings would let anything pass, so that the program's alone count.
constexpr const char* kCareless =
    "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = weak\n[weak]\n"
    "MinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n";

TEST(SECU_2, TlsIsOfVersion12OrNewer) {
  const TemporaryDirectory directory;
  write_file(directory.path() + "/openssl.cnf", kCareless);
  Served server({.more = {"--tls-self-signed"},
                 .environment = {"OPENSSL_CONF=" + directory.path() + "/openssl.cnf"},
                 .scheme = "https"});
  EXPECT_EQ(shake_hands(server.origin(), TLS1_3_VERSION).version, "TLSv1.3");
  EXPECT_EQ(shake_hands(server.origin(), TLS1_2_VERSION).version, "TLSv1.2");
  for (const int old : {TLS1_1_VERSION, TLS1_VERSION}) {
    const Handshake refused = shake_hands(server.origin(), old);
    EXPECT_EQ(refused.version, "");
    EXPECT_EQ(refused.alert, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION) << "not refused by the server";
  }

  // The whole thread works over it, with a cookie that plain text never carries.
  Browser her = server.account({"Kari Nordmann", "kari@example.com"});
  EXPECT_EQ(her.get("/v1/account").status, 200);
  // For a name of its own, browsers are told to come by TLS alone from now on.
  EXPECT_EQ(her.get("/", {{"Host", "scalign.ai"}}).header("strict-transport-security"),
            "max-age=63072000");
}

TEST(SECU_2, ATlsPortAnswersNothingInPlainText) {
  Served server({.more = {"--tls-self-signed"}, .scheme = "https"});
  const int descriptor = connect_to(server.origin());
  const std::string request = "GET /notice HTTP/1.1\r\nHost: localhost\r\n\r\n";
  ASSERT_EQ(::send(descriptor, request.data(), request.size(), 0),
            static_cast<ssize_t>(request.size()));
  std::string answer;
  std::array<char, 4096> buffer;
  for (ssize_t size = 0; (size = ::recv(descriptor, buffer.data(), buffer.size(), 0)) > 0;)
    answer.append(buffer.data(), static_cast<std::size_t>(size));
  ::close(descriptor);
  EXPECT_EQ(answer.find("HTTP/1.1"), std::string::npos) << answer;
  EXPECT_EQ(answer.find("OPER-1"), std::string::npos);
}

}  // namespace
