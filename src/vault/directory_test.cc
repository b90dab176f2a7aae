#include "vault/directory.h"

#include <gtest/gtest.h>

#include <set>

#include "vault/bucket.h"
#include "vault/testing.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

class VaultDirectory : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(house_.open().ok()); }
  Vault::Listed somebody() {
    return {base::UserId::random(house_.entropy), base::AccountId::random(house_.entropy)};
  }
  Result<void> enlist(const std::string& text, const Vault::Listed& listed) {
    return house_.enlist(address(text), listed);
  }
  std::optional<base::UserId> user(const std::string& text) {
    const auto listed = house_.vault->find(address(text)).value();
    if (!listed.has_value()) return std::nullopt;
    return listed->user;
  }
  Vault::Listed member() {
    const auto user = house_.owner();
    const auto account = house_.owner();
    return {user.as<base::UserTag>(), account.as<base::AccountTag>()};
  }
  Result<Erased> erase(const Vault::Listed& listed, std::vector<Address> addresses) {
    return house_.vault->erase({base::owner_of(listed.account),
                                {base::owner_of(listed.user)},
                                std::move(addresses),
                                std::nullopt},
                               [](store::Tx&) { return Result<void>(); });
  }

  base::RealDisk disk_;
  store::TemporaryDirectory directory_;
  House house_{disk_, directory_.path()};
};

TEST_F(VaultDirectory, FindsWhoIsListedHoweverTheLettersAreWritten) {
  const auto kari = somebody();
  EXPECT_FALSE(user("kari@example.com").has_value());
  ASSERT_TRUE(enlist("Kari@Example.com", kari).ok());
  EXPECT_EQ(user("kari@example.com"), kari.user);
  EXPECT_EQ(user("KARI@EXAMPLE.COM"), kari.user);
  EXPECT_FALSE(user("kari@example.org").has_value());
  const auto listed = house_.vault->find(address("kari@example.com")).value();
  EXPECT_EQ(listed->account, kari.account);
}

TEST_F(VaultDirectory, AnAddressIsListedOnce) {
  const auto kari = somebody();
  ASSERT_TRUE(enlist("kari@example.com", kari).ok());
  EXPECT_EQ(enlist("Kari@example.com", somebody()).code(), Code::conflict);
  EXPECT_EQ(user("kari@example.com"), kari.user);
}

TEST_F(VaultDirectory, AnAddressIsListedForSomebodyElseInstead) {
  const auto kari = member(), ola = member();
  const std::vector<Address> both = {address("kari@example.com"), address("ola@example.com")};
  ASSERT_TRUE(enlist("kari@example.com", kari).ok());
  const auto relist = [&](const Address& which, const Vault::Listed& listed) {
    const auto hold = house_.vault->hold_directory(both).value();
    return house_.write(
        [&](store::Tx& tx) { return house_.vault->relist(tx, hold, which, listed); });
  };
  EXPECT_EQ(relist(both[1], ola).code(), Code::missing);
  ASSERT_TRUE(relist(both[0], ola).ok());
  EXPECT_EQ(user("Kari@example.com"), ola.user);
  // She takes nothing of it with her; he does.
  ASSERT_TRUE(erase(kari, {both[0]}).ok());
  EXPECT_EQ(user("kari@example.com"), ola.user);
  ASSERT_TRUE(erase(ola, {both[0]}).ok());
  EXPECT_FALSE(user("kari@example.com").has_value());
}

TEST_F(VaultDirectory, AFailedTransactionListsNobody) {
  const auto kari = address("kari@example.com");
  const auto hold = house_.vault->hold_directory(std::span(&kari, 1)).value();
  const auto failed = house_.write([&](store::Tx& tx) -> Result<void> {
    TRY(house_.vault->enlist(tx, hold, kari, somebody()));
    return Error{Code::internal, "on purpose"};
  });
  ASSERT_FALSE(failed.ok());
  EXPECT_FALSE(user("kari@example.com").has_value());
}

TEST_F(VaultDirectory, SurvivesARestart) {
  const auto kari = somebody();
  ASSERT_TRUE(enlist("kari@example.com", kari).ok());
  ASSERT_TRUE(house_.open().ok());
  EXPECT_EQ(user("kari@example.com"), kari.user);
  EXPECT_EQ(house_.count("SELECT bucket FROM vault_directory"), 1025);
}

TEST_F(VaultDirectory, HoldsManyAndMixesNone) {
  std::vector<Vault::Listed> listed;
  for (int i = 0; i < 300; ++i) {
    listed.push_back(somebody());
    ASSERT_TRUE(enlist("user" + std::to_string(i) + "@example.com", listed.back()).ok());
  }
  for (int i = 0; i < 300; ++i)
    EXPECT_EQ(user("user" + std::to_string(i) + "@example.com"),
              listed[static_cast<std::size_t>(i)].user);
}

TEST_F(VaultDirectory, AnErasedPersonLeavesItAndHerNeighboursStay) {
  // Enough people that some share a bucket with her.
  std::vector<Vault::Listed> listed;
  for (int i = 0; i < 200; ++i) {
    listed.push_back(somebody());
    ASSERT_TRUE(enlist("user" + std::to_string(i) + "@example.com", listed.back()).ok());
  }
  std::vector<Vault::Listed> leaving;
  for (int i = 0; i < 20; ++i) {
    leaving.push_back(member());
    ASSERT_TRUE(enlist("leaver" + std::to_string(i) + "@example.com", leaving.back()).ok());
  }
  for (int i = 0; i < 20; ++i) {
    const std::string text = "leaver" + std::to_string(i) + "@example.com";
    ASSERT_TRUE(erase(leaving[static_cast<std::size_t>(i)], {address(text)}).ok());
    EXPECT_FALSE(user(text).has_value());
  }
  for (int i = 0; i < 200; ++i)
    EXPECT_EQ(user("user" + std::to_string(i) + "@example.com"),
              listed[static_cast<std::size_t>(i)].user);
  EXPECT_EQ(house_.count("SELECT bucket FROM vault_directory"), 1025);  // no older row is left
  EXPECT_GT(house_.count("SELECT bucket FROM vault_directory WHERE generation > 0"), 0);
  ASSERT_TRUE(house_.open().ok());
  EXPECT_EQ(user("user7@example.com"), listed[7].user);
  EXPECT_FALSE(user("leaver7@example.com").has_value());
  ASSERT_TRUE(enlist("leaver7@example.com", somebody()).ok());  // free again
}

TEST_F(VaultDirectory, AnAddressThatSomebodyElseHoldsNowStays) {
  const auto ola = somebody();
  const auto kari = member();
  ASSERT_TRUE(enlist("shared@example.com", ola).ok());
  ASSERT_TRUE(erase(kari, {address("shared@example.com")}).ok());
  EXPECT_EQ(user("shared@example.com"), ola.user);
}

TEST_F(VaultDirectory, AnOldBucketOpensNowhere) {
  const auto kari = member();
  ASSERT_TRUE(enlist("kari@example.com", kari).ok());
  base::OwnerId bucket;
  base::Bytes before;
  const auto look = [&](const auto& each) {
    house_.store
        ->read([&](store::Reader& reader) {
          return reader.query(
              "SELECT owner, sealed FROM vault_directory ORDER BY length(sealed) DESC, owner", {},
              each);
        })
        .value();
  };
  std::map<base::OwnerId, base::Bytes> old;
  look([&](const store::Row& row) -> Result<void> {
    old.emplace(row.id<base::OwnerId>(0).value(), base::copy(row.blob(1)));
    return {};
  });
  ASSERT_TRUE(erase(kari, {address("kari@example.com")}).ok());
  look([&](const store::Row& row) -> Result<void> {
    const auto owner = row.id<base::OwnerId>(0).value();
    if (old.at(owner) != base::copy(row.blob(1))) bucket = owner;
    return {};
  });
  before = old.at(bucket);
  // Somebody puts the old row back, under the new generation or the old one.
  ASSERT_TRUE(
      house_
          .write([&](store::Tx& tx) -> Result<void> {
            TRY(tx.run("UPDATE vault_directory SET sealed = ? WHERE owner = ?", {before, bucket}));
            return {};
          })
          .ok());
  EXPECT_EQ(house_.vault->find(address("kari@example.com")).code(), Code::corrupt);
}

TEST_F(VaultDirectory, NoAddressAndNoPlainDigestIsOnDisk) {
  ASSERT_TRUE(enlist("kanarifugl@example.com", somebody()).ok());
  house_.close();
  EXPECT_TRUE(find_in_files(house_.path, "kanarifugl").empty());
  const base::Digest plain = base::sha256(base::view("kanarifugl@example.com"));
  EXPECT_TRUE(find_in_files(house_.path, base::text(base::View(plain))).empty());
}

TEST(DirectoryBucket, OnlyWhatWasWrittenIsRead) {
  base::SystemEntropy entropy;
  Bucket bucket;
  std::set<base::Digest> tags;
  for (int i = 0; i < 5; ++i) {
    base::Digest tag{};
    entropy.fill(tag);
    ASSERT_TRUE(
        bucket.add(tag, {base::UserId::random(entropy), base::AccountId::random(entropy)}).ok());
    EXPECT_EQ(bucket.add(tag, {}).code(), Code::conflict);
    tags.insert(tag);
  }
  const auto bytes = bucket.encode();
  for (const base::Digest& tag : tags) {
    const auto found = Bucket::find(bytes, tag).value();
    ASSERT_TRUE(found.has_value());
    Bucket without = Bucket::decode(bytes).value();
    EXPECT_EQ(without.remove(std::array{base::owner_of(found->user)}), 1U);
    EXPECT_FALSE(Bucket::find(without.encode(), tag).value().has_value());
  }
  EXPECT_FALSE(Bucket::find(bytes, {}).value().has_value());
  EXPECT_EQ(bucket.replace({}, {}).code(), Code::missing);
  ASSERT_EQ(bytes.size(), 5U + 5 * 64);
  EXPECT_EQ(Bucket::decode(bytes).value().encode(), bytes);
  auto swapped = bytes;
  std::swap_ranges(swapped.begin() + 5, swapped.begin() + 69, swapped.begin() + 69);
  EXPECT_EQ(Bucket::decode(swapped).code(), Code::corrupt);
  auto longer = bytes;
  longer.push_back(0);
  EXPECT_EQ(Bucket::decode(longer).code(), Code::corrupt);
  EXPECT_EQ(Bucket::find(longer, {}).code(), Code::corrupt);
  for (std::size_t size = 0; size < bytes.size(); size += 7)
    for (const auto code : {Bucket::decode(base::View(bytes).first(size)).code(),
                            Bucket::find(base::View(bytes).first(size), {}).code()})
      EXPECT_EQ(code, Code::corrupt) << size;
}

TEST_F(VaultDirectory, IsRebuiltFromWhatTheRecordsTell) {
  const auto kari = member();
  const auto ola = member();
  ASSERT_TRUE(enlist("kari@example.com", kari).ok());
  ASSERT_TRUE(enlist("stale@example.com", ola).ok());
  const auto twice =
      house_.vault->rebuild_directory([&](const Vault::OnListed& tell) -> Result<void> {
        TRY(tell(address("kari@example.com"), kari));
        TRY(tell(address("ola@example.com"), ola));
        return tell(address("OLA@example.com"), somebody());
      });
  ASSERT_TRUE(twice.ok()) << twice.error().chain();
  EXPECT_EQ(*twice, 1U);
  EXPECT_EQ(user("kari@example.com"), kari.user);
  EXPECT_EQ(user("ola@example.com"), ola.user);
  EXPECT_FALSE(user("stale@example.com").has_value());
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_directory"), 1025);
  ASSERT_TRUE(house_.open().ok());
  EXPECT_EQ(user("ola@example.com"), ola.user);
  ASSERT_TRUE(erase(kari, {address("kari@example.com")}).ok());
  EXPECT_FALSE(user("kari@example.com").has_value());
  EXPECT_EQ(user("ola@example.com"), ola.user);
}

TEST_F(VaultDirectory, IsRebuiltWhereTheRowsAreOlderThanTheKeys) {
  const auto kari = member();
  const auto ola = member();
  ASSERT_TRUE(enlist("kari@example.com", kari).ok());
  ASSERT_TRUE(enlist("ola@example.com", ola).ok());
  ASSERT_TRUE(erase(kari, {address("kari@example.com")}).ok());
  // The bucket's row of before: sealed under a key that is destroyed.
  ASSERT_TRUE(house_
                  .write([&](store::Tx& tx) -> Result<void> {
                    TRY(tx.run("UPDATE vault_directory SET generation = 0", {}));
                    return {};
                  })
                  .ok());
  EXPECT_EQ(house_.vault->find(address("kari@example.com")).code(), Code::unavailable);
  ASSERT_TRUE(house_.vault
                  ->rebuild_directory([&](const Vault::OnListed& tell) -> Result<void> {
                    return tell(address("ola@example.com"), ola);
                  })
                  .ok());
  EXPECT_FALSE(user("kari@example.com").has_value());
  EXPECT_EQ(user("ola@example.com"), ola.user);
}

TEST_F(VaultDirectory, ARebuildGivesNewOwnersToBucketsThatTheTreeDoesNotKnow) {
  ASSERT_TRUE(
      house_
          .write([&](store::Tx& tx) -> Result<void> {
            const auto stranger = base::OwnerId::random(house_.entropy);
            const auto another = base::OwnerId::random(house_.entropy);
            TRY(tx.run("UPDATE vault_directory SET owner = ? WHERE bucket = 7", {stranger}));
            TRY(tx.run("UPDATE vault_directory SET owner = ? WHERE bucket = -1", {another}));
            return {};
          })
          .ok());
  ASSERT_TRUE(house_.open().ok());
  ASSERT_FALSE(house_.vault->find(address("kari@example.com")).ok());
  const auto kari = member();
  ASSERT_TRUE(house_.vault
                  ->rebuild_directory([&](const Vault::OnListed& tell) -> Result<void> {
                    return tell(address("kari@example.com"), kari);
                  })
                  .ok());
  EXPECT_EQ(user("kari@example.com"), kari.user);
  ASSERT_TRUE(house_.open().ok());
  EXPECT_EQ(user("kari@example.com"), kari.user);
}

}  // namespace
}  // namespace vault
