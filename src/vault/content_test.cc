#include <gtest/gtest.h>

#include <fstream>

#include "base/faulty_disk.h"
#include "vault/content_file.h"
#include "vault/content_store.h"
#include "vault/content_testing.h"
#include "vault/records.h"
#include "vault/testing.h"

namespace vault {
namespace {

const Stay kForGood{base::Time{}, std::nullopt};

using base::Code;
using base::Error;
using base::Result;

class VaultContent : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(house_.open().ok()); }
  bool has_file(base::ContentId id) { return disk_.exists(house_.content_path(id)).value(); }
  base::Bytes file(base::ContentId id) {
    return base::read_file(disk_, house_.content_path(id), 1 << 20).value();
  }
  /// Finished content whose publishing was undone, and whose writer is gone.
  base::ContentId fail_to_publish(base::OwnerId who) {
    auto writer =
        house_.vault->create_content(house_.permit(who, N::workspace_content), kContent).value();
    EXPECT_TRUE(writer->finish().ok());
    const auto failed = house_.write([&](store::Tx& tx) -> Result<void> {
      TRY(house_.vault->publish(tx, *writer));
      return Error{Code::internal, "on purpose"};
    });
    EXPECT_FALSE(failed.ok());
    return writer->id();
  }

  base::ThreadWait wait_;
  base::FaultyDisk disk_{wait_};
  store::TemporaryDirectory directory_;
  House house_{disk_, directory_.path()};
};

TEST_F(VaultContent, ComesBackForEverySizeAroundAChunk) {
  const auto who = house_.owner();
  for (const std::size_t size : {0UL, 1UL, 16383UL, 16384UL, 16385UL, 32768UL, 200000UL}) {
    const auto bytes = pattern(size);
    const auto id = house_.keep(who, bytes).value();
    auto reader = house_.reader(who, id).value();
    EXPECT_EQ(reader->size(), size);
    EXPECT_EQ(read_all(*reader, 7001).value(), bytes) << size;
    EXPECT_EQ(read_all(*reader, 1 << 20).value(), bytes) << size;
  }
}

TEST_F(VaultContent, IsTheSameHoweverItIsWritten) {
  const auto who = house_.owner();
  const auto bytes = pattern(50000);
  for (const std::size_t at_once : {1UL, 1000UL, 16384UL, 20000UL, 50000UL}) {
    auto writer =
        house_.vault->create_content(house_.permit(who, N::workspace_content), kContent).value();
    for (base::View rest = bytes; !rest.empty();) {
      const base::View some = rest.first(std::min(at_once, rest.size()));
      ASSERT_TRUE(writer->write(some).ok());
      rest = rest.subspan(some.size());
    }
    ASSERT_TRUE(writer->finish().ok());
    EXPECT_EQ(writer->size(), bytes.size());
    ASSERT_TRUE(
        house_.write([&](store::Tx& tx) { return house_.vault->publish(tx, *writer); }).ok());
    auto reader = house_.reader(who, writer->id()).value();
    EXPECT_EQ(read_all(*reader, 9999).value(), bytes);
    EXPECT_EQ(file(writer->id()).size(), Segment::sealed_size(bytes.size()));
  }
}

TEST_F(VaultContent, IsThereAfterARestartAndAPowerCut) {
  const auto who = house_.owner();
  const auto bytes = pattern(70000);
  const auto id = house_.keep(who, bytes).value();
  house_.close();
  disk_.crash();
  ASSERT_TRUE(house_.open().ok());
  EXPECT_EQ(read_all(*house_.reader(who, id).value(), 4096).value(), bytes);
}

TEST_F(VaultContent, UnpublishedContentLeavesNothing) {
  const auto who = house_.owner();
  const auto leave = house_.permit(who, N::workspace_content);
  base::ContentId dropped;
  {
    auto writer = house_.vault->create_content(leave, kContent).value();
    dropped = writer->id();
    ASSERT_TRUE(writer->write(pattern(300000)).ok());
    EXPECT_TRUE(has_file(dropped));
    EXPECT_EQ(
        house_.write([&](store::Tx& tx) { return house_.vault->publish(tx, *writer); }).code(),
        Code::invalid);  // not finished
    EXPECT_EQ(house_.reader(who, dropped).code(), Code::missing);
  }
  EXPECT_FALSE(has_file(dropped));
}

TEST_F(VaultContent, AFailedPublishIsCollected) {
  const auto who = house_.owner();
  const base::ContentId id = fail_to_publish(who);
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_FALSE(has_file(id));
  EXPECT_EQ(house_.reader(who, id).code(), Code::missing);
}

TEST_F(VaultContent, AFailedPublishIsCollectedAlthoughTheStoreCouldNotBeAskedAtFirst) {
  const auto who = house_.owner();
  const auto kept = house_.keep(who, pattern(10)).value();
  const base::ContentId id = fail_to_publish(who);
  // Whoever asks for an id is told of an error; who asks for what is left, is told: nothing.
  ASSERT_TRUE(house_
                  .write([](store::Tx& tx) -> Result<void> {
                    TRY(tx.run("ALTER TABLE vault_content RENAME TO vault_away", {}));
                    TRY(
                        tx.run("CREATE VIEW vault_content AS SELECT state, "
                               "abs(bytes * 0 - 9223372036854775807 - 1) AS id FROM vault_away",
                               {}));
                    return {};
                  })
                  .ok());
  EXPECT_FALSE(house_.vault->tick().ok());
  EXPECT_TRUE(has_file(id));
  ASSERT_TRUE(house_
                  .write([](store::Tx& tx) -> Result<void> {
                    TRY(tx.run("DROP VIEW vault_content", {}));
                    TRY(tx.run("ALTER TABLE vault_away RENAME TO vault_content", {}));
                    return {};
                  })
                  .ok());
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_FALSE(has_file(id));
  EXPECT_TRUE(has_file(kept));
}

TEST_F(VaultContent, OrphansOfACrashAreCollectedAtOpen) {
  const auto who = house_.owner();
  const auto kept = house_.keep(who, pattern(10)).value();
  const auto orphan = base::ContentId::random(house_.entropy);
  const auto begun = house_.content_path(orphan) + ".part";  // by a restore that was killed
  const auto folder = base::parent_of(begun);
  disk_.put({{house_.content_path(orphan), pattern(1000)},
             {begun, pattern(500)},
             {folder + "/notes.part", pattern(3)},
             {house_.path + "/data/content/notes.txt", pattern(3)}});
  ASSERT_TRUE(house_.open().ok());
  EXPECT_FALSE(has_file(orphan));
  EXPECT_FALSE(disk_.exists(begun).value());
  EXPECT_TRUE(has_file(kept));
  EXPECT_TRUE(disk_.exists(folder + "/notes.part").value());  // not ours
  EXPECT_TRUE(disk_.exists(house_.path + "/data/content/notes.txt").value());
}

TEST_F(VaultContent, RemovedContentIsGoneAndItsReaderGoesOn) {
  const auto who = house_.owner();
  const auto bytes = pattern(100000);
  const auto id = house_.keep(who, bytes).value();
  auto reader = house_.reader(who, id).value();
  const auto leave = house_.permit(who, N::workspace_content);
  const auto remove = [&](store::Tx& tx) {
    return house_.vault->remove_content(tx, leave, kContent, id);
  };
  ASSERT_TRUE(house_.write(remove).ok());
  EXPECT_EQ(house_.reader(who, id).code(), Code::missing);
  EXPECT_EQ(house_.write(remove).code(), Code::missing);
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_FALSE(has_file(id));
  EXPECT_EQ(house_.count("SELECT id FROM vault_content"), 0);
  EXPECT_EQ(read_all(*reader, 5000).value(), bytes);
}

TEST_F(VaultContent, ARemovalThatFailsRemovesNothing) {
  const auto who = house_.owner();
  const auto id = house_.keep(who, pattern(5)).value();
  const auto leave = house_.permit(who, N::workspace_content);
  const auto failed = house_.write([&](store::Tx& tx) -> Result<void> {
    TRY(house_.vault->remove_content(tx, leave, kContent, id));
    return Error{Code::internal, "on purpose"};
  });
  ASSERT_FALSE(failed.ok());
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(read_all(*house_.reader(who, id).value(), 10).value(), pattern(5));
}

TEST_F(VaultContent, AnotherOwnerOrCategoryFindsNothing) {
  const auto kari = house_.owner();
  const auto ola = house_.owner();
  const auto id = house_.keep(kari, pattern(5)).value();
  EXPECT_EQ(house_.reader(ola, id).code(), Code::missing);
  EXPECT_EQ(house_.vault->open_content(house_.permit(kari), kContent, id).code(), Code::denied);
}

TEST_F(VaultContent, EveryFlippedBitIsDetectedAndNeverServed) {
  const auto who = house_.owner();
  const auto bytes = pattern(40000);
  const auto id = house_.keep(who, bytes).value();
  const std::string path = house_.content_path(id);
  const std::uint64_t bits = Segment::sealed_size(bytes.size()) * 8;
  for (std::uint64_t bit = 0; bit < bits; bit += 4093) {
    ASSERT_TRUE(disk_.flip_bit(path, bit).ok());
    auto reader = house_.reader(who, id);
    ASSERT_TRUE(reader.ok());
    EXPECT_EQ(read_all(**reader, 16384).code(), Code::corrupt) << bit;
    EXPECT_EQ(read_all(**reader, 1 << 20).code(), Code::corrupt) << bit;
    ASSERT_TRUE(disk_.flip_bit(path, bit).ok());
  }
  EXPECT_EQ(read_all(*house_.reader(who, id).value(), 1 << 20).value(), bytes);
}

TEST_F(VaultContent, ChunksBeforeAndBehindADamagedOneAreStillServed) {
  const auto who = house_.owner();
  const auto bytes = pattern(3 * 16384);
  const auto id = house_.keep(who, bytes).value();
  ASSERT_TRUE(disk_.flip_bit(house_.content_path(id), (56 + 16400 + 100) * 8).ok());
  auto reader = house_.reader(who, id).value();
  base::Bytes chunk(16384);
  EXPECT_EQ(reader->read_at(0, chunk).value(), 16384U);
  EXPECT_EQ(reader->read_at(16384, chunk).code(), Code::corrupt);
  EXPECT_EQ(reader->read_at(16384 + 50, base::Mutable(chunk).first(10)).code(), Code::corrupt);
  EXPECT_EQ(reader->read_at(32768, chunk).value(), 16384U);
  EXPECT_TRUE(std::ranges::equal(chunk, base::View(bytes).subspan(32768)));
}

TEST_F(VaultContent, TruncatedLengthenedOrSwappedFilesAreRefused) {
  const auto kari = house_.owner();
  const auto ola = house_.owner();
  const auto first = house_.keep(kari, pattern(40000)).value();
  const auto second = house_.keep(kari, pattern(40000)).value();
  const auto other = house_.keep(ola, pattern(40000)).value();
  const base::Bytes good = file(first);
  const auto outcome = [&](const base::Bytes& contents) {
    disk_.put({{house_.content_path(first), contents}});
    auto reader = house_.reader(kari, first);
    return reader.ok() ? read_all(**reader, 10000).code() : reader.code();
  };
  base::Bytes cut = good;
  cut.resize(56 + 16400);
  EXPECT_EQ(outcome(cut), Code::corrupt);
  base::Bytes longer = good;
  longer.push_back(0);
  EXPECT_EQ(outcome(longer), Code::corrupt);
  EXPECT_EQ(outcome(file(second)), Code::corrupt);
  EXPECT_EQ(outcome(file(other)), Code::corrupt);
  disk_.put({{house_.content_path(first), good}});
  EXPECT_TRUE(house_.reader(kari, first).ok());
}

TEST_F(VaultContent, TheManifestIsBoundToItsRow) {
  const auto who = house_.owner();
  const auto first = house_.keep(who, pattern(100)).value();
  const auto second = house_.keep(who, pattern(100)).value();
  const auto change = [&](base::Literal sql, std::initializer_list<store::Value> values) {
    return house_.write([&](store::Tx& tx) -> Result<void> {
      TRY(tx.run(sql, values));
      return {};
    });
  };
  ASSERT_TRUE(change("UPDATE vault_content SET bytes = 99 WHERE id = ?", {first}).ok());
  EXPECT_EQ(house_.reader(who, first).code(), Code::corrupt);
  ASSERT_TRUE(change("UPDATE vault_content SET sealed = (SELECT sealed FROM vault_content WHERE "
                     "id = ?) WHERE id = ?",
                     {first, second})
                  .ok());
  EXPECT_EQ(house_.reader(who, second).code(), Code::corrupt);
}

TEST_F(VaultContent, AFullDiskIsSaidAndLeavesNothing) {
  const auto who = house_.owner();
  std::uint64_t used = 0;
  for (const auto& [path, bytes] : disk_.live()) used += bytes.size();
  disk_.set_space(used + 200000);
  {
    auto writer =
        house_.vault->create_content(house_.permit(who, N::workspace_content), kContent).value();
    const auto bytes = pattern(150000);
    ASSERT_TRUE(writer->write(bytes).ok());
    EXPECT_EQ(writer->write(bytes).code(), Code::full);
    EXPECT_FALSE(writer->write(bytes).ok());  // and stays so
    EXPECT_FALSE(writer->finish().ok());
  }
  EXPECT_TRUE(house_.keep(who, pattern(1000)).ok());
}

TEST_F(VaultContent, NothingIsWrittenBehindTheEnd) {
  const auto who = house_.owner();
  auto writer =
      house_.vault->create_content(house_.permit(who, N::workspace_content), kContent).value();
  ASSERT_TRUE(writer->write(pattern(10)).ok());
  ASSERT_TRUE(writer->finish().ok());
  EXPECT_TRUE(writer->finish().ok());
  EXPECT_EQ(writer->write(pattern(10)).code(), Code::invalid);
}

/// Content in segments of two chunks, so that a small file has many.
class ContentSegments : public VaultContent {
 protected:
  static constexpr std::uint64_t kSmall = 2 * Segment::chunk_size;
  void SetUp() override {
    VaultContent::SetUp();
    content_ = ContentStore::open({disk_, house_.wait, house_.entropy, *house_.store, *house_.keys},
                                  house_.path + "/data/segments", kSmall)
                   .value();
  }
  std::unique_ptr<ContentReader> keep(base::OwnerId who, base::View bytes) {
    auto writer = content_->create(who, kContent).value();
    EXPECT_TRUE(writer->write(bytes).ok());
    EXPECT_TRUE(writer->finish().ok());
    EXPECT_TRUE(
        house_.write([&](store::Tx& tx) { return content_->publish(tx, *writer, kForGood); }).ok());
    return content_->read(who, kContent, writer->id(), kNothingExpired).value();
  }
  std::unique_ptr<ContentStore> content_;
};

TEST_F(ContentSegments, RangesAtEveryBorder) {
  const auto who = house_.owner();
  for (const std::size_t size :
       {std::size_t{kSmall} - 1, std::size_t{kSmall}, std::size_t{kSmall} + 1,
        std::size_t{3 * kSmall}, std::size_t{3 * kSmall} + 5000}) {
    const auto bytes = pattern(size);
    const auto reader = keep(who, bytes);
    ASSERT_EQ(reader->size(), size);
    std::vector<std::size_t> borders = {0, 1, size - 1, size, size + 1};
    for (std::size_t at = Segment::chunk_size; at <= size; at += Segment::chunk_size)
      for (const std::size_t near : {at - 1, at, at + 1}) borders.push_back(near);
    for (const std::size_t from : borders) {
      for (const std::size_t length : {1UL, 2UL, 16384UL, 16385UL, 40000UL, 200000UL}) {
        base::Bytes out(length, 0xee);
        const std::size_t expected = from >= size ? 0 : std::min(length, size - from);
        ASSERT_EQ(reader->read_at(from, out).value(), expected) << from << "+" << length;
        ASSERT_TRUE(std::ranges::equal(base::View(out).first(expected),
                                       base::View(bytes).subspan(std::min(from, size), expected)));
      }
    }
  }
}

TEST_F(ContentSegments, ASegmentCannotStandInForAnother) {
  const auto who = house_.owner();
  const auto bytes = pattern(3 * kSmall);
  const auto reader = keep(who, bytes);
  std::string path;
  for (const auto& [name, contents] : disk_.live())
    if (name.find("/segments/") != std::string::npos) path = name;
  base::Bytes file = disk_.live().at(path);
  const auto size = static_cast<std::ptrdiff_t>(Segment::sealed_size(kSmall));
  std::swap_ranges(file.begin(), file.begin() + size, file.begin() + size);
  disk_.put({{path, file}});
  auto again =
      content_->read(who, kContent, base::ContentId::parse(path.substr(path.size() - 26)).value(),
                     kNothingExpired);
  ASSERT_TRUE(again.ok());
  base::Bytes out(100);
  EXPECT_EQ((*again)->read_at(0, out).code(), Code::corrupt);
  EXPECT_EQ((*again)->read_at(kSmall, out).code(), Code::corrupt);
  EXPECT_TRUE((*again)->read_at(2 * kSmall, out).ok());
}

TEST(ContentManifest, OnlyWhatWasWrittenIsRead) {
  const auto places = decode_manifest(encode_manifest({10, 0, 16384})).value();
  ASSERT_EQ(places.size(), 3U);
  EXPECT_EQ(places[2].plain_start, 10U);
  EXPECT_EQ(places[2].file_start, Segment::sealed_size(10) + Segment::sealed_size(0));
  EXPECT_EQ(decode_manifest(encode_manifest({})).code(), Code::corrupt);
  EXPECT_EQ(decode_manifest(encode_manifest({1, ~std::uint64_t{0}})).code(), Code::corrupt);
  auto longer = encode_manifest({1});
  longer.push_back(0);
  EXPECT_EQ(decode_manifest(longer).code(), Code::corrupt);
  EXPECT_EQ(decode_manifest({}).code(), Code::corrupt);
}

std::size_t resident_bytes() {
  std::ifstream status("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  status >> total >> resident;
  return resident * 4096;
}

TEST(ContentStream, AHundredMebibytesInConstantMemory) {
  base::RealDisk disk;
  store::TemporaryDirectory directory;
  House house(disk, directory.path());
  ASSERT_TRUE(house.open().ok());
  const auto who = house.owner();
  const auto block = pattern(1 << 20);
  ASSERT_TRUE(house.keep(who, block).ok());  // what is allocated once is allocated now
  const std::size_t before = resident_bytes();
  auto writer =
      house.vault->create_content(house.permit(who, N::workspace_content), kContent).value();
  std::size_t most = before;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(writer->write(block).ok());
    most = std::max(most, resident_bytes());
  }
  ASSERT_TRUE(writer->finish().ok());
  ASSERT_TRUE(house.write([&](store::Tx& tx) { return house.vault->publish(tx, *writer); }).ok());
  auto reader = house.reader(who, writer->id()).value();
  ASSERT_EQ(reader->size(), 100UL << 20);
  base::Bytes out(1 << 20);
  for (std::uint64_t offset = 0; offset < reader->size(); offset += out.size()) {
    ASSERT_EQ(reader->read_at(offset, out).value(), out.size());
    ASSERT_EQ(out, block);
    most = std::max(most, resident_bytes());
  }
  RecordProperty("resident_growth_kib", static_cast<int>((most - before) >> 10));
  EXPECT_LT(most - before, 4UL << 20);
}

}  // namespace
}  // namespace vault
