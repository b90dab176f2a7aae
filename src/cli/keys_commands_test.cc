#include "cli/keys_commands.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/process.h"
#include "keys/keys.h"
#include "store/testing.h"

namespace cli {
namespace {

base::Result<std::unique_ptr<keys::RootHolder>> keys_in_a_file(base::Disk& disk,
                                                               const std::string& root) {
  auto file = TRY(keys::FileRootHolder::open(disk, root));
  return std::unique_ptr<keys::RootHolder>(std::move(file));
}

/// A data directory as a server leaves it, with three owners.
class KeysCommandsTest : public testing::Test {
 protected:
  KeysCommandsTest() {
    disk.make_directory(data).value();
    base::ThreadWait wait;
    base::SystemEntropy entropy;
    auto store =
        store::Store::open(wait, data + "/store.db", std::array{keys::Keys::schema()}).value();
    auto holder = keys::FileRootHolder::open(disk, data + ".root").value();
    auto keys = keys::Keys::open(*store, *holder, disk, wait, entropy, data + "/keys.ktn").value();
    std::vector<base::OwnerId> owners;
    for (int i = 0; i < 3; ++i) owners.push_back(base::OwnerId::random(entropy));
    keys->mint(owners).value();
    store
        ->write([&](store::Tx& tx) -> base::Result<void> {
          for (const base::OwnerId owner : owners) TRY(keys->bind(tx, owner));
          return {};
        })
        .value();
  }

  int run(const KeysOptions& options) {
    testing::internal::CaptureStdout();
    const int code = keys_check(options, keys_in_a_file);
    printed = testing::internal::GetCapturedStdout();
    return code;
  }
  int run() { return run({.data = data, .root = {}, .json = false}); }
  /// The last byte of every page, so of that in use too.
  void damage() {
    auto file = disk.open(data + "/keys.ktn", base::Open::update).value();
    const std::uint64_t size = file->size().value();
    for (std::uint64_t end = 4096; end <= size; end += 4096) {
      base::Bytes byte(1);
      file->read_at(end - 1, byte).value();
      byte[0] ^= 1;
      file->write_at(end - 1, byte).value();
    }
  }

  store::TemporaryDirectory directory;
  base::RealDisk disk;
  const std::string data = directory.file("data");
  std::string printed;
};

TEST_F(KeysCommandsTest, SaysThatATreeIsWhole) {
  EXPECT_EQ(run(), 0);
  EXPECT_NE(printed.find("3 keys"), std::string::npos) << printed;
  EXPECT_NE(printed.find("The key tree is whole."), std::string::npos) << printed;
  EXPECT_EQ(run({.data = data, .root = data + ".root", .json = true}), 0);
  const auto json = nlohmann::json::parse(printed);
  EXPECT_EQ(json["whole"], true);
  EXPECT_EQ(json["keys_live"], 3);
}

TEST_F(KeysCommandsTest, SaysThatItIsDamaged) {
  damage();
  EXPECT_EQ(run(), 1);
  EXPECT_NE(printed.find("flaw: a page does not open"), std::string::npos) << printed;
  EXPECT_NE(printed.find("3 owners stand where no page can be read"), std::string::npos) << printed;
  EXPECT_EQ(run({.data = data, .root = {}, .json = true}), 1);
  const auto json = nlohmann::json::parse(printed);
  EXPECT_EQ(json["whole"], false);
  EXPECT_EQ(json["owners_unreadable"], 3);
  EXPECT_EQ(json["findings"][0]["flaw"], "page_sealed");
}

TEST_F(KeysCommandsTest, RefusesADirectoryInUse) {
  const auto lock = base::LockFile::take(data + "/lock").value();
  EXPECT_EQ(run(), 2);
  EXPECT_EQ(printed, "");
}

TEST_F(KeysCommandsTest, MakesNothing) {
  const std::string other = directory.file("other");
  EXPECT_EQ(run({.data = other, .root = {}, .json = false}), 2);
  EXPECT_FALSE(disk.exists(other).value());
  EXPECT_EQ(run({.data = data, .root = other, .json = false}), 2);
  EXPECT_FALSE(disk.exists(other).value());
}

}  // namespace
}  // namespace cli
