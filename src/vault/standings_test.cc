#include "vault/standings.h"

#include <gtest/gtest.h>

#include "vault/journal_testing.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

notice::PurposeSet only(notice::PurposeId purpose) {
  notice::PurposeSet set;
  set.add(purpose);
  return set;
}

StandingChange consents() {
  StandingChange change;
  change.consents = only(N::analytics);
  return change;
}

StandingChange restriction(Restriction to) {
  StandingChange change;
  change.restriction = to;
  return change;
}

class VaultStanding : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(house_.open().ok()); }
  Result<std::uint64_t> change(base::OwnerId who, const StandingChange& change) {
    std::optional<ledger::Ticket> ticket;
    TRY(house_.write([&](store::Tx& tx) -> Result<void> {
      ticket = TRY(house_.vault->change_standing(tx, who, change, {"standing", "{}"}));
      return {};
    }));
    return house_.ledger->await(*ticket);
  }
  Result<void> enter(base::OwnerId who) {
    return house_.write([&](store::Tx& tx) -> Result<void> {
      TRY(house_.vault->journal(tx, who, {"export", "{}"}));
      return {};
    });
  }
  Result<CaughtUp> catch_up(base::OwnerId who) {
    CaughtUp found;
    TRY(house_.write([&](store::Tx& tx) -> Result<void> {
      found = TRY(house_.vault->catch_up(tx, who));
      return {};
    }));
    return found;
  }
  /// As a restore leaves it: the owner's bulk rows of an earlier moment, the log of now.
  void put_back(base::OwnerId who, std::int64_t entries, std::int64_t standing) {
    house_
        .write([&](store::Tx& tx) -> Result<void> {
          TRY(tx.run("DELETE FROM gate_standing WHERE owner = ?", {who}));
          TRY(tx.run("UPDATE vault_journal SET count = ? WHERE owner = ? AND chain = 0",
                     {entries, who}));
          TRY(tx.run("UPDATE vault_journal SET count = ? WHERE owner = ? AND chain = 1",
                     {standing, who}));
          return {};
        })
        .value();
    house_.open().value();
  }
  notice::Reason reason(base::OwnerId who, notice::PurposeId purpose) {
    return house_.gate->decide(who, N::identity, purpose).reason;
  }
  std::vector<std::string> payloads(base::OwnerId who, Chain chain) {
    std::vector<std::string> found;
    for (const Record& each : openings(house_, who))
      if (each.fields.integer("chain").value() == static_cast<std::int64_t>(chain))
        found.push_back(revealed(each.fields.text("payload").value()));
    return found;
  }

  base::RealDisk disk_;
  store::TemporaryDirectory directory_;
  House house_{disk_, directory_.path()};
};

TEST_F(VaultStanding, AChangeIsInForceAndInTheStandingChain) {
  const auto kari = house_.owner();
  EXPECT_EQ(reason(kari, N::analytics), notice::Reason::consent_missing);
  ASSERT_TRUE(change(kari, consents()).ok());
  EXPECT_EQ(reason(kari, N::analytics), notice::Reason::none);
  const auto told = payloads(kari, Chain::standing);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0], R"({"at":"2026-11-23T14:00:00Z","standing":{"consents":["analytics"]},)"
                     R"("type":"standing"})");
  EXPECT_TRUE(payloads(kari, Chain::entries).empty());
  const auto key = house_.keys->derive(kari, log_key_of(Chain::standing)).value();
  bool logged = false;
  ASSERT_TRUE(house_.store
                  ->read([&](store::Reader& reader) -> Result<void> {
                    logged = TRY(ledger::Ledger::has(reader, log_label(key.view(), 0)));
                    return {};
                  })
                  .ok());
  EXPECT_TRUE(logged);
}

TEST_F(VaultStanding, ChangesAddUp) {
  const auto kari = house_.owner();
  ASSERT_TRUE(change(kari, consents()).ok());
  StandingChange objects;
  objects.objects = only(N::improvement);
  ASSERT_TRUE(change(kari, objects).ok());
  ASSERT_TRUE(change(kari, restriction(Restriction::on)).ok());
  EXPECT_EQ(reason(kari, N::improvement), notice::Reason::objected);
  EXPECT_EQ(reason(kari, N::service), notice::Reason::restricted);
  ASSERT_TRUE(change(kari, restriction(Restriction::off)).ok());
  StandingChange takes_back;
  takes_back.withdraws = only(N::analytics);
  takes_back.agrees = only(N::improvement);
  ASSERT_TRUE(change(kari, takes_back).ok());
  EXPECT_EQ(reason(kari, N::analytics), notice::Reason::withdrawn);
  EXPECT_EQ(reason(kari, N::improvement), notice::Reason::none);
  EXPECT_EQ(reason(kari, N::service), notice::Reason::none);
  EXPECT_EQ(payloads(kari, Chain::standing).size(), 5U);
}

TEST_F(VaultStanding, OnlyWhatTheNoticeOffersCanBeChanged) {
  const auto kari = house_.owner();
  StandingChange no_consent;
  no_consent.consents = only(N::service);
  EXPECT_EQ(change(kari, no_consent).code(), Code::invalid);
  StandingChange no_objection;
  no_objection.objects = only(N::analytics);
  EXPECT_EQ(change(kari, no_objection).code(), Code::invalid);
  StandingChange both = consents();
  both.withdraws = both.consents;
  EXPECT_EQ(change(kari, both).code(), Code::invalid);
  EXPECT_EQ(change(kari, {}).code(), Code::invalid);
  EXPECT_TRUE(payloads(kari, Chain::standing).empty());
}

TEST_F(VaultStanding, AFailedTransactionChangesNeither) {
  const auto kari = house_.owner();
  const auto failed = house_.write([&](store::Tx& tx) -> Result<void> {
    TRY(house_.vault->change_standing(tx, kari, consents(), {"standing", "{}"}));
    return Error{Code::internal, "on purpose"};
  });
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(reason(kari, N::analytics), notice::Reason::consent_missing);
  EXPECT_TRUE(payloads(kari, Chain::standing).empty());
  const auto caught_up = catch_up(kari).value();
  EXPECT_EQ(caught_up.standing, 0U);
}

TEST_F(VaultStanding, NothingIsCaughtUpWhereTheLogIsNotAhead) {
  const auto kari = house_.owner();
  ASSERT_TRUE(change(kari, consents()).ok());
  ASSERT_TRUE(enter(kari).ok());
  const auto found = catch_up(kari).value();
  EXPECT_EQ(found.entries, 0U);
  EXPECT_EQ(found.standing, 0U);
  EXPECT_EQ(reason(kari, N::analytics), notice::Reason::none);
}

TEST_F(VaultStanding, AfterARestoreALaterChangeMakesHerUnconfirmed) {
  const auto kari = house_.owner();
  const auto ola = house_.owner();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(enter(kari).ok());
  ASSERT_TRUE(enter(ola).ok());
  ASSERT_TRUE(change(kari, restriction(Restriction::on)).ok());
  ASSERT_TRUE(change(ola, consents()).ok());
  put_back(kari, 1, 0);  // the backup is older than two entries and the restriction
  EXPECT_EQ(reason(kari, N::service), notice::Reason::none);
  EXPECT_EQ(enter(kari).code(), Code::conflict);  // her next label is in the log already

  const auto found = catch_up(kari).value();
  EXPECT_EQ(found.entries, 2U);
  EXPECT_EQ(found.standing, 1U);
  EXPECT_EQ(catch_up(ola).value().standing, 0U);
  for (const auto purpose : {N::service, N::analytics, N::improvement})
    EXPECT_EQ(reason(kari, purpose), notice::Reason::unconfirmed);
  EXPECT_TRUE(house_.gate->standing(kari).unconfirmed);
  EXPECT_EQ(reason(kari, N::accounts), notice::Reason::none);
  EXPECT_EQ(reason(ola, N::service), notice::Reason::none);
  EXPECT_EQ(catch_up(kari).value().standing, 0U);  // once is enough
  ASSERT_TRUE(enter(kari).ok());

  // A change that is no confirmation leaves it open; hers ends it.
  ASSERT_TRUE(change(kari, consents()).ok());
  EXPECT_EQ(reason(kari, N::analytics), notice::Reason::unconfirmed);
  StandingChange says = restriction(Restriction::off);
  says.confirmation = Confirmation::hers;
  ASSERT_TRUE(change(kari, says).ok());
  EXPECT_EQ(reason(kari, N::analytics), notice::Reason::none);
  EXPECT_EQ(reason(kari, N::service), notice::Reason::none);
}

TEST_F(VaultStanding, AnErasedOwnerHasNoStandingToChange) {
  const auto kari = house_.owner();
  ASSERT_TRUE(house_.vault->erase({kari, {}, {}, Entry{"erasure", "{}"}}, {}).ok());
  EXPECT_EQ(change(kari, consents()).code(), Code::gone);
  EXPECT_EQ(catch_up(kari).code(), Code::gone);
}

TEST(JournalSchema, BringsCountsForwardFromTheFirstVersion) {
  const store::TemporaryDirectory directory;
  base::ThreadWait wait;
  const std::string path = directory.file("store.db");
  base::SystemEntropy entropy;
  const auto kari = base::OwnerId::random(entropy);
  {
    const std::vector<store::Schema> old = {{"vault_journal", {Journal::schema().steps[0]}}};
    auto store = store::Store::open(wait, path, old).value();
    ASSERT_TRUE(store
                    ->write([&](store::Tx& tx) -> Result<void> {
                      TRY(tx.run("INSERT INTO vault_journal VALUES (?, 7)", {kari}));
                      return {};
                    })
                    .ok());
  }
  const std::vector<store::Schema> now = {Journal::schema()};
  auto store = store::Store::open(wait, path, now).value();
  std::int64_t count = 0;
  ASSERT_TRUE(store
                  ->read([&](store::Reader& reader) {
                    return reader.query(
                        "SELECT count FROM vault_journal WHERE owner = ? AND chain = 0", {kari},
                        [&](const store::Row& row) -> Result<void> {
                          count = row.integer(0);
                          return {};
                        });
                  })
                  .ok());
  EXPECT_EQ(count, 7);
}

TEST_F(VaultStanding, TheLogIsAskedWhatItKnowsAndHerLastEntryGoesBehindThat) {
  const auto kari = house_.owner(), eva = house_.owner();
  ASSERT_TRUE(enter(kari).ok() && enter(kari).ok());
  put_back(kari, 0, 0);
  EXPECT_EQ(house_.vault->logged(eva).value(), 0U);
  ASSERT_EQ(house_.vault->logged(kari).value(), 2U);
  ASSERT_EQ(house_.vault->logged(kari).value(), 2U) << "asking moves nothing";
  const auto key = house_.keys->derive(kari, log_key_of(Chain::entries)).value();
  const Vault::Erasing last{kari, {}, {}, Entry{"erasure", "{}"}, 2};
  EXPECT_EQ(house_.vault->erase(last, {}).value().label, log_label(key.view(), 2));
}

}  // namespace
}  // namespace vault
