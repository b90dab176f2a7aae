#include "holder/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "base/entropy.h"
#include "base/faulty_disk.h"
#include "base/process.h"
#include "holder/link.h"
#include "holder/remote_root.h"
#include "holder/testing.h"

namespace holder {
namespace {

using base::Code;
using std::chrono::milliseconds;

const base::Bytes kLook(8);  // of kLooking

keys::Root sample(std::uint64_t epoch) {
  base::SecretBytes key(32);
  for (std::uint8_t& byte : key.mutable_view()) byte = static_cast<std::uint8_t>(epoch + 0xb0);
  return {.epoch = epoch, .key = std::move(key), .page = epoch * 3};
}

/// A holder over a disk in memory and a real port, and servers that talk to it.
class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    base::ignore_broken_pipes();
    start();
  }
  ~ServerTest() override { stop(); }

  void start() {
    options_.port = port_;
    server_ = Server::bind(options_, {holder_, pairings_, dispatch_, steady_, log_}).value();
    port_ = server_->port();
    thread_ = std::thread([this] { server_->run(); });
  }
  void stop() {
    if (!thread_.joinable()) return;
    server_->stop();
    thread_.join();
    server_.reset();
  }
  Dial dial() {
    return [this](base::Duration) { return dial_loopback(std::to_string(port_)); };
  }
  Identity caller() {
    base::SecretBytes seed(32);
    entropy_.fill(seed.mutable_view());
    return Identity::from_seed(seed, Side::caller).value();
  }
  std::string code() { return pairings_.issue(entropy_).value(); }
  base::Result<base::PublicKey> pair_with(const Identity& who, const std::string& code) {
    return pair(who, dial(), parse_code(code).value(), steady_);
  }
  static Link::Limits limits() {
    return {milliseconds(1500), milliseconds(2000), milliseconds(1), milliseconds(1)};
  }
  std::unique_ptr<Link> link(const Identity& who, Lane lane = Lane::root, std::uint8_t tree = 7) {
    TreeName name{};
    name.fill(tree);
    return std::make_unique<Link>(who, dial(), Link::Peer{holder_.key(), lane, name}, steady_,
                                  wait_, limits());
  }

  base::ThreadWait wait_;
  base::SteadyClock steady_;
  base::ManualClock clock_{base::parse_rfc3339("2026-11-23T12:00:00Z").value()};
  base::SystemEntropy entropy_;
  base::FaultyDisk disk_{wait_};
  std::vector<std::string> lines_;
  base::Log log_{clock_, [this](std::string_view line) { lines_.emplace_back(line); }};
  std::unique_ptr<keys::FileRootHolder> file_ = keys::FileRootHolder::open(disk_, "holder").value();
  std::unique_ptr<Fence> fence_ = Fence::open(disk_, "holder").value();
  RootPart root_{*file_, *fence_};
  Dispatch dispatch_{root_, nullptr};
  Identity holder_ = Identity::open(disk_, entropy_, "holder/holder.key", Side::holder).value();
  Pairings pairings_{disk_, clock_, "holder"};
  Server::Options options_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

TEST_F(ServerTest, KeepsARootOverMutualTls) {
  const Identity us = caller();
  EXPECT_EQ(pair_with(us, code()).value(), holder_.key());
  const auto channel = link(us);
  RemoteRootHolder remote(*channel, 1);
  EXPECT_FALSE(remote.read().value()[0] || remote.read().value()[1]);
  remote.write(0, sample(1)).value();
  remote.write(1, sample(2)).value();
  auto roots = remote.read().value();
  ASSERT_TRUE(roots[0] && roots[1]);
  EXPECT_EQ(roots[1]->epoch, 2U);
  EXPECT_TRUE(roots[1]->key == sample(2).key);
  remote.destroy(0).value();
  EXPECT_FALSE(remote.read().value()[0]);
  // Durable there: what a crash leaves.
  disk_.crash();
  EXPECT_TRUE(keys::FileRootHolder::open(disk_, "holder").value()->read().value()[1].has_value());
  EXPECT_TRUE(disk_.find(sample(1).key.view()).empty());
}

TEST_F(ServerTest, GoesOnAfterTheHolderWasAway) {
  const Identity us = caller();
  ASSERT_TRUE(pair_with(us, code()).ok());
  const auto channel = link(us);
  RemoteRootHolder remote(*channel, 1);
  remote.write(0, sample(1)).value();
  stop();
  EXPECT_EQ(remote.write(1, sample(2)).code(), Code::unavailable);
  start();
  std::this_thread::sleep_for(milliseconds(5));
  remote.write(1, sample(2)).value();
  // The connection that stood idle broke unseen: asked again, and answered.
  stop();
  start();
  EXPECT_EQ(remote.read().value()[1]->epoch, 2U);
}

TEST_F(ServerTest, ACodeIsGoodOnceForAShortTimeAndFewGuesses) {
  const Identity us = caller();
  EXPECT_EQ(pair_with(us, "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aa").code(), Code::unauthenticated);
  const std::string once = code();
  EXPECT_TRUE(pair_with(us, once).ok());
  EXPECT_EQ(pair_with(caller(), once).code(), Code::unauthenticated);
  const std::string late = code();
  clock_.advance(kCodeLife + std::chrono::seconds(1));
  EXPECT_EQ(pair_with(us, late).code(), Code::unauthenticated);
  const std::string guessed = code();
  for (int i = 0; i < kCodeAttempts; ++i)
    EXPECT_EQ(pair_with(caller(), "aaaaaaaaaaaaaaaaaaaaaaaaaa").code(), Code::unauthenticated);
  EXPECT_EQ(pair_with(us, guessed).code(), Code::unauthenticated);
  const std::string replaced = code();
  const std::string newer = code();
  EXPECT_EQ(pair_with(us, replaced).code(), Code::unauthenticated);
  EXPECT_TRUE(pair_with(us, newer).ok());
  EXPECT_EQ(pairings_.keys().value().size(), 1U);
}

TEST(PairingCode, IsReadAsPeopleWriteIt) {
  const auto secret = parse_code("abcd-efgh-ijkl-mnop-qrst-uvwx-ya").value();
  EXPECT_TRUE(parse_code(" ABCD efgh ijkl mnop qrst uvwx ya\n").value() == secret);
  for (const char* wrong : {"", "abcd", "abcd-efgh-ijkl-mnop-qrst-uvwx-yaa",
                            "abcd-efgh-ijkl-mnop-qrst-uvwx-y1", "abcd-efgh-ijkl-mnop-qrst-uvwx-yz"})
    EXPECT_FALSE(parse_code(wrong).ok()) << wrong;
}

TEST_F(ServerTest, WhoStandsBetweenGetsNothing) {
  // Somebody who ends both sessions: what one side proves is worth nothing in the other's.
  const Identity us = caller();
  const auto secret = parse_code(code()).value();
  const Binding one = {1};
  const Binding other = {2};
  const Identity between = caller();
  const auto shown = proof(secret, Side::caller, one, us.key(), between.key());
  EXPECT_EQ(pairings_.pair(shown, other, between.key(), holder_.key()).code(),
            Code::unauthenticated);
  EXPECT_EQ(pairings_.pair(shown, one, us.key(), holder_.key()).code(), Code::unauthenticated);
  // Nor can a proof be sent back as the other side's.
  const auto right = proof(secret, Side::caller, one, us.key(), holder_.key());
  const auto answer = pairings_.pair(right, one, us.key(), holder_.key()).value();
  EXPECT_NE(answer, right);
  EXPECT_EQ(answer, proof(secret, Side::holder, one, us.key(), holder_.key()));
}

TEST_F(ServerTest, AFalseHolderDoesNotConvince) {
  // It is asked for the proof and does not know the code, whatever it answers.
  const std::string unknown = "abcd-efgh-ijkl-mnop-qrst-uvwx-ya";
  const Identity us = caller();
  EXPECT_EQ(pair_with(us, unknown).code(), Code::unauthenticated);
  // And a pinned key is not exchanged for another.
  ASSERT_TRUE(pair_with(us, code()).ok());
  Link other(us, dial(), {caller().key(), Lane::root, TreeName{7}}, steady_, wait_, limits());
  EXPECT_EQ(other.call(Method::root_read, kLook).code(), Code::unavailable);
}

TEST_F(ServerTest, StrangersAreRefusedAndLoggedWithoutAddress) {
  const Identity us = caller();
  EXPECT_EQ(link(us)->call(Method::root_read, kLook).code(), Code::unauthenticated);
  stop();
  ASSERT_FALSE(lines_.empty());
  bool said = false;
  for (const std::string& line : lines_) {
    EXPECT_EQ(line.find("127.0.0.1"), std::string::npos) << line;
    said = said || line.find("not paired") != std::string::npos;
  }
  EXPECT_TRUE(said);
}

TEST_F(ServerTest, AForgottenServerIsOutAtOnce) {
  const Identity us = caller();
  ASSERT_TRUE(pair_with(us, code()).ok());
  const auto channel = link(us);
  ASSERT_TRUE(channel->call(Method::root_read, kLook).ok());
  stop();
  pairings_.forget(us.key()).value();
  start();
  EXPECT_EQ(channel->call(Method::root_read, kLook).code(), Code::unauthenticated);
}

TEST_F(ServerTest, ServesOneTree) {
  const Identity us = caller();
  ASSERT_TRUE(pair_with(us, code()).ok());
  ASSERT_TRUE(link(us, Lane::root, 7)->call(Method::root_read, kLook).ok());
  EXPECT_EQ(link(us, Lane::root, 8)->call(Method::root_read, kLook).code(), Code::conflict);
  // A restore does not know it yet, and learns it.
  const auto restore = link(us, Lane::restore, 0);
  EXPECT_EQ(restore->call(Method::restore_begin, {}).code(), Code::unsupported);  // no replica
  ASSERT_TRUE(restore->tree().has_value());
  EXPECT_EQ(restore->tree()->at(0), 7);
  EXPECT_EQ(link(us, Lane::root, 0)->call(Method::root_read, kLook).code(), Code::invalid);
}

TEST_F(ServerTest, WhoGivesUpDoesNotWaitForAnAnswer) {
  const Identity us = caller();
  ASSERT_TRUE(pair_with(us, code()).ok());
  stop();
  // Somebody who takes connections and never says a word.
  const base::Descriptor silent(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* raw = reinterpret_cast<sockaddr*>(&at);
  ASSERT_EQ(::bind(silent.number(), raw, size), 0);
  ASSERT_EQ(::listen(silent.number(), 4), 0);
  ASSERT_EQ(::getsockname(silent.number(), raw, &size), 0);
  port_ = ntohs(at.sin_port);
  auto patient = limits();
  patient.reach = patient.answer = std::chrono::seconds(30);
  Link channel(us, dial(), {holder_.key(), Lane::replica, TreeName{7}}, steady_, wait_, patient);
  const base::Time began = steady_.now();
  std::thread giving_up([&] {
    std::this_thread::sleep_for(milliseconds(50));
    channel.end();
  });
  EXPECT_EQ(channel.call(Method::replica_status, {}).code(), Code::unavailable);
  giving_up.join();
  EXPECT_EQ(channel.call(Method::replica_status, {}).code(), Code::unavailable);
  EXPECT_LT(steady_.now() - began, std::chrono::seconds(5));
  port_ = 0;
}

TEST_F(ServerTest, ANewConversationEndsTheOlderOne) {
  const Identity us = caller();
  ASSERT_TRUE(pair_with(us, code()).ok());
  TreeName tree{};
  tree.fill(7);
  const auto begin = [&](Lane lane) {
    auto talk = Conversation::open(us, dial()(milliseconds(0)).value(), steady_,
                                   steady_.now() + milliseconds(2000))
                    .value();
    base::Bytes body = {static_cast<std::uint8_t>(lane)};
    body.insert(body.end(), tree.begin(), tree.end());
    EXPECT_TRUE(talk.ask(kBegin, body, steady_.now() + milliseconds(2000)).ok());
    return talk;
  };
  Conversation older = begin(Lane::root);
  Conversation aside = begin(Lane::replica);
  Conversation newer = begin(Lane::root);
  const auto read = static_cast<std::uint8_t>(Method::root_read);
  // A request that was under way too long must not undo what came after it.
  EXPECT_EQ(older.ask(read, kLook, steady_.now() + milliseconds(2000)).code(), Code::unavailable);
  EXPECT_TRUE(newer.ask(read, kLook, steady_.now() + milliseconds(2000)).ok());
  EXPECT_EQ(aside.ask(16, {}, steady_.now() + milliseconds(2000)).code(), Code::unsupported);
  EXPECT_EQ(aside.ask(read, kLook, steady_.now() + milliseconds(2000)).code(), Code::unsupported);
  EXPECT_TRUE(newer.ask(read, kLook, steady_.now() + milliseconds(2000)).ok());
}

TEST_F(ServerTest, GarbageAndSilenceKeepNobodyAway) {
  stop();
  options_.greeting_max = milliseconds(300);
  start();
  const Identity us = caller();
  ASSERT_TRUE(pair_with(us, code()).ok());
  std::vector<base::Descriptor> silent;
  for (int i = 0; i < 100; ++i) {
    auto socket = dial()(milliseconds(0));
    ASSERT_TRUE(socket.ok());
    if (i % 2 == 0) ASSERT_EQ(::write(socket->number(), "GET / HTTP/1.1\r\n\r\n", 18), 18);
    silent.push_back(std::move(*socket));
  }
  const auto channel = link(us);
  const base::Time from = steady_.now();
  EXPECT_TRUE(channel->call(Method::root_read, kLook).ok());
  EXPECT_LT(steady_.now() - from, milliseconds(1500));
  std::this_thread::sleep_for(milliseconds(500));
  // All of them are gone by now.
  std::array<char, 256> sink{};
  for (const auto& socket : silent) {
    ssize_t got = 0;
    do got = ::recv(socket.number(), sink.data(), sink.size(), MSG_DONTWAIT);
    while (got > 0);
    EXPECT_TRUE(got == 0 || errno != EAGAIN);
  }
  EXPECT_TRUE(channel->call(Method::root_read, kLook).ok());
}

TEST_F(ServerTest, AStrangerCannotSendMuch) {
  const Identity us = caller();
  auto talk = Conversation::open(us, dial()(milliseconds(0)).value(), steady_,
                                 steady_.now() + milliseconds(2000))
                  .value();
  const base::Bytes much(65);
  EXPECT_EQ(talk.ask(kPair, much, steady_.now() + milliseconds(2000)).code(), Code::unavailable);
}

TEST(LinkTime, AHolderThatIsSilentIsNotWaitedForLong) {
  base::ignore_broken_pipes();
  base::ThreadWait wait;
  base::SteadyClock steady;
  base::SystemEntropy entropy;
  base::SecretBytes seed(32);
  entropy.fill(seed.mutable_view());
  const Identity us = Identity::from_seed(seed, Side::caller).value();
  // Accepted by the system, answered by nobody.
  const base::Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(listener.number(), reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
  ASSERT_EQ(::listen(listener.number(), 4), 0);
  socklen_t size = sizeof at;
  ::getsockname(listener.number(), reinterpret_cast<sockaddr*>(&at), &size);
  Link link(us, [&](base::Duration) { return dial_loopback(std::to_string(ntohs(at.sin_port))); },
            {{}, Lane::root, TreeName{1}}, steady, wait,
            {milliseconds(200), milliseconds(300), milliseconds(5000), milliseconds(5000)});
  const base::Time from = steady.now();
  EXPECT_EQ(link.call(Method::root_read, kLook).code(), Code::unavailable);
  EXPECT_LT(steady.now() - from, milliseconds(1000));
  // And those who come next do not wait at all.
  const base::Time again = steady.now();
  EXPECT_EQ(link.call(Method::root_read, kLook).code(), Code::unavailable);
  EXPECT_LT(steady.now() - again, milliseconds(100));
}

}  // namespace
}  // namespace holder
