// What vault_test.cc does, in a process that remembers no key, and so has to read the tree.
#include <gtest/gtest.h>

#include "vault/journal_testing.h"
#include "vault/single_fault/testing.h"

namespace vault {
namespace {

using base::Result;

class VaultForgetful : public VaultSingleFault {
 protected:
  void forgetful(const support::EveryFault::Attempt& attempt, const Judge& judge = [](bool) {}) {
    everywhere(attempt, judge, {.prepare = [&] {
                 house_.open().value();
                 house_.permit(who_);  // from here on the gate remembers how she stands
               }});
  }
};

TEST_F(VaultForgetful, WhatIsReadIsRightOrAnError) {
  forgetful([&]() -> Result<void> {
    const auto record = TRY(house_.get(house_.permit(who_), record_));
    EXPECT_EQ(record.id, record_);
    return {};
  });
  forgetful([&] {
    return house_.store->read([&](store::Reader& reader) -> Result<void> {
      const auto all =
          TRY(house_.vault->list(reader, house_.permit(who_), {kPeople.name, {}, {}}, 10));
      EXPECT_EQ(all.size(), 1U);
      return {};
    });
  });
  forgetful([&]() -> Result<void> {
    TRY(house_.vault->pseudonym(house_.permit(who_), {}, base::Personal<std::string>("file")));
    return {};
  });
  forgetful([&]() -> Result<void> {
    const auto found = TRY(house_.vault->find(address("kari@example.com")));
    EXPECT_TRUE(found && found->user == listed(who_, user_).user);
    return {};
  });
  forgetful([&]() -> Result<void> {
    const auto address_held = address("kari@example.com");
    TRY(house_.vault->hold_directory(std::span(&address_held, 1)));
    return {};
  });
  forgetful([&]() -> Result<void> {
    const auto reader = TRY(house_.reader(who_, content_));
    EXPECT_EQ(reader->size(), bytes_.size());
    return {};
  });
}

TEST_F(VaultForgetful, WhatIsWrittenIsThereOrNot) {
  base::RecordId id;
  forgetful(
      [&] {
        id = house_.record_id();
        return put(id);
      },
      [&](bool done) { EXPECT_EQ(has(id), done); });
  int turn = 0;
  forgetful(
      [&] {
        return house_.enlist(address("f" + std::to_string(++turn) + "@example.com"),
                             listed(who_, user_));
      },
      [&](bool done) {
        const auto found = house_.vault->find(address("f" + std::to_string(turn) + "@example.com"));
        EXPECT_EQ(found.value().has_value(), done);
      });
  forgetful(
      [&] {
        return house_.write([&](store::Tx& tx) -> Result<void> {
          TRY(house_.vault->journal(tx, who_, {"export", "{}"}));
          TRY(house_.vault->catch_up(tx, who_));
          return {};
        });
      },
      [&](bool) {
        ASSERT_TRUE(house_.ledger->tick().ok());
        EXPECT_EQ(openings(house_, who_).size(), house_.ledger->size());
      });
}

// An erasure whose intent is durable and whose keys still stand: what finishes it errs as well.
TEST_F(VaultForgetful, AnInterruptedErasureIsFinishedInTheEnd) {
  base::OwnerId account;
  int turn = 0;
  const auto hers = [&] { return address("g" + std::to_string(turn) + "@example.com"); };
  const auto interrupt = [&] {
    ++turn;
    account = house_.owner();
    const auto user = house_.owner();
    house_.put(account, house_.record_id(), fields()).value();
    house_.enlist(hers(), listed(account, user)).value();
    memory_.break_path(directory_.path() + "/root/root.ktn");
    EXPECT_FALSE(
        house_.vault
            ->erase({account, {user}, {hers()}, Entry{"erasure", R"({"what":"account"})"}}, {})
            .ok());
    memory_.mend_path(directory_.path() + "/root/root.ktn");
    const auto changed = house_.write([&](store::Tx& tx) -> Result<void> {
      StandingChange change;
      change.restriction = Restriction::on;
      TRY(house_.vault->change_standing(tx, account, change, {"standing", "{}"}));
      return {};
    });
    EXPECT_EQ(changed.code(), base::Code::gone);
  };
  const auto expect_finished = [&] {
    EXPECT_EQ(house_.keys->state(account).value(), keys::State::erased);
    EXPECT_FALSE(house_.vault->find(hers())->has_value());
    EXPECT_TRUE(house_.keys->unfinished()->empty());
  };
  const std::vector<base::Code> told = {base::Code::io, base::Code::unavailable};
  everywhere([&] { return house_.vault->tick(); },
             [&](bool) {
               ASSERT_TRUE(house_.vault->tick().ok());
               expect_finished();
             },
             {.prepare = interrupt, .told = told});
  everywhere([&] { return house_.open(); },
             [&](bool) {
               ASSERT_TRUE(house_.open().ok());
               expect_finished();
             },
             {.prepare = interrupt, .told = told});
}

}  // namespace
}  // namespace vault
