// What is over is removed, although some of it cannot be.
#include <gtest/gtest.h>

#include <set>

#include "accounts/accounts.h"
#include "keys/page.h"
#include "tests/support/stack.h"

namespace accounts {
namespace {

using base::Code;
using base::Result;

constexpr std::size_t kOwners = 6 * keys::kFanout;  // more on damaged pages than one tick takes

/// What the tests ask of a table of owners with an end.
struct Table {
  base::Literal insert;
  base::Literal owners;
  base::Literal first;
  base::Literal slots;
};

constexpr Table kTables[] = {
    {"INSERT INTO accounts_pending (owner, token_digest, state, expires_at) VALUES (?, ?, 0, ?)",
     "SELECT owner FROM accounts_pending",
     "SELECT owner FROM accounts_pending ORDER BY owner LIMIT 1",
     "SELECT slot FROM keys_owner JOIN accounts_pending USING (owner)"},
    {"INSERT INTO account_links (owner, token_digest, user, purpose, state, expires_at)"
     " VALUES (?1, ?2, ?1, 0, 0, ?3)",
     "SELECT owner FROM account_links", "SELECT owner FROM account_links ORDER BY owner LIMIT 1",
     "SELECT slot FROM keys_owner JOIN account_links USING (owner)"}};

class AccountsSweep : public testing::TestWithParam<Table> {
 protected:
  /// Sign-ups, or links, that have run out, and a session that has ended.
  void run_out() {
    std::vector<base::OwnerId> owners;
    for (std::size_t i = 0; i < kOwners; ++i)
      owners.push_back(base::OwnerId::random(stack_.entropy));
    stack_.keys->mint(owners).value();
    const auto account = base::AccountId::random(stack_.entropy);
    const auto now = stack_.clock.now();
    stack_.store
        ->write([&](store::Tx& tx) -> Result<void> {
          for (const base::OwnerId owner : owners) {
            TRY(stack_.keys->bind(tx, owner));
            TRY(tx.run(GetParam().insert, {owner, base::View(base::sha256(owner.bytes())), now}));
          }
          TRY(
              tx.run("INSERT INTO accounts_session (token_digest, id, user, account, expires_at)"
                     " VALUES (?, ?, ?, ?, ?)",
                     {base::View(base::sha256(account.bytes())), account, account, account, now}));
          return {};
        })
        .value();
  }
  std::vector<base::OwnerId> owners(base::Literal sql) {
    std::vector<base::OwnerId> found;
    stack_.store
        ->read([&](store::Reader& reader) {
          return reader.query(sql, {}, [&](const store::Row& row) -> Result<void> {
            found.push_back(TRY(row.id<base::OwnerId>(0)));
            return {};
          });
        })
        .value();
    return found;
  }
  std::set<std::uint64_t> leaves() {
    std::set<std::uint64_t> found;
    stack_.store
        ->read([&](store::Reader& reader) {
          return reader.query(GetParam().slots, {}, [&](const store::Row& row) -> Result<void> {
            found.insert(static_cast<std::uint64_t>(row.integer(0)) / keys::kFanout);
            return {};
          });
        })
        .value();
    return found;
  }
  /// Flips one bit in every image of these leaves of the key tree.
  void damage(const std::set<std::uint64_t>& which) {
    stack_.close();
    const std::string path = stack_.directory.file("data/keys.ktn");
    base::Bytes file = base::read_file(stack_.disk, path, 1UL << 30).value();
    for (std::size_t at = 0; at + keys::kPageSize <= file.size(); at += keys::kPageSize)
      if (file[at + 4] == 0 && which.contains(base::load_u64(file.data() + at + 5)))
        file[at + 2'000] ^= 1U;
    base::write_file_atomically(stack_.disk, path, file).value();
    stack_.reopen();
  }

  support::Stack stack_;
};

TEST_P(AccountsSweep, WhatCannotBeErasedKeepsNoOtherFromIt) {
  run_out();
  // The page of the first of them, by id.
  const auto slot = owners(GetParam().first);
  std::set<std::uint64_t> first;
  stack_.store
      ->read([&](store::Reader& reader) {
        return reader.query("SELECT slot FROM keys_owner WHERE owner = ?", {slot.at(0)},
                            [&](const store::Row& row) -> Result<void> {
                              first = {static_cast<std::uint64_t>(row.integer(0)) / keys::kFanout};
                              return {};
                            });
      })
      .value();
  damage(first);
  EXPECT_EQ(stack_.accounts->tick().code(), Code::corrupt);
  EXPECT_LE(owners(GetParam().owners).size(), kOwners - 100);
  EXPECT_TRUE(owners("SELECT id FROM accounts_session").empty());
  for (int i = 0; i < 20; ++i) (void)stack_.accounts->tick().ok();
  EXPECT_EQ(leaves(), first);
}

TEST_P(AccountsSweep, MoreThanATickTakesThatCannotBeErasedKeepNoOtherFromIt) {
  run_out();
  std::set<std::uint64_t> damaged = leaves();
  ASSERT_GE(damaged.size(), 6U);
  damaged.erase(*std::next(damaged.begin()));
  damage(damaged);
  // Where a tick begins is drawn: that all of these miss some of the others does not happen.
  for (int i = 0; i < 60; ++i) (void)stack_.accounts->tick().ok();
  EXPECT_GT(owners(GetParam().owners).size(), 200U);
  EXPECT_EQ(leaves(), damaged);
}

INSTANTIATE_TEST_SUITE_P(Tables, AccountsSweep, testing::ValuesIn(kTables));

}  // namespace
}  // namespace accounts
