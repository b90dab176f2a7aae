#include "backup/restore.h"

#include <gtest/gtest.h>

#include "backup/chunk.h"
#include "backup/shelf.h"
#include "base/faulty_disk.h"
#include "vault/content_file.h"

namespace backup {
namespace {

using base::Code;
using base::Result;

/// A backup of one content file, and a directory where it is to be put in its place.
class PlaceContent : public testing::Test {
 protected:
  void SetUp() override {
    Shelf shelf(disk_, "backup");
    shelf.make().value();
    disk_.put({{"original", bytes_}});
    const Kept kept = shelf.put_content(id_, "original").value();
    shelf.publish().value();
    const base::Bytes list =
        encode_chunk(3, {{base::copy(id_.bytes()), static_cast<std::int64_t>(kept.bytes),
                          base::copy(base::View(kept.digest))}});
    const Piece piece{base::sha256(list), list.size(), 1};
    shelf.put_chunk(piece, list).value();
    manifest_.files = 1;
    manifest_.content = {piece};
    disk_.make_directory("data/content").value();
  }
  Result<void> place() {
    Restored restored;
    return place_content(disk_, {.data = "data", .schemas = {}}, "backup", manifest_, restored, {});
  }

  base::ThreadWait wait_;
  base::FaultyDisk disk_{wait_};
  base::SystemEntropy entropy_;
  const base::Bytes bytes_ = base::Bytes(3'000'000, 0x42);
  const base::ContentId id_ = base::ContentId::random(entropy_);
  const std::string path_ = vault::content_path("data/content", id_);
  Manifest manifest_;
};

TEST_F(PlaceContent, WhatFailsLeavesNothingBehind) {
  disk_.fail_syncs(path_ + ".part", 1);
  ASSERT_FALSE(place().ok());
  EXPECT_TRUE(disk_.live("data/").empty());

  disk_.make_directory(path_).value();  // in the way of the rename
  ASSERT_FALSE(place().ok());
  EXPECT_TRUE(disk_.live("data/").empty());
  disk_.remove_directory(path_).value();

  ASSERT_TRUE(place().ok());
  EXPECT_EQ(disk_.live("data/"), (base::FaultyDisk::Files{{path_, bytes_}}));
}

}  // namespace
}  // namespace backup
