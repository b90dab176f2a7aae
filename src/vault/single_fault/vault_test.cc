// Everything that the vault does, with one error at the first call of the disk or step of a
// statement that it makes, then at the second, and so on until it meets none. Each time either the
// error is told and nothing has happened, or all has; and what was acknowledged before is there.
#include <gtest/gtest.h>

#include <set>

#include "vault/check.h"
#include "vault/expiry.h"
#include "vault/journal_testing.h"
#include "vault/single_fault/testing.h"
#include "vault/usage_testing.h"

namespace vault {
namespace {

using base::Result;

TEST_F(VaultSingleFault, ARecordIsPutOrNot) {
  base::RecordId id;
  everywhere(
      [&] {
        id = house_.record_id();
        return put(id);
      },
      [&](bool done) { EXPECT_EQ(has(id), done); });
}

TEST_F(VaultSingleFault, ARecordIsReplacedOrAsItWas) {
  const auto id = house_.record_id();
  ASSERT_TRUE(put(id).ok());
  const auto name = [&] {
    return revealed(house_.get(house_.permit(who_), id)->fields.text("name").value());
  };
  int turn = 0;
  everywhere([&] { return house_.put(who_, id, fields("name " + std::to_string(++turn))); },
             [&](bool done) { EXPECT_EQ(name() == "name " + std::to_string(turn), done); });
}

TEST_F(VaultSingleFault, ARecordIsRemovedOrNot) {
  const auto id = house_.record_id();
  ASSERT_TRUE(put(id).ok());
  everywhere(
      [&] {
        return house_.write([&](store::Tx& tx) {
          return house_.vault->remove(tx, house_.permit(who_), {kPeople.name, {}, id});
        });
      },
      [&](bool done) { EXPECT_NE(has(id), done); });
}

TEST_F(VaultSingleFault, WhatIsReadIsRightOrAnError) {
  const auto leave = house_.permit(who_);
  everywhere([&]() -> Result<void> {
    const auto record = TRY(house_.get(leave, record_));
    EXPECT_EQ(record.id, record_);
    return {};
  });
  everywhere([&] {
    return house_.store->read([&](store::Reader& reader) -> Result<void> {
      const auto all = TRY(house_.vault->list(reader, leave, {kPeople.name, {}, {}}, 10));
      EXPECT_EQ(all.size(), 1U);
      return {};
    });
  });
  everywhere([&]() -> Result<void> {
    const Usage usage = TRY(usage_of(house_, who_));
    EXPECT_EQ(usage.pieces, 1U);
    EXPECT_EQ(usage.bytes, bytes_.size());
    return {};
  });
  everywhere([&]() -> Result<void> {
    const Usage usage = TRY(usage_of(house_, leave, kPeople.name));
    EXPECT_EQ(usage.pieces, 1U);
    EXPECT_GT(usage.bytes, 0U);
    return {};
  });
  everywhere([&]() -> Result<void> {
    const Usage usage = TRY(usage_of(house_, leave, kPeople.name, base::RecordId()));
    EXPECT_EQ(usage.pieces, 1U);
    EXPECT_GT(usage.bytes, 0U);
    return {};
  });
  everywhere([&]() -> Result<void> {
    EXPECT_EQ(TRY(house_.vault->logged(who_)), 0U);
    return {};
  });
  everywhere([&]() -> Result<void> {
    const auto reader = TRY(house_.reader(who_, content_));
    base::Bytes out(bytes_.size());
    TRY(reader->read_at(0, out));
    EXPECT_EQ(out, bytes_);
    return {};
  });
  everywhere([&]() -> Result<void> {
    const auto found = TRY(house_.vault->find(address("kari@example.com")));
    EXPECT_TRUE(found && found->user == listed(who_, user_).user);
    return {};
  });
}

TEST_F(VaultSingleFault, WhatIsHeldIsToldWholeOrNotAtAll) {
  everywhere([&]() -> Result<void> {
    const Inventory inventory = TRY(house_.vault->inventory(gate::Actor::person, who_));
    EXPECT_EQ(inventory.undeclared, 0U);
    for (const Holding& holding : inventory.holdings)
      if (holding.collection.c_str() == std::string_view("people")) EXPECT_EQ(holding.count, 1U);
    return {};
  });
  everywhere([&]() -> Result<void> {
    std::size_t items = 0;
    std::optional<ExportCursor> at = ExportCursor{};
    while (at) {
      const auto page = TRY(house_.vault->export_page(gate::Actor::person, who_, *at));
      for (const Exported& item : page.items) {
        EXPECT_EQ(revealed(item.json).find("damaged"), std::string::npos);
        ++items;
      }
      at = page.next;
    }
    EXPECT_EQ(items, 2U);
    return {};
  });
}

TEST_F(VaultSingleFault, AnAddressIsListedOrNot) {
  int turn = 0;
  everywhere(
      [&] {
        return house_.enlist(address("a" + std::to_string(++turn) + "@example.com"),
                             listed(who_, user_));
      },
      [&](bool done) {
        const auto found = house_.vault->find(address("a" + std::to_string(turn) + "@example.com"));
        ASSERT_TRUE(found.ok());
        EXPECT_EQ(found->has_value(), done);
      });
}

TEST_F(VaultSingleFault, AnAddressIsListedForSomebodyElseOrAsItWas) {
  const auto other = address("ola@example.com");
  ASSERT_TRUE(house_.enlist(other, listed(who_, user_)).ok());
  base::OwnerId next;
  everywhere(
      [&]() -> Result<void> {
        const auto hold = TRY(house_.vault->hold_directory(std::span(&other, 1)));
        return house_.write([&](store::Tx& tx) {
          return house_.vault->relist(tx, hold, other, listed(who_, next));
        });
      },
      [&](bool done) {
        const auto found = house_.vault->find(other);
        ASSERT_TRUE(found.ok() && found->has_value());
        EXPECT_EQ((*found)->user == next.as<base::UserTag>(), done);
      },
      {.prepare = [&] { next = base::OwnerId::random(house_.entropy); }});
}

TEST_F(VaultSingleFault, AnEntryIsInTheLogOnceAndItsNumbersHaveNoGap) {
  everywhere(
      [&]() -> Result<void> {
        std::optional<ledger::Ticket> ticket;
        TRY(house_.write([&](store::Tx& tx) -> Result<void> {
          ticket = TRY(house_.vault->journal(tx, who_, {"export", "{}"}));
          return {};
        }));
        TRY(house_.ledger->await(*ticket));
        return {};
      },
      [&](bool) {
        ASSERT_TRUE(house_.ledger->tick().ok());
        const auto told = openings(house_, who_);
        EXPECT_EQ(told.size(), house_.ledger->size());
        std::set<std::int64_t> numbers;
        for (const Record& each : told) numbers.insert(each.fields.integer("number").value());
        EXPECT_EQ(numbers.size(), told.size());
        if (!numbers.empty())
          EXPECT_EQ(*numbers.rbegin(), static_cast<std::int64_t>(told.size()) - 1);
      });
}

TEST_F(VaultSingleFault, AStandingChangesWithItsEntryOrNotAtAll) {
  bool restricted = false;
  std::int64_t changes = 0;
  everywhere(
      [&] {
        StandingChange change;
        change.restriction = restricted ? Restriction::off : Restriction::on;
        return house_.write([&](store::Tx& tx) -> Result<void> {
          TRY(house_.vault->change_standing(tx, who_, change, {"standing", "{}"}));
          return {};
        });
      },
      [&](bool done) {
        if (done) restricted = !restricted;
        changes += done ? 1 : 0;
        // Until the gate has noticed, it answers as the stricter of the two.
        EXPECT_TRUE(!restricted || !house_.gate->decide(who_, N::identity, N::service).allowed());
        ASSERT_TRUE(house_.write([&](store::Tx& tx) { return house_.gate->settle(tx); }).ok());
        EXPECT_EQ(house_.gate->decide(who_, N::identity, N::service).allowed(), !restricted);
        EXPECT_EQ(house_.count("SELECT 1 FROM vault_record WHERE collection = 'log_openings'"),
                  changes);
      });
}

TEST_F(VaultSingleFault, CatchingUpErrsOrIsDone) {
  house_
      .write([&](store::Tx& tx) -> Result<void> {
        TRY(house_.vault->journal(tx, who_, {"export", "{}"}));
        StandingChange change;
        change.restriction = Restriction::on;
        TRY(house_.vault->change_standing(tx, who_, change, {"standing", "{}"}));
        change.restriction = Restriction::off;
        TRY(house_.vault->change_standing(tx, who_, change, {"standing", "{}"}));
        // As a restore leaves it: the log knows more of her than her rows.
        TRY(tx.run("UPDATE vault_journal SET count = 0 WHERE owner = ?", {who_}));
        return {};
      })
      .value();
  CaughtUp found;
  bool caught = false;
  everywhere(
      [&] {
        return house_.write([&](store::Tx& tx) -> Result<void> {
          const CaughtUp now = TRY(house_.vault->catch_up(tx, who_));
          if (now.standing > 0) found = now;
          return {};
        });
      },
      [&](bool done) {
        caught = caught || done;
        EXPECT_EQ(house_.count("SELECT 1 FROM vault_journal WHERE owner = ? AND count > 0", {who_}),
                  caught ? 2 : 0);
      });
  EXPECT_EQ(found.entries, 1U);
  EXPECT_EQ(found.standing, 2U);
}

TEST_F(VaultSingleFault, AnErasureIsWholeOrHasNotBegunAndIsFinishedByTheNextTick) {
  int erased = 0;
  int turn = 0;
  base::OwnerId account;
  base::OwnerId user;
  base::ContentId content;
  const auto hers = [&] { return address("b" + std::to_string(turn) + "@example.com"); };
  const auto settle = [&] {
    ++turn;
    account = house_.owner();
    user = house_.owner();
    house_.put(account, house_.record_id(), fields()).value();
    content = house_.keep(account, bytes_).value();
    house_.enlist(hers(), listed(account, user)).value();
  };
  const auto erase = [&]() -> Result<void> {
    TRY(house_.vault->erase(
        {account, {user}, {hers()}, Entry{"erasure", R"({"what":"account"})"}, 1}, {}));
    return {};
  };
  const auto judge = [&](bool done) {
    const auto ticked = house_.vault->tick();
    ASSERT_TRUE(ticked.ok()) << ticked.error().chain();
    ASSERT_TRUE(house_.ledger->tick().ok());
    const bool gone = house_.keys->state(account).value() == keys::State::erased;
    EXPECT_TRUE(gone || !done);
    erased += gone ? 1 : 0;
    EXPECT_EQ(house_.keys->state(user).value() == keys::State::erased, gone);
    EXPECT_EQ(house_.keys->derive(account, "vault records v1").ok(), !gone);
    const auto found = house_.vault->find(hers());
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->has_value(), !gone);
    EXPECT_EQ(house_.count("SELECT 1 FROM vault_record WHERE owner = ? AND collection = 'people'",
                           {account}),
              gone ? 0 : 1);
    EXPECT_EQ(memory_.exists(house_.content_path(content)).value(), !gone);
    EXPECT_EQ(house_.ledger->size(), static_cast<std::uint64_t>(erased));
    EXPECT_TRUE(house_.keys->unfinished()->empty());
  };
  for (const When when : {When::before, When::after})
    everywhere(erase, judge, {.when = when, .prepare = settle});
  EXPECT_GT(erased, 20);
}

TEST_F(VaultSingleFault, WhatIsDueIsSweptOnceAndNothingElse) {
  const Expiry day = Expiry::after_creation(std::chrono::days(1));
  const Collection notes{"notes", "messages", "notes", {{"name", FieldKind::text, "Name"}}, day};
  const Collection parcels{"parcels", "messages", "parcels", {}, day};
  ASSERT_TRUE(house_.open({kPeople, kFiles, notes, parcels}).ok());
  std::uint64_t made = 0;
  const auto let_come_due = [&] {
    ++made;
    const auto leave = house_.permit(who_, N::messages);
    auto writer = house_.vault->create_content(leave, "parcels").value();
    writer->write(bytes_).value();
    writer->finish().value();
    house_
        .write([&](store::Tx& tx) -> Result<void> {
          TRY(house_.vault->put(tx, leave, {"notes", {}, house_.record_id()}, fields()));
          return house_.vault->publish(tx, *writer);
        })
        .value();
    house_.clock.advance(std::chrono::days(2));
  };
  everywhere([&] { return house_.vault->tick(); },
             [&](bool) {
               ASSERT_TRUE(house_.vault->tick().ok());
               EXPECT_EQ(house_.count("SELECT 1 FROM vault_record WHERE collection = 'notes'"), 0);
               EXPECT_EQ(content_files(), 1U);
               EXPECT_EQ(house_.vault->swept().records, made);
               EXPECT_EQ(house_.vault->swept().content, made);
             },
             {.prepare = let_come_due});
}

TEST_F(VaultSingleFault, TheDirectoryIsMadeAnewInTheEnd) {
  everywhere([&] { return rebuild_directory(); },
             [&](bool done) {
               if (!done) ASSERT_TRUE(rebuild_directory().ok());
             },
             {.alike_from = 12, .alike_to = 1020});
}

// That a bucket's key cannot be asked for now does not mean that there is none.
TEST_F(VaultSingleFault, ABucketOfAnUnknownOwnerIsMadeAnewOrAnError) {
  const auto stranger = base::OwnerId::random(house_.entropy);
  house_
      .write([&](store::Tx& tx) -> Result<void> {
        TRY(tx.run("UPDATE vault_directory SET owner = ? WHERE bucket = 0", {stranger}));
        return {};
      })
      .value();
  const auto strangers = [&] {
    return house_.count("SELECT 1 FROM vault_directory WHERE owner = ?", {stranger});
  };
  ASSERT_TRUE(house_.open().ok());
  every_.fault.arm(0);
  EXPECT_EQ(rebuild_directory().code(), base::Code::io);
  every_.fault.disarm();
  EXPECT_EQ(strangers(), 1);
  ASSERT_TRUE(rebuild_directory().ok());
  EXPECT_EQ(strangers(), 0);
  expect_all();
}

TEST_F(VaultSingleFault, ACheckErrsOrCountsEverything) {
  everywhere([&]() -> Result<void> {
    const auto found = TRY(house_.vault->check({}));
    EXPECT_EQ(found.records + found.content, 2U);
    if (!every_.fault.struck()) EXPECT_TRUE(found.sound());
    return {};
  });
}

// Of whom the keys know nothing: whether its row still stands is asked.
TEST_F(VaultSingleFault, ACheckErrsOrCountsWhatBelongsToNobody) {
  const auto nobody = base::OwnerId::random(house_.entropy);
  const auto extra = house_.keep(who_, bytes_).value();
  house_
      .write([&](store::Tx& tx) -> Result<void> {
        TRY(tx.run("UPDATE vault_content SET owner = ? WHERE id = ?", {nobody, extra}));
        return {};
      })
      .value();
  everywhere([&]() -> Result<void> {
    const auto found = TRY(house_.vault->check({}));
    EXPECT_EQ(found.content, 2U);
    EXPECT_GE(found.content_damaged, 1U);
    return {};
  });
}

TEST_F(VaultSingleFault, AStartErrsOrServesEverything) {
  for (const When when : {When::before, When::after}) {
    everywhere([&] { return house_.open(); },
               [&](bool done) {
                 if (done) return;
                 const auto opened = house_.open();
                 ASSERT_TRUE(opened.ok()) << opened.error().chain();
               },
               {.when = when});
  }
}

TEST_F(VaultSingleFault, AFirstStartIsMadeInTheEnd) {
  std::unique_ptr<House> fresh;
  int turn = 0;
  everywhere([&] { return fresh->open(); },
             [&](bool) {
               const auto opened = fresh->open();
               ASSERT_TRUE(opened.ok()) << opened.error().chain();
               EXPECT_FALSE(fresh->vault->find(address("kari@example.com"))->has_value());
               EXPECT_EQ(fresh->count("SELECT 1 FROM vault_directory"), 1025);
             },
             {.step = 61, .prepare = [&] {
                const std::string path = directory_.file("fresh" + std::to_string(++turn));
                fresh = std::make_unique<House>(disk_, path);
              }});
}

TEST_F(VaultSingleFault, WhatHasNoTermYetGetsItInTheEnd) {
  everywhere([&] { return house_.vault->tick(); },
             [&](bool) {
               ASSERT_TRUE(house_.vault->tick().ok());
               EXPECT_EQ(house_.count("SELECT 1 FROM vault_record WHERE expires_at <> 0"), 0);
             },
             {.prepare = [&] {
               house_
                   .write([&](store::Tx& tx) -> Result<void> {
                     TRY(tx.run("UPDATE vault_record SET expires_at = -1", {}));
                     return {};
                   })
                   .value();
             }});
}

}  // namespace
}  // namespace vault
