// The real program serving over a temporary directory, with the people who use it: what a clause or
// a fault is tested through, from outside, by HTTP and by what lies on disk. Owns the process and
// its directory; never reaches into the program.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/browser.h"
#include "tests/support/child.h"
#include "tests/support/files.h"

namespace support {

struct Person {
  std::string name;
  std::string email;
  std::string password = "correct horse battery";
};

struct Mail {
  std::string file;
  std::string head;  // its headers
  std::string text;

  std::string header(const std::string& name) const;
  /// The code in the link that it carries; empty where it has none.
  std::string token() const;
};

class Served {
 public:
  struct How {
    std::vector<std::string> more = {};  // options beside the usual ones
    std::string notice = {};             // text of the notice file; empty: the embedded one
    std::vector<std::string> environment = {};
    std::string scheme = "http";
    std::string below = {};  // where its directory is made; empty: where temporary files are
  };
  /// Starts it, on any free port; throws where it does not serve.
  Served() : Served(How{}) {}
  explicit Served(How how);
  ~Served();  // ends it, and fails the test where it does not end as it should
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  /// On the same data and the same port.
  void start();
  /// As start(), for one that may refuse: its exit code then, or nothing where it serves.
  std::optional<int> try_start();
  /// Starts it and kills it after so long, whether it serves by then or not.
  void start_and_kill(std::chrono::microseconds after);
  void stop();  // SIGTERM; it must end with 0
  /// Its exit code when it ends by itself within `patience`.
  std::optional<int> ends(std::chrono::milliseconds patience);
  void kill();  // SIGKILL
  void restart();
  pid_t process() const { return child_ ? child_->id() : -1; }
  bool running() const { return child_.has_value(); }

  const std::string& origin() const { return origin_; }
  std::string data() const { return path("data"); }
  std::string root() const { return path("data.root"); }
  std::string path(const std::string& name) const { return directory_.path() + "/" + name; }
  std::string log() const { return read_file(path("server.log")); }  // all its standard error
  std::string out() const { return read_file(path("server.out")); }

  Browser browser() const { return Browser(origin_); }
  /// Signed up, proven and logged in.
  Browser account(const Person& person);
  static Reply sign_up(Browser& browser, const Person& person);
  static Reply verify(Browser& browser, const std::string& token, const Person& person);
  static Reply log_in(Browser& browser, const Person& person);
  static Reply cancel(Browser& browser, const Person& person);

  std::vector<Mail> mails() const;
  /// The next mail of that kind to that address which was not taken yet; waits for it, throws where
  /// none comes.
  Mail next_mail(const std::string& kind, const std::string& email);
  bool mail_comes(const std::string& kind, const std::string& email,
                  std::chrono::milliseconds patience);

  /// Moves its clock forward.
  void jump(std::chrono::hours by);
  std::chrono::system_clock::time_point now() const;

 private:
  std::vector<std::string> arguments() const;
  std::optional<int> learn_origin();
  std::optional<Mail> take_mail(const std::string& kind, const std::string& email);

  TemporaryDirectory directory_;
  How how_;
  std::string origin_;
  std::string port_ = "0";
  std::optional<Child> child_;
  std::vector<std::string> taken_;  // files of mails
  std::chrono::hours ahead_{0};
};

/// One server for all suites that only look, started when first asked for and ended after the last.
Served& common();

enum class Times { at_least_once, any };
/// `text` with `from` replaced by `to` wherever it stands; throws where it does not stand as often.
std::string replaced(std::string text, std::string_view from, std::string_view to,
                     Times times = Times::at_least_once);
/// The default notice, changed so.
std::string notice_with(std::string_view from, std::string_view to);

}  // namespace support
