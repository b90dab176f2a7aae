// A server whose log and keys a holder on "another host" follows, and what the tests of losing and
// of replacing it begin with: the pairing, two people, a backup, a replica that has it all.
#pragma once

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/holder.h"
#include "tests/support/json.h"
#include "tests/support/served.h"

namespace faults {

inline const support::Person kKari{"Kari Nordmann", "kari@example.com"};
inline const support::Person kOla{"Ola Nordmann", "ola@example.com"};
inline const support::Person kLiv{"Liv Nordmann", "liv@example.com"};

class Followed : public testing::Test {
 protected:
  Followed() {
    pair(root());
    declare(root());
    server.emplace(
        support::Served::How{.more = {"--root", root()}, .notice = support::notice_with_holder()});
  }
  std::string root() const { return place.path() + "/root"; }
  std::string backup() const { return place.path() + "/backup"; }
  std::string checkpoint() const { return place.path() + "/checkpoint"; }
  /// What is done before there is data.
  void pair(const std::string& root_directory) {
    const support::Outcome added =
        holder.add(place.path() + "/none", "oslo", holder.code(), root_directory);
    ASSERT_EQ(added.code, 0) << added.err;
  }
  void declare(const std::string& root_directory) {
    const support::Outcome declared =
        support::run({"holder", "replicate", "oslo", "--data", place.path() + "/none", "--root",
                      root_directory});
    ASSERT_EQ(declared.code, 0) << declared.err;
  }
  void pair() { pair(root()); }
  void back_up() {
    const support::Outcome made = support::run({"backup", backup(), "--data", server->data()});
    ASSERT_EQ(made.code, 0) << made.err;
  }
  std::string published() const { return support::read_file(server->data() + "/log/checkpoint"); }
  /// How many leaves a checkpoint counts.
  static std::string size_in(const std::string& checkpoint) {
    const auto from = checkpoint.find('\n') + 1;
    return checkpoint.substr(from, checkpoint.find('\n', from) - from);
  }
  /// Until the replica has all that this host has published, which stands at checkpoint() then.
  void follow() {
    using namespace std::chrono_literals;
    using std::chrono::steady_clock;
    std::string size;
    for (const auto end = steady_clock::now() + 30s; steady_clock::now() < end;) {
      support::write_file(checkpoint(), published());
      size = size_in(support::read_file(checkpoint()));
      if (holder.status("/replica/leaves") == size && holder.status("/replica/open_intents") == "0")
        break;
      std::this_thread::sleep_for(50ms);
    }
    ASSERT_EQ(holder.status("/replica/leaves"), size);
  }
  /// Who lives can log in and read, who was erased cannot.
  void expect_living() {
    support::Browser his = server->browser();
    ASSERT_EQ(support::Served::log_in(his, kOla).status, 200);
    EXPECT_EQ(his.get("/v1/files/letter.txt").body, "Dear Kari");
    support::Browser hers = server->browser();
    EXPECT_EQ(support::Served::log_in(hers, kKari).status, 401);
  }

  support::Holder holder;
  support::TemporaryDirectory place;
  std::optional<support::Served> server;
};

}  // namespace faults
