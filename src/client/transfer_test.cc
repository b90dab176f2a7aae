#include "client/transfer.h"

#include <gtest/gtest.h>

#include "store/testing.h"
#include "tests/support/answering.h"
#include "tests/support/remote.h"

namespace client {
namespace {

using base::Code;
using support::answer;
using support::NoWait;
using support::remote_at;
using support::Request;
using support::TestServer;

class TransferTest : public testing::Test {
 protected:
  base::Result<void> get(const TestServer& server, Replace replace = Replace::no) {
    auto remote = remote_at(server, wait_);
    return download(remote, {disk_, wait_}, RemotePath::parse("a").value(), entry_, file(), replace,
                    [](std::uint64_t, std::optional<std::uint64_t>) {});
  }
  std::string file() const { return directory_.file("a"); }
  std::string part() const { return directory_.file("a.v1.part"); }
  std::string there(const std::string& path) {
    const auto bytes = base::read_file(disk_, path, 1 << 20);
    return bytes.ok() ? std::string(base::text(*bytes)) : bytes.error().chain();
  }
  void write(const std::string& path, std::string_view text) {
    base::write_file_atomically(disk_, path, base::view(text)).value();
  }
  /// What a good server says to a request for a part of `content_`.
  std::string part_of(const Request& request, std::size_t cut = 0) const {
    const auto at = request.head.find("Range: bytes=");
    const std::size_t from =
        at == std::string::npos ? 0 : std::strtoul(request.head.c_str() + at + 13, nullptr, 10);
    const std::string body = content_.substr(from);
    std::string head = from == 0 ? "HTTP/1.1 200 OK\r\n"
                                 : "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " +
                                       std::to_string(from) + "-9/10\r\n";
    head += "ETag: \"v1\"\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size());
    return head + "\r\n\r\n" + body.substr(0, cut == 0 ? body.size() : cut);
  }

  store::TemporaryDirectory directory_;
  base::RealDisk disk_;
  NoWait wait_;
  std::string content_ = "0123456789";
  RemoteEntry entry_ = {"a", Kind::file, 10, "text/plain", "\"v1\"", "2026-11-23T22:22:56Z"};
};

TEST_F(TransferTest, ADownloadGetsItsNameWhenItIsWhole) {
  const TestServer server([&](const Request& request) { return part_of(request); });
  get(server).value();
  EXPECT_EQ(there(file()), "0123456789");
  EXPECT_FALSE(disk_.exists(part()).value());
  EXPECT_EQ(get(server).code(), Code::conflict);
  write(file(), "old");
  get(server, Replace::yes).value();
  EXPECT_EQ(there(file()), "0123456789");
}

TEST_F(TransferTest, GoesOnWhereAnotherRunStopped) {
  std::string range;
  const TestServer server([&](const Request& request) {
    range = request.head;
    return part_of(request);
  });
  write(part(), "abcd");  // told from the server's bytes
  get(server).value();
  EXPECT_EQ(there(file()), "abcd456789");
  EXPECT_NE(range.find("Range: bytes=4-\r\n"), std::string::npos);
}

TEST_F(TransferTest, APartThatIsWholeIsAskedForNoMore) {
  const TestServer server([&](const Request& request) { return part_of(request); });
  write(part(), "abcdefghij");
  get(server).value();
  EXPECT_EQ(there(file()), "abcdefghij");
  EXPECT_EQ(server.requests, 0);
  // One that is longer is not what was begun.
  disk_.remove(file()).value();
  write(part(), "abcdefghijk");
  get(server).value();
  EXPECT_EQ(there(file()), "0123456789");
}

TEST_F(TransferTest, MakesABrokenConnectionAgainAsLongAsSomethingComes) {
  const TestServer server([&](const Request& request) { return part_of(request, 2); });
  get(server).value();
  EXPECT_EQ(there(file()), "0123456789");
  EXPECT_EQ(server.requests, 5);
}

TEST_F(TransferTest, KeepsThePartWhereNothingComesAnyMore) {
  std::atomic<int> asked = 0;
  const TestServer server(
      [&](const Request& request) { return ++asked == 1 ? part_of(request, 3) : std::string(); });
  EXPECT_EQ(get(server).code(), Code::unavailable);
  EXPECT_EQ(there(part()), "012");
  EXPECT_FALSE(disk_.exists(file()).value());
  EXPECT_EQ(wait_.sleeps, 3);
}

TEST_F(TransferTest, AnotherVersionIsNotMixedIn) {
  const TestServer server([&](const Request&) { return answer("412 Precondition Failed", ""); });
  write(part(), "abcd");
  EXPECT_EQ(get(server).code(), Code::stale);
  EXPECT_EQ(there(part()), "abcd");
}

TEST_F(TransferTest, AFileThatCameMeanwhileIsNotReplaced) {
  const TestServer server([&](const Request& request) {
    write(file(), "mine");
    return part_of(request);
  });
  EXPECT_EQ(get(server).code(), Code::conflict);
  EXPECT_EQ(there(file()), "mine");
  EXPECT_EQ(there(part()), "0123456789");
}

TEST_F(TransferTest, NoVersionLeadsElsewhere) {
  for (const char* etag : {"", "\"\"", "\"../../x\"", "\"a/b\"", "\"a b\"", "W/\"a\""})
    EXPECT_EQ(part_file("here/a", etag).code(), Code::corrupt) << etag;
  EXPECT_EQ(part_file("here/a", "\"v1\"").value(), "here/a.v1.part");
  EXPECT_EQ(part_file("a", "\"v1\"").value(), "a.v1.part");
  const std::string name = part_file("here/" + std::string(255, 'a'), "\"v1\"").value();
  EXPECT_EQ(name.size(), 5 + 255U);
  EXPECT_TRUE(name.ends_with("a.v1.part"));
  std::string letters = "here/a";
  for (int i = 0; i < 127; ++i) letters += "ø";
  EXPECT_TRUE(part_file(letters, "\"v1\"").value().ends_with("ø.v1.part"))
      << "a letter is not cut in two";
}

TEST(MediaType, GoesByTheEndOfTheName) {
  EXPECT_EQ(media_type_of("offer.PDF"), "application/pdf");
  EXPECT_EQ(media_type_of("a.tar.gz"), "application/gzip");
  for (const char* unknown : {"offer", "offer.", "", ".", "a.what", "pdf"})
    EXPECT_EQ(media_type_of(unknown), "application/octet-stream") << unknown;
}

}  // namespace
}  // namespace client
