#include "vault/expiry.h"

#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "vault/testing.h"
#include "vault/usage_testing.h"

namespace vault {
namespace {

using base::Code;
using base::Result;
using std::chrono::days;
using std::chrono::hours;

const std::vector<Field> kValue = {{"value", FieldKind::integer, "A number"}};

std::vector<Collection> collections() {
  return {{"made", "messages", "made", kValue, Expiry::after_creation(days(2))},
          {"used", "messages", "used", kValue, Expiry::after_last_put(days(2))},
          {"given", "messages", "given", kValue, Expiry::at_given_time()},
          {"some", "identity", "some", kValue, Expiry::if_given()},
          {"files", "messages", "files", {}, Expiry::after_creation(days(1))},
          kPeople};
}

class VaultExpiry : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(house_.open(collections()).ok());
    who_ = house_.owner();
  }
  Result<void> put(base::Literal collection, base::RecordId id,
                   std::optional<base::Time> expires = {}) {
    const auto leave = house_.permit(who_, N::messages);
    Fields fields;
    fields.set("value", std::int64_t{7});
    return house_.write([&](store::Tx& tx) {
      return house_.vault->put(tx, leave, {collection, {}, id}, fields, expires);
    });
  }
  Code get(base::Literal collection, base::RecordId id) {
    const auto leave = house_.permit(who_, N::messages);
    Code code = Code::internal;  // for what is there
    house_.store
        ->read([&](store::Reader& reader) -> Result<void> {
          const auto found = house_.vault->get(reader, leave, {collection, {}, id});
          if (!found.ok()) code = found.code();
          return {};
        })
        .value();
    return code;
  }
  bool there(base::Literal collection, base::RecordId id) {
    return get(collection, id) == Code::internal;
  }
  std::int64_t rows() { return house_.count("SELECT 1 FROM vault_record"); }
  void restrict(Restriction restriction) {
    StandingChange change;
    change.restriction = restriction;
    ASSERT_TRUE(house_
                    .write([&](store::Tx& tx) -> Result<void> {
                      TRY(house_.vault->change_standing(tx, who_, change, {"restriction", "{}"}));
                      return {};
                    })
                    .ok());
  }

  base::ContentId publish_a_file(const gate::Permit& leave) {
    auto writer = house_.vault->create_content(leave, "files").value();
    EXPECT_TRUE(writer->write(base::Bytes(1000, 1)).ok());
    EXPECT_TRUE(writer->finish().ok());
    EXPECT_TRUE(
        house_.write([&](store::Tx& tx) { return house_.vault->publish(tx, *writer); }).ok());
    return writer->id();
  }

  base::RealDisk disk_;
  store::TemporaryDirectory directory_;
  House house_{disk_, directory_.path()};
  base::OwnerId who_;
  const base::RecordId id_ = house_.record_id();
};

TEST_F(VaultExpiry, WhereATimeMayBeGivenItHoldsForThoseThatHaveOne) {
  const auto leave = house_.permit(who_);
  const auto other = house_.record_id();
  const auto keep = [&](base::RecordId id, std::optional<base::Time> expires) {
    Fields fields;
    fields.set("value", std::int64_t{7});
    return house_.write([&](store::Tx& tx) {
      return house_.vault->put(tx, leave, {"some", {}, id}, fields, expires);
    });
  };
  const auto is_there = [&](base::RecordId id) {
    return house_.store
        ->read_once([&](store::Reader& reader) -> Result<void> {
          TRY(house_.vault->get(reader, leave, {"some", {}, id}));
          return {};
        })
        .ok();
  };
  ASSERT_TRUE(keep(id_, house_.clock.now() + hours(1)).ok());
  ASSERT_TRUE(keep(other, {}).ok());
  EXPECT_EQ(usage_of(house_, leave, "some")->pieces, 2U);
  EXPECT_GT(usage_of(house_, leave, "some")->bytes, 100U);
  EXPECT_EQ(usage_of(house_, house_.permit(who_, N::messages), "some").code(), Code::denied);
  EXPECT_EQ(count_of(house_, leave, "some").value(), 2U);
  EXPECT_EQ(count_of(house_, house_.permit(who_, N::messages), "some").code(), Code::denied);
  house_.clock.advance(hours(1));
  EXPECT_FALSE(is_there(id_));
  EXPECT_TRUE(is_there(other));
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(usage_of(house_, leave, "some")->pieces, 1U);
  EXPECT_EQ(count_of(house_, leave, "some").value(), 1U);
  // Put again, each is as it is given then.
  ASSERT_TRUE(keep(id_, {}).ok());
  ASSERT_TRUE(keep(other, house_.clock.now() + hours(1)).ok());
  house_.clock.advance(days(400));
  EXPECT_TRUE(is_there(id_));
  EXPECT_FALSE(is_there(other));
}

TEST_F(VaultExpiry, WhatIsOverIsMissingBeforeItIsSwept) {
  ASSERT_TRUE(put("made", id_).ok());
  house_.clock.advance(days(2) - std::chrono::seconds(1));
  EXPECT_TRUE(there("made", id_));
  house_.clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(get("made", id_), Code::missing);
  const auto leave = house_.permit(who_, N::messages);
  house_.store
      ->read([&](store::Reader& reader) -> Result<void> {
        EXPECT_TRUE(house_.vault->list(reader, leave, {"made", {}, {}}, 10)->empty());
        return {};
      })
      .value();
  EXPECT_EQ(rows(), 1);
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(house_.vault->swept().records, 1U);
}

TEST_F(VaultExpiry, ALaterPutProlongsWhatCountsFromTheLastAlone) {
  ASSERT_TRUE(put("made", id_).ok());
  ASSERT_TRUE(put("used", id_).ok());
  house_.clock.advance(days(1));
  ASSERT_TRUE(put("made", id_).ok());
  ASSERT_TRUE(put("used", id_).ok());
  house_.clock.advance(days(1));
  EXPECT_FALSE(there("made", id_));
  EXPECT_TRUE(there("used", id_));
  house_.clock.advance(days(1));
  EXPECT_FALSE(there("used", id_));
  // What is put under the id of one that is over is made anew.
  ASSERT_TRUE(put("made", id_).ok());
  house_.clock.advance(days(1));
  EXPECT_TRUE(there("made", id_));
}

TEST_F(VaultExpiry, AGivenTimeIsTakenWithinWhatTheNoticeAllows) {
  const base::Time now = house_.clock.now();
  EXPECT_EQ(put("given", id_).code(), Code::invalid);
  EXPECT_EQ(put("made", id_, now + hours(1)).code(), Code::invalid);
  EXPECT_EQ(put("given", id_, now + days(7) + hours(1)).code(), Code::invalid);
  ASSERT_TRUE(put("given", id_, now + hours(1)).ok());
  EXPECT_TRUE(there("given", id_));
  house_.clock.advance(hours(1));
  EXPECT_FALSE(there("given", id_));
}

TEST_F(VaultExpiry, ContentExpiresAndItsFileGoes) {
  const auto leave = house_.permit(who_, N::messages);
  const auto id = publish_a_file(leave);
  EXPECT_TRUE(house_.vault->open_content(leave, "files", id).ok());
  house_.clock.advance(days(1));
  EXPECT_EQ(house_.vault->open_content(leave, "files", id).code(), Code::missing);
  EXPECT_TRUE(disk_.exists(house_.content_path(id)).value());
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_FALSE(disk_.exists(house_.content_path(id)).value());
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_content"), 0);
  EXPECT_EQ(house_.vault->swept().content, 1U);
}

// A sweep reads first what is due, and removes it in a transaction of its own.
TEST_F(VaultExpiry, ASweepSparesContentThatGotAnotherTermMeanwhile) {
  const auto leave = house_.permit(who_, N::messages);
  const auto id = publish_a_file(leave);
  const auto term = [&] { return (house_.clock.now() + days(1)).time_since_epoch().count(); };
  const std::int64_t seen = term();
  const auto expire = [&](std::int64_t expires) {
    std::int64_t gone = -1;
    (void)house_
        .write([&](store::Tx& tx) -> Result<void> {
          gone = TRY(ContentStore::expire(tx, who_, id, expires));
          return {};
        })
        .ok();
    return gone;
  };
  house_.clock.advance(days(1) - hours(1));
  ASSERT_TRUE(house_
                  .write([&](store::Tx& tx) {
                    return house_.vault->move_content(tx, {leave, "files"}, {leave, "files"}, id);
                  })
                  .ok());
  house_.clock.advance(hours(1));
  EXPECT_EQ(expire(seen), 0);
  EXPECT_TRUE(house_.vault->open_content(leave, "files", id).ok());
  EXPECT_EQ(expire(term() - std::chrono::microseconds(hours(1)).count()), 1);
  EXPECT_EQ(expire(term() - std::chrono::microseconds(hours(1)).count()), 0);
}

TEST_F(VaultExpiry, TheTermIsUnderTheSeal) {
  ASSERT_TRUE(put("made", id_).ok());
  ASSERT_TRUE(house_
                  .write([](store::Tx& tx) -> Result<void> {
                    TRY(tx.run("UPDATE vault_record SET expires_at = expires_at + 1", {}));
                    return {};
                  })
                  .ok());
  EXPECT_EQ(get("made", id_), Code::corrupt);
}

TEST_F(VaultExpiry, SweepsManyInTheirOrderAndSparesTheRest) {
  const base::Time now = house_.clock.now();
  const auto leave = house_.permit(who_, N::messages);
  Fields fields;
  fields.set("value", std::int64_t{7});
  ASSERT_TRUE(house_
                  .write([&](store::Tx& tx) -> Result<void> {
                    for (int i = 0; i < 900; ++i)
                      TRY(house_.vault->put(tx, leave, {"given", {}, house_.record_id()}, fields,
                                            now + hours(1 + i % 3)));
                    return {};
                  })
                  .ok());
  house_.clock.advance(hours(2));
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(rows(), 300);
  EXPECT_EQ(house_.vault->swept().records, 600U);
  house_.clock.advance(hours(1));
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(rows(), 0);
}

TEST_F(VaultExpiry, TimeDoesNotRunBackwardsOverARestart) {
  ASSERT_TRUE(put("made", id_).ok());
  const auto other = house_.record_id();
  house_.clock.advance(days(1));
  ASSERT_TRUE(put("made", other).ok());
  house_.clock.advance(days(1));
  ASSERT_TRUE(house_.vault->tick().ok());  // sweeps the first
  EXPECT_TRUE(there("made", other));
  // The next start has a clock that is wrong by a week.
  house_.clock.advance(-days(7));
  ASSERT_TRUE(house_.open(collections()).ok());
  EXPECT_EQ(get("made", id_), Code::missing);
  EXPECT_TRUE(there("made", other));
  ASSERT_TRUE(put("made", id_).ok());  // its term counts from the later time
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(rows(), 2);
  house_.clock.advance(days(8));
  EXPECT_EQ(get("made", other), Code::missing);
  EXPECT_TRUE(there("made", id_));
}

TEST_F(VaultExpiry, ARestrictionBarsIt) {
  ASSERT_TRUE(put("made", id_).ok());
  restrict(Restriction::on);
  house_.clock.advance(days(30));
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_record WHERE collection = 'made'"), 1);
  EXPECT_EQ(get("made", id_), Code::missing);  // not used, and hers to see
  ExportCursor at;
  std::size_t seen = 0;
  for (bool more = true; more;) {
    const auto page = house_.vault->export_page(gate::Actor::person, who_, at).value();
    for (const Exported& item : page.items)
      seen += std::string_view(item.collection.c_str()) == "made" ? 1 : 0;
    more = page.next.has_value();
    if (more) at = *page.next;
  }
  EXPECT_EQ(seen, 1U);
  restrict(Restriction::off);
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_record WHERE collection = 'made'"), 0);
}

TEST_F(VaultExpiry, WhatWasPutBeforeThereWereTermsGetsOne) {
  ASSERT_TRUE(house_.open({{"made", "messages", "made", kValue, Expiry::at_given_time()}}).ok());
  ASSERT_TRUE(put("made", id_, house_.clock.now() + hours(1)).ok());
  // As the migration leaves it: put without a term, which is therefore not under the seal.
  ASSERT_TRUE(house_.open({{"made", "identity", "made", kValue}}).ok());
  const auto leave = house_.permit(who_);
  Fields fields;
  fields.set("value", std::int64_t{7});
  ASSERT_TRUE(house_
                  .write([&](store::Tx& tx) -> Result<void> {
                    TRY(house_.vault->put(tx, leave, {"made", {}, id_}, fields));
                    TRY(tx.run("UPDATE vault_record SET expires_at = -1", {}));
                    return {};
                  })
                  .ok());
  ASSERT_TRUE(house_.open(collections()).ok());
  EXPECT_TRUE(there("made", id_));
  ASSERT_TRUE(house_.vault->tick().ok());
  house_.clock.advance(days(2) - hours(1));
  EXPECT_TRUE(there("made", id_));
  house_.clock.advance(hours(1));
  EXPECT_FALSE(there("made", id_));
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(rows(), 0);
}

TEST(VaultExpiryFaults, WhatCannotBeReadJustNowGetsItsTermLater) {
  base::ThreadWait wait;
  base::FaultyDisk disk(wait);
  const store::TemporaryDirectory directory;
  House house(disk, directory.path());
  ASSERT_TRUE(house.open({{"made", "identity", "made", kValue}}).ok());
  const auto far = house.owner();
  for (int i = 0; i < 100; ++i) house.owner();
  const auto near = house.owner();  // on another page of keys
  Fields fields;
  fields.set("value", std::int64_t{7});
  const auto put = [&](base::OwnerId who) {
    const auto leave = house.permit(who);
    house
        .write([&](store::Tx& tx) {
          return house.vault->put(tx, leave, {"made", {}, house.record_id()}, fields);
        })
        .value();
  };
  for (int i = 0; i < 300; ++i) put(far);  // more than are settled at once
  put(near);
  house
      .write([](store::Tx& tx) -> Result<void> {
        TRY(tx.run("UPDATE vault_record SET expires_at = -1", {}));
        return {};
      })
      .value();
  ASSERT_TRUE(house.open(collections()).ok());
  ASSERT_TRUE(house.keys->derive(near, "vault records v1").ok());
  const auto unsettled = [&] {
    return house.count("SELECT 1 FROM vault_record WHERE expires_at = -1");
  };
  disk.break_path(directory.file("data/tree.ktn"));
  const auto ticked = house.vault->tick();
  EXPECT_EQ(unsettled(), 300);
  ASSERT_FALSE(ticked.ok());
  EXPECT_EQ(ticked.code(), Code::io);
  disk.mend_path(directory.file("data/tree.ktn"));
  EXPECT_TRUE(house.vault->tick().ok());
  EXPECT_EQ(unsettled(), 0);
  EXPECT_EQ(house.count("SELECT 1 FROM vault_record WHERE expires_at > 0"), 301);
}

TEST_F(VaultExpiry, ACollectionMustNotOutlastTheNotice) {
  const auto with = [&](Expiry expiry, const char* /*why*/) {
    return house_.open({{"x", "messages", "x", kValue, expiry}});
  };
  EXPECT_TRUE(with(Expiry::after_creation(days(7)), "as long").ok());
  const auto longer = with(Expiry::after_creation(days(7) + hours(1)), "longer");
  ASSERT_EQ(longer.code(), Code::invalid);
  EXPECT_NE(longer.error().chain().find("kept for longer than the notice says: x"),
            std::string::npos)
      << longer.error().chain();
  EXPECT_EQ(with(Expiry::after_last_put(days(8)), "longer").code(), Code::invalid);
  EXPECT_EQ(with({}, "never").code(), Code::invalid);
  EXPECT_EQ(with(Expiry::after_creation({}), "no time").code(), Code::invalid);
  EXPECT_TRUE(with(Expiry::at_given_time(), "each put is looked at").ok());
  EXPECT_FALSE(with(Expiry::if_given(), "what is given none would stay").ok());
  // With the account: any term, and none.
  EXPECT_TRUE(house_.open({{"x", "identity", "x", kValue}}).ok());
  EXPECT_TRUE(
      house_.open({{"x", "identity", "x", kValue, Expiry::after_creation(days(9000))}}).ok());
}

TEST_F(VaultExpiry, WhatDoesNotOpenGetsNoTermAndIsNotLookedAtAgain) {
  const auto erased = house_.owner();
  ASSERT_TRUE(house_.vault->erase({erased, {}, {}, std::nullopt}, {}).ok());
  const auto of_erased = house_.record_id();
  const auto of_nobody = house_.record_id();
  for (const auto id : {id_, of_erased, of_nobody}) ASSERT_TRUE(put("made", id).ok());
  // Damaged, and two that belong to somebody else, as rows that were changed by hand.
  ASSERT_TRUE(
      house_
          .write([&](store::Tx& tx) -> Result<void> {
            TRY(tx.run("UPDATE vault_record SET expires_at = -1, version = version + 1", {}));
            constexpr base::Literal give = "UPDATE vault_record SET owner = ? WHERE id = ?";
            TRY(tx.run(give, {erased, of_erased}));
            TRY(tx.run(give, {base::OwnerId::random(house_.entropy), of_nobody}));
            return {};
          })
          .ok());
  ASSERT_TRUE(house_.open(collections()).ok());
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_record WHERE expires_at = 0"), 3);
}

TEST_F(VaultExpiry, TellsWhenItSweptLast) {
  ASSERT_TRUE(put("made", id_).ok());
  house_.clock.advance(days(3));
  ASSERT_TRUE(house_.vault->tick().ok());
  ASSERT_TRUE(house_.store
                  ->read([&](store::Reader& reader) -> Result<void> {
                    const auto swept = TRY(Vault::swept_at(reader));
                    EXPECT_EQ(swept, house_.clock.now());
                    return {};
                  })
                  .ok());
}

}  // namespace
}  // namespace vault
