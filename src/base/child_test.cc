#include "base/child.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace base {
namespace {

using std::chrono::milliseconds;

// This same test program, started anew as the child: what is behind `--` are its host and port.
// Disabled, since it is no test; the Dialer runs it.
TEST(ChildBody, DISABLED_Dials) {
  std::ifstream file("/proc/self/cmdline");
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  ASSERT_GE(words.size(), 2U);
  ::_exit(dial_for_parent({words[words.size() - 2], words.back()}));
}

std::vector<std::string> body() {
  return {"--gtest_filter=ChildBody.DISABLED_Dials", "--gtest_also_run_disabled_tests",
          "--gtest_brief=1"};
}

class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(socket_.number(), reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(::listen(socket_.number(), 4), 0);
    socklen_t size = sizeof at;
    ::getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&at), &size);
    port = std::to_string(ntohs(at.sin_port));
  }
  Descriptor accept() { return Descriptor(::accept(socket_.number(), nullptr, nullptr)); }
  std::string port;

 private:
  Descriptor socket_;
};

TEST(Dialer, HandsAConnectionOver) {
  ThreadWait wait;
  Listener listener;
  Dialer dialer(wait, body(), {"127.0.0.1", listener.port});
  for (int i = 0; i < 2; ++i) {
    const auto socket = dialer.dial(milliseconds(5000));
    ASSERT_TRUE(socket.ok()) << socket.error().chain();
    const Descriptor there = listener.accept();
    ASSERT_EQ(::write(socket->number(), "hello", 5), 5);
    std::array<char, 5> got{};
    ASSERT_EQ(::read(there.number(), got.data(), got.size()), 5);
    EXPECT_EQ(std::string(got.data(), 5), "hello");
  }
}

TEST(Dialer, SaysWhereNobodyAnswers) {
  ThreadWait wait;
  std::string port;
  {
    const Listener gone;
    port = gone.port;
  }
  Dialer dialer(wait, body(), {"127.0.0.1", port});
  EXPECT_EQ(dialer.dial(milliseconds(5000)).code(), Code::unavailable);
  EXPECT_EQ(dialer.dial(milliseconds(5000)).code(), Code::unavailable);
}

TEST(Dialer, StartsAnotherChildWhenOneDied) {
  ThreadWait wait;
  Listener listener;
  // A child that ends at once, whatever it is asked.
  Dialer broken(wait, {"--gtest_list_tests"}, {"127.0.0.1", listener.port});
  EXPECT_EQ(broken.dial(milliseconds(5000)).code(), Code::unavailable);
  Dialer dialer(wait, body(), {"127.0.0.1", listener.port});
  ASSERT_TRUE(dialer.dial(milliseconds(5000)).ok());
  std::ifstream children("/proc/self/task/" + std::to_string(::getpid()) + "/children");
  int child = 0;
  ASSERT_TRUE(children >> child);
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  EXPECT_TRUE(dialer.dial(milliseconds(5000)).ok());
}

TEST(Dialer, IsNotWaitedForForEver) {
  ThreadWait wait;
  Listener listener;
  Dialer dialer(wait, body(), {"127.0.0.1", listener.port});
  ASSERT_TRUE(dialer.dial(milliseconds(5000)).ok());
  std::ifstream children("/proc/self/task/" + std::to_string(::getpid()) + "/children");
  int child = 0;
  ASSERT_TRUE(children >> child);
  ASSERT_EQ(::kill(child, SIGSTOP), 0);  // as a resolver that hangs
  SteadyClock clock;
  const Time from = clock.now();
  EXPECT_EQ(dialer.dial(milliseconds(200)).code(), Code::unavailable);
  EXPECT_LT(clock.now() - from, std::chrono::seconds(2));
  EXPECT_TRUE(dialer.dial(milliseconds(5000)).ok());
}

TEST(Place, IsAHostAndAPort) {
  EXPECT_EQ(parse_place("holder.example:7300").value().host, "holder.example");
  EXPECT_EQ(parse_place("[::1]:7300").value().host, "::1");
  EXPECT_EQ(parse_place("[::1]:7300").value().port, "7300");
  for (const char* wrong : {"", "holder", "holder:", ":7300", "holder:0", "holder:65536", "::1:7",
                            "holder:7a", "-x:7", "holder:123456"})
    EXPECT_FALSE(parse_place(wrong).ok()) << wrong;
}

}  // namespace
}  // namespace base
