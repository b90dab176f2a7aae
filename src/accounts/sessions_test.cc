#include "accounts/sessions.h"

#include <gtest/gtest.h>

#include <set>

#include "notice/notice.h"
#include "tests/support/rows.h"
#include "tests/support/stack.h"

namespace accounts {
namespace {

using base::Code;
using std::chrono::days;
using std::chrono::hours;
using support::address;
using support::opened;
using support::personal;
using support::secret;

constexpr const char* kEmail = "kari@example.com";
constexpr const char* kPassword = "correct horse battery";

Visit from(std::string_view user_agent, std::string network, std::string device_token = {}) {
  Visit visit;
  visit.device = device_of(user_agent);
  visit.country = personal("NO");
  visit.network = personal(std::move(network));
  visit.device_token = std::move(device_token);
  visit.origin = "http://localhost";
  return visit;
}
const char* const kFirefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/2010 Firefox/128.0";

class SessionsTest : public testing::Test {
 protected:
  SessionsTest() : kari(stack.join("Kari Nordmann", kEmail, kPassword)) {}

  NewSession log_in(const Visit& visit) {
    return stack.accounts->log_in(address(kEmail), secret(kPassword), visit).value().value();
  }
  bool lives(const NewSession& session) {
    return stack.accounts->session(session.token).value().has_value();
  }
  /// The letters about new devices so far.
  std::vector<std::string> warnings() {
    stack.outbox->tick().value();
    std::vector<std::string> texts;
    for (const egress::Letter& letter : stack.transport.letters)
      if (letter.kind == egress::MailKind::new_device) {
        texts.push_back(opened(letter.text));
        std::ranges::replace(texts.back(), '\n', ' ');  // as lines are broken
      }
    return texts;
  }

  support::Stack stack;
  NewSession kari;
};

TEST_F(SessionsTest, AreListedWithDeviceCountryAndDays) {
  stack.clock.advance(days(2));
  const NewSession second = log_in(from(kFirefox, "4:c00002"));
  const auto sessions = stack.sessions->list(second.identity).value();
  ASSERT_EQ(sessions.size(), 2u);
  EXPECT_TRUE(sessions[0].current);
  EXPECT_EQ(sessions[0].id, second.identity.session);
  EXPECT_EQ(opened(sessions[0].program), "Firefox");
  EXPECT_EQ(opened(sessions[0].system), "Linux");
  EXPECT_EQ(opened(sessions[0].country), "NO");
  EXPECT_EQ(base::rfc3339(sessions[0].started), "2026-11-25T00:00:00Z");
  EXPECT_EQ(base::rfc3339(sessions[0].last_used), "2026-11-25T00:00:00Z");
  EXPECT_FALSE(sessions[1].current);
  EXPECT_EQ(opened(sessions[1].program), "");
  EXPECT_EQ(opened(sessions[1].country), "");
  EXPECT_EQ(base::rfc3339(sessions[1].last_used), "2026-11-23T00:00:00Z");
}

TEST_F(SessionsTest, EndWhenTheirBrowserLogsInAnew) {
  Visit again = from(kFirefox, "4:c00002");
  again.session_token = kari.token;
  EXPECT_FALSE(stack.accounts->log_in(address(kEmail), secret("wrong"), again)->has_value());
  EXPECT_TRUE(lives(kari));
  const NewSession second = log_in(again);
  EXPECT_FALSE(lives(kari));
  EXPECT_TRUE(lives(second));
  // Nothing is left of it, and those on other devices go on.
  EXPECT_EQ(support::count(*stack.store,
                           "SELECT count(*) FROM vault_record WHERE collection = 'sessions'"),
            1u);
  const NewSession phone = log_in(from(kFirefox, "4:c00003"));
  EXPECT_TRUE(lives(second));
  // It is over as well where somebody else logs in there.
  stack.join("Ola Nordmann", "ola@example.com", kPassword);
  again.session_token = phone.token;
  ASSERT_TRUE(
      stack.accounts->log_in(address("ola@example.com"), secret(kPassword), again)->has_value());
  EXPECT_FALSE(lives(phone));
  EXPECT_TRUE(lives(second));
}

TEST_F(SessionsTest, LiveThirtyDaysFromTheDayOfTheirLastUse) {
  for (int month = 0; month < 4; ++month) {
    stack.clock.advance(days(29));
    const auto identity = stack.accounts->session(kari.token).value();
    ASSERT_TRUE(identity) << month;
    EXPECT_EQ(identity->seen, Identity::Seen::first_today);
    for (int again = 0; again < 2; ++again)  // the second is remembered
      EXPECT_EQ(stack.accounts->session(kari.token).value()->seen, Identity::Seen::earlier_today);
    // What is said of the device lives as long.
    ASSERT_EQ(stack.sessions->list(*identity)->size(), 1u);
  }
  // The hour of the last use is not kept: it counts from the beginning of that day.
  stack.clock.advance(days(29) + hours(11));
  EXPECT_TRUE(lives(kari));
  stack.clock.advance(days(29) + hours(2));
  EXPECT_FALSE(lives(kari));
}

TEST_F(SessionsTest, EndAfterAHundredAndEightyDaysHoweverMuchTheyAreUsed) {
  for (int day = 0; day < 179; ++day) {
    stack.clock.advance(days(1));
    ASSERT_TRUE(lives(kari)) << day;
  }
  stack.clock.advance(days(1));
  EXPECT_FALSE(lives(kari));
  ASSERT_TRUE(stack.accounts->tick().ok());
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM accounts_session"), 0u);
}

TEST_F(SessionsTest, TheNoticeSaysTheSameLimits) {
  const notice::Document document = support::Stack::notice();
  const auto& keeps = document.technology("session")->keeps;
  ASSERT_EQ(keeps.size(), 1u);
  EXPECT_EQ(keeps[0].lifetime, "30 days");
  EXPECT_EQ(document.technology("known_device")->keeps.at(0).lifetime, "180 days");
  const std::string said = notice::in(document.retention_rule("with_the_session")->text, "en");
  EXPECT_NE(said.find("30 days"), std::string::npos);
  EXPECT_NE(said.find("180 days"), std::string::npos);
  EXPECT_EQ(session_idle_limit, days(30));
  EXPECT_EQ(session_absolute_limit, days(180));
  EXPECT_EQ(device_known_for, days(180));

  // Another notice than that of the constants is not served.
  const Sessions::Parts parts{*stack.vault, *stack.outbox, stack.clock, stack.entropy,
                              *stack.throttle};
  ASSERT_TRUE(Sessions::open(parts).ok());
  std::string text(notice::default_text());
  const auto at = text.find("for: 30 days", text.find("with_the_session:"));
  text.replace(at, 12, "for: 14 days");
  const auto other = notice::check("other.yaml", text);
  ASSERT_TRUE(other.ok());
  stack.policy.install(notice::Policy::compile(*other.document));
  EXPECT_EQ(Sessions::open(parts).code(), Code::invalid);
}

TEST_F(SessionsTest, OneOrAllOthersCanBeEnded) {
  const NewSession phone = log_in(from(kFirefox, "4:c00002"));
  const NewSession laptop = log_in(from(kFirefox, "4:c00003"));
  ASSERT_TRUE(stack.sessions->end(kari.identity, phone.identity.session).ok());
  EXPECT_FALSE(lives(phone));
  EXPECT_EQ(stack.sessions->end(kari.identity, phone.identity.session).code(), Code::missing);
  EXPECT_EQ(stack.sessions->end_others(laptop.identity).value(), 1u);
  EXPECT_FALSE(lives(kari));
  EXPECT_TRUE(lives(laptop));
  EXPECT_EQ(stack.sessions->list(laptop.identity)->size(), 1u);
  ASSERT_TRUE(stack.accounts->log_out(laptop.identity).ok());
  EXPECT_FALSE(lives(laptop));
  // Nothing of a session that has ended stays.
  EXPECT_EQ(support::count(*stack.store,
                           "SELECT count(*) FROM vault_record WHERE collection = 'sessions'"),
            0u);
}

TEST_F(SessionsTest, NobodyEndsThoseOfAnother) {
  const NewSession ola = stack.join("Ola Nordmann", "ola@example.com", kPassword);
  EXPECT_EQ(stack.sessions->end(ola.identity, kari.identity.session).code(), Code::missing);
  EXPECT_EQ(stack.sessions->end_others(ola.identity).value(), 0u);
  EXPECT_EQ(stack.sessions->list(ola.identity)->size(), 1u);
  EXPECT_TRUE(lives(kari));
}

TEST_F(SessionsTest, AreBounded) {
  for (std::size_t i = 0; i < Sessions::sessions_max; ++i) log_in({});
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM accounts_session"),
            Sessions::sessions_max);
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM sessions_device"),
            Sessions::devices_max);
  EXPECT_TRUE(lives(log_in({})));
}

TEST_F(SessionsTest, ANewDeviceIsToldByMailOnce) {
  EXPECT_TRUE(warnings().empty()) << "the first login of all is no news";
  const NewSession phone = log_in(from(kFirefox, "4:c00002"));
  ASSERT_EQ(warnings().size(), 1u);
  const std::string text = warnings().at(0);
  EXPECT_NE(text.find("Firefox on Linux, Norway, 2026-11-23 at 12:00 UTC"), std::string::npos)
      << text;
  // It is known now, also from elsewhere; and so is the one that she began with.
  EXPECT_EQ(log_in(from(kFirefox, "4:c00009", phone.device_token)).device_token,
            phone.device_token);
  log_in(from("", "4:c00009", kari.device_token));
  EXPECT_EQ(warnings().size(), 1u);
  EXPECT_EQ(stack.sessions->figures().from_new_devices, 1u);
}

TEST_F(SessionsTest, OfManyNewDevicesAnHourTheFirstAreTold) {
  for (int i = 0; i < 20; ++i) log_in(from(kFirefox, "4:c00002"));
  EXPECT_EQ(warnings().size(), 6u);
  stack.join("Ola Nordmann", "ola@example.com", kPassword);
  stack.accounts->log_in(address("ola@example.com"), secret(kPassword), from(kFirefox, "4:c00002"))
      .value();
  EXPECT_EQ(warnings().size(), 7u) << "another person is told of hers";
  stack.clock.advance(std::chrono::minutes(10));
  for (int i = 0; i < 20; ++i) log_in(from(kFirefox, "4:c00002"));
  EXPECT_EQ(warnings().size(), 8u) << "one more every ten minutes";
}

TEST_F(SessionsTest, ManyNewDevicesPushOutNoneOfTheLastDays) {
  const auto known = [&] {
    return stack.sessions->recognise(kari.identity.user, from("", "4:c00009", kari.device_token))
               .value() == Acquaintance::device;
  };
  for (int i = 0; i < 50; ++i) log_in(from(kFirefox, "4:c00002"));
  EXPECT_TRUE(known());
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM sessions_device"),
            Sessions::devices_max);
  stack.clock.advance(device_stays_for + days(1));
  for (int i = 0; i < 50; ++i) log_in(from(kFirefox, "4:c00002"));
  EXPECT_FALSE(known());
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM sessions_device"),
            Sessions::devices_max);
}

TEST_F(SessionsTest, ADeviceIsNotKnownByAValueThatWeDidNotGive) {
  const std::string made_up(43, 'A');
  const NewSession session = log_in(from(kFirefox, "4:c00002", made_up));
  EXPECT_EQ(warnings().size(), 1u);
  EXPECT_NE(session.device_token, made_up);
  // A browser that two people use is one device, of each of them.
  stack.join("Ola Nordmann", "ola@example.com", kPassword);
  const auto ola = stack.accounts
                       ->log_in(address("ola@example.com"), secret(kPassword),
                                from(kFirefox, "4:c00002", session.device_token))
                       .value()
                       .value();
  EXPECT_EQ(ola.device_token, session.device_token);
  EXPECT_EQ(warnings().size(), 2u) << "it is new to him";
}

TEST_F(SessionsTest, ADeviceIsForgottenAfterAHundredAndEightyDays) {
  stack.clock.advance(days(180));
  ASSERT_TRUE(stack.accounts->tick().ok());
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM sessions_device"), 0u);
  log_in(from(kFirefox, "4:c00002", kari.device_token));
  EXPECT_EQ(warnings().size(), 1u) << "and a login is no first one for all that";
}

TEST_F(SessionsTest, RecognisesDevicesAndNetworks) {
  const base::UserId user = kari.identity.user;
  const NewSession phone = log_in(from(kFirefox, "4:c00002"));
  const auto seen = [&](const Visit& visit) {
    return stack.sessions->recognise(user, visit).value();
  };
  EXPECT_EQ(seen(from(kFirefox, "4:c00009", phone.device_token)), Acquaintance::device);
  EXPECT_EQ(seen(from("", "4:c00002")), Acquaintance::network);
  EXPECT_EQ(seen(from(kFirefox, "4:c00009")), Acquaintance::stranger);
  EXPECT_EQ(seen(from(kFirefox, "4:c00009", std::string(43, 'A'))), Acquaintance::stranger);
  EXPECT_EQ(seen({}), Acquaintance::stranger) << "no network is no network in common";
  // Nobody is known by what another person has used.
  const NewSession ola = stack.join("Ola Nordmann", "ola@example.com", kPassword);
  const auto of_ola =
      stack.sessions->recognise(ola.identity.user, from(kFirefox, "4:c00002", phone.device_token));
  EXPECT_EQ(of_ola.value(), Acquaintance::stranger);
}

TEST_F(SessionsTest, EndAltogetherWhenWhatProvesHerChanges) {
  const NewSession phone = log_in(from(kFirefox, "4:c00002"));
  const auto ended = stack.store->write([&](store::Tx& tx) -> base::Result<void> {
    EXPECT_EQ(stack.sessions->end_all(tx, kari.identity.user, phone.identity.session).value(), 1u);
    return {};
  });
  ASSERT_TRUE(ended.ok());
  EXPECT_TRUE(lives(phone));
  EXPECT_FALSE(lives(kari));
  EXPECT_EQ(stack.sessions->recognise(kari.identity.user, from("", "", kari.device_token)).value(),
            Acquaintance::stranger);
}

TEST_F(SessionsTest, NothingOutlivesTheAccountOrARestore) {
  stack.join("Ola Nordmann", "ola@example.com", kPassword);
  ASSERT_TRUE(stack.accounts->cancel(kari.identity).ok());
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM accounts_session"), 1u);
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM sessions_device"), 1u);
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM sessions_user"), 1u);
  ASSERT_TRUE(stack.accounts->restored().ok());
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM accounts_session"), 0u);
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM sessions_device"), 0u);
}

TEST_F(SessionsTest, NothingThatWasSentStandsInThePlain) {
  log_in(from("Kari's browser 1.0 (Linux) Firefox/1", "4:c00002"));
  stack.close();
  const std::string path = stack.directory.file("data/store.db");
  for (const std::string& file : {path, path + "-wal"}) {
    const auto bytes = base::read_file(stack.disk, file, 64 << 20);
    if (!bytes.ok()) continue;
    for (const char* word : {"Firefox", "Linux", "c00002", "Kari's browser"})
      EXPECT_EQ(base::text(*bytes).find(word), std::string_view::npos) << word;
  }
}

}  // namespace
}  // namespace accounts
