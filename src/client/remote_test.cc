#include "client/remote.h"

#include <gtest/gtest.h>

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

constexpr const char* kEntry =
    R"({"name":"a","kind":"file","size":5,"type":"text/plain","etag":"\"v1\"",)"
    R"("changed":"2026-11-23T22:22:56Z"})";

class RemoteTest : public testing::Test {
 protected:
  static RemotePath path(const char* text) { return RemotePath::parse(text).value(); }
  NoWait wait_;
};

TEST(RemotePath, IsTakenApartAndEncoded) {
  const auto path = RemotePath::parse("/Clients//Bergen Verft/søk?#.txt").value();
  EXPECT_EQ(path.url_path(), "/v1/files/Clients/Bergen%20Verft/s%C3%B8k%3F%23.txt");
  EXPECT_EQ(path.text(), "Clients/Bergen Verft/søk?#.txt");
  EXPECT_EQ(path.parent().text(), "Clients/Bergen Verft/");
  EXPECT_EQ(path.as_folder().url_path(), path.url_path() + "/");
  EXPECT_EQ(RemotePath::parse("a/")->as_file().url_path(), "/v1/files/a");
  EXPECT_EQ(RemotePath::parse("/")->url_path(), "/v1/files/");
  EXPECT_TRUE(RemotePath::parse("")->folder());
  EXPECT_TRUE(RemotePath::parse("a/")->folder());
  EXPECT_FALSE(RemotePath::parse("a")->folder());
  for (const char* bad : {"..", "a/../b", "./a", "a\nb"})
    EXPECT_EQ(RemotePath::parse(bad).code(), Code::invalid) << bad;
}

TEST_F(RemoteTest, AsksWithTheTokenAndReadsTheAnswer) {
  Request seen;
  const TestServer server([&](const Request& request) {
    seen = request;
    return answer(request.method == "PUT" ? "201 Created" : "200 OK", kEntry);
  });
  auto remote = remote_at(server, wait_);
  OutgoingText body(base::view("hello"));
  EXPECT_EQ(remote.put(path("b c/a"), "text/plain", body, Replace::no)->size, 5U);
  EXPECT_EQ(seen.method + " " + seen.path, "PUT /v1/files/b%20c/a");
  EXPECT_TRUE(seen.has("Authorization: Bearer scal_pat_x"));
  EXPECT_TRUE(seen.has("If-None-Match: *"));
  EXPECT_TRUE(seen.has("Content-Type: text/plain"));
  EXPECT_EQ(seen.body, "hello");
  ASSERT_TRUE(body.rewind().ok());
  ASSERT_TRUE(remote.put(path("a"), "text/plain", body, Replace::yes).ok());
  EXPECT_EQ(seen.head.find("If-None-Match"), std::string::npos);
  EXPECT_EQ(remote.make_folder(path("x")).value(), Made::now);
  EXPECT_EQ(seen.path, "/v1/files/x/");
  EXPECT_TRUE(remote.remove(path("x")).ok());
  EXPECT_EQ(seen.method, "DELETE");
}

TEST_F(RemoteTest, FindsFilesAndFolders) {
  const TestServer server([&](const Request& request) -> std::string {
    if (request.path == "/v1/files/file")
      return "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 7\r\nConnection: close\r\n"
             "Last-Modified: Sat, 28 Nov 2026 01:27:42 GMT\r\n\r\n";
    if (request.path == "/v1/files/folder") return answer("200 OK", "");
    return answer("404 Not Found", "");
  });
  auto remote = remote_at(server, wait_);
  const auto file = remote.find(path("file")).value();
  EXPECT_EQ(file.kind, Kind::file);
  EXPECT_EQ(file.size, 7U);
  EXPECT_EQ(file.etag, "\"v1\"");
  EXPECT_EQ(file.changed, "2026-11-28T01:27:42Z");
  EXPECT_EQ(remote.find(path("folder"))->kind, Kind::folder);
  EXPECT_EQ(remote.find(path("none")).code(), Code::missing);
}

TEST_F(RemoteTest, TakesOnlyThePartThatItAskedFor) {
  std::string said;
  Request seen;
  const TestServer server([&](const Request& request) {
    seen = request;
    return said;
  });
  auto remote = remote_at(server, wait_);
  std::string got;
  const auto get = [&](std::uint64_t offset) {
    got.clear();
    return remote.get(path("a"), {offset, "\"v1\""}, [&](const Head&, base::View piece) {
      got += base::text(piece);
      return base::Result<void>();
    });
  };
  said = answer("200 OK", "hello", "ETag: \"v1\"\r\n");
  EXPECT_TRUE(get(0).ok());
  EXPECT_EQ(got, "hello");
  EXPECT_TRUE(seen.has("If-Match: \"v1\""));
  EXPECT_EQ(get(2).code(), Code::corrupt) << "all of it, where a part was asked for";
  EXPECT_EQ(got, "");
  said = answer("206 Partial Content", "llo", "ETag: \"v1\"\r\nContent-Range: bytes 2-4/5\r\n");
  EXPECT_TRUE(get(2).ok());
  EXPECT_EQ(got, "llo");
  EXPECT_TRUE(seen.has("Range: bytes=2-"));
  EXPECT_EQ(get(3).code(), Code::corrupt) << "another part";
  said = answer("200 OK", "hello", "ETag: \"v2\"\r\n");
  EXPECT_EQ(get(0).code(), Code::corrupt) << "another version";
  said = answer("412 Precondition Failed", "");
  EXPECT_EQ(get(0).code(), Code::stale);
  said = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 100\r\n\r\nhel";
  EXPECT_EQ(get(0).code(), Code::unavailable);
  EXPECT_EQ(got, "hel") << "what came is kept";
}

TEST_F(RemoteTest, WaitsAsLongAsTheServerSays) {
  int refused = 0;
  const TestServer server([&](const Request&) {
    if (refused++ < 2) return answer("429 Too Many Requests", "", "Retry-After: 7\r\n");
    return answer("200 OK", R"({"entries":[]})");
  });
  auto remote = remote_at(server, wait_);
  EXPECT_TRUE(remote.list({}, "").ok());
  EXPECT_EQ(wait_.slept, std::chrono::seconds(14));
}

TEST_F(RemoteTest, GivesUpWhereWaitingDoesNotHelp) {
  const TestServer server([&](const Request& request) {
    if (request.path == "/v1/files/long/")
      return answer("429 Too Many Requests", "", "Retry-After: 3600\r\n");
    return answer("503 Busy", R"({"title":"The server is busy"})", "Retry-After: 1\r\n");
  });
  auto remote = remote_at(server, wait_);
  EXPECT_EQ(remote.list(path("long"), "").code(), Code::exhausted);
  EXPECT_EQ(server.requests, 1);
  EXPECT_EQ(remote.list({}, "").code(), Code::unavailable);
  EXPECT_EQ(remote.take_problem().title, "The server is busy");
  EXPECT_EQ(server.requests, 6);
}

TEST_F(RemoteTest, IsNotSentElsewhere) {
  const TestServer other([](const Request&) { return answer("200 OK", R"({"entries":[]})"); });
  const TestServer server([&](const Request&) {
    return answer("307 There", "", "Location: " + other.origin() + "/v1/files/\r\n");
  });
  EXPECT_EQ(remote_at(server, wait_).list({}, "").code(), Code::denied);
  EXPECT_EQ(other.requests, 0);
}

TEST_F(RemoteTest, AListingThatNeverEndsIsNotFollowed) {
  const TestServer server(
      [&](const Request&) { return answer("200 OK", R"({"entries":[],"next":"abc"})"); });
  auto remote = remote_at(server, wait_);
  EXPECT_EQ(remote.list({}, "")->next, "abc");
  EXPECT_EQ(remote.list({}, "abc").code(), Code::corrupt);
  EXPECT_EQ(remote.list({}, "a b\r\nX: y").code(), Code::corrupt);
}

TEST_F(RemoteTest, SharesListsAndRevokesLinks) {
  const std::string link =
      R"({"id":"aaaa2","path":"b/a","kind":"file","created":"2026-11-23T22:22:56Z",)"
      R"("expires":"2026-12-23T22:22:56Z","password":true)";
  Request seen;
  const TestServer server([&](const Request& request) {
    seen = request;
    if (request.method == "POST")
      return answer("201 Created", link + R"(,"url":"https://dokk.example/s/t"})");
    if (request.method == "DELETE") return answer("204 No Content", "");
    return answer("200 OK", R"({"links":[)" + link + "}]}");
  });
  auto remote = remote_at(server, wait_);
  const auto made =
      remote.share(path("b/a/"), {7, base::SecretBytes::copy_of(base::view("for you"))}).value();
  EXPECT_EQ(made.url, "https://dokk.example/s/t");
  EXPECT_EQ(seen.method + " " + seen.path, "POST /v1/shares");
  EXPECT_EQ(seen.body, R"({"expires_in_days":7,"password":"for you","path":"b/a"})");
  remote.share(path("a"), {}).value();
  EXPECT_EQ(seen.body, R"({"expires_in_days":30,"path":"a"})");
  EXPECT_EQ(remote.list_links()->size(), 1U);
  EXPECT_EQ(seen.path, "/v1/shares");
  remote.revoke_link("aaaa2").value();
  EXPECT_EQ(seen.method + " " + seen.path, "DELETE /v1/shares/aaaa2");
}

TEST_F(RemoteTest, ASignInMakesATokenAndLeaves) {
  std::vector<Request> seen;
  const TestServer server([&](const Request& request) {
    seen.push_back(request);
    const std::string cookie = "Set-Cookie: __Host-session=abc-_9; Path=/; Secure\r\n";
    if (request.path == "/v1/login")
      return answer("202 Accepted", R"({"next":"second-step","token":"half"})");
    if (request.path == "/v1/login/second") return answer("200 OK", "{}", cookie);
    if (request.path == "/v1/tokens")
      return answer("201 Created", R"({"token":"scal_pat_x","expires":"2027-01-01T00:00:00Z"})");
    return answer("204 No Content", "");
  });
  const auto address = ServerAddress::parse(server.origin()).value();
  const auto password = base::SecretBytes::copy_of(base::view("correct horse"));
  SignIn sign_in(connect(address, "").value(), address);
  EXPECT_EQ(sign_in.password("kari@example.com", password).value(), SignIn::Next::second);
  sign_in.second(base::SecretBytes::copy_of(base::view("123456"))).value();
  const auto made = sign_in.make_token({"Command line", 90, false}, password).value();
  sign_in.leave().value();
  EXPECT_EQ(base::text(made.token.view()), "scal_pat_x");
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_TRUE(seen[0].has("Origin: " + server.origin()));
  EXPECT_EQ(seen[1].body, R"({"code":"123456","token":"half"})");
  EXPECT_TRUE(seen[2].has("Cookie: __Host-session=abc-_9"));
  EXPECT_NE(seen[2].body.find(R"("scopes":["files:read"])"), std::string::npos);
  EXPECT_EQ(seen[3].path, "/v1/logout");
  EXPECT_TRUE(seen[3].has("Cookie: __Host-session=abc-_9"));
}

TEST_F(RemoteTest, ASignInSaysWhyNot) {
  const TestServer server([&](const Request&) {
    return answer("401 Unauthorized", R"({"title":"Wrong email or password"})");
  });
  const auto address = ServerAddress::parse(server.origin()).value();
  SignIn sign_in(connect(address, "").value(), address);
  EXPECT_EQ(sign_in.password("k", base::SecretBytes::copy_of(base::view("x"))).code(),
            Code::unauthenticated);
  EXPECT_EQ(sign_in.problem().title, "Wrong email or password");
}

}  // namespace
}  // namespace client
