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

constexpr std::size_t kSignUps = 6 * keys::kFanout;  // more on damaged pages than one tick takes

class AccountsSweep : public testing::Test {
 protected:
  /// Sign-ups that have run out, and a session that has ended.
  void run_out() {
    std::vector<base::OwnerId> owners;
    for (std::size_t i = 0; i < kSignUps; ++i)
      owners.push_back(base::OwnerId::random(stack_.entropy));
    stack_.keys->mint(owners).value();
    const auto account = base::AccountId::random(stack_.entropy);
    const auto now = stack_.clock.now();
    stack_.store
        ->write([&](store::Tx& tx) -> Result<void> {
          for (const base::OwnerId owner : owners) {
            TRY(stack_.keys->bind(tx, owner));
            TRY(
                tx.run("INSERT INTO accounts_pending (owner, token_digest, state, expires_at)"
                       " VALUES (?, ?, 0, ?)",
                       {owner, base::View(base::sha256(owner.bytes())), now}));
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
          return reader.query(
              "SELECT slot FROM keys_owner JOIN accounts_pending USING (owner)", {},
              [&](const store::Row& row) -> Result<void> {
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

TEST_F(AccountsSweep, ASignUpThatCannotBeErasedKeepsNoOtherFromIt) {
  run_out();
  // The page of the first of them, by id.
  const auto slot = owners("SELECT owner FROM accounts_pending ORDER BY owner LIMIT 1");
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
  EXPECT_LE(owners("SELECT owner FROM accounts_pending").size(), kSignUps - 100);
  EXPECT_TRUE(owners("SELECT id FROM accounts_session").empty());
  for (int i = 0; i < 20; ++i) (void)stack_.accounts->tick().ok();
  EXPECT_EQ(leaves(), first);
}

TEST_F(AccountsSweep, MoreThanATickTakesThatCannotBeErasedKeepNoOtherFromIt) {
  run_out();
  std::set<std::uint64_t> damaged = leaves();
  ASSERT_GE(damaged.size(), 6U);
  damaged.erase(*std::next(damaged.begin()));
  damage(damaged);
  // Where a tick begins is drawn: that all of these miss some of the others does not happen.
  for (int i = 0; i < 60; ++i) (void)stack_.accounts->tick().ok();
  EXPECT_GT(owners("SELECT owner FROM accounts_pending").size(), 200U);
  EXPECT_EQ(leaves(), damaged);
}

}  // namespace
}  // namespace accounts
