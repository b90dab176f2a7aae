// A full disk, and a disk that cannot be read: a clear error, nothing acknowledged is lost, and
// reading what is not touched goes on.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/faulty_disk.h"
#include "vault/check.h"
#include "vault/testing.h"
#include "vault/usage_testing.h"

namespace vault {
namespace {

using base::Code;
using base::Result;

class VaultFaults : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(house_.open().ok());
    who_ = house_.owner();
    record_ = house_.record_id();
    ASSERT_TRUE(put(record_).ok());
    content_ = house_.keep(who_, bytes_).value();
  }
  Result<void> put(base::RecordId id) {
    Fields fields;
    fields.set("name", Fields::Text("Kari Nordmann"));
    return house_.put(who_, id, fields);
  }
  Vault::Listed enlisted(const Address& at) {
    const std::vector<base::OwnerId> both = {base::OwnerId::random(house_.entropy),
                                             base::OwnerId::random(house_.entropy)};
    house_.keys->mint(both).value();
    house_
        .write([&](store::Tx& tx) -> Result<void> {
          for (const auto owner : both) TRY(house_.keys->bind(tx, owner));
          return {};
        })
        .value();
    const Vault::Listed listed{base::UserId::from(both[0].bytes()).value(),
                               base::AccountId::from(both[1].bytes()).value()};
    house_.enlist(at, listed).value();
    return listed;
  }
  /// Everything that was acknowledged is still served.
  void expect_all() {
    EXPECT_TRUE(house_.get(house_.permit(who_), record_).ok());
    const auto reader = house_.reader(who_, content_);
    ASSERT_TRUE(reader.ok()) << reader.error().chain();
    base::Bytes out(bytes_.size());
    ASSERT_TRUE((*reader)->read_at(0, out).ok());
    EXPECT_EQ(out, bytes_);
  }
  std::uint64_t used() {
    std::uint64_t sum = 0;
    for (const auto& [path, bytes] : disk_.live()) sum += bytes.size();
    return sum;
  }

  base::ThreadWait wait_;
  base::FaultyDisk disk_{wait_};
  store::TemporaryDirectory directory_;
  House house_{disk_, directory_.path()};
  const base::Bytes bytes_ = base::Bytes(100'000, 0x42);
  base::OwnerId who_;
  base::RecordId record_;
  base::ContentId content_;
};

TEST_F(VaultFaults, AFullDiskTakesNoContentAndServesWhatItHas) {
  disk_.set_space(used() + 30'000);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(house_.keep(who_, bytes_).code(), Code::full);
  expect_all();
  EXPECT_EQ(usage_of(house_, who_)->pieces, 1U);
  disk_.set_space(used() + 1'000'000);
  EXPECT_TRUE(house_.keep(who_, bytes_).ok());
  expect_all();
}

TEST_F(VaultFaults, AFullDiskUnderTheKeysMakesNobodyAndErasesLater) {
  const Address at = address("kari@example.com");
  const Vault::Listed listed = enlisted(at);
  disk_.set_space(used());
  // Pages that were given back may still do for a few.
  Code refused = Code::internal;
  for (int i = 0; i < 64 && refused == Code::internal; ++i) {
    const std::vector<base::OwnerId> one = {base::OwnerId::random(house_.entropy)};
    const auto minted = house_.keys->mint(one);
    if (!minted.ok()) refused = minted.code();
  }
  EXPECT_TRUE(refused == Code::full || refused == Code::internal);
  EXPECT_TRUE(house_.vault->find(at).value().has_value());
  expect_all();
  const Vault::Erasing what{
      base::owner_of(listed.account), {base::owner_of(listed.user)}, {at}, std::nullopt};
  const auto erased = house_.vault->erase(what, {});
  // Its intent is durable, so that it is finished whether or not there was room.
  disk_.set_space(used() + 10'000'000);
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_FALSE(house_.vault->find(at).value().has_value()) << erased.ok();
  EXPECT_EQ(house_.keys->state(base::owner_of(listed.user)).value(), keys::State::erased);
  expect_all();
}

TEST_F(VaultFaults, ContentThatCannotBeReadIsSaidAndHidesNothingElse) {
  const auto other = house_.keep(who_, bytes_).value();
  disk_.break_path(house_.content_path(other));
  const auto reader = house_.reader(who_, other);
  EXPECT_EQ(reader.code(), Code::io);
  expect_all();
  EXPECT_EQ(house_.vault->check({})->content_damaged, 1U);
  disk_.mend_path(house_.content_path(other));
  EXPECT_TRUE(house_.reader(who_, other).ok());
  EXPECT_TRUE(house_.vault->check({})->sound());
}

TEST_F(VaultFaults, ATreeThatCannotBeReadStopsNobodyWhoIsKnown) {
  const Address at = address("ola@example.com");
  enlisted(at);
  EXPECT_TRUE(house_.vault->find(at).ok());
  disk_.break_path(house_.path + "/data/tree.ktn");
  const std::vector<base::OwnerId> one = {base::OwnerId::random(house_.entropy)};
  EXPECT_EQ(house_.keys->mint(one).code(), Code::io);
  const auto found = house_.vault->find(at);  // from keys at work, or a clear error
  EXPECT_TRUE(found.ok() ? found->has_value() : found.code() == Code::io);
  disk_.mend_path(house_.path + "/data/tree.ktn");
  ASSERT_TRUE(house_.open().ok());
  EXPECT_TRUE(house_.vault->find(at).value().has_value());
  expect_all();
}

/// A file system of a few megabytes of its own, for root.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& path) : path_(path) {
    base::RealDisk().make_directory(path).value();
    mounted_ =
        ::geteuid() == 0 && ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=12m,mode=0700") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

 private:
  std::string path_;
  bool mounted_ = false;
};

TEST(VaultFullDisk, OfTheMachineIsSaidAndNothingAcknowledgedIsLost) {
  const store::TemporaryDirectory directory;
  const std::string path = directory.file("small");
  const SmallDisk small(path);
  if (!small.mounted()) GTEST_SKIP() << "not root, or no mounts here: no file system to fill";
  base::RealDisk disk;
  std::vector<base::RecordId> records;
  std::vector<base::ContentId> contents;
  {
    House house(disk, path);
    ASSERT_TRUE(house.open().ok());
    const auto who = house.owner();
    Fields fields;
    fields.set("value", base::Bytes(20'000, 7));
    const auto fill = [&] {
      // Until the store, and then content, finds no more room.
      while (true) {
        ASSERT_LT(records.size(), 2000U);
        const auto id = house.record_id();
        const auto put = house.put(who, id, fields);
        if (!put.ok()) {
          ASSERT_EQ(put.code(), Code::full) << put.error().chain();
          break;
        }
        records.push_back(id);
      }
      EXPECT_EQ(house.keep(who, base::Bytes(5'000'000, 7)).code(), Code::full);
    };
    const auto first = house.keep(who, base::Bytes(1'000'000, 7));
    ASSERT_TRUE(first.ok()) << first.error().chain();
    contents.push_back(*first);
    fill();
    EXPECT_GT(records.size(), 10U);
    for (const auto id : records) EXPECT_TRUE(house.get(house.permit(who), id).ok());
    EXPECT_EQ(house.reader(who, contents[0]).value()->size(), 1'000'000U);
    house.close();
    ASSERT_TRUE(house.open().ok());
    for (const auto id : records) EXPECT_TRUE(house.get(house.permit(who), id).ok());
    EXPECT_EQ(house.reader(who, contents[0]).value()->size(), 1'000'000U);
    const auto checked = house.vault->check({});
    ASSERT_TRUE(checked.ok()) << checked.error().chain();
    EXPECT_TRUE(checked->sound());
  }
}

}  // namespace
}  // namespace vault
