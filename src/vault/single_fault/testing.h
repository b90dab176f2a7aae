// For tests: a vault with one of everything, over a disk and statements of which one call errs.
// Owns all of it. Never part of the program.
#pragma once

#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "tests/support/every_fault.h"
#include "vault/testing.h"

namespace vault {

using When = support::EveryFault::When;

class VaultSingleFault : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(house_.open().ok());
    who_ = house_.owner();
    user_ = house_.owner();
    record_ = house_.record_id();
    ASSERT_TRUE(put(record_).ok());
    content_ = house_.keep(who_, bytes_).value();
    ASSERT_TRUE(house_.enlist(address("kari@example.com"), listed(who_, user_)).ok());
  }

  static Vault::Listed listed(base::OwnerId account, base::OwnerId user) {
    return {user.as<base::UserTag>(), account.as<base::AccountTag>()};
  }
  Fields fields(const std::string& name = "Kari Nordmann") {
    Fields made;
    made.set("name", Fields::Text(name));
    return made;
  }
  base::Result<void> put(base::RecordId id) { return house_.put(who_, id, fields()); }
  /// The directory anew, with what was acknowledged.
  base::Result<void> rebuild_directory() {
    TRY(house_.vault->rebuild_directory([&](const Vault::OnListed& each) {
      return each(address("kari@example.com"), listed(who_, user_));
    }));
    return {};
  }
  bool has(base::RecordId id) { return house_.get(house_.permit(who_), id).ok(); }

  /// Everything that was acknowledged is still served.
  void expect_all() {
    const auto record = house_.get(house_.permit(who_), record_);
    ASSERT_TRUE(record.ok()) << record.error().chain();
    EXPECT_EQ(revealed(record->fields.text("name").value()), "Kari Nordmann");
    expect_content(content_);
    const auto found = house_.vault->find(address("kari@example.com"));
    ASSERT_TRUE(found.ok()) << found.error().chain();
    EXPECT_TRUE(found->has_value());
  }
  void expect_content(base::ContentId id) {
    const auto reader = house_.reader(who_, id);
    ASSERT_TRUE(reader.ok()) << reader.error().chain();
    base::Bytes out(bytes_.size());
    ASSERT_TRUE((*reader)->read_at(0, out).ok());
    EXPECT_EQ(out, bytes_);
  }

  /// See tests/support/every_fault.h; whatever errs, what was acknowledged before is there.
  using Judge = support::EveryFault::Judge;
  void everywhere(const support::EveryFault::Attempt& attempt, const Judge& judge,
                  const support::EveryFault::Way& way) {
    every_.run(attempt, judge, way, [this] { expect_all(); });
  }
  void everywhere(const support::EveryFault::Attempt& attempt, const Judge& judge = [](bool) {}) {
    everywhere(attempt, judge, {});
  }

  /// Files below the content's folder.
  std::size_t content_files() {
    std::size_t count = 0;
    for (const auto& [path, bytes] : memory_.live()) count += path.find("/content/") != path.npos;
    return count;
  }

  base::ThreadWait wait_;
  base::FaultyDisk memory_{wait_};
  support::EveryFault every_;
  base::SingleFaultDisk disk_{memory_, every_.fault};
  store::TemporaryDirectory directory_;
  House house_{disk_, directory_.path()};
  const base::Bytes bytes_ = base::Bytes(100'000, 0x42);
  base::OwnerId who_;
  base::OwnerId user_;
  base::RecordId record_;
  base::ContentId content_;
};

}  // namespace vault
