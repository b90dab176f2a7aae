// SECU-1: a request that was let in does not outlive what let it in. An upload may take hours: what
// its sender may do is looked at once more before anything of it is kept.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "tests/support/members.h"

using namespace support;

namespace {

// More than is read ahead: what is smaller is let in when all of it is there.
const std::string kHalf(std::size_t{2} << 20, 'x');

/// A PUT of whose body half has been sent.
class HalfUpload {
 public:
  HalfUpload(const std::string& origin, const std::string& path, const std::string& head) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port =
        htons(static_cast<std::uint16_t>(std::stoi(origin.substr(origin.rfind(':') + 1))));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    send("PUT " + path + " HTTP/1.1\r\nHost: " + origin.substr(origin.find("://") + 3) +
         "\r\nOrigin: " + origin + "\r\nConnection: close\r\nContent-Type: text/plain\r\n" + head +
         "\r\nContent-Length: " + std::to_string(2 * kHalf.size()) + "\r\n\r\n" + kHalf);
  }
  ~HalfUpload() { ::close(socket_); }
  HalfUpload(const HalfUpload&) = delete;
  HalfUpload& operator=(const HalfUpload&) = delete;

  /// Sends the rest, and answers the answer.
  std::string finish() {
    send(kHalf);
    std::string answer;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::recv(socket_, buffer.data(), buffer.size(), 0)) > 0;)
      answer.append(buffer.data(), static_cast<std::size_t>(got));
    return answer;
  }

 private:
  void send(const std::string& bytes) const {
    EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

std::string cookie_of(const Browser& browser) {
  return "Cookie: __Host-session=" + browser.cookies().at(0).value;
}

/// Until the server has read what was sent, and let it in.
void let_it_arrive() { ::usleep(300'000); }

TEST(SECU_1, AnUploadUnderWayIsNotKeptOnceItsSenderMayNot) {
  Served server;
  Browser owner = server.account({"Olga Owner", "olga@example.com"});
  Browser removed = joined(server, owner, {"Rune Removed", "rune@example.com"}, "member");
  Browser demoted = joined(server, owner, {"Dina Demoted", "dina@example.com"}, "member");
  Browser staying = joined(server, owner, {"Mona Member", "mona@example.com"}, "member");
  const auto id = [&](Browser& whose) {
    const Reply members = whose.get("/v1/members");
    for (const std::string& at : members.keys("/members"))
      if (members.at("/members/" + at + "/self") == "true")
        return members.at("/members/" + at + "/id");
    return std::string();
  };
  const std::string first = id(removed), second = id(demoted);
  const std::string token =
      "Authorization: Bearer " +
      demoted
          .json("POST", "/v1/tokens",
                R"({"name":"Upload","scopes":["files:write"],"expires_in_days":1,)"
                R"("password":"correct horse battery"})")
          .at("/token");
  HalfUpload by_removed(server.origin(), "/v1/files/removed.txt", cookie_of(removed));
  HalfUpload by_demoted(server.origin(), "/v1/files/demoted.txt", cookie_of(demoted));
  HalfUpload by_token(server.origin(), "/v1/files/token.txt", token);
  HalfUpload by_member(server.origin(), "/v1/files/kept.txt", cookie_of(staying));
  let_it_arrive();
  ASSERT_EQ(owner.request("DELETE", "/v1/members/" + first).status, 204);
  ASSERT_EQ(owner.json("PUT", "/v1/members/" + second, R"({"role":"reader"})").status, 204);
  // Who was removed is logged in no more; who may only read is, and her token is.
  const std::string unknown = by_removed.finish();
  EXPECT_TRUE(unknown.starts_with("HTTP/1.1 401")) << unknown;
  for (HalfUpload* refused : {&by_demoted, &by_token}) {
    const std::string answer = refused->finish();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 403")) << answer;
  }
  const std::string kept = by_member.finish();
  EXPECT_TRUE(kept.starts_with("HTTP/1.1 201")) << kept;
  for (const char* path : {"removed", "demoted", "token"})
    EXPECT_EQ(owner.get(std::string("/v1/files/") + path + ".txt").status, 404) << path;
  EXPECT_EQ(owner.get("/v1/files/kept.txt").body, kHalf + kHalf);
}

}  // namespace
