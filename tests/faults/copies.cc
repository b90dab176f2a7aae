// What a thief of files gets: every byte of data, root and log is searched for what went in,
// through a whole life with crashes in it, and what was destroyed is searched for by its own bytes.
#include <gtest/gtest.h>

#include <set>

#include "tests/faults/moments.h"
#include "tests/support/canaries.h"
#include "tests/support/served.h"

using namespace support;

namespace {

const Person kKari{"Sunniva Kvernmo", "Sunniva.Kvernmo@example.com", "hestehov i april"};
const Person kOla{"Torbjorg Lilleaas", "torbjorg@lilleaas.example", "blaaveis i mai"};

class Canaries : public testing::Test {
 protected:
  /// What must be nowhere but in delivered mail, which has left us.
  void expect_none(const char* when) {
    EXPECT_EQ(canaries_below({server.data(), server.root()}, words, server.data() + "/outbox"),
              std::vector<std::string>())
        << when;
    EXPECT_EQ(canaries_in(server.log(), "log", words), std::vector<std::string>()) << when;
    EXPECT_EQ(canaries_in(server.out(), "output", words), std::vector<std::string>()) << when;
    // A copy elsewhere holds the same bytes, so it says no more.
  }
  Served server;
  std::vector<std::string> words = {kKari.name,
                                    "Sunniva",
                                    "Kvernmo",
                                    kKari.email,
                                    "sunniva.kvernmo",
                                    "@example.com",
                                    kKari.password,
                                    kOla.name,
                                    "Lilleaas",
                                    kOla.email,
                                    kOla.password,
                                    "Husleie",
                                    "Storgata 17.txt",
                                    "Storgata",
                                    "Sommer 2031",
                                    "text/x-husleie",
                                    "leases-of-the-house",
                                    "nobody else knows yet"};
};

TEST_F(Canaries, AreNowhereThroughAWholeLife) {
  faults::Moments moments("Canaries.AreNowhereThroughAWholeLife");
  const std::string content = "About the leases-of-the-house, which nobody else knows yet. ";
  std::string large;
  while (large.size() < 3'000'000) large += content;

  Browser her = server.browser();
  ASSERT_EQ(Served::sign_up(her, kKari).status, 202);
  ASSERT_EQ(Served::sign_up(her, kOla).status, 202);  // who never answers
  const std::string token = server.next_mail("verify", kKari.email).token();
  words.push_back(token);
  words.push_back(server.next_mail("verify", kOla.email).token());
  expect_none("after sign-up");
  ASSERT_EQ(Served::verify(her, token, kKari).status, 200);
  ASSERT_EQ(Served::log_in(her, kKari).status, 200);
  words.push_back(her.cookies().at(0).value);
  expect_none("after login");

  const Headers type = {{"Content-Type", "text/x-husleie"}};
  ASSERT_EQ(her.request("PUT", "/v1/files/Husleie/Storgata%2017.txt", content, type).status, 201);
  ASSERT_EQ(her.request("PUT", "/v1/files/Husleie/Sommer%202031/large", large, type).status, 201);
  ASSERT_EQ(her.request("PUT", "/v1/files/Husleie/Storgata%2017.txt", large, type).status, 200);
  her.get("/v1/files/Husleie/Storgata%2017.txt");
  her.get("/files/Husleie");
  her.get("/v1/files/Husleie/Storgata%2099.txt");
  expect_none("after files were kept and replaced");

  const auto again = [&] {
    return her.request("PUT", "/v1/files/Husleie/Sommer%202031/more", large, type);
  };
  const faults::Moment whole = faults::time_of([&] { ASSERT_EQ(again().status, 201); });
  faults::killed_while(server, again, whole / 2);
  expect_none("in the middle of an upload, after a crash");
  server.start();
  expect_none("after the start");

  ASSERT_EQ(her.request("DELETE", "/v1/files/Husleie/Storgata%2017.txt").status, 204);
  ASSERT_EQ(her.request("DELETE", "/v1/files/Husleie/Sommer%202031").status, 204);
  expect_none("after deleting");
  faults::killed_while(
      server, [&] { return Served::cancel(her, kKari); }, std::chrono::milliseconds(60));
  expect_none("in the middle of cancelling, after a crash");
  server.start();
  if (Served::log_in(her, kKari).status == 200) ASSERT_EQ(Served::cancel(her, kKari).status, 200);
  server.stop();
  expect_none("after the end");
}

/// Pieces of a file that look random: keys, digests and ciphertext, but no counters and names.
std::set<std::string> random_pieces(const std::string& bytes) {
  constexpr std::size_t kPiece = 16, kStep = 8;
  std::set<std::string> pieces;
  for (std::size_t at = 0; at + kPiece <= bytes.size(); at += kStep) {
    const std::string piece = bytes.substr(at, kPiece);
    if (std::set<char>(piece.begin(), piece.end()).size() >= 11) pieces.insert(piece);
  }
  return pieces;
}

TEST(Copies, TheRootThatOpenedAnErasedAccountIsNowhere) {
  Served server;
  const Person kari{"Kari Nordmann", "kari@example.com"};
  Browser her = server.account(kari);
  // Sign-ups that are over are swept: no more epochs of their own come between.
  server.restart();
  const std::string before = read_file(server.root() + "/root.ktn");
  const auto pieces = random_pieces(before);
  ASSERT_GE(pieces.size(), 3U) << "a key of 32 bytes stands in there";
  ASSERT_EQ(Served::cancel(her, kari).status, 200);
  const auto left = [&] {
    std::vector<std::string> found;
    for (const std::string& directory : {server.root(), server.data()})
      for (const std::string& file : files_below(directory)) {
        const std::string bytes = read_file(file);
        for (const std::string& piece : pieces)
          if (bytes.find(piece) != std::string::npos) found.push_back(file);
      }
    return found;
  };
  EXPECT_EQ(left(), std::vector<std::string>());
  server.restart();
  EXPECT_EQ(left(), std::vector<std::string>());
  server.stop();

  // With the root from before, the data from before would open: what was destroyed is what counted.
  EXPECT_NE(read_file(server.root() + "/root.ktn"), before);
}

}  // namespace
