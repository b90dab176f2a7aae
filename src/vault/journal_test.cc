#include "vault/journal.h"

#include <gtest/gtest.h>

#include "ledger/receipt_form.h"
#include "vault/journal_testing.h"
#include "vault/payload.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

class VaultJournal : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(house_.open().ok()); }
  Result<std::uint64_t> enter(base::OwnerId who, const Entry& entry) {
    std::optional<ledger::Ticket> ticket;
    TRY(house_.write([&](store::Tx& tx) -> Result<void> {
      ticket = TRY(house_.vault->journal(tx, who, entry));
      return {};
    }));
    return house_.ledger->await(*ticket);
  }
  /// The leaf at `index`, as it stands in the log.
  ledger::Leaf leaf(std::uint64_t index) {
    base::RealDisk disk;
    const auto bundle = base::read_file(disk,
                                        house_.path + "/data/log/tile/entries/000.p/" +
                                            std::to_string(house_.ledger->size()),
                                        1 << 20)
                            .value();
    base::Reader reader(bundle);
    for (;; --index) {
      const std::uint16_t size = reader.u16().value();
      const base::View entry = reader.take(size).value();
      if (index == 0) return ledger::Leaf::decode(entry).value();
    }
  }

  base::RealDisk disk_;
  store::TemporaryDirectory directory_;
  House house_{disk_, directory_.path()};
};

TEST_F(VaultJournal, TheOwnerCanEnumerateAndOpenHerEntries) {
  const auto kari = house_.owner();
  const auto ola = house_.owner();
  std::vector<std::uint64_t> indexes;
  for (int i = 0; i < 3; ++i) {
    indexes.push_back(enter(kari, {"export", R"({"files": 12})"}).value());
    ASSERT_TRUE(enter(ola, {"login", "{}"}).ok());
  }
  const auto records = openings(house_, kari);
  ASSERT_EQ(records.size(), 3U);
  const auto log_key = house_.keys->derive(kari, log_key_of(Chain::entries)).value();
  for (std::uint64_t n = 0; n < 3; ++n) {
    const base::Digest label = log_label(log_key.view(), n);
    const auto at = std::ranges::find(records, opening_id(label), &Record::id);
    ASSERT_NE(at, records.end());
    EXPECT_EQ(at->fields.integer("number").value(), static_cast<std::int64_t>(n));
    const std::string payload = revealed(at->fields.text("payload").value());
    EXPECT_EQ(payload, R"({"at":"2026-11-23T14:00:00Z","files":12,"type":"export"})");
    const ledger::Leaf there = leaf(indexes[n]);
    EXPECT_EQ(there.label, label);
    EXPECT_EQ(there.commit, ledger::commit_of(at->fields.bytes("nonce").value(), payload));
  }
}

TEST_F(VaultJournal, AFailedTransactionLeavesNoGap) {
  const auto kari = house_.owner();
  const auto failed = house_.write([&](store::Tx& tx) -> Result<void> {
    TRY(house_.vault->journal(tx, kari, {"export", "{}"}));
    return Error{Code::internal, "on purpose"};
  });
  ASSERT_FALSE(failed.ok());
  ASSERT_TRUE(enter(kari, {"export", "{}"}).ok());
  const auto records = openings(house_, kari);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].fields.integer("number").value(), 0);
}

TEST_F(VaultJournal, ContentIsAJsonObjectWithoutOurMembers) {
  const auto kari = house_.owner();
  for (const char* bad :
       {"", "[]", "7", "{", R"({"type": "x"})", R"({"at": "now"})", "{\"a\": \"\xff\"}"})
    EXPECT_EQ(enter(kari, {"export", bad}).code(), Code::invalid) << bad;
  EXPECT_EQ(enter(kari, {"export", "{\"a\": \"" + std::string(70000, 'x') + "\"}"}).code(),
            Code::invalid);
}

TEST_F(VaultJournal, EntriesAreCommittedBlindly) {
  // The same entry twice: nothing in the log says so.
  const auto kari = house_.owner();
  const auto first = enter(kari, {"login", "{}"}).value();
  const auto second = enter(kari, {"login", "{}"}).value();
  EXPECT_NE(leaf(first).label, leaf(second).label);
  EXPECT_NE(leaf(first).commit, leaf(second).commit);
}

TEST(ErasurePayload, IsTheReceiptsPayload) {
  const auto at = base::parse_rfc3339("2026-11-23T14:02:11Z").value();
  const Destroyed destroyed{17, at, {{"north", 17, 0}, {"south", 14, 3}}};
  EXPECT_EQ(
      erasure_payload(R"({"what": "account", "a": [1, {"z": 1, "b": 2}]})", destroyed).value(),
      R"({"a":[1,{"b":2,"z":1}],"epoch":17,"erased_at":"2026-11-23T14:02:11Z",)"
      R"("replicas":[{"behind":0,"name":"north","state":"destroyed"},)"
      R"({"behind":3,"name":"south","state":"pending"}],"what":"account"})");
  for (const char* member : {"epoch", "erased_at", "replicas"})
    EXPECT_EQ(erasure_payload("{\"" + std::string(member) + "\": 3}", destroyed).code(),
              Code::invalid);
}

}  // namespace
}  // namespace vault
