// What the vault refuses: rows and files of another form than it writes, and what nobody should
// ask. None of it is served, and none of it hides anything else.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/faulty_disk.h"
#include "vault/check.h"
#include "vault/content_store.h"
#include "vault/door.h"
#include "vault/erase_note.h"
#include "vault/expiry.h"
#include "vault/journal_testing.h"
#include "vault/sealing.h"
#include "vault/usage_testing.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

const Collection kNotes{"notes",
                        "messages",
                        "notes",
                        {{"name", FieldKind::text, "Name"}},
                        Expiry::after_creation(std::chrono::days(1))};

class VaultRefusals : public testing::Test {
 protected:
  VaultRefusals() {
    memory_.make_directory(directory_.path()).value();
    house_.open().value();
    who_ = house_.owner();
  }
  Fields fields() {
    Fields made;
    made.set("name", Fields::Text("Kari Nordmann"));
    return made;
  }
  void put(base::OwnerId who, base::RecordId id) { house_.put(who, id, fields()).value(); }
  std::int64_t run(base::Literal sql, std::initializer_list<store::Value> values = {}) {
    std::int64_t changed = 0;
    house_
        .write([&](store::Tx& tx) -> Result<void> {
          changed = TRY(tx.run(sql, values));
          return {};
        })
        .value();
    return changed;
  }
  /// The owner's key is destroyed behind the vault's back.
  void destroy(base::OwnerId who) {
    auto erasure = house_.keys->prepare(std::array{who}, {}).value();
    house_
        .write(
            [&](store::Tx& tx) { return house_.keys->intend(tx, erasure, EraseNote{}.encode()); })
        .value();
    house_.keys->commit(std::move(erasure)).value();
    house_.write([&](store::Tx& tx) { return house_.keys->finish(tx, std::array{who}); }).value();
  }
  base::OwnerId directory_owner(base::Literal sql) {
    base::OwnerId found;
    house_.store
        ->read([&](store::Reader& reader) {
          return reader.query(sql, {}, [&](const store::Row& row) -> Result<void> {
            found = TRY(row.id<base::OwnerId>(0));
            return {};
          });
        })
        .value();
    return found;
  }
  Code open_code() {
    const auto opened = house_.open();
    return opened.ok() ? Code::internal : opened.code();
  }
  Code change(const StandingChange& change, const std::string& content = "{}") {
    const auto done = house_.write([&](store::Tx& tx) -> Result<void> {
      TRY(house_.vault->change_standing(tx, who_, change, {"standing", content}));
      return {};
    });
    return done.ok() ? Code::internal : done.code();
  }

  base::ThreadWait wait_;
  base::FaultyDisk memory_{wait_};
  store::TemporaryDirectory directory_;
  House house_{memory_, directory_.path()};
  base::OwnerId who_;
};

TEST_F(VaultRefusals, ADirectoryWithoutItsKeysAnswersNothingUntilItIsRebuilt) {
  const auto kari = address("kari@example.com");
  const Vault::Listed listed{who_.as<base::UserTag>(), who_.as<base::AccountTag>()};
  house_.enlist(kari, listed).value();
  std::optional held = house_.vault->hold_directory(std::span(&kari, 1)).value();
  const auto enlist = [&] {
    return house_.write(
        [&](store::Tx& tx) { return house_.vault->enlist(tx, *held, kari, listed); });
  };
  EXPECT_EQ(enlist().code(), Code::conflict);
  // Of every bucket: the address is in one of them.
  std::vector<base::OwnerId> buckets;
  house_.store
      ->read([&](store::Reader& reader) {
        return reader.query(
            "SELECT owner FROM vault_directory WHERE bucket >= 0 AND length(sealed)"
            " > 0",
            {}, [&](const store::Row& row) -> Result<void> {
              buckets.push_back(TRY(row.id<base::OwnerId>(0)));
              return {};
            });
      })
      .value();
  auto erasure = house_.keys->prepare(buckets, {}).value();
  house_
      .write([&](store::Tx& tx) { return house_.keys->intend(tx, erasure, EraseNote{}.encode()); })
      .value();
  house_.keys->commit(std::move(erasure)).value();
  house_.write([&](store::Tx& tx) { return house_.keys->finish(tx, buckets); }).value();
  EXPECT_EQ(house_.vault->find(kari).code(), Code::gone);
  EXPECT_EQ(enlist().code(), Code::gone);
  const base::OwnerId system =
      directory_owner("SELECT owner FROM vault_directory WHERE bucket = -1");
  destroy(system);
  EXPECT_EQ(house_.vault->find(kari).code(), Code::gone);
  EXPECT_EQ(enlist().code(), Code::gone);
  EXPECT_EQ(house_.vault->hold_directory(std::span(&kari, 1)).code(), Code::gone);
  EXPECT_EQ(house_.vault->erase({who_, {}, {kari}, std::nullopt}, {}).code(), Code::gone);
  EXPECT_EQ(house_.keys->state(who_).value(), keys::State::live);
  // It is made anew, under new owners, from what is told; and an error in telling is told on.
  held.reset();
  EXPECT_EQ(house_.vault
                ->rebuild_directory([](const Vault::OnListed&) {
                  return Result<void>(Error{Code::unsupported, "no records"});
                })
                .code(),
            Code::unsupported);
  EXPECT_EQ(house_.vault
                ->rebuild_directory([&](const Vault::OnListed& each) { return each(kari, listed); })
                .value(),
            0U);
  EXPECT_TRUE(house_.vault->find(kari).value().has_value());
}

TEST_F(VaultRefusals, ABucketOfAnotherFormIsDamage) {
  const auto kari = address("kari@example.com");
  house_.enlist(kari, {who_.as<base::UserTag>(), who_.as<base::AccountTag>()}).value();
  std::optional held = house_.vault->hold_directory(std::span(&kari, 1)).value();
  // Sealed as the vault would, and no bucket.
  std::vector<base::OwnerId> buckets;
  house_.store
      ->read([&](store::Reader& reader) {
        return reader.query("SELECT owner FROM vault_directory WHERE bucket >= 0", {},
                            [&](const store::Row& row) -> Result<void> {
                              buckets.push_back(TRY(row.id<base::OwnerId>(0)));
                              return {};
                            });
      })
      .value();
  for (const base::OwnerId bucket : buckets) {
    const auto key = house_.keys->derive(bucket, "vault directory bucket v1").value();
    const base::Bytes sealed = seal_record(key.view(), {bucket, "directory", {}, {}, 0},
                                           base::view("rubbish"), kBucketPadding, house_.entropy);
    run("UPDATE vault_directory SET sealed = ? WHERE owner = ?", {sealed, bucket});
  }
  EXPECT_FALSE(house_.vault->find(kari).ok());
  EXPECT_FALSE(house_
                   .write([&](store::Tx& tx) {
                     return house_.vault->enlist(tx, *held, kari, Vault::Listed{});
                   })
                   .ok());
  held.reset();
  EXPECT_FALSE(house_.vault->erase({who_, {}, {kari}, std::nullopt}, {}).ok());
  EXPECT_EQ(house_.keys->state(who_).value(), keys::State::live);
}

TEST_F(VaultRefusals, ADirectoryThatLacksABucketStopsTheStart) {
  run("DELETE FROM vault_directory WHERE bucket = 5");
  EXPECT_EQ(open_code(), Code::corrupt);
}

TEST_F(VaultRefusals, TwoErasuresThatCannotBeClosedAreClosedLater) {
  const auto other = house_.owner();
  put(who_, house_.record_id());
  run("ALTER TABLE vault_content RENAME TO vault_elsewhere");
  for (const auto owner : {who_, other}) {
    const auto erased = house_.vault->erase({owner, {}, {}, std::nullopt}, {});
    EXPECT_FALSE(erased.ok());
    EXPECT_EQ(house_.keys->derive(owner, "test").code(), Code::gone) << "and it is destroyed";
  }
  EXPECT_FALSE(house_.vault->tick().ok());
  run("ALTER TABLE vault_elsewhere RENAME TO vault_content");
  ASSERT_TRUE(house_.vault->tick().ok());
  for (const auto owner : {who_, other})
    EXPECT_EQ(house_.keys->state(owner).value(), keys::State::erased);
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_record"), 0);
}

TEST_F(VaultRefusals, AChangeOfStandingSaysOneThing) {
  StandingChange both;
  both.objects.add(N::improvement);
  both.agrees.add(N::improvement);
  EXPECT_EQ(change(both), Code::invalid);
  EXPECT_EQ(change({}), Code::invalid);
  StandingChange confirms;
  confirms.confirmation = Confirmation::hers;
  EXPECT_EQ(change(confirms, "[]"), Code::invalid);
  EXPECT_EQ(change(confirms, R"({"standing":1})"), Code::invalid);
  EXPECT_TRUE(openings(house_, who_).empty());
  EXPECT_EQ(change(confirms), Code::internal) << "which is done";
  EXPECT_EQ(openings(house_, who_).size(), 1U);
  ASSERT_TRUE(house_.vault->erase({who_, {}, {}, std::nullopt}, {}).ok());
  EXPECT_EQ(change(confirms), Code::gone);
}

TEST_F(VaultRefusals, ContentIsPublishedAsItsCollectionSays) {
  const auto files = house_.permit(who_, N::workspace_content);
  const auto others = house_.permit(who_);
  auto writer = house_.vault->create_content(files, kContent).value();
  const auto publish = [&](std::optional<base::Time> until) {
    return house_.write([&](store::Tx& tx) { return house_.vault->publish(tx, *writer, until); });
  };
  EXPECT_EQ(publish({}).code(), Code::invalid) << "not ended";
  writer->write(base::Bytes(10)).value();
  writer->finish().value();
  EXPECT_EQ(publish(house_.clock.now()).code(), Code::invalid) << "it takes no time";
  ASSERT_TRUE(publish({}).ok());
  EXPECT_EQ(house_.vault->open_content(others, kContent, writer->id()).code(), Code::denied);
  EXPECT_EQ(house_
                .write([&](store::Tx& tx) {
                  return house_.vault->remove_content(tx, others, kContent, writer->id());
                })
                .code(),
            Code::denied);
  EXPECT_EQ(usage_of(house_, who_)->pieces, 1U);
}

TEST_F(VaultRefusals, AManifestOfAnotherFormIsDamage) {
  const auto id = house_.keep(who_, base::Bytes(10)).value();
  const auto key = house_.keys->derive(who_, "vault manifest v1").value();
  const base::Bytes sealed =
      seal_record(key.view(), {who_, "files", {}, id.as<base::RecordTag>(), 1},
                  base::view("rubbish"), kRecordPadding, house_.entropy);
  run("UPDATE vault_content SET sealed = ? WHERE id = ?", {sealed, id});
  EXPECT_FALSE(house_.reader(who_, id).ok());
  EXPECT_EQ(house_.vault->check({})->content_damaged, 1U);
}

TEST_F(VaultRefusals, AFileThatIsCutOffWhileItIsReadIsDamage) {
  const auto id = house_.keep(who_, base::Bytes(100'000, 7)).value();
  const auto reader = house_.reader(who_, id).value();
  base::Bytes some(10);
  ASSERT_TRUE(reader->read_at(0, some).ok());
  memory_.open(house_.content_path(id), base::Open::update).value()->truncate(60'000).value();
  base::Bytes all(100'000);
  EXPECT_EQ(reader->read_at(0, all).code(), Code::corrupt);
  EXPECT_EQ(reader->read_at(90'000, some).code(), Code::corrupt);
  ASSERT_TRUE(reader->read_at(0, some).ok());
  EXPECT_EQ(some, base::Bytes(10, 7));
}

TEST_F(VaultRefusals, FilesThatAreNotContentStay) {
  const std::string folder = directory_.path() + "/data/content/";
  const auto id = base::ContentId::random(house_.entropy).str();
  const std::string wrong = (id.starts_with("aa") ? "bb/" : "aa/") + id;
  for (const std::string& name : {std::string("aa/notes.txt"), wrong})
    memory_.put({{folder + name, base::Bytes(3)}});
  memory_.put({{folder + "a-file", base::Bytes(3)}});
  ASSERT_TRUE(house_.open().ok());
  EXPECT_TRUE(memory_.exists(folder + "aa/notes.txt").value());
  EXPECT_TRUE(memory_.exists(folder + wrong).value());
  EXPECT_TRUE(memory_.exists(folder + "a-file").value());
}

TEST_F(VaultRefusals, WhatIsPublishedIsNamedOnce) {
  const auto id = house_.keep(who_, base::Bytes(10)).value();
  std::vector<base::ContentId> named;
  const auto name_all = [&] {
    return house_.store->read([&](store::Reader& reader) {
      return each_published(reader, [&](base::ContentId each) -> Result<void> {
        named.push_back(each);
        return {};
      });
    });
  };
  ASSERT_TRUE(name_all().ok());
  EXPECT_EQ(named, std::vector{id});
  run("UPDATE vault_content SET id = x'00'");
  EXPECT_FALSE(name_all().ok());
}

TEST_F(VaultRefusals, ACheckCountsWhoseKeyIsGoneAndPassesOverWhatIsRemovedMeanwhile) {
  const auto other = house_.owner();
  put(who_, house_.record_id());
  std::vector<base::ContentId> kept;
  for (int i = 0; i < 3; ++i) kept.push_back(house_.keep(other, base::Bytes(10)).value());
  std::ranges::sort(kept);
  int seen = 0;
  const auto found =
      house_.vault
          ->check([&](const CheckFindings& now) {
            if (now.content != 1 || seen++ > 0) return;
            house_
                .write([&](store::Tx& tx) {
                  return house_.vault->remove_content(
                      tx, house_.permit(other, N::workspace_content), kContent, kept[1]);
                })
                .value();
          })
          .value();
  EXPECT_TRUE(found.sound());
  EXPECT_EQ(found.content, 2U);
  destroy(who_);
  const auto later = house_.vault->check({}).value();
  EXPECT_TRUE(later.sound());
  EXPECT_EQ(later.records_keyless, 1U);
}

TEST_F(VaultRefusals, ACheckLooksAtMoreThanOnePage) {
  house_
      .write([&](store::Tx& tx) -> Result<void> {
        const auto leave = house_.permit(who_);
        for (int i = 0; i < 501; ++i)
          TRY(house_.vault->put(tx, leave, {kPeople.name, {}, house_.record_id()}, fields()));
        return {};
      })
      .value();
  const auto leave = house_.permit(who_, N::workspace_content);
  std::vector<std::unique_ptr<ContentWriter>> writers;
  for (int i = 0; i < 501; ++i) {
    writers.push_back(house_.vault->create_content(leave, kContent).value());
    writers.back()->finish().value();
  }
  house_
      .write([&](store::Tx& tx) -> Result<void> {
        for (const auto& writer : writers) TRY(house_.vault->publish(tx, *writer));
        return {};
      })
      .value();
  const auto found = house_.vault->check({}).value();
  EXPECT_TRUE(found.sound());
  EXPECT_EQ(found.records, 501U);
  EXPECT_EQ(found.content, 501U);
  // And so does an export.
  std::size_t exported = 0;
  std::optional<ExportCursor> at = ExportCursor{};
  while (at) {
    const auto page = house_.vault->export_page(gate::Actor::person, who_, *at).value();
    exported += page.items.size();
    at = page.next;
  }
  EXPECT_EQ(exported, 1002U);
  EXPECT_EQ(house_.vault->export_page(gate::Actor::person, who_, {99, {}}).code(), Code::invalid);
}

TEST_F(VaultRefusals, RightsAreThoseOfTheNoticeInForce) {
  auto document = N::document();
  std::erase_if(document.purposes, [](const auto& each) { return each.id == "rights_requests"; });
  house_.policy.install(notice::Policy::compile(document));
  EXPECT_EQ(house_.vault->inventory(gate::Actor::person, who_).code(), Code::denied);
  EXPECT_EQ(house_.vault->export_page(gate::Actor::person, who_, {}).code(), Code::denied);
}

TEST_F(VaultRefusals, AnExportOfWhoseKeyIsGoneIsNone) {
  put(who_, house_.record_id());
  destroy(who_);
  bool refused = false;
  for (std::size_t collection = 0; collection < 3; ++collection)
    refused |= !house_.vault->export_page(gate::Actor::person, who_, {collection, {}}).ok();
  EXPECT_TRUE(refused);
}

TEST_F(VaultRefusals, ARowWithoutAnIdStopsTheSweepAndRemovesNothing) {
  ASSERT_TRUE(house_.open({kPeople, kFiles, kNotes}).ok());
  house_
      .write([&](store::Tx& tx) {
        return house_.vault->put(tx, house_.permit(who_, N::messages),
                                 {kNotes.name, {}, house_.record_id()}, fields());
      })
      .value();
  house_.clock.advance(std::chrono::days(2));
  for (const base::Literal sql : {base::Literal("UPDATE vault_record SET id = x'00'"),
                                  base::Literal("UPDATE vault_record SET grouping = x'00'"),
                                  base::Literal("UPDATE vault_record SET owner = x'00'")}) {
    EXPECT_EQ(run(sql), 1);
    EXPECT_FALSE(house_.vault->tick().ok());
    EXPECT_EQ(house_.count("SELECT 1 FROM vault_record"), 1);
  }
}

// All of one owner: were each looked for among all of hers, this would take minutes.
TEST_F(VaultRefusals, ASweepIsBoundedAndGoesOnNextTime) {
  ASSERT_TRUE(house_.open({kPeople, kFiles, kNotes}).ok());
  house_
      .write([&](store::Tx& tx) -> Result<void> {
        const auto leave = house_.permit(who_, N::messages);
        for (int i = 0; i < 20'100; ++i)
          TRY(house_.vault->put(tx, leave, {kNotes.name, {}, house_.record_id()}, fields()));
        return {};
      })
      .value();
  // As rows from before there were terms; their collection is declared no more.
  EXPECT_EQ(run("UPDATE vault_record SET collection = 'forgotten', expires_at = -1"), 20'100);
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_record WHERE expires_at = -1"), 100);
  EXPECT_EQ(run("UPDATE vault_record SET expires_at = 1"), 20'100);
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_record"), 100);
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_record"), 0);
  EXPECT_EQ(house_.vault->swept().records, 20'100U);
}

TEST_F(VaultRefusals, FieldsOfOtherFormsAreToldAsTheyAre) {
  using Json = nlohmann::json;
  const Collection seen{
      "seen",
      "identity",
      "seen",
      {{"about", FieldKind::id, "About"}, {"picture", FieldKind::content, "Picture"}}};
  Fields fields;
  fields.set("about", base::Bytes{1, 2, 3})
      .set("picture", base::ContentId{})
      .set("older", base::Bytes{4});
  const Json json = Json::parse(revealed(Door::to_json(seen, {{}, {}, 1, 0}, &fields)));
  EXPECT_EQ(json["fields"]["about"], "AQID") << "no id: as bytes";
  EXPECT_EQ(json["fields"]["picture"], base::ContentId{}.str());
  EXPECT_EQ(json["fields"]["older"], "BA") << "not declared any more";
  const auto expiring = Json::parse(revealed(Door::content_to_json({}, 5, 1'000'000)));
  EXPECT_EQ(expiring["expires"], "1970-01-01T00:00:01Z");
  EXPECT_FALSE(Json::parse(revealed(Door::content_to_json({}, 5, 0))).contains("expires"));
  const Json schema = Json::parse(json_schema(seen));
  EXPECT_EQ(schema["properties"]["fields"]["properties"]["picture"]["pattern"], "^[a-z2-7]{26}$");
}

TEST_F(VaultRefusals, WhoHasNoKeyIsNotCaughtUp) {
  EXPECT_EQ(house_
                .write([&](store::Tx& tx) -> Result<void> {
                  TRY(house_.vault->catch_up(tx, base::OwnerId::random(house_.entropy)));
                  return {};
                })
                .code(),
            Code::missing);
}

}  // namespace
}  // namespace vault
