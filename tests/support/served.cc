#include "tests/support/served.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <regex>
#include <stdexcept>
#include <thread>

#include "base/clock.h"
#include "notice/notice.h"
#include "tests/support/json.h"

namespace support {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto kStep = 5ms;
constexpr auto kStartMax = 30s;
constexpr auto kStopMax = 30s;
constexpr auto kMailMax = 10s;  // a second on an idle machine

/// Ends common() while failures still count.
class Common final : public testing::Environment {
 public:
  void TearDown() override { server.reset(); }
  std::unique_ptr<Served> server;
};
// GoogleTest owns it, and wants to know it before main().
Common* const kCommon = [] {
  auto* made = new Common;
  testing::AddGlobalTestEnvironment(made);
  return made;
}();

}  // namespace

std::string Mail::header(const std::string& name) const {
  const std::string all = "\r\n" + head;
  const auto at = all.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const auto from = at + name.size() + 4;
  return all.substr(from, all.find("\r\n", from) - from);
}

std::string Mail::token() const {
  static const std::regex link("#token=([A-Za-z0-9_-]+)");
  std::smatch found;
  return std::regex_search(text, found, link) ? found[1].str() : "";
}

Served::Served(How how) : directory_(how.below), how_(std::move(how)) {
  if (!how_.notice.empty()) write_file(path("notice.yaml"), how_.notice);
  start();
}

Served::~Served() {
  if (!child_) return;
  try {
    stop();
  } catch (const std::exception& wrong) {
    ADD_FAILURE() << wrong.what();
  }
}

std::vector<std::string> Served::arguments() const {
  std::vector<std::string> all = {"serve",       "--data", data(), "--listen", "127.0.0.1:" + port_,
                                  "--test-clock"};
  if (!how_.notice.empty()) all.insert(all.end(), {"--notice", path("notice.yaml")});
  all.insert(all.end(), how_.more.begin(), how_.more.end());
  return all;
}

void Served::start() {
  if (const auto code = try_start())
    throw std::runtime_error("the server ended with " + std::to_string(*code) + ": " + log());
}

std::optional<int> Served::try_start() {
  if (child_) throw std::runtime_error("the server runs already");
  write_file(path("server.out"), "");
  child_ = Child::start(arguments(), {path("server.out"), path("server.log")}, how_.environment);
  const auto code = learn_origin();
  if (code) child_.reset();
  ahead_ = 0h;  // its clock starts at wall time
  return code;
}

std::optional<int> Served::learn_origin() {
  static const std::regex line("Serving (https?)://localhost:([0-9]+)\n");
  const auto end = steady_clock::now() + kStartMax;
  while (steady_clock::now() < end) {
    std::smatch found;
    const std::string said = out();
    if (std::regex_search(said, found, line)) {
      port_ = found[2];
      origin_ = how_.scheme + "://localhost:" + port_;
      return std::nullopt;
    }
    if (const auto code = child_->wait(0ms)) return code;
    std::this_thread::sleep_for(kStep);
  }
  child_.reset();
  throw std::runtime_error("the server neither serves nor ends: " + log());
}

void Served::start_and_kill(std::chrono::microseconds after) {
  if (child_) throw std::runtime_error("the server runs already");
  child_ = Child::start(arguments(), {path("server.out"), path("server.log")}, how_.environment);
  std::this_thread::sleep_for(after);
  kill();
}

void Served::stop() {
  if (!child_) throw std::runtime_error("the server does not run");
  child_->signal(SIGTERM);
  const auto code = child_->wait(kStopMax);
  child_.reset();
  if (!code) throw std::runtime_error("the server does not end when asked to");
  if (*code != 0)
    throw std::runtime_error("the server ended with " + std::to_string(*code) + ": " + log());
}

std::optional<int> Served::ends(std::chrono::milliseconds patience) {
  if (!child_) throw std::runtime_error("the server does not run");
  const auto code = child_->wait(patience);
  if (code) child_.reset();
  return code;
}

void Served::kill() {
  if (!child_) throw std::runtime_error("the server does not run");
  child_->signal(SIGKILL);
  child_->wait(kStopMax);
  child_.reset();
}

void Served::restart() {
  stop();
  start();
}

Browser Served::account(const Person& person) {
  Browser her = browser();
  const auto expect = [&](const char* what, const Reply& reply, int status) {
    if (reply.status != status)
      throw std::runtime_error(std::string(what) + ": " + std::to_string(reply.status) + " " +
                               reply.body);
  };
  expect("sign-up", sign_up(her, person), 202);
  expect("verify", verify(her, next_mail("verify", person.email).token(), person), 200);
  expect("login", log_in(her, person), 200);
  return her;
}

Reply Served::sign_up(Browser& browser, const Person& person) {
  return browser.json("POST", "/v1/signup",
                      json_object({{"legal_name", person.name},
                                   {"email", person.email},
                                   {"password", person.password},
                                   {"adult_professional", "true"},
                                   {"terms", "1"},
                                   {"notice", "1"}}));
}
Reply Served::verify(Browser& browser, const std::string& token, const Person& person) {
  return browser.json("POST", "/v1/verify",
                      json_object({{"token", token}, {"password", person.password}}));
}
Reply Served::log_in(Browser& browser, const Person& person) {
  return browser.json("POST", "/v1/login",
                      json_object({{"email", person.email}, {"password", person.password}}));
}
Reply Served::cancel(Browser& browser, const Person& person) {
  return browser.json("DELETE", "/v1/account", json_object({{"password", person.password}}));
}

std::vector<Mail> Served::mails() const {
  std::vector<Mail> all;
  for (const std::string& file : files_below(data() + "/outbox")) {
    if (!file.ends_with(".eml")) continue;
    const std::string bytes = read_file(file);
    const auto end = bytes.find("\r\n\r\n");
    if (end != std::string::npos)
      all.push_back({file, bytes.substr(0, end), bytes.substr(end + 4)});
  }
  return all;
}

std::optional<Mail> Served::take_mail(const std::string& kind, const std::string& email) {
  for (const Mail& mail : mails()) {
    if (mail.header("X-Scalign-Mail") != kind || mail.header("To") != "<" + email + ">") continue;
    if (std::find(taken_.begin(), taken_.end(), mail.file) != taken_.end()) continue;
    taken_.push_back(mail.file);
    return mail;
  }
  return std::nullopt;
}

Mail Served::next_mail(const std::string& kind, const std::string& email) {
  const auto end = steady_clock::now() + kMailMax;
  while (true) {
    if (const auto mail = take_mail(kind, email)) return *mail;
    if (steady_clock::now() >= end) throw std::runtime_error("no mail came: " + kind);
    std::this_thread::sleep_for(kStep);
  }
}

bool Served::mail_comes(const std::string& kind, const std::string& email,
                        std::chrono::milliseconds patience) {
  const auto end = steady_clock::now() + patience;
  while (true) {
    const auto all = mails();
    if (std::any_of(all.begin(), all.end(), [&](const Mail& mail) {
          return mail.header("X-Scalign-Mail") == kind && mail.header("To") == "<" + email + ">" &&
                 std::find(taken_.begin(), taken_.end(), mail.file) == taken_.end();
        }))
      return true;
    if (steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(kStep);
  }
}

std::chrono::system_clock::time_point Served::now() const {
  return std::chrono::system_clock::now() + ahead_;
}

void Served::jump(std::chrono::hours by) {
  ahead_ += by;
  Browser anybody = browser();
  const auto to = std::chrono::time_point_cast<base::Duration>(now());
  const Reply reply =
      anybody.json("POST", "/test/clock", json_object({{"now", base::rfc3339(to)}}));
  if (reply.status != 200) throw std::runtime_error("the clock did not move: " + reply.body);
}

Served& common() {
  if (!kCommon->server) kCommon->server = std::make_unique<Served>();
  return *kCommon->server;
}

std::string replaced(std::string text, std::string_view from, std::string_view to, Times times) {
  std::size_t done = 0;
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
    ++done;
  }
  if (done == 0 && times == Times::at_least_once)
    throw std::runtime_error("the notice does not say: " + std::string(from));
  return text;
}

std::string notice_with(std::string_view from, std::string_view to) {
  return replaced(std::string(notice::default_text()), from, to);
}

}  // namespace support
