#include "client/listing.h"

#include <gtest/gtest.h>

namespace client {
namespace {

using base::Code;

const std::string kFile = R"({"name":"offer.txt","kind":"file","size":19,"type":"text/plain",)"
                          R"("etag":"\"dpcxxlhsk3\"","changed":"2026-11-23T22:22:56Z"})";
const std::string kFolder =
    R"({"name":"Clients","kind":"folder","changed":"2026-11-27T18:25:07Z"})";

TEST(Listing, IsReadAsTheServerWritesIt) {
  const auto listing =
      parse_listing(R"({"entries":[)" + kFile + "," + kFolder + R"(],"next":"abc"})").value();
  ASSERT_EQ(listing.entries.size(), 2U);
  EXPECT_EQ(listing.entries[0].name, "offer.txt");
  EXPECT_EQ(listing.entries[0].kind, Kind::file);
  EXPECT_EQ(listing.entries[0].size, 19U);
  EXPECT_EQ(listing.entries[0].etag, "\"dpcxxlhsk3\"");
  EXPECT_EQ(listing.entries[1].kind, Kind::folder);
  EXPECT_EQ(listing.next, "abc");
  EXPECT_EQ(parse_listing(R"({"entries":[]})")->next, "");
  EXPECT_EQ(parse_entry(kFile)->changed, "2026-11-23T22:22:56Z");
}

TEST(Listing, RefusesWhatItCannotActUpon) {
  for (const std::string bad :
       {"", "[]", "{}", R"({"entries":{}})", R"({"entries":[1]})", R"({"entries":[{}]})",
        R"({"entries":[],"next":""})", R"({"entries":[],"next":7})", R"({"entries":[)"})
    EXPECT_EQ(parse_listing(bad).code(), Code::corrupt) << bad;
  const auto changed = [](const std::string& from, const std::string& to) {
    std::string text = kFile;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& bad :
       {changed("19", "-1"), changed("19", "1.5"), changed("19", "\"19\""), changed("file", "pipe"),
        changed("2026-11-23T", "yesterday"), changed(R"(\"dpcxxlhsk3\")", "dpcxxlhsk3"),
        changed("dpcx", R"(a\r\nCookie: x)"), changed("dpcx", R"(\")"),
        changed(R"(,"type":"text/plain")", "")})
    EXPECT_EQ(parse_entry(bad).code(), Code::corrupt) << bad;
}

TEST(SharedLink, IsReadAsTheServerWritesIt) {
  const std::string link =
      R"({"id":"aaaa2","path":"x/a","kind":"folder","created":"2026-11-23T22:22:56Z",)"
      R"("expires":"2026-12-23T22:22:56Z","password":true)";
  const std::string made = link + R"(,"token":"t","url":"https://dokk.example/s/aB-_9"})";
  const auto read = parse_made_link(made).value();
  EXPECT_EQ(read.id, "aaaa2");
  EXPECT_EQ(read.path, "x/a");
  EXPECT_EQ(read.kind, Kind::folder);
  EXPECT_TRUE(read.password);
  EXPECT_EQ(read.url, "https://dokk.example/s/aB-_9");
  const auto all = parse_links(R"({"links":[)" + link + "}," + link + "}]}").value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].expires, "2026-12-23T22:22:56Z");
  EXPECT_EQ(all[1].url, "") << "nobody says it again";
  EXPECT_TRUE(parse_links(R"({"links":[]})")->empty());
  EXPECT_EQ(parse_made_link(link + "}").code(), Code::corrupt);
  for (const std::string bad : {"", "[]", "{}", R"({"links":{}})", R"({"links":[1]})"})
    EXPECT_EQ(parse_links(bad).code(), Code::corrupt) << bad;
  for (const auto& [from, to] :
       {std::pair("aaaa2", "../x"), std::pair("\"folder\"", "\"pipe\""), std::pair("true", "1"),
        std::pair("2026-12-23T", "never"), std::pair("https:", "javascript:"),
        std::pair("aB-_9", "a b"), std::pair("aB-_9", "a\\u001b[2J"),
        std::pair("aB-_9", "a$(reboot)")}) {
    std::string bad = made;
    bad.replace(bad.find(from), std::string_view(from).size(), to);
    EXPECT_EQ(parse_made_link(bad).code(), Code::corrupt) << bad;
  }
}

TEST(TrashListing, IsReadAsTheServerWritesIt) {
  const std::string file =
      R"({"id":"aaaa2","name":"a","kind":"file","path":"x/a","size":3,"type":"",)"
      R"("removed":"2026-11-23T22:22:56Z","expires":"2026-12-23T22:22:56Z"})";
  const auto listing = parse_trash(R"({"items":[)" + file + R"(],"next":"aaaa2"})").value();
  ASSERT_EQ(listing.items.size(), 1U);
  EXPECT_EQ(listing.items[0].path, "x/a");
  EXPECT_EQ(listing.items[0].size, 3U);
  EXPECT_EQ(listing.items[0].expires, "2026-12-23T22:22:56Z");
  EXPECT_EQ(listing.next, "aaaa2");
  for (const auto& [from, to] :
       {std::pair("aaaa2", "../x"), std::pair("aaaa2", ""), std::pair("\"file\"", "\"pipe\""),
        std::pair(":3,", ":\"3\","), std::pair("2026-12-23T", "never")}) {
    std::string bad = file;
    bad.replace(bad.find(from), std::string_view(from).size(), to);
    EXPECT_EQ(parse_trash(R"({"items":[)" + bad + "]}").code(), Code::corrupt) << bad;
  }
  EXPECT_EQ(parse_trash("[]").code(), Code::corrupt);
}

TEST(Problem, IsShownWithoutControlCharacters) {
  const auto problem = parse_problem(
      R"({"type":"/problems/stale","title":"It has\u001b[2J changed","detail":"the\nfile"})");
  EXPECT_EQ(problem.type, "/problems/stale");
  EXPECT_EQ(problem.text(), "It has?[2J changed: the?file");
  EXPECT_EQ(parse_problem("<html>").text(), "");
  EXPECT_EQ(parse_problem(R"({"title":7,"detail":"so"})").text(), "so");
  EXPECT_LE(parse_problem(R"({"title":")" + std::string(100'000, 'a') + "\"}").text().size(),
            2000U);
}

}  // namespace
}  // namespace client
