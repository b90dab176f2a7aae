#include "egress/outbox.h"

#include <gtest/gtest.h>

#include "tests/support/stack.h"

namespace egress {
namespace {

using support::opened;
using support::personal;

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() : owner(base::OwnerId::random(stack.entropy)) {
    stack.keys->mint(std::array{owner}).value();
    stack.store->write([&](store::Tx& tx) { return stack.keys->bind(tx, owner); }).value();
  }
  base::MailId queue(const char* to) {
    const auto id = base::MailId::random(stack.entropy);
    queue_as(id, to);
    return id;
  }
  void queue_as(base::MailId id, const char* to) {
    const Mail mail{
        MailKind::verify,  owner, support::address(to), personal("t0k"), "http://localhost",
        Language::english, id};
    stack.store->write([&](store::Tx& tx) { return stack.outbox->queue(tx, mail); }).value();
  }
  std::optional<Fate> fate(base::MailId id) {
    std::optional<Fate> found;
    stack.store
        ->read([&](store::Reader& reader) -> base::Result<void> {
          found = TRY(Outbox::fate(reader, id));
          return {};
        })
        .value();
    return found;
  }
  std::vector<std::string> recipients() {
    std::vector<std::string> all;
    for (const Letter& letter : stack.transport.letters) all.push_back(opened(letter.to));
    return all;
  }
  /// Lets time pass a second at a time.
  void run(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      ASSERT_TRUE(stack.outbox->tick().ok());
      stack.clock.advance(std::chrono::seconds(1));
    }
  }
  std::size_t waiting() {
    std::size_t count = 0;
    stack.store
        ->read([&](store::Reader& reader) -> base::Result<void> {
          return reader.query("SELECT count(*) FROM egress_mail WHERE state = 0", {},
                              [&](const store::Row& row) -> base::Result<void> {
                                count = static_cast<std::size_t>(row.integer(0));
                                return {};
                              });
        })
        .value();
    return count;
  }
  support::Stack stack;
  base::OwnerId owner;
};

TEST_F(OutboxTest, DeliversInOrderAndOnce) {
  queue("one@example.com");
  queue("two@example.com");
  ASSERT_TRUE(stack.outbox->tick().ok());
  ASSERT_TRUE(stack.outbox->tick().ok());
  ASSERT_EQ(stack.transport.letters.size(), 2u);
  EXPECT_EQ(opened(stack.transport.letters[0].to), "one@example.com");
  EXPECT_EQ(opened(stack.transport.letters[1].to), "two@example.com");
  EXPECT_EQ(waiting(), 0u);
}

TEST_F(OutboxTest, WaitsAtMostAsLongAsTheNoticeSays) {
  stack.transport.failing = true;
  queue("one@example.com");
  ASSERT_TRUE(stack.outbox->tick().ok());
  stack.clock.advance(std::chrono::days(7) - std::chrono::seconds(1));
  ASSERT_TRUE(stack.outbox->tick().ok());
  EXPECT_EQ(waiting(), 1u);
  stack.transport.failing = false;
  stack.clock.advance(std::chrono::days(1));
  ASSERT_TRUE(stack.outbox->tick().ok());
  EXPECT_TRUE(stack.transport.letters.empty());
  EXPECT_EQ(waiting(), 0u);
}

TEST_F(OutboxTest, TriesAgainLaterAndSurvivesARestart) {
  stack.transport.failing = true;
  queue("one@example.com");
  ASSERT_TRUE(stack.outbox->tick().ok());
  stack.transport.failing = false;
  ASSERT_TRUE(stack.outbox->tick().ok());  // not due yet
  EXPECT_TRUE(stack.transport.letters.empty());
  stack.reopen();
  stack.clock.advance(std::chrono::seconds(3));
  ASSERT_TRUE(stack.outbox->tick().ok());
  ASSERT_EQ(stack.transport.letters.size(), 1u);
}

TEST_F(OutboxTest, PausesDoubleUpToAnHour) {
  stack.transport.failing = true;
  queue("one@example.com");
  std::size_t tries = 0;
  for (int second = 0; second < 3600 * 4; ++second) {
    const std::size_t before = stack.log_lines.size();
    ASSERT_TRUE(stack.outbox->tick().ok());
    tries += stack.log_lines.size() - before;
    stack.clock.advance(std::chrono::seconds(1));
  }
  // 2 + 4 + ... + 2048 s, then once an hour.
  EXPECT_GE(tries, 12u);
  EXPECT_LE(tries, 17u);
  EXPECT_EQ(waiting(), 1u);
}

TEST_F(OutboxTest, WhatWaitsForAnErasedOwnerIsDropped) {
  queue("one@example.com");
  const vault::Vault::Erasing what{owner, {}, {}, std::nullopt};
  ASSERT_TRUE(stack.vault->erase(what, [](store::Tx&) { return base::Result<void>(); }).ok());
  ASSERT_TRUE(stack.outbox->tick().ok());
  EXPECT_TRUE(stack.transport.letters.empty());
  EXPECT_EQ(waiting(), 0u);
}

TEST_F(OutboxTest, OneThatCannotBeReadHoldsUpNoOther) {
  queue("one@example.com");
  const notice::Policy& policy = stack.gate->policy().current();
  const auto leave = stack.gate->ask(gate::Actor::system, owner, *policy.category("mail"),
                                     *policy.purpose("notify"));
  ASSERT_TRUE(leave.ok());
  base::RecordId first;
  const auto of_first = [&](const store::Row& row) -> base::Result<void> {
    first = TRY(row.id<base::MailId>(0)).as<base::RecordTag>();
    return {};
  };
  const auto damage = [&](store::Tx& tx) -> base::Result<void> {
    TRY(tx.query("SELECT id FROM egress_mail", {}, of_first));
    return stack.vault->put(tx, *leave, {Outbox::collection().name, {}, first},
                            vault::Fields()
                                .set("kind", std::int64_t{99})
                                .set("to", personal("one@example.com"))
                                .set("token", personal(""))
                                .set("origin", base::Bytes()));
  };
  ASSERT_TRUE(stack.store->write(damage).ok());
  queue("two@example.com");
  ASSERT_TRUE(stack.outbox->tick().ok());
  ASSERT_EQ(stack.transport.letters.size(), 1u);
  EXPECT_EQ(opened(stack.transport.letters[0].to), "two@example.com");
  EXPECT_EQ(waiting(), 1u);  // tried again later, and said so in the log
}

TEST_F(OutboxTest, NothingThatWaitedIsLeftAfterARestore) {
  constexpr int kMany = 10'500;  // more than are looked at in one go
  const auto many = [&](store::Tx& tx) -> base::Result<void> {
    for (int i = 0; i < kMany; ++i)
      TRY(stack.outbox->queue(
          tx, {MailKind::verify, owner, support::address("one@example.com"), personal("t0k"),
               "http://localhost", Language::english, base::MailId::random(stack.entropy)}));
    return {};
  };
  stack.store->write(many).value();
  ASSERT_TRUE(stack.outbox->restored().ok());
  EXPECT_EQ(waiting(), 0U);
  std::int64_t sealed = -1;
  const auto count = [&](store::Reader& reader) {
    return reader.query("SELECT count(*) FROM vault_record WHERE collection = 'mail'", {},
                        [&](const store::Row& row) -> base::Result<void> {
                          sealed = row.integer(0);
                          return {};
                        });
  };
  stack.store->read(count).value();
  EXPECT_EQ(sealed, 0);
}

TEST_F(OutboxTest, WaitsWhereNobodyCanSayHowItsOwnerStands) {
  queue("one@example.com");
  const auto unreadable = [&](store::Tx& tx) -> base::Result<void> {
    TRY(tx.run("INSERT INTO gate_standing (owner, bits) VALUES (?, x'ff')", {owner}));
    return {};
  };
  stack.store->write(unreadable).value();
  stack.reopen();  // what was known of her is forgotten
  ASSERT_TRUE(stack.outbox->tick().ok());
  EXPECT_TRUE(stack.transport.letters.empty());
  EXPECT_EQ(waiting(), 1U) << "an acknowledged mail is lost";
  const auto mended = [&](store::Tx& tx) -> base::Result<void> {
    TRY(tx.run("DELETE FROM gate_standing", {}));
    return {};
  };
  stack.store->write(mended).value();
  run(10);
  EXPECT_EQ(recipients(), std::vector<std::string>{"one@example.com"});
}

TEST_F(OutboxTest, ARecipientsMailsKeepTheirOrderAndHoldUpNobodyElse) {
  int refusals = 3;
  stack.transport.answer = [&](const Letter& letter) {
    const bool hers = opened(letter.to) == "one@example.com";
    return hers && refusals-- > 0 ? Delivery{Outcome::later, 451} : Delivery{Outcome::accepted};
  };
  const auto first = queue("one@example.com");
  queue("One@example.com");  // the same mailbox
  queue("two@example.com");
  ASSERT_TRUE(stack.outbox->tick().ok());
  EXPECT_EQ(recipients(), std::vector<std::string>{"two@example.com"});
  EXPECT_EQ(fate(first)->attempts, 1);
  EXPECT_EQ(fate(first)->reply, 451);
  stack.reopen();  // order is kept over restarts
  run(60);
  EXPECT_EQ(recipients(),
            (std::vector<std::string>{"two@example.com", "one@example.com", "One@example.com"}));
}

TEST_F(OutboxTest, OneIdIsOneMailWhateverBecameOfIt) {
  const auto id = queue("one@example.com");
  queue_as(id, "one@example.com");
  EXPECT_EQ(waiting(), 1u);
  ASSERT_TRUE(stack.outbox->tick().ok());
  queue_as(id, "one@example.com");
  ASSERT_TRUE(stack.outbox->tick().ok());
  EXPECT_EQ(stack.transport.letters.size(), 1u);
  EXPECT_EQ(stack.transport.letters[0].id, id);
}

TEST_F(OutboxTest, WhatBecameOfAMailIsKnownForAMonth) {
  stack.transport.answer = [](const Letter& letter) {
    return opened(letter.to) == "no@example.com" ? Delivery{Outcome::refused, 550}
                                                 : Delivery{Outcome::accepted};
  };
  const auto refused = queue("no@example.com");
  const auto accepted = queue("yes@example.com");
  EXPECT_EQ(fate(accepted)->state, State::waiting);
  const base::Time then = stack.clock.now();
  ASSERT_TRUE(stack.outbox->tick().ok());
  EXPECT_EQ(fate(refused)->state, State::failed);
  EXPECT_EQ(fate(refused)->reply, 550);
  EXPECT_EQ(fate(accepted)->state, State::accepted);
  EXPECT_EQ(fate(accepted)->at, then);
  EXPECT_TRUE(stack.outbox->bounced(accepted).ok());
  EXPECT_EQ(fate(accepted)->state, State::bounced);
  EXPECT_TRUE(stack.outbox->bounced(refused).ok());
  EXPECT_EQ(fate(refused)->state, State::failed) << "never accepted";
  EXPECT_EQ(stack.outbox->bounced(base::MailId::random(stack.entropy)).code(), base::Code::missing);
  const auto figures = stack.outbox->figures();
  ASSERT_TRUE(figures.ok());
  EXPECT_EQ(figures->accepted_total, 1u);
  EXPECT_EQ(figures->failed_total, 1u);
  EXPECT_EQ(figures->bounced_total, 1u);
  stack.clock.advance(std::chrono::hours(31 * 24));
  ASSERT_TRUE(stack.outbox->tick().ok());
  EXPECT_FALSE(fate(accepted));
}

TEST_F(OutboxTest, AMailThatBouncesBeforeItCountsAsAcceptedIsNotSentAgain) {
  stack.transport.answer = [](const Letter&) { return Delivery{Outcome::unknown}; };
  const auto id = queue("one@example.com");
  ASSERT_TRUE(stack.outbox->tick().ok());
  ASSERT_TRUE(stack.outbox->bounced(id).ok());
  stack.transport.answer = nullptr;
  run(10);
  EXPECT_TRUE(stack.transport.letters.empty());
  EXPECT_EQ(fate(id)->state, State::bounced);
}

TEST_F(OutboxTest, IsGivenUpWhenTheNoticeSaysSo) {
  stack.transport.failing = true;
  const auto id = queue("one@example.com");
  stack.clock.advance(std::chrono::hours(7 * 24) - std::chrono::seconds(1));
  ASSERT_TRUE(stack.outbox->tick().ok());
  EXPECT_EQ(fate(id)->state, State::waiting);
  stack.clock.advance(std::chrono::seconds(10));
  ASSERT_TRUE(stack.outbox->tick().ok());
  EXPECT_EQ(fate(id)->state, State::failed);
}

TEST_F(OutboxTest, IsKnownToHaveFailedAlsoWhereTheVaultRemovedItFirst) {
  stack.transport.failing = true;
  const auto id = queue("one@example.com");
  run(2);
  stack.clock.advance(std::chrono::hours(7 * 24));
  stack.reopen();  // nobody remembers to whom it was to go
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(stack.vault->tick().ok());
  ASSERT_TRUE(stack.outbox->tick().ok());
  ASSERT_TRUE(fate(id));
  EXPECT_EQ(fate(id)->state, State::failed);
}

TEST_F(OutboxTest, ServersThatCannotBeReachedAreLeftInPeace) {
  int tried = 0;
  stack.transport.answer = [&](const Letter&) {
    ++tried;
    return Delivery{Outcome::unreachable};
  };
  const auto first = queue("one@example.com");
  for (int i = 0; i < 20; ++i) queue(("r" + std::to_string(i) + "@example.com").c_str());
  run(600);
  EXPECT_GE(tried, 10);
  EXPECT_LE(tried, 20) << "2 + 4 + ... s, then once a minute, whatever waits";
  EXPECT_EQ(fate(first)->attempts, 0) << "it is not the mail's fault";
  const auto figures = stack.outbox->figures();
  ASSERT_TRUE(figures.ok());
  EXPECT_EQ(figures->waiting, 21u);
  EXPECT_EQ(figures->oldest, std::chrono::seconds(600));
  stack.transport.answer = nullptr;
  run(80);
  ASSERT_EQ(stack.transport.letters.size(), 21u);
  EXPECT_EQ(stack.transport.letters[0].id, first);
}

TEST_F(OutboxTest, NothingOfARecipientIsInTheLogOrInPlainColumns) {
  stack.transport.answer = [](const Letter&) { return Delivery{Outcome::later, 451}; };
  queue("quite.unusual@example.com");
  run(5);
  ASSERT_FALSE(stack.log_lines.empty());
  for (const std::string& line : stack.log_lines)
    EXPECT_EQ(line.find("unusual"), std::string::npos) << line;
}

TEST_F(OutboxTest, EmlFilesAreWholeLetters) {
  const std::string directory = stack.directory.file("outbox");
  auto files = EmlTransport::open(stack.disk, stack.clock, directory);
  ASSERT_TRUE(files.ok());
  const Mail mail{MailKind::verify, owner, support::address("k@example.com"), personal("t0ken"),
                  "https://example.com"};
  const Sender sender{"Example AS", "Street 1, Oslo", "hello@example.com", "999 888 777"};
  const auto id = base::MailId::random(stack.entropy);
  ASSERT_TRUE(files->deliver(compose(id, mail, sender), sender).ok());
  ASSERT_TRUE(files->deliver(compose(id, mail, sender), sender).ok());  // the same letter again
  const auto names = stack.disk.list(directory);
  ASSERT_TRUE(names.ok());
  ASSERT_EQ(names->size(), 1u);
  const auto bytes = base::read_file(stack.disk, directory + "/" + names->front(), 1 << 16);
  ASSERT_TRUE(bytes.ok());
  const std::string text(base::text(*bytes));
  for (const char* part :
       {"From: \"Example AS\" <hello@example.com>\r\n", "To: <k@example.com>\r\n",
        "X-Scalign-Mail: verify\r\n", "Date: Mon, 23 Nov 2026 12:00:00 +0000\r\n",
        "https://example.com/app/verify#token=t0ken\r\n", "\r\nStreet 1, Oslo\r\n",
        "Example AS, organisation number 999 888 777"})
    EXPECT_NE(text.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace egress
