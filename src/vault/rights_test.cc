// Inventory, export and restriction over whatever is declared: nothing here names what a collection
// is for.
#include "vault/rights.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "vault/check.h"
#include "vault/testing.h"

namespace vault {
namespace {

using base::Code;
using base::Result;
using Json = nlohmann::json;

/// One field of each kind: a module that nobody thought of.
Collection horoscopes() {
  return {"horoscopes",
          "messages",
          "horoscopes",
          {{"said", FieldKind::text, "What it said"},
           {"stars", FieldKind::integer, "How many stars"},
           {"cast", FieldKind::time, "When it was cast"},
           {"raw", FieldKind::bytes, "Raw bytes"},
           {"edition", FieldKind::words, "Edition"},
           {"about", FieldKind::id, "Which record it is about"},
           {"picture", FieldKind::content, "Its picture", Presence::optional},
           {"spell", FieldKind::secret, "What opens it"}},
          Expiry::after_creation(std::chrono::days(7))};
}

Fields horoscope() {
  Fields fields;
  fields.set("said", Fields::Text("You will travel"))
      .set("stars", std::int64_t{5})
      .set("cast", base::parse_rfc3339("2026-01-02T03:04:05Z").value())
      .set("raw", base::Bytes{1, 2, 3})
      .set("edition", base::copy(base::view("no. 7")))
      .set("about", base::RecordId{})
      .set("spell", Fields::Text("open sesame"));
  return fields;
}

class VaultRights : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(house_.open({kPeople, kFiles, horoscopes()}).ok());
    who_ = house_.owner();
  }
  Result<void> put_horoscope(base::RecordId id, const Fields& fields = horoscope()) {
    const auto leave = house_.permit(who_, N::messages);
    return house_.write([&](store::Tx& tx) {
      return house_.vault->put(tx, leave, {"horoscopes", {}, id}, fields);
    });
  }
  Result<void> put_person(base::RecordId group, base::RecordId id) {
    Fields fields;
    fields.set("name", Fields::Text("Kari Nordmann"));
    return house_.put(who_, id, fields, group);
  }
  Result<std::vector<Exported>> export_all() {
    std::vector<Exported> all;
    std::optional<ExportCursor> at = ExportCursor{};
    while (at) {
      auto page = TRY(house_.vault->export_page(gate::Actor::person, who_, *at));
      for (Exported& item : page.items) all.push_back(std::move(item));
      at = page.next;
      ++pages_;
    }
    return all;
  }
  void restrict(bool on) {
    ASSERT_TRUE(house_
                    .write([&](store::Tx& tx) -> Result<void> {
                      StandingChange change;
                      change.restriction = on ? Restriction::on : Restriction::off;
                      TRY(house_.vault->change_standing(tx, who_, change, {"restriction", "{}"}));
                      return {};
                    })
                    .ok());
  }

  base::RealDisk disk_;
  store::TemporaryDirectory directory_;
  House house_{disk_, directory_.path()};
  base::OwnerId who_;
  int pages_ = 0;
};

TEST_F(VaultRights, ADeclarationIsEnoughToBeExportedWithEveryField) {
  ASSERT_TRUE(put_horoscope({}).ok());
  const auto all = export_all();
  ASSERT_TRUE(all.ok()) << all.error().chain();
  ASSERT_EQ(all->size(), 1U);
  EXPECT_STREQ(all->front().export_name.c_str(), "horoscopes");
  const Json json = Json::parse(revealed(all->front().json));
  const Json told = {{"said", "You will travel"},
                     {"stars", 5},
                     {"cast", "2026-01-02T03:04:05Z"},
                     {"raw", "AQID"},
                     {"edition", "no. 7"},
                     {"about", base::RecordId{}.str()},
                     {"spell", "withheld"}};
  EXPECT_EQ(json["fields"], told);
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["expires"], "2026-11-30T14:00:00Z");
}

TEST_F(VaultRights, EverythingIsExportedOnceInPages) {
  // The record that comes first of all, others over several groups, and content.
  ASSERT_TRUE(put_person({}, {}).ok());
  const auto group = house_.record_id();
  for (int i = 0; i < 75; ++i)
    ASSERT_TRUE(put_person(i % 2 == 0 ? group : base::RecordId{}, house_.record_id()).ok());
  ASSERT_TRUE(put_horoscope(house_.record_id()).ok());
  const auto content = house_.keep(who_, base::Bytes(5000, 9)).value();
  const auto all = export_all();
  ASSERT_TRUE(all.ok()) << all.error().chain();
  std::set<std::string> said;
  for (const Exported& item : *all) said.insert(revealed(item.json));
  EXPECT_EQ(said.size(), 78U);
  EXPECT_EQ(all->size(), 78U);
  EXPECT_GE(pages_, 6);
  const auto pieces =
      std::ranges::count_if(*all, [&](const Exported& item) { return item.content == content; });
  EXPECT_EQ(pieces, 1);
  const auto leave =
      house_.gate->ask(gate::Actor::person, who_, N::workspace_content, N::rights).value();
  EXPECT_EQ(house_.vault->open_content(leave, kContent, content).value()->size(), 5000U);
}

TEST_F(VaultRights, OthersDataIsNotAmongIt) {
  const auto hers = who_;
  ASSERT_TRUE(put_person({}, house_.record_id()).ok());
  who_ = house_.owner();
  ASSERT_TRUE(put_person({}, house_.record_id()).ok());
  EXPECT_EQ(export_all()->size(), 1U);
  EXPECT_NE(hers, who_);
}

TEST_F(VaultRights, WhatIsExportedIsAsItsSchemaSays) {
  ASSERT_TRUE(put_horoscope({}).ok());
  const Json json = Json::parse(revealed(export_all()->front().json));
  bool found = false;
  for (const ExportSchema& each : house_.vault->export_schemas()) {
    const Json schema = Json::parse(each.json);
    EXPECT_EQ(schema["type"], "object") << each.json;
    if (std::string_view(each.collection.c_str()) != "horoscopes") continue;
    found = true;
    for (const auto& [name, value] : json.items())
      EXPECT_TRUE(schema["properties"].contains(name)) << name;
    for (const auto& [name, value] : json["fields"].items())
      EXPECT_TRUE(schema["properties"]["fields"]["properties"].contains(name)) << name;
    for (const auto& name : schema["properties"]["fields"]["required"])
      EXPECT_TRUE(json["fields"].contains(name.get<std::string>())) << name;
    EXPECT_EQ(schema["properties"]["fields"]["required"].size(), 7U);
    EXPECT_EQ(schema["properties"]["fields"]["properties"]["said"]["title"], "What it said");
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(house_.vault->export_schemas().size(), 4U);  // with the vault's own
}

TEST_F(VaultRights, ADamagedRecordIsSaidAndHidesNoOther) {
  const auto broken = house_.record_id();
  ASSERT_TRUE(put_person({}, broken).ok());
  ASSERT_TRUE(put_person({}, house_.record_id()).ok());
  ASSERT_TRUE(house_
                  .write([&](store::Tx& tx) -> Result<void> {
                    TRY(tx.run("UPDATE vault_record SET version = 9 WHERE id = ?", {broken}));
                    return {};
                  })
                  .ok());
  const auto all = export_all();
  ASSERT_TRUE(all.ok());
  int damaged = 0;
  for (const Exported& item : *all)
    damaged += Json::parse(revealed(item.json)).contains("damaged") ? 1 : 0;
  EXPECT_EQ(all->size(), 2U);
  EXPECT_EQ(damaged, 1);
}

TEST_F(VaultRights, TheInventoryCountsEveryCollection) {
  ASSERT_TRUE(put_person({}, house_.record_id()).ok());
  house_.clock.advance(std::chrono::days(3));
  ASSERT_TRUE(put_person({}, house_.record_id()).ok());
  ASSERT_TRUE(put_horoscope({}).ok());
  house_.keep(who_, base::Bytes(5000, 9)).value();
  const auto found = house_.vault->inventory(gate::Actor::person, who_);
  ASSERT_TRUE(found.ok()) << found.error().chain();
  ASSERT_EQ(found->holdings.size(), 4U);
  const auto holding = [&](std::string_view name) {
    return *std::ranges::find(found->holdings, name,
                              [](const Holding& each) { return each.collection.c_str(); });
  };
  EXPECT_EQ(holding("people").count, 2U);
  EXPECT_GT(holding("people").bytes, 100U);
  EXPECT_EQ(holding("people").newest - holding("people").oldest, 3);
  EXPECT_EQ(holding("people").oldest, day_of(house_.clock.now()) - 3);
  EXPECT_EQ(holding("people").due, 0);
  EXPECT_EQ(holding("horoscopes").count, 1U);
  EXPECT_EQ(base::Time(base::Duration(holding("horoscopes").due)),
            house_.clock.now() + std::chrono::days(7));
  EXPECT_EQ(holding("files").count, 1U);
  EXPECT_EQ(holding("files").bytes, 5000U);
  EXPECT_EQ(holding("log_openings").count, 0U);
  EXPECT_EQ(found->undeclared, 0U);
}

TEST_F(VaultRights, WhatNobodyDeclaresAnyMoreIsCounted) {
  ASSERT_TRUE(put_horoscope({}).ok());
  ASSERT_TRUE(house_.open({kPeople, kFiles}).ok());
  EXPECT_EQ(house_.vault->inventory(gate::Actor::person, who_)->undeclared, 1U);
  EXPECT_FALSE(house_.vault->check({}).value().sound());
}

TEST_F(VaultRights, AnErasedOwnerHasNothingToExport) {
  ASSERT_TRUE(put_horoscope({}).ok());
  ASSERT_TRUE(put_person({}, {}).ok());
  house_.keep(who_, base::Bytes(10, 9)).value();
  ASSERT_TRUE(house_.vault->erase({who_, {}, {}, std::nullopt}, {}).ok());
  EXPECT_EQ(export_all().code(), Code::gone);
  EXPECT_EQ(house_.vault->inventory(gate::Actor::person, who_).code(), Code::gone);
  ASSERT_TRUE(house_.vault->tick().ok());
  // Whatever is declared: no row and no file is left of her.
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_record WHERE owner = ?", {who_}), 0);
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_content WHERE owner = ?", {who_}), 0);
}

TEST_F(VaultRights, APurposeThatTheNoticeSwitchesOffExportsNothing) {
  ASSERT_TRUE(put_person({}, {}).ok());
  auto next = N::document();
  next.version = 2;
  for (auto& purpose : next.purposes)
    if (purpose.id == "rights_requests") purpose.enabled = false;
  house_.policy.install(notice::Policy::compile(next));
  EXPECT_EQ(export_all().code(), Code::denied);
  EXPECT_EQ(house_.vault->inventory(gate::Actor::person, who_).code(), Code::denied);
}

TEST_F(VaultRights, OnlyDeclaredFieldsArePut) {
  EXPECT_TRUE(put_horoscope({}).ok());
  EXPECT_EQ(put_horoscope({}, horoscope().set("extra", std::int64_t{1})).code(), Code::invalid);
  EXPECT_EQ(put_horoscope({}, horoscope().set("stars", Fields::Text("five"))).code(),
            Code::invalid);
  EXPECT_EQ(put_horoscope({}, horoscope().set("spell", std::int64_t{1})).code(), Code::invalid);
  EXPECT_EQ(put_horoscope({}, Fields()).code(), Code::invalid);
  EXPECT_TRUE(put_horoscope({}, horoscope().set("picture", base::ContentId{})).ok());
}

TEST_F(VaultRights, RecordsAndContentDoNotMix) {
  const auto leave = house_.permit(who_, N::messages);
  EXPECT_EQ(house_.vault->create_content(leave, "horoscopes").code(), Code::invalid);
  const auto files = house_.permit(who_, N::workspace_content);
  EXPECT_EQ(house_
                .write([&](store::Tx& tx) {
                  return house_.vault->put(tx, files, {kContent, {}, {}}, Fields());
                })
                .code(),
            Code::invalid);
}

TEST_F(VaultRights, ARestrictionLeavesHerRightsAndStorage) {
  ASSERT_TRUE(put_horoscope({}).ok());
  restrict(true);
  EXPECT_EQ(export_all()->size(), 2U);  // with the restriction's own entry
  restrict(false);
  EXPECT_EQ(export_all()->size(), 3U);
}

}  // namespace
}  // namespace vault
