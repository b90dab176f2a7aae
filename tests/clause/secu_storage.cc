// SECU-4: hardened: what browsers are told, how large anything may be, and what lies on disk.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/canaries.h"
#include "tests/support/served.h"

using namespace support;

namespace {

struct Case {
  std::string what;
  int status;
  Reply reply;
};

/// One answer of each kind that the server gives, errors of its own engine among them.
std::vector<Case> answers_of_every_kind(Served& server, Browser& her) {
  Browser nobody = server.browser();
  const std::string etag = her.get("/v1/files/a.txt").header("etag");
  Headers many;
  for (int i = 0; i < 80; ++i) many.push_back({"X-" + std::to_string(i), "x"});
  return {{"a page", 200, nobody.get("/")},
          {"data", 200, nobody.get("/notice.json")},
          {"a style sheet's place", 404, nobody.get("/assets/none.css")},
          {"the log", 200, nobody.get("/log/checkpoint")},
          {"health", 200, nobody.get("/healthz")},
          {"a file", 200, her.get("/v1/files/a.txt")},
          {"a part", 206, her.get("/v1/files/a.txt", {{"Range", "bytes=0-1"}})},
          {"nothing new", 304, her.get("/v1/files/a.txt", {{"If-None-Match", etag}})},
          {"a way elsewhere", 303, nobody.get("/files")},
          {"no such range", 416, her.get("/v1/files/a.txt", {{"Range", "bytes=900-"}})},
          {"another version", 412, her.get("/v1/files/a.txt", {{"If-Match", "\"x\""}})},
          {"a bad body", 400, nobody.json("POST", "/v1/login", "{")},
          {"a bad path", 400, nobody.get("/%zz")},
          {"no session", 401, nobody.get("/v1/account")},
          {"another origin", 403, nobody.request("POST", "/v1/login", "{}", {{"Origin", "null"}})},
          {"nothing there", 404, nobody.get("/nowhere")},
          {"a page of it", 404, nobody.get("/nowhere", {{"Accept", "text/html"}})},
          {"no such method", 405, nobody.request("DELETE", "/notice")},
          {"too large", 413, nobody.json("POST", "/v1/login", std::string(20'000, ' '))},
          {"no such type", 415, nobody.request("POST", "/v1/login", "{}")},
          {"another host", 421, nobody.get("/", {{"Host", "elsewhere.example"}})},
          {"a large header", 431, nobody.get("/", {{"X-Large", std::string(20'000, 'x')}})},
          {"many headers", 431, nobody.get("/", many)}};
}

TEST(SECU_4, TheServedProcessCanConnectToNobody) {
  // What such a process may not do, base/outside_test.cc tries; here, that the served one is such.
  Served& server = common();
  const std::string status = read_file("/proc/" + std::to_string(server.process()) + "/status");
  EXPECT_NE(status.find("Seccomp:\t2\n"), std::string::npos) << status;
  EXPECT_NE(status.find("NoNewPrivs:\t1\n"), std::string::npos);
  // Every thread of it.
  const std::string tasks = "/proc/" + std::to_string(server.process()) + "/task";
  std::size_t threads = 0;
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    ++threads;
    EXPECT_NE(read_file(task.path() / "status").find("Seccomp:\t2\n"), std::string::npos);
  }
  EXPECT_GT(threads, 3U);
}

TEST(SECU_4, EveryAnswerCarriesItsGuards) {
  Served& server = common();
  Browser her = server.account({"Kari Nordmann", "kari.guards@example.com"});
  ASSERT_EQ(her.request("PUT", "/v1/files/a.txt", "Dear Ola").status, 201);
  for (const Case& each : answers_of_every_kind(server, her)) {
    const Reply& reply = each.reply;
    EXPECT_EQ(reply.status, each.status) << each.what << " " << reply.body;
    const std::string policy = reply.header("content-security-policy");
    EXPECT_NE(policy.find("default-src 'none'"), std::string::npos) << each.what << policy;
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos) << each.what << policy;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos) << each.what << policy;
    EXPECT_EQ(policy.find('*'), std::string::npos) << each.what << policy;
    EXPECT_EQ(reply.header("x-content-type-options"), "nosniff") << each.what;
    EXPECT_EQ(reply.header("referrer-policy"), "same-origin") << each.what;
    EXPECT_EQ(reply.header("cross-origin-opener-policy"), "same-origin") << each.what;
    EXPECT_EQ(reply.header("cross-origin-embedder-policy"), "require-corp") << each.what;
    EXPECT_FALSE(reply.header("cross-origin-resource-policy").empty()) << each.what;
    EXPECT_NE(reply.header("permissions-policy").find("camera=()"), std::string::npos) << each.what;
    EXPECT_FALSE(reply.header("cache-control").empty()) << each.what;
    EXPECT_FALSE(reply.header("x-request-id").empty()) << each.what;
    EXPECT_EQ(reply.header("server"), "") << each.what;
    if (each.status < 400) continue;
    const bool page = each.what == "a page of it";
    EXPECT_EQ(reply.header("content-type"),
              page ? "text/html; charset=utf-8" : "application/problem+json")
        << each.what;
  }
}

TEST(SECU_4, AFileIsNeverRunAsAPageOfOurs) {
  Browser her = common().account({"Kari Nordmann", "kari.secu4@example.com"});
  const std::string script = "<script>alert(document.domain)</script>";
  ASSERT_EQ(
      her.request("PUT", "/v1/files/page.html", script, {{"Content-Type", "text/html"}}).status,
      201);
  const Reply reply = her.get("/v1/files/page.html");
  EXPECT_EQ(reply.body, script);
  EXPECT_TRUE(reply.header("content-disposition").starts_with("attachment"));
  EXPECT_TRUE(reply.header("content-security-policy").starts_with("sandbox;"));
  // Names are shown, and are not markup.
  ASSERT_EQ(her.request("PUT", "/v1/files/" + percent_encoded("<img src=x>.txt"), "x").status, 201);
  const Reply page = her.get("/files");
  EXPECT_FALSE(page.says("<img src=x>"));
  EXPECT_TRUE(page.says("&lt;img src=x&gt;.txt"));
}

TEST(SECU_4, TheSearchItselfFindsWhatIsThere) {
  // What a form is found in is made here by other means than the search's own.
  const std::string word = "Sunniva Kvernmo";
  const std::vector<std::pair<std::string, std::string>> planted = {
      {"plain", "x Sunniva Kvernmo y"},
      {"lower case", "xsunniva kvernmoy"},
      {"upper case", "SUNNIVA KVERNMO"},
      {"reverse", "omnrevK avinnuS"},
      {"hex", "0053756e6e697661204b7665726e6d6f00"},
      {"HEX", "53756E6E697661204B7665726E6D6F"},
      {"UTF-16LE", std::string("S\0u\0n\0n\0i\0v\0a\0 \0K\0v\0e\0r\0n\0m\0o\0", 30)},
      {"UTF-16BE", std::string("\0S\0u\0n\0n\0i\0v\0a\0 \0K\0v\0e\0r\0n\0m\0o", 30)},
      {"base64 at 0", "U3Vubml2YSBLdmVybm1v"},
      {"base64 at 1", "eFN1bm5pdmEgS3Zlcm5tb3k="},
      {"base64 at 2", "eHhTdW5uaXZhIEt2ZXJubW8="},
      {"base32", "KN2W43TJOZQSAS3WMVZG43LP"},
      {"percent", "Sunniva%20Kvernmo"},
      {"JSON",
       "\\u0053\\u0075\\u006e\\u006e\\u0069\\u0076\\u0061\\u0020\\u004b\\u0076\\u0065\\u0072"
       "\\u006e\\u006d\\u006f"}};
  for (const auto& [how, bytes] : planted)
    EXPECT_FALSE(canaries_in(bytes, how, {word}).empty()) << how;
  EXPECT_EQ(canaries_in("Sunniva's Kvern", "another", {word}), std::vector<std::string>());
  const TemporaryDirectory directory;
  write_file(directory.path() + "/Sunniva Kvernmo.txt", "");
  EXPECT_EQ(canaries_below({directory.path()}, {word}, "").size(), 1U) << "names of files count";
}

TEST(SECU_4, WhatLiesOnDiskIsCiphertext) {
  Served server;
  const Person kari{"Sunniva Kvernmo", "sunniva.kvernmo@example.com", "hestehov i april"};
  Browser her = server.account(kari);
  const std::string content = "The lease of Storgata 17 ends in March, and nobody knows yet.";
  const std::string session = her.cookies().at(0).value, token = server.mails().at(0).token();
  ASSERT_EQ(her.request("PUT", "/v1/files/Husleie/Storgata%2017.txt", content,
                        {{"Content-Type", "text/x-husleie"}})
                .status,
            201);
  Browser another = server.browser();  // one who has not answered yet
  ASSERT_EQ(Served::sign_up(another, {"Torbjorg Lilleaas", "torbjorg@example.com"}).status, 202);

  const std::vector<std::string> words = {
      kari.name, "Kvernmo",           "sunniva.kvernmo",      kari.password, content,
      session,   "Storgata 17",       "nobody knows yet",     "Husleie",     "text/x-husleie",
      token,     "Torbjorg Lilleaas", "torbjorg@example.com", "example.com"};
  const auto search = [&] {
    return canaries_below({server.data(), server.root()}, words, server.data() + "/outbox");
  };
  EXPECT_EQ(search(), std::vector<std::string>()) << "while it runs";
  server.kill();
  EXPECT_EQ(search(), std::vector<std::string>())
      << "after a crash, with what was left in journals";
  server.start();
  ASSERT_EQ(Served::cancel(her, kari).status, 200);
  server.stop();
  EXPECT_EQ(search(), std::vector<std::string>()) << "after the end";
}

TEST(SECU_4, FilesBelongToTheProgramAlone) {
  Served server;
  Browser her = server.account({"Kari Nordmann", "kari@example.com"});
  ASSERT_EQ(her.request("PUT", "/v1/files/Letters/a.txt", "Dear Ola").status, 201);
  std::vector<std::string> paths = {server.data(), server.root(), server.data() + "/content",
                                    server.data() + "/log", server.data() + "/outbox"};
  for (const std::string& directory : {server.data(), server.root()})
    for (const std::string& file : files_below(directory)) paths.push_back(file);
  ASSERT_GE(paths.size(), 12U);
  for (const std::string& path : paths) {
    struct stat about{};
    ASSERT_EQ(::stat(path.c_str(), &about), 0) << path;
    EXPECT_EQ(about.st_mode & 0077U, 0U) << path << " is open to others";
  }
  EXPECT_NE(read_file("/proc/" + std::to_string(server.process()) + "/limits")
                .find("Max core file size        0                    0 "),
            std::string::npos)
      << "a crash would write memory to disk";
}

}  // namespace
