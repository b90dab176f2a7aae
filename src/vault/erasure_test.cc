#include <gtest/gtest.h>

#include "ledger/receipt_form.h"
#include "vault/erase_note.h"
#include "vault/testing.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

Result<void> nothing(store::Tx&) { return {}; }

class VaultErase : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(house_.open().ok()); }
  Vault::Erasing account(base::OwnerId who) {
    return {who, {}, {}, Entry{"erasure", R"({"what":"account"})"}};
  }
  static Fields person(const std::string& name) {
    Fields fields;
    fields.set("name", Fields::Text(name));
    return fields;
  }
  Result<void> ask(base::OwnerId who) {
    TRY(house_.gate->ask(gate::Actor::person, who, N::identity, N::accounts));
    return {};
  }

  base::RealDisk disk_;
  store::TemporaryDirectory directory_;
  House house_{disk_, directory_.path()};
};

TEST_F(VaultErase, NothingOfHersCanBeOpenedAndOthersAreUntouched) {
  const auto kari = house_.owner();
  const auto ola = house_.owner();
  const auto id = house_.record_id();
  ASSERT_TRUE(house_.put(kari, id, person("Kari Nordmann")).ok());
  ASSERT_TRUE(house_.put(ola, id, person("Ola Nordmann")).ok());
  const auto content = house_.keep(kari, base::view("her letters")).value();
  const auto kept = house_.keep(ola, base::view("his letters")).value();
  const auto before = house_.permit(kari);  // a permit from before opens nothing either
  const auto content_before = house_.permit(kari, N::workspace_content);

  ASSERT_TRUE(house_.vault->erase(account(kari), nothing).ok());

  EXPECT_EQ(house_.get(before, id).code(), Code::gone);
  EXPECT_EQ(house_.vault->open_content(content_before, kContent, content).code(), Code::gone);
  EXPECT_EQ(house_.vault->create_content(content_before, kContent).code(), Code::gone);
  EXPECT_EQ(house_.vault->pseudonym(before, {}, base::Personal(std::string("x"))).code(),
            Code::gone);
  EXPECT_EQ(ask(kari).code(), Code::gone);
  EXPECT_EQ(house_.gate->decide(kari, N::identity, N::accounts).reason, notice::Reason::erased);
  EXPECT_EQ(house_.keys->state(kari).value(), keys::State::erased);
  for (const auto rows : {house_.count("SELECT 1 FROM vault_record WHERE owner = ?", {kari}),
                          house_.count("SELECT 1 FROM vault_content WHERE owner = ?", {kari}),
                          house_.count("SELECT 1 FROM vault_journal WHERE owner = ?", {kari})})
    EXPECT_EQ(rows, 0);
  EXPECT_FALSE(disk_.exists(house_.content_path(content)).value());

  EXPECT_EQ(revealed(house_.get(house_.permit(ola), id)->fields.text("name").value()),
            "Ola Nordmann");
  EXPECT_TRUE(house_.reader(ola, kept).ok());
  const std::vector<base::OwnerId> again = {kari};
  EXPECT_FALSE(house_.keys->mint(again).ok());  // no key is ever made for her again
}

TEST_F(VaultErase, TheReceiptsFactsStandInTheLog) {
  const auto kari = house_.owner();
  std::optional<ledger::Ticket> earlier;
  ASSERT_TRUE(house_
                  .write([&](store::Tx& tx) -> Result<void> {
                    earlier = TRY(house_.vault->journal(tx, kari, {"login", "{}"}));
                    return {};
                  })
                  .ok());
  ASSERT_TRUE(house_.ledger->await(*earlier).ok());
  const std::uint64_t epoch = house_.keys->epoch();
  const Erased erased = house_.vault->erase(account(kari), nothing).value();
  EXPECT_GT(erased.epoch, epoch);
  EXPECT_EQ(erased.index, 1U);
  EXPECT_EQ(house_.ledger->size(), 2U);
  EXPECT_EQ(erased.payload,
            R"({"epoch":)" + std::to_string(erased.epoch) +
                R"(,"erased_at":"2026-11-23T14:00:00Z","replicas":[],"what":"account"})");
  const ledger::Leaf leaf{erased.label, ledger::commit_of(erased.nonce, erased.payload)};
  const auto found = find_in_files(house_.path + "/data/log/tile", base::text(leaf.encode()));
  EXPECT_EQ(found.size(), 1U);
  EXPECT_TRUE(house_.ledger->prove(erased.index).ok());
}

/// One replica that keeps up and one that does not.
class TestFollowers final : public keys::Followers {
 public:
  explicit TestFollowers(House& house) : house_(house) {}
  base::Result<void> intend() override {
    if (replaced) return base::replaced_host();
    open = house_.keys->open_intents().value().size();
    intended_at = house_.keys->epoch();
    return {};
  }
  std::vector<keys::Following> await(std::uint64_t epoch, base::Duration patience) override {
    EXPECT_EQ(house_.keys->epoch(), epoch);  // the keys are destroyed here
    EXPECT_LE(patience, std::chrono::seconds(1));
    return {{"north", epoch, 0}, {"south", epoch - 2, 2}};
  }
  bool replaced = false;
  std::size_t open = 0;
  std::uint64_t intended_at = 0;

 private:
  House& house_;
};

TEST_F(VaultErase, TellsReplicasBeforeAndNamesThemAfter) {
  TestFollowers followers(house_);
  house_.followers = &followers;
  ASSERT_TRUE(house_.open().ok());
  const Erased erased = house_.vault->erase(account(house_.owner()), nothing).value();
  EXPECT_EQ(followers.open, 1U);  // the intent was durable, and her key stood
  EXPECT_EQ(followers.intended_at, erased.epoch - 1);
  EXPECT_NE(erased.payload.find(R"("replicas":[{"behind":0,"name":"north","state":"destroyed"},)"
                                R"({"behind":2,"name":"south","state":"pending"}])"),
            std::string::npos);
  house_.close();  // before its followers go
}

TEST_F(VaultErase, NothingIsErasedOnAHostThatWasReplaced) {
  TestFollowers followers(house_);
  house_.followers = &followers;
  ASSERT_TRUE(house_.open().ok());
  const auto owner = house_.owner();
  const std::uint64_t epoch = house_.keys->epoch();
  const std::uint64_t leaves = house_.ledger->size();
  followers.replaced = true;
  EXPECT_EQ(house_.vault->erase(account(owner), nothing).code(), Code::unavailable);
  EXPECT_EQ(house_.vault->tick().code(), Code::unavailable) << "nor by what goes on with it";
  EXPECT_EQ(house_.keys->epoch(), epoch);
  EXPECT_EQ(house_.ledger->size(), leaves);
  // Who said so was wrong, and is asked no more: what was intended is carried out.
  followers.replaced = false;
  EXPECT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(house_.keys->state(owner).value(), keys::State::erased);
  EXPECT_EQ(house_.keys->epoch(), epoch + 1);
  EXPECT_EQ(house_.ledger->size(), leaves + 1);
  house_.close();  // before its followers go
}

TEST_F(VaultErase, SeveralOwnersGoInOneCommit) {
  const auto account_key = house_.owner();
  const auto user_key = house_.owner();
  auto what = account(account_key);
  what.also = {user_key};
  const std::uint64_t before = house_.keys->epoch();
  const Erased erased = house_.vault->erase(what, nothing).value();
  EXPECT_EQ(erased.epoch, before + 1);
  EXPECT_EQ(ask(account_key).code(), Code::gone);
  EXPECT_EQ(ask(user_key).code(), Code::gone);
}

TEST_F(VaultErase, WhatIsNotToBeLoggedIsNotLogged) {
  const auto pending = house_.owner();
  const Erased erased = house_.vault->erase({pending, {}, {}, std::nullopt}, nothing).value();
  EXPECT_GT(erased.epoch, 0U);
  EXPECT_TRUE(erased.payload.empty());
  EXPECT_EQ(house_.ledger->size(), 0U);
  EXPECT_EQ(ask(pending).code(), Code::gone);
}

TEST_F(VaultErase, OnceOnly) {
  const auto kari = house_.owner();
  ASSERT_TRUE(house_.vault->erase(account(kari), nothing).ok());
  EXPECT_EQ(house_.vault->erase(account(kari), nothing).code(), Code::gone);
  EXPECT_EQ(house_.vault->erase({kari, {}, {}, std::nullopt}, nothing).code(), Code::gone);
  EXPECT_EQ(house_.ledger->size(), 1U);
}

TEST_F(VaultErase, ARefusalAlongsideLeavesEverything) {
  const auto kari = house_.owner();
  const auto id = house_.record_id();
  ASSERT_TRUE(house_.put(kari, id, person("Kari Nordmann")).ok());
  const auto refused = house_.vault->erase(account(kari), [](store::Tx&) -> Result<void> {
    return Error{Code::conflict, "active again"};
  });
  EXPECT_EQ(refused.code(), Code::conflict);
  EXPECT_TRUE(house_.get(house_.permit(kari), id).ok());
  EXPECT_EQ(house_.vault->erase({kari, {}, {}, Entry{"erasure", "not JSON"}}, nothing).code(),
            Code::invalid);
  EXPECT_TRUE(house_.get(house_.permit(kari), id).ok());
  ASSERT_TRUE(house_.open().ok());
  EXPECT_TRUE(house_.get(house_.permit(kari), id).ok());
}

TEST_F(VaultErase, AnIntentThatFailsLateLeavesEverything) {
  const auto user = house_.owner();
  const auto address = Address::parse("kari@example.com").value();
  {
    ASSERT_TRUE(house_.enlist(address, {user.as<base::UserTag>(), {}}).ok());
  }
  auto what = account(user);
  what.addresses = {address};
  // The buckets are read last, when the standing has been announced already.
  const auto failed = house_.vault->erase(what, [](store::Tx& tx) -> Result<void> {
    TRY(tx.run("UPDATE vault_directory SET sealed = x'00'", {}));
    return {};
  });
  EXPECT_EQ(failed.code(), Code::corrupt);
  EXPECT_TRUE(ask(user).ok());
  EXPECT_EQ(house_.keys->state(user).value(), keys::State::live);
  EXPECT_TRUE(house_.vault->find(address).value().has_value());
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_TRUE(house_.vault->erase(what, nothing).ok());
}

TEST_F(VaultErase, OpenReadersAndWritersStop) {
  const auto kari = house_.owner();
  const auto ola = house_.owner();
  const base::Bytes letters(100000, 'k');
  const auto id = house_.keep(kari, letters).value();
  const auto kept = house_.keep(ola, letters).value();
  auto reader = house_.reader(kari, id).value();
  auto other = house_.reader(ola, kept).value();
  auto writer =
      house_.vault->create_content(house_.permit(kari, N::workspace_content), kContent).value();
  auto finished =
      house_.vault->create_content(house_.permit(kari, N::workspace_content), kContent).value();
  ASSERT_TRUE(finished->finish().ok());
  base::Bytes some(100);
  ASSERT_TRUE(reader->read_at(0, some).ok());
  ASSERT_TRUE(writer->write(some).ok());

  ASSERT_TRUE(house_.vault->erase(account(kari), nothing).ok());

  EXPECT_EQ(reader->read_at(0, some).code(), Code::gone);
  EXPECT_EQ(reader->read_at(50000, some).code(), Code::gone);
  EXPECT_EQ(writer->write(some).code(), Code::gone);
  EXPECT_EQ(writer->finish().code(), Code::gone);
  EXPECT_EQ(
      house_.write([&](store::Tx& tx) { return house_.vault->publish(tx, *finished); }).code(),
      Code::gone);
  EXPECT_EQ(other->read_at(50000, some).value(), 100U);
}

TEST_F(VaultErase, NothingIsWrittenForHerWhileSheGoes) {
  const auto kari = house_.owner();
  const auto leave = house_.permit(kari);
  const auto erased = house_.vault->erase(account(kari), [&](store::Tx& tx) -> Result<void> {
    EXPECT_EQ(house_.vault->put(tx, leave, {kPeople.name, {}, house_.record_id()}, {}).code(),
              Code::gone);
    return {};
  });
  EXPECT_TRUE(erased.ok());
}

TEST_F(VaultErase, ACopyFromBeforeOpensNothing) {
  const auto user = house_.owner();
  const auto id = house_.record_id();
  const auto address = Address::parse("kari@example.com").value();
  ASSERT_TRUE(house_.put(user, id, person("Kari Nordmann")).ok());
  const auto content = house_.keep(user, base::view("her letters")).value();
  const auto leave = house_.permit(user);
  const auto content_leave = house_.permit(user, N::workspace_content);
  {
    ASSERT_TRUE(house_.enlist(address, {user.as<base::UserTag>(), {}}).ok());
  }
  house_.close();
  const std::string old = house_.path + "/old";
  copy_files(house_.path + "/data", old + "/data");
  ASSERT_TRUE(house_.open().ok());
  auto what = account(user);
  what.addresses = {address};
  ASSERT_TRUE(house_.vault->erase(what, nothing).ok());
  house_.close();

  // The old database and content beside the tree and the root that are live.
  base::RealDisk disk;
  const std::string mixed = house_.path + "/mixed";
  copy_files(old + "/data", mixed + "/data");
  copy_files(house_.path + "/root", mixed + "/root");
  const auto tree = base::read_file(disk, house_.path + "/data/tree.ktn", 1UL << 30).value();
  ASSERT_TRUE(base::write_file_atomically(disk, mixed + "/data/tree.ktn", tree).ok());
  House mixed_house(disk, mixed);
  if (mixed_house.open().ok()) {
    EXPECT_FALSE(mixed_house.get(leave, id).ok());
    EXPECT_FALSE(mixed_house.vault->open_content(content_leave, kContent, content).ok());
    EXPECT_FALSE(mixed_house.vault->find(address).ok());
    EXPECT_FALSE(mixed_house.vault->pseudonym(leave, {}, base::Personal(std::string("x"))).ok());
  }

  // And the whole old directory, its tree included, beside the live root.
  const std::string whole = house_.path + "/whole";
  copy_files(old + "/data", whole + "/data");
  copy_files(house_.path + "/root", whole + "/root");
  House whole_house(disk, whole);
  EXPECT_FALSE(whole_house.open().ok());
}

TEST_F(VaultErase, NothingPersonalIsOnDiskBeforeNorAfter) {
  const auto user = house_.owner();
  const auto address = Address::parse("kanarifugl@example.com").value();
  ASSERT_TRUE(house_.put(user, house_.record_id(), person("Kari Kanarifugl")).ok());
  {
    ASSERT_TRUE(house_.enlist(address, {user.as<base::UserTag>(), {}}).ok());
  }
  auto what = account(user);
  what.addresses = {address};
  ASSERT_TRUE(house_.vault->erase(what, nothing).ok());
  house_.close();
  for (const char* canary : {"Kanarifugl", "kanarifugl"})
    EXPECT_TRUE(find_in_files(house_.path, canary).empty());
}

TEST(EraseNote, OnlyWhatWasWrittenIsRead) {
  EraseNote note;
  note.logged = EraseNote::Logged::yes;
  note.label.fill(7);
  note.nonce = base::Bytes(32, 9);
  note.content = "{}";
  const auto bytes = note.encode();
  const auto back = EraseNote::decode(bytes).value();
  EXPECT_EQ(back.encode(), bytes);
  EXPECT_EQ(back.content, "{}");
  EXPECT_EQ(EraseNote::decode(EraseNote().encode()).value().logged, EraseNote::Logged::no);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_EQ(EraseNote::decode(base::View(bytes).first(size)).code(), Code::corrupt);
  auto bad = bytes;
  bad[0] = 2;
  EXPECT_EQ(EraseNote::decode(bad).code(), Code::corrupt);
  bad = bytes;
  bad[1] = 2;
  EXPECT_EQ(EraseNote::decode(bad).code(), Code::corrupt);
  note.nonce.pop_back();
  EXPECT_EQ(EraseNote::decode(note.encode()).code(), Code::corrupt);
}

TEST_F(VaultErase, WhatCouldNotBeClosedIsClosedByTheNextTick) {
  const auto kari = house_.owner();
  const auto address = Address::parse("kari@example.com").value();
  ASSERT_TRUE(house_.enlist(address, {kari.as<base::UserTag>(), {}}).ok());
  const auto id = house_.record_id();
  ASSERT_TRUE(house_.put(kari, id, person("Kari Nordmann")).ok());
  const auto epoch = house_.keys->epoch();
  // As a full disk: everything goes well up to the leaf, behind the tree commit.
  ASSERT_TRUE(house_
                  .write([](store::Tx& tx) -> Result<void> {
                    TRY(
                        tx.run("CREATE TRIGGER full BEFORE INSERT ON ledger_leaf "
                               "BEGIN SELECT RAISE(ABORT, 'full'); END",
                               {}));
                    return {};
                  })
                  .ok());
  auto what = account(kari);
  what.addresses = {address};
  const auto done = house_.vault->erase(what, nothing);
  ASSERT_FALSE(done.ok());
  EXPECT_NE(done.error().chain().find("the keys are destroyed"), std::string::npos);
  EXPECT_EQ(house_.keys->epoch(), epoch + 1);
  EXPECT_EQ(ask(kari).code(), Code::gone);
  EXPECT_FALSE(house_.vault->find(address).value().has_value());
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_record WHERE owner = ?", {kari}), 1);
  EXPECT_FALSE(house_.vault->tick().ok());
  EXPECT_FALSE(house_.vault->tick().ok());

  ASSERT_TRUE(house_
                  .write([](store::Tx& tx) -> Result<void> {
                    TRY(tx.run("DROP TRIGGER full", {}));
                    return {};
                  })
                  .ok());
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(house_.keys->state(kari).value(), keys::State::erased);
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_record WHERE owner = ?", {kari}), 0);
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_directory"), 1025);
  EXPECT_EQ(house_.ledger->size(), 1U);
  EXPECT_TRUE(house_.keys->unfinished().value().empty());
  ASSERT_TRUE(house_.vault->tick().ok());
  ASSERT_TRUE(house_.open().ok());
  EXPECT_EQ(house_.ledger->size(), 1U);  // once, whoever looks again
}

}  // namespace
}  // namespace vault
