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
  void queue(const char* to) {
    const Mail mail{MailKind::verify, owner, support::address(to), personal("t0k"),
                    "http://localhost"};
    stack.store->write([&](store::Tx& tx) { return stack.outbox->queue(tx, mail); }).value();
  }
  std::size_t waiting() {
    std::size_t count = 0;
    stack.store
        ->read([&](store::Reader& reader) -> base::Result<void> {
          return reader.query("SELECT count(*) FROM egress_mail", {},
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
  EXPECT_GE(tries, 13u);
  EXPECT_LE(tries, 15u);
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
        "https://example.com/verify#token=t0ken\n", "Hello,", "Street 1, Oslo",
        "Example AS, organisation number 999 888 777"})
    EXPECT_NE(text.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace egress
