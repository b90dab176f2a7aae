// The process outside, children that answer, and what a process gives up: tried, not assumed. The
// tries are made in a forked process, since what is given up stays so.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <thread>

#include "base/child.h"
#include "base/errand.h"
#include "base/sandbox.h"

namespace base {
namespace {

using std::chrono::milliseconds;

Words command_line() {
  std::ifstream file("/proc/self/cmdline");
  Words words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

// This same test program, started anew as a child. Disabled, since they are no tests.
TEST(OutsideBody, DISABLED_Outside) { ::_exit(outside_for_parent()); }
TEST(OutsideBody, DISABLED_Dials) {
  const Words words = command_line();
  ::_exit(dial_for_parent({words[words.size() - 2], words.back()}));
}
TEST(OutsideBody, DISABLED_Answers) {
  ::_exit(do_errands([](View question) {
    if (text(question) == "die") ::_exit(1);
    if (text(question) == "sleep") ::sleep(30);
    Bytes answer = copy(question);
    answer.push_back('!');
    return answer;
  }));
}

Words body(const char* name) {
  return {"--gtest_filter=OutsideBody.DISABLED_" + std::string(name),
          "--gtest_also_run_disabled_tests", "--gtest_brief=1"};
}

struct Listener {
  Listener() : socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(socket.number(), reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(::listen(socket.number(), 4), 0);
    socklen_t size = sizeof at;
    ::getsockname(socket.number(), reinterpret_cast<sockaddr*>(&at), &size);
    port = ntohs(at.sin_port);
  }
  Place place() const { return {"127.0.0.1", std::to_string(port)}; }
  Descriptor socket;
  std::uint16_t port = 0;
};

/// Runs `tries` in a forked process; its exit code, or 128 + the signal that ended it.
int forked(const std::function<int()>& tries) {
  const int child = ::fork();
  if (child == 0) ::_exit(tries());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool refused(long outcome) { return outcome == -1 && errno == EPERM; }

TEST(Sandbox, NoSocketButALocalOne) {
  EXPECT_EQ(forked([] {
              if (!forbid_connections().ok()) return 1;
              for (const int family : {AF_INET, AF_INET6, AF_PACKET, AF_NETLINK, AF_VSOCK})
                for (const int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW})
                  if (!refused(::socket(family, type, 0))) return 2;
              if (!refused(::syscall(SYS_socket, AF_INET | (1LL << 32), SOCK_STREAM, 0))) return 3;
              std::array<int, 2> pair{};
              if (!refused(::socketpair(AF_TIPC, SOCK_STREAM, 0, pair.data()))) return 4;
              if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) != 0) return 5;
              return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? 0 : 6;
            }),
            0);
}

TEST(Sandbox, NoConnectionOverASocketThatWasThere) {
  const Listener listener;
  EXPECT_EQ(forked([&] {
              const int inet = ::socket(AF_INET, SOCK_STREAM, 0);
              const int local = ::socket(AF_UNIX, SOCK_STREAM, 0);
              if (!forbid_connections().ok()) return 1;
              sockaddr_in to{};
              to.sin_family = AF_INET;
              to.sin_port = htons(listener.port);
              to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
              if (!refused(::connect(inet, reinterpret_cast<sockaddr*>(&to), sizeof to))) return 2;
              sockaddr_un near{};
              near.sun_family = AF_UNIX;
              if (!refused(::connect(local, reinterpret_cast<sockaddr*>(&near), sizeof near)))
                return 3;
              return 0;
            }),
            0);
}

TEST(Sandbox, NoWayRoundIt) {
  EXPECT_EQ(
      forked([] {
        if (!forbid_connections().ok()) return 1;
        std::array<char, 256> parameters{};
        if (!refused(::syscall(SYS_io_uring_setup, 4, parameters.data()))) return 2;
        if (!refused(::syscall(SYS_pidfd_getfd, 0, 0, 0))) return 3;
        if (!refused(::syscall(SYS_process_vm_writev, ::getppid(), nullptr, 0, nullptr, 0, 0)))
          return 4;
        // What is started from here inherits it.
        const int child = ::fork();
        if (child == 0) ::_exit(refused(::socket(AF_INET, SOCK_STREAM, 0)) ? 0 : 1);
        int status = 0;
        ::waitpid(child, &status, 0);
        return status == 0 ? 0 : 5;
      }),
      0);
}

#ifdef __x86_64__
TEST(Sandbox, TheCallsOfAnotherMachineEndTheProcess) {
  const int outcome = forked([] {
    if (!forbid_connections().ok()) return 1;
    int made = 0;
    // socketcall(SYS_SOCKET) of 32 bits, which the rules for 64 bits do not see.
    __asm__ volatile("int $0x80" : "=a"(made) : "a"(102), "b"(1), "c"(0) : "memory");
    return 2;
  });
  EXPECT_EQ(outcome, 128 + SIGSYS);
}
#endif

TEST(Sandbox, HoldsForThreadsThatRunAndAcceptingGoesOn) {
  EXPECT_EQ(forked([] {
              const Listener listener;
              const int caller = ::socket(AF_INET, SOCK_STREAM, 0);
              sockaddr_in to{};
              to.sin_family = AF_INET;
              to.sin_port = htons(listener.port);
              to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
              if (::connect(caller, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) return 1;
              std::atomic<bool> given_up{false};
              bool held = false;
              std::thread running([&] {
                while (!given_up) std::this_thread::yield();
                held = refused(::socket(AF_INET, SOCK_STREAM, 0));
              });
              const bool loaded = forbid_connections().ok();
              given_up = true;
              running.join();
              if (!loaded || !held) return 2;
              return ::accept(listener.socket.number(), nullptr, nullptr) >= 0 ? 0 : 3;
            }),
            0);
}

TEST(Outside, DialsForAProcessThatMayNot) {
  const Listener listener;
  EXPECT_EQ(forked([&] {
              ThreadWait wait;
              auto outside = Outside::open(wait, body("Outside"),
                                           {dialer_words(body("Dials"), listener.place())});
              if (!outside.ok() || !forbid_connections().ok()) return 1;
              Dialer dialer(wait, body("Dials"), listener.place(), outside->get());
              const auto socket = dialer.dial(milliseconds(5000));
              if (!socket.ok()) return 2;
              const Descriptor there(::accept(listener.socket.number(), nullptr, nullptr));
              if (::write(socket->number(), "hello", 5) != 5) return 3;
              std::array<char, 5> got{};
              if (::read(there.number(), got.data(), got.size()) != 5) return 4;
              // One that it starts itself may no more than it may.
              Dialer own(wait, body("Dials"), listener.place());
              return own.dial(milliseconds(5000)).ok() ? 5 : 0;
            }),
            0);
}

TEST(Outside, StartsNothingButWhatItWasTold) {
  ThreadWait wait;
  const Listener listener;
  const Listener other;
  auto outside =
      Outside::open(wait, body("Outside"), {dialer_words(body("Dials"), listener.place())});
  ASSERT_TRUE(outside.ok()) << outside.error().chain();
  Dialer elsewhere(wait, body("Dials"), other.place(), outside->get());
  EXPECT_EQ(elsewhere.dial(milliseconds(5000)).code(), Code::unavailable);
  Dialer there(wait, body("Dials"), listener.place(), outside->get());
  EXPECT_TRUE(there.dial(milliseconds(5000)).ok());
}

TEST(Outside, EndsWithItsParent) {
  ThreadWait wait;
  int process = 0;
  {
    const auto outside = Outside::open(wait, body("Outside"), {});
    ASSERT_TRUE(outside.ok());
    std::ifstream children("/proc/self/task/" + std::to_string(::getpid()) + "/children");
    ASSERT_TRUE(children >> process);
    ASSERT_EQ(::kill(process, 0), 0);
  }
  EXPECT_EQ(::kill(process, 0), -1);
}

TEST(Outside, SaysWhereItIsGone) {
  ThreadWait wait;
  const auto outside = Outside::open(wait, body("Outside"), {body("Answers")});
  ASSERT_TRUE(outside.ok());
  std::ifstream children("/proc/self/task/" + std::to_string(::getpid()) + "/children");
  int process = 0;
  ASSERT_TRUE(children >> process);
  ASSERT_EQ(::kill(process, SIGKILL), 0);
  Errand errand(wait, body("Answers"), outside->get());
  EXPECT_EQ(errand.ask(view("x"), milliseconds(2000)).code(), Code::unavailable);
}

TEST(Errand, IsAnsweredAndAChildThatDiedIsReplaced) {
  ThreadWait wait;
  const auto outside = Outside::open(wait, body("Outside"), {body("Answers")});
  ASSERT_TRUE(outside.ok());
  for (Children* starter :
       {static_cast<Children*>(nullptr), static_cast<Children*>(outside->get())}) {
    Errand errand(wait, body("Answers"), starter);
    const auto first = errand.ask(view("hello"), milliseconds(5000));
    ASSERT_TRUE(first.ok()) << first.error().chain();
    EXPECT_EQ(text(*first), "hello!");
    const Bytes large(kErrandBytesMax - 1, 'x');
    const auto second = errand.ask(large, milliseconds(5000));
    ASSERT_TRUE(second.ok());
    EXPECT_EQ(second->size(), kErrandBytesMax);
    EXPECT_EQ(errand.ask(view("die"), milliseconds(5000)).code(), Code::unavailable);
    EXPECT_TRUE(errand.ask(view("again"), milliseconds(5000)).ok());
    SteadyClock clock;
    const Time from = clock.now();
    EXPECT_EQ(errand.ask(view("sleep"), milliseconds(200)).code(), Code::unavailable);
    EXPECT_LT(clock.now() - from, std::chrono::seconds(5));
    EXPECT_TRUE(errand.ask(view("again"), milliseconds(5000)).ok());
  }
  Errand errand(wait, body("Answers"));
  EXPECT_EQ(errand.ask(Bytes(kErrandBytesMax + 1), milliseconds(1000)).code(), Code::too_large);
}

TEST(Errand, MessagesAreWholeOrNone) {
  EXPECT_FALSE(parse_errand({})->whole);
  EXPECT_FALSE(parse_errand(Bytes{0, 0, 0})->whole);
  EXPECT_FALSE(parse_errand(Bytes{0, 0, 0, 2, 7})->whole);
  const Bytes more{0, 0, 0, 1, 7, 8};
  ASSERT_TRUE(parse_errand(more)->whole);
  EXPECT_EQ(parse_errand(more)->body.size(), 1U);
  EXPECT_EQ(parse_errand(Bytes{0, 16, 0, 1}).code(), Code::too_large);
}

}  // namespace
}  // namespace base
