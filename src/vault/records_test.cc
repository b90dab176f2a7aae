#include <gtest/gtest.h>

#include "vault/sealing.h"
#include "vault/testing.h"
#include "vault/usage_testing.h"

namespace vault {
namespace {

using base::Code;
using base::Result;

class VaultRecords : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(house_.open().ok()); }
  static Fields person(const std::string& name) {
    Fields fields;
    fields.set("name", Fields::Text(name));
    return fields;
  }
  std::string name_of(base::OwnerId who, base::RecordId id) {
    const auto record = house_.get(house_.permit(who), id);
    return record.ok() ? revealed(record->fields.text("name").value())
                       : base::to_string(record.code());
  }
  Result<void> change(base::Literal sql, std::initializer_list<store::Value> values) {
    return house_.write([&](store::Tx& tx) -> Result<void> {
      TRY(tx.run(sql, values));
      return {};
    });
  }

  base::RealDisk disk_;
  store::TemporaryDirectory directory_;
  House house_{disk_, directory_.path()};
};

TEST_F(VaultRecords, PutGetReplaceRemove) {
  const auto who = house_.owner();
  const auto id = house_.record_id();
  EXPECT_EQ(house_.get(house_.permit(who), id).code(), Code::missing);
  ASSERT_TRUE(house_.put(who, id, person("Kari Nordmann")).ok());
  EXPECT_EQ(name_of(who, id), "Kari Nordmann");
  EXPECT_EQ(house_.get(house_.permit(who), id)->version, 1U);
  ASSERT_TRUE(house_.put(who, id, person("Kari Hansen")).ok());
  EXPECT_EQ(name_of(who, id), "Kari Hansen");
  EXPECT_EQ(house_.get(house_.permit(who), id)->version, 2U);
  const auto remove = [&](store::Tx& tx) {
    return house_.vault->remove(tx, house_.permit(who), {kPeople.name, {}, id});
  };
  ASSERT_TRUE(house_.write(remove).ok());
  EXPECT_EQ(house_.get(house_.permit(who), id).code(), Code::missing);
  EXPECT_EQ(house_.write(remove).code(), Code::missing);
}

TEST_F(VaultRecords, SurviveARestart) {
  const auto who = house_.owner();
  const auto id = house_.record_id();
  ASSERT_TRUE(house_.put(who, id, person("Kari Nordmann")).ok());
  ASSERT_TRUE(house_.open().ok());
  EXPECT_EQ(name_of(who, id), "Kari Nordmann");
}

TEST_F(VaultRecords, AListIsByIdInOneGroupAndBounded) {
  const auto who = house_.owner();
  const auto group = house_.record_id();
  std::vector<base::RecordId> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(house_.record_id());
    ASSERT_TRUE(house_.put(who, ids.back(), person("Kari Nordmann"), group).ok());
  }
  ASSERT_TRUE(house_.put(who, house_.record_id(), person("elsewhere"), house_.record_id()).ok());
  std::ranges::sort(ids);
  const auto list = [&](base::RecordId after, std::size_t most) {
    std::vector<base::RecordId> found;
    const auto leave = house_.permit(who);
    house_.store
        ->read([&](store::Reader& reader) -> Result<void> {
          const auto records =
              TRY(house_.vault->list(reader, leave, {kPeople.name, group, after}, most));
          for (const auto& record : records) found.push_back(record.id);
          return {};
        })
        .value();
    return found;
  };
  EXPECT_EQ(usage_of(house_, house_.permit(who), kPeople.name, group)->pieces, 5U);
  EXPECT_EQ(usage_of(house_, house_.permit(who), kPeople.name)->pieces, 6U);
  EXPECT_EQ(list({}, 100), ids);
  EXPECT_EQ(list({}, 2), (std::vector{ids[0], ids[1]}));
  EXPECT_EQ(list(ids[2], 100), (std::vector{ids[3], ids[4]}));
  EXPECT_TRUE(list(ids[4], 100).empty());
}

TEST_F(VaultRecords, AnUndeclaredCollectionIsRefused) {
  const auto who = house_.owner();
  const auto leave = house_.permit(who);
  const Key key{"diaries", {}, house_.record_id()};
  EXPECT_EQ(
      house_.write([&](store::Tx& tx) { return house_.vault->put(tx, leave, key, {}); }).code(),
      Code::invalid);
  EXPECT_EQ(house_.vault->create_content(leave, "diaries").code(), Code::invalid);
}

TEST_F(VaultRecords, APermitForAnotherCategoryIsRefused) {
  const auto who = house_.owner();
  const auto id = house_.record_id();
  ASSERT_TRUE(house_.put(who, id, person("Kari Nordmann")).ok());
  const auto wrong = house_.permit(who, N::workspace_content);
  const Key key{kPeople.name, {}, id};
  EXPECT_EQ(house_.get(wrong, id).code(), Code::denied);
  const auto denied = [&](const auto& act) { return house_.write(act).code(); };
  EXPECT_EQ(denied([&](store::Tx& tx) { return house_.vault->put(tx, wrong, key, {}); }),
            Code::denied);
  EXPECT_EQ(denied([&](store::Tx& tx) { return house_.vault->remove(tx, wrong, key); }),
            Code::denied);
  EXPECT_EQ(denied([&](store::Tx& tx) -> Result<void> {
              TRY(house_.vault->list(tx, wrong, key, 10));
              return {};
            }),
            Code::denied);
  EXPECT_EQ(house_.vault->create_content(house_.permit(who), kContent).code(), Code::denied);
}

TEST_F(VaultRecords, AnotherOwnersPermitFindsNothing) {
  const auto kari = house_.owner();
  const auto ola = house_.owner();
  const auto id = house_.record_id();
  ASSERT_TRUE(house_.put(kari, id, person("Kari Nordmann")).ok());
  EXPECT_EQ(house_.get(house_.permit(ola), id).code(), Code::missing);
}

TEST_F(VaultRecords, WithoutAKeyNothingIsKept) {
  const auto nobody = base::OwnerId::random(house_.entropy);
  EXPECT_EQ(house_.put(nobody, house_.record_id(), person("Kari Nordmann")).code(), Code::missing);
}

TEST_F(VaultRecords, EveryFlippedBitIsDetected) {
  const auto who = house_.owner();
  const auto id = house_.record_id();
  ASSERT_TRUE(house_.put(who, id, person("Kari Nordmann")).ok());
  base::Bytes sealed;
  house_.store
      ->read([&](store::Reader& reader) {
        return reader.query("SELECT sealed FROM vault_record", {},
                            [&](const store::Row& row) -> Result<void> {
                              sealed = base::copy(row.blob(0));
                              return {};
                            });
      })
      .value();
  for (std::size_t bit = 0; bit < sealed.size() * 8; bit += 5) {
    base::Bytes flipped = sealed;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    ASSERT_TRUE(change("UPDATE vault_record SET sealed = ?", {flipped}).ok());
    EXPECT_EQ(house_.get(house_.permit(who), id).code(), Code::corrupt) << bit;
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{48}, sealed.size() - 1}) {
    const base::Bytes cut(sealed.begin(), sealed.begin() + static_cast<std::ptrdiff_t>(size));
    ASSERT_TRUE(change("UPDATE vault_record SET sealed = ?", {cut}).ok());
    EXPECT_EQ(house_.get(house_.permit(who), id).code(), Code::corrupt);
  }
  ASSERT_TRUE(change("UPDATE vault_record SET sealed = ?", {sealed}).ok());
  EXPECT_EQ(name_of(who, id), "Kari Nordmann");
}

TEST_F(VaultRecords, ASealedRowOpensInItsOwnPlaceAlone) {
  const auto kari = house_.owner();
  const auto ola = house_.owner();
  const auto first = house_.record_id();
  const auto second = house_.record_id();
  ASSERT_TRUE(house_.put(kari, first, person("Kari Nordmann")).ok());
  ASSERT_TRUE(house_.put(kari, second, person("Kari the second")).ok());
  ASSERT_TRUE(house_.put(ola, first, person("Ola Nordmann")).ok());
  const auto give = [&](base::OwnerId from_owner, base::RecordId from, base::OwnerId to_owner,
                        base::RecordId to) {
    return change(
        "UPDATE vault_record SET sealed = (SELECT sealed FROM vault_record WHERE owner = ? AND "
        "id = ?) WHERE owner = ? AND id = ?",
        {from_owner, from, to_owner, to});
  };
  ASSERT_TRUE(give(ola, first, kari, first).ok());
  EXPECT_EQ(name_of(kari, first), "corrupt");  // another owner's
  ASSERT_TRUE(give(kari, second, kari, first).ok());
  EXPECT_EQ(name_of(kari, first), "corrupt");  // another id's
  ASSERT_TRUE(change("UPDATE vault_record SET version = version + 1 WHERE id = ?", {second}).ok());
  EXPECT_EQ(name_of(kari, second), "corrupt");  // another version
  ASSERT_TRUE(change("UPDATE vault_record SET grouping = ? WHERE owner = ?", {second, ola}).ok());
  EXPECT_EQ(house_.get(house_.permit(ola), first, second).code(), Code::corrupt);
}

TEST_F(VaultRecords, NoTwoVersionsAreSealedAlike) {
  const auto who = house_.owner();
  const auto id = house_.record_id();
  ASSERT_TRUE(house_.put(who, id, person("Kari Nordmann")).ok());
  ASSERT_TRUE(house_.put(who, id, person("Kari Nordmann")).ok());
  const SealHeader header{who, "people", {}, id, 1};
  const auto key = house_.entropy.bytes(32);
  const auto once = seal_record(key, header, base::view("same"), 32, house_.entropy);
  const auto again = seal_record(key, header, base::view("same"), 32, house_.entropy);
  EXPECT_NE(once, again);
  EXPECT_NE(base::copy(base::View(once).last(48)), base::copy(base::View(again).last(48)));
  EXPECT_EQ(base::text(open_record(key, header, once).value()), "same");
}

TEST_F(VaultRecords, SmallDifferencesInLengthDoNotShow) {
  const auto key = house_.entropy.bytes(32);
  const SealHeader header{house_.owner(), "people", {}, {}, 1};
  const auto size = [&](std::size_t plain) {
    return seal_record(key, header, base::Bytes(plain), kRecordPadding, house_.entropy).size();
  };
  EXPECT_EQ(size(0), size(31));
  EXPECT_EQ(size(32), size(63));
  EXPECT_EQ(size(32), size(0) + 32);
}

TEST_F(VaultRecords, ATooLargeRecordIsRefused) {
  const auto who = house_.owner();
  EXPECT_EQ(house_.put(who, house_.record_id(), person(std::string(300 << 10, 'k'))).code(),
            Code::too_large);
}

TEST_F(VaultRecords, NothingPersonalIsOnDisk) {
  const auto who = house_.owner();
  const std::string canary = "Kari Kanarifugl Nordmann";
  ASSERT_TRUE(house_.put(who, house_.record_id(), person(canary)).ok());
  ASSERT_TRUE(house_.keep(who, base::view(canary)).ok());
  house_.close();
  EXPECT_TRUE(find_in_files(house_.path, "Kanarifugl").empty());
  EXPECT_FALSE(find_in_files(house_.path, "vault_record").empty());  // the search does look
}

TEST_F(VaultRecords, PseudonymsAreTheOwnersAlone) {
  const auto kari = house_.owner();
  const auto ola = house_.owner();
  const auto group = house_.record_id();
  const base::Personal<std::string> name(std::string("taxes.pdf"));
  const auto of = [&](base::OwnerId who, base::RecordId where,
                      const base::Personal<std::string>& what) {
    return house_.vault->pseudonym(house_.permit(who, N::workspace_content), where, what).value();
  };
  EXPECT_EQ(of(kari, group, name), of(kari, group, name));
  EXPECT_NE(of(kari, group, name), of(ola, group, name));
  EXPECT_NE(of(kari, group, name), of(kari, house_.record_id(), name));
  EXPECT_NE(of(kari, group, name), of(kari, group, base::Personal(std::string("taxes2.pdf"))));
  const auto before = of(kari, group, name);
  ASSERT_TRUE(house_.open().ok());
  EXPECT_EQ(of(kari, group, name), before);
}

TEST(VaultOpen, ACategoryThatTheNoticeLacksStopsTheStart) {
  base::RealDisk disk;
  store::TemporaryDirectory directory;
  House house(disk, directory.path());
  EXPECT_EQ(house.open({kPeople, {"horoscopes", "beliefs", "horoscopes", {}}}).code(),
            Code::invalid);
  EXPECT_EQ(house.open({kPeople, kPeople}).code(), Code::invalid);
  EXPECT_EQ(house.open({{"log_openings", "log_openings", "log", {}}}).code(), Code::invalid);
  EXPECT_TRUE(house.open().ok());
}

}  // namespace
}  // namespace vault
