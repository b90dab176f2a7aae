// A host whose service another has taken over while it was still serving: it erases nothing and
// signs nothing any more, says so to whoever asks, and ends. A take-over that can be
// known to lead nowhere leaves it alone. Real processes, mutual TLS on loopback.
#include <gtest/gtest.h>

#include <thread>

#include "tests/faults/followed.h"

using namespace support;
using faults::Followed;
using faults::kKari;
using faults::kLiv;
using faults::kOla;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

class TwoHosts : public Followed {
 protected:
  std::string new_data() const { return place.path() + "/new"; }
  std::string new_root() const { return place.path() + "/new-root"; }
  std::string notice() const { return server->path("notice.yaml"); }
  /// Kari and Ola with a letter each, a backup that knows them, and a replica that has it all.
  void live() {
    hers.emplace(server->account(kKari));
    his.emplace(server->account(kOla));
    ASSERT_EQ(hers->request("PUT", "/v1/files/letter.txt", "Dear Ola").status, 201);
    ASSERT_EQ(his->request("PUT", "/v1/files/letter.txt", "Dear Kari").status, 201);
    back_up();
    pair(new_root());
    follow();
  }
  /// Until the replica has all that the old host has published, and nothing more comes.
  void follow() {
    for (const auto end = steady_clock::now() + 30s; steady_clock::now() < end;) {
      const std::string text = published();
      std::this_thread::sleep_for(300ms);
      write_file(checkpoint(), text);
      if (text == published() && holder.status("/replica/leaves") == size_in(text)) return;
    }
    FAIL() << "the replica does not follow";
  }
  Outcome restore(const std::vector<std::string>& more, const std::string& from) const {
    std::vector<std::string> words = {"restore", from,       "--data",        new_data(),
                                      "--root",  new_root(), "--from-holder", "oslo"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  Outcome take_over(std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--notice", notice(), "--checkpoint", checkpoint()});
    return restore(more, backup());
  }
  static void expect_refused(const Reply& refused) {
    EXPECT_EQ(refused.status, 503) << refused.body;
    EXPECT_NE(refused.body.find("another host has taken this service over"), std::string::npos)
        << refused.body;
  }
  /// By itself, and the log that it had published is as it was.
  void expect_ends() {
    EXPECT_EQ(server->ends(10s), 2) << server->log();
    EXPECT_NE(server->log().find("do not start this one again"), std::string::npos)
        << server->log();
    EXPECT_EQ(published(), read_file(checkpoint())) << "it has signed another tree";
  }
  /// All keys and all data are there, under one history of the log.
  void expect_new_is_sound() const {
    for (auto check : {std::vector<std::string>{"keys", "check"},
                       {"vault", "check", "--notice", notice()},
                       {"ledger", "verify", new_data() + "/log"}}) {
      if (check[0] != "ledger")
        check.insert(check.end(), {"--data", new_data(), "--root", new_root()});
      const Outcome outcome = run(check);
      EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
    }
  }

  std::optional<Browser> hers;
  std::optional<Browser> his;
};

TEST_F(TwoHosts, AHostThatWasReplacedErasesNothing) {
  live();
  const Outcome done = take_over();
  ASSERT_EQ(done.code, 0) << done.err;
  expect_refused(Served::cancel(*hers, kKari));
  expect_ends();
  expect_new_is_sound();
}

// Who signs up waits for no entry: it is the log that finds out.
TEST_F(TwoHosts, AHostThatWasReplacedSignsNothing) {
  live();
  const Outcome done = take_over();
  ASSERT_EQ(done.code, 0) << done.err;
  Browser stranger = server->browser();
  (void)Served::sign_up(stranger, kLiv);
  expect_ends();
}

TEST_F(TwoHosts, ARootAtTheHolderIsNotWrittenByAHostThatWasReplaced) {
  server->stop();
  const Outcome moved = run({"keys", "move-root", "--to", "remote:oslo", "--data", server->data(),
                             "--root", root(), "--notice", notice()});
  ASSERT_EQ(moved.code, 0) << moved.err;
  server->start();
  live();
  const Outcome done = take_over({"--root-holder", "remote:oslo"});
  ASSERT_EQ(done.code, 0) << done.err;
  expect_refused(Served::cancel(*hers, kKari));
  expect_ends();
  expect_new_is_sound();
  EXPECT_EQ(server->try_start(), 2) << server->log();
  expect_new_is_sound();
}

TEST_F(TwoHosts, NothingIsTakenForABackupThatCannotBeRestored) {
  live();
  const std::vector<std::string> known = {"--notice", notice(), "--accept-lag"};
  const Outcome missing = restore(known, place.path() + "/no-such-backup");
  EXPECT_EQ(missing.code, 2);
  EXPECT_NE(missing.err.find("no complete backup"), std::string::npos) << missing.err;
  // Another installation's.
  {
    Served other({.notice = notice_with_holder()});
    const Outcome made = run({"backup", place.path() + "/others", "--data", other.data()});
    ASSERT_EQ(made.code, 0) << made.err;
  }
  const Outcome others = restore(known, place.path() + "/others");
  EXPECT_EQ(others.code, 2);
  EXPECT_NE(others.err.find("another installation's"), std::string::npos) << others.err;
  // A notice of another log.
  write_file(place.path() + "/other.yaml",
             replaced(notice_with_holder(), "log_origin: ", "log_origin: other."));
  const Outcome forgotten =
      restore({"--notice", place.path() + "/other.yaml", "--accept-lag"}, backup());
  EXPECT_EQ(forgotten.code, 2);
  EXPECT_NE(forgotten.err.find("log_origin"), std::string::npos) << forgotten.err;

  EXPECT_EQ(holder.status("/replica/incarnation"), "1") << "nothing was taken over";
  const Reply erased = Served::cancel(*hers, kKari);
  EXPECT_EQ(erased.status, 200) << erased.body;
}

}  // namespace
