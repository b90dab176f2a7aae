// What every Disk promises, held against the machine's and the faulty one alike.
#include "base/disk.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>

#include "base/faulty_disk.h"

namespace base {
namespace {

/// A disk and an empty directory on it.
class Place {
 public:
  virtual ~Place() = default;
  virtual Disk& disk() = 0;
  std::string at(const std::string& path) const { return root_ + "/" + path; }

 protected:
  std::string root_;
};

class RealPlace final : public Place {
 public:
  RealPlace() {
    std::string name = testing::TempDir() + "disk_test_XXXXXX";
    root_ = ::mkdtemp(name.data());
  }
  ~RealPlace() override { std::filesystem::remove_all(root_); }
  Disk& disk() override { return disk_; }

 private:
  RealDisk disk_;
};

class FaultyPlace final : public Place {
 public:
  FaultyPlace() {
    root_ = "data";
    EXPECT_TRUE(disk_.make_directory(root_).ok());
  }
  Disk& disk() override { return disk_; }

 private:
  ThreadWait wait_;
  FaultyDisk disk_{wait_};
};

struct Kind {
  const char* name;
  std::function<std::unique_ptr<Place>()> make;
};

class DiskContract : public testing::TestWithParam<Kind> {
 protected:
  void write(const std::string& path, std::string_view contents) {
    const auto file = disk_.open(at(path), Open::update);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->write_at(0, view(contents)).ok());
  }
  std::string read(const std::string& path) {
    const auto bytes = read_file(disk_, at(path), 1 << 20);
    return bytes.ok() ? std::string(text(*bytes)) : to_string(bytes.code());
  }
  std::string at(const std::string& path) const { return place_->at(path); }

  std::unique_ptr<Place> place_ = GetParam().make();
  Disk& disk_ = place_->disk();
};

TEST_P(DiskContract, AllBelowADirectoryGoesWithIt) {
  ASSERT_TRUE(disk_.make_directory(at("top/under/deep")).ok());
  write("top/a", "1");
  write("top/under/deep/b", "2");
  write("other", "3");
  EXPECT_TRUE(remove_all(disk_, at("top")).ok());
  EXPECT_FALSE(disk_.exists(at("top")).value());
  EXPECT_TRUE(remove_all(disk_, at("top")).ok());
  EXPECT_TRUE(remove_all(disk_, at("other")).ok());
  EXPECT_EQ(read("other"), "missing");
}

TEST_P(DiskContract, OpenFindsMakesAndRefuses) {
  EXPECT_EQ(disk_.open(at("a"), Open::read).code(), Code::missing);
  EXPECT_TRUE(disk_.open(at("a"), Open::create).ok());
  EXPECT_EQ(disk_.open(at("a"), Open::create).code(), Code::conflict);
  EXPECT_TRUE(disk_.open(at("a"), Open::update).ok());
  EXPECT_TRUE(disk_.open(at("b"), Open::update).ok());
  EXPECT_TRUE(disk_.open(at("b"), Open::read).ok());
  EXPECT_EQ(disk_.open(at("none/c"), Open::create).code(), Code::missing);
}

TEST_P(DiskContract, WritesAreReadBackAnywhere) {
  const auto file = std::move(disk_.open(at("a"), Open::create)).value();
  ASSERT_TRUE(file->write_at(0, view("hello, world")).ok());
  ASSERT_TRUE(file->write_at(7, view("there")).ok());
  ASSERT_TRUE(file->sync().ok());
  EXPECT_EQ(file->size().value(), 12U);
  Bytes five(5);
  EXPECT_EQ(file->read_at(7, five).value(), 5U);
  EXPECT_EQ(text(five), "there");
  Bytes more(10);
  EXPECT_EQ(file->read_at(10, more).value(), 2U);
  EXPECT_EQ(file->read_at(12, more).value(), 0U);
  EXPECT_EQ(file->read_at(1000, more).value(), 0U);
}

TEST_P(DiskContract, AHoleReadsAsZeros) {
  const auto file = std::move(disk_.open(at("a"), Open::create)).value();
  ASSERT_TRUE(file->write_at(3, view("x")).ok());
  EXPECT_EQ(read("a"), std::string("\0\0\0x", 4));
}

TEST_P(DiskContract, TruncateShortensAndLengthens) {
  const auto file = std::move(disk_.open(at("a"), Open::create)).value();
  ASSERT_TRUE(file->write_at(0, view("hello")).ok());
  ASSERT_TRUE(file->truncate(2).ok());
  EXPECT_EQ(read("a"), "he");
  ASSERT_TRUE(file->truncate(4).ok());
  EXPECT_EQ(read("a"), std::string("he\0\0", 4));
}

TEST_P(DiskContract, AFileOpenedForReadingIsNotWritten) {
  write("a", "kept");
  const auto file = std::move(disk_.open(at("a"), Open::read)).value();
  EXPECT_EQ(file->write_at(0, view("lost")).code(), Code::io);
  EXPECT_FALSE(file->truncate(0).ok());
  EXPECT_EQ(read("a"), "kept");
}

TEST_P(DiskContract, DirectoriesAreMadeWithThoseAbove) {
  ASSERT_TRUE(disk_.make_directory(at("a/b/c")).ok());
  ASSERT_TRUE(disk_.make_directory(at("a/b/c")).ok());
  ASSERT_TRUE(disk_.make_directory(at("a/b/d/")).ok());
  EXPECT_EQ(disk_.list(at("a/b")).value(), (std::vector<std::string>{"c", "d"}));
  write("a/file", "");
  EXPECT_EQ(disk_.make_directory(at("a/file")).code(), Code::conflict);
  EXPECT_FALSE(disk_.make_directory(at("a/file/x")).ok());
}

TEST_P(DiskContract, ListIsSortedAndOnlyOfDirectoriesThatAreThere) {
  for (const char* name : {"c", "a", "b"}) write(name, "");
  EXPECT_EQ(disk_.list(at("")).value(), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(disk_.list(at("none")).code(), Code::missing);
  EXPECT_EQ(disk_.list(at("a")).code(), Code::io);
}

TEST_P(DiskContract, RenameReplaces) {
  write("new", "new");
  write("old", "old");
  ASSERT_TRUE(disk_.rename(at("new"), at("old")).ok());
  EXPECT_EQ(read("old"), "new");
  EXPECT_EQ(read("new"), "missing");
  EXPECT_EQ(disk_.rename(at("none"), at("old")).code(), Code::missing);
  ASSERT_TRUE(disk_.make_directory(at("d")).ok());
  ASSERT_TRUE(disk_.rename(at("old"), at("d/moved")).ok());
  EXPECT_EQ(read("d/moved"), "new");
}

TEST_P(DiskContract, ADirectoryMovesWithWhatIsInIt) {
  ASSERT_TRUE(disk_.make_directory(at("d")).ok());
  write("d/file", "in it");
  ASSERT_TRUE(disk_.rename(at("d"), at("e")).ok());
  EXPECT_EQ(read("e/file"), "in it");
  EXPECT_FALSE(disk_.exists(at("d")).value());
}

TEST_P(DiskContract, RemoveTakesFilesAndEmptyDirectories) {
  ASSERT_TRUE(disk_.make_directory(at("d")).ok());
  write("d/file", "x");
  EXPECT_EQ(disk_.remove_directory(at("d")).code(), Code::conflict);
  EXPECT_EQ(disk_.remove(at("d")).code(), Code::io);
  ASSERT_TRUE(disk_.remove(at("d/file")).ok());
  EXPECT_EQ(disk_.remove(at("d/file")).code(), Code::missing);
  ASSERT_TRUE(disk_.remove_directory(at("d")).ok());
  EXPECT_EQ(disk_.remove_directory(at("d")).code(), Code::missing);
}

TEST_P(DiskContract, AnOpenFileOutlivesItsName) {
  write("a", "still here");
  const auto file = std::move(disk_.open(at("a"), Open::read)).value();
  ASSERT_TRUE(disk_.remove(at("a")).ok());
  Bytes bytes(10);
  EXPECT_EQ(file->read_at(0, bytes).value(), 10U);
  EXPECT_EQ(text(bytes), "still here");
}

TEST_P(DiskContract, ExistsAnswersForFilesAndDirectories) {
  write("a", "");
  ASSERT_TRUE(disk_.make_directory(at("d")).ok());
  EXPECT_TRUE(disk_.exists(at("a")).value());
  EXPECT_TRUE(disk_.exists(at("d")).value());
  EXPECT_FALSE(disk_.exists(at("b")).value());
  EXPECT_FALSE(disk_.exists(at("none/b")).value());
  EXPECT_FALSE(disk_.exists(at("a/b")).value());
  EXPECT_TRUE(disk_.sync_directory(at("d")).ok());
  EXPECT_EQ(disk_.sync_directory(at("none")).code(), Code::missing);
  EXPECT_TRUE(disk_.sync_all(at("d")).ok());
  EXPECT_EQ(disk_.sync_all(at("none")).code(), Code::missing);
}

TEST_P(DiskContract, ReadFileHoldsItsLimit) {
  write("a", "12345");
  EXPECT_TRUE(read_file(disk_, at("a"), 5).ok());
  EXPECT_EQ(read_file(disk_, at("a"), 4).code(), Code::too_large);
  EXPECT_EQ(read_file(disk_, at("b"), 4).code(), Code::missing);
}

TEST_P(DiskContract, WriteFileAtomicallyReplacesAndLeavesNothingBeside) {
  ASSERT_TRUE(write_file_atomically(disk_, at("a"), view("first, and longer")).ok());
  write("a.new", "left by a crash, and longer than what is to be written");
  ASSERT_TRUE(write_file_atomically(disk_, at("a"), view("second")).ok());
  EXPECT_EQ(read("a"), "second");
  EXPECT_EQ(disk_.list(at("")).value(), (std::vector<std::string>{"a"}));
}

INSTANTIATE_TEST_SUITE_P(Kinds, DiskContract,
                         testing::Values(Kind{"Real", [] { return std::make_unique<RealPlace>(); }},
                                         Kind{"Faulty",
                                              [] { return std::make_unique<FaultyPlace>(); }}),
                         [](const auto& parameter) { return parameter.param.name; });

TEST(RealDisk, FilesAndDirectoriesAreTheOwnersAlone) {
  RealPlace place;
  ASSERT_TRUE(place.disk().make_directory(place.at("d")).ok());
  ASSERT_TRUE(place.disk().open(place.at("d/f"), Open::create).ok());
  struct stat status{};
  ASSERT_EQ(::stat(place.at("d").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
  ASSERT_EQ(::stat(place.at("d/f").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST(Disk, ParentOf) {
  EXPECT_EQ(parent_of("a/b/c"), "a/b");
  EXPECT_EQ(parent_of("a"), ".");
  EXPECT_EQ(parent_of("/a"), "/");
  EXPECT_EQ(parent_of("/a/b"), "/a");
}

TEST(LiesIn, FollowsLinksAndNeedsNothingToBeThere) {
  RealPlace place;
  ASSERT_TRUE(place.disk().make_directory(place.at("data/log")).ok());
  std::filesystem::create_symlink(place.at("data"), place.at("link"));
  for (const char* inside : {"data", "data/", "data/root", "data/log/../x", "./data/x/y", "link",
                             "link/root", "other/../data"})
    EXPECT_TRUE(lies_in(place.at(inside), place.at("data"))) << inside;
  for (const char* outside : {"data.root", "dat", "data/..", "link/../root", "other/data", ""})
    EXPECT_FALSE(lies_in(place.at(outside), place.at("data"))) << outside;
  EXPECT_TRUE(lies_in(place.at("data/root"), place.at("link")));
  EXPECT_TRUE(lies_in("new/root", "new"));
  EXPECT_TRUE(lies_in("./root", "."));
  EXPECT_FALSE(lies_in("new.root", "new"));
}

TEST(LetEverybodyRead, ReachesAllThatIsInIt) {
  RealPlace place;
  ASSERT_TRUE(place.disk().make_directory(place.at("site/assets")).ok());
  ASSERT_TRUE(write_file_atomically(place.disk(), place.at("site/assets/a.js"), view("a")).ok());
  const auto mode = [&](const char* path) {
    return static_cast<unsigned>(std::filesystem::status(place.at(path)).permissions());
  };
  EXPECT_EQ(mode("site/assets/a.js"), 0600U);
  ASSERT_TRUE(let_everybody_read(place.at("site")).ok());
  EXPECT_EQ(mode("site"), 0755U);
  EXPECT_EQ(mode("site/assets"), 0755U);
  EXPECT_EQ(mode("site/assets/a.js"), 0644U);
  EXPECT_EQ(let_everybody_read(place.at("nowhere")).code(), Code::io);
}

TEST(AbsolutePath, BeginsAtTheTopAndEndsWithAName) {
  EXPECT_EQ(absolute_path("/srv/data"), "/srv/data");
  EXPECT_EQ(absolute_path("/srv/./data/x/../"), "/srv/data");
  EXPECT_EQ(absolute_path("data/"), absolute_path("./data"));
  EXPECT_TRUE(absolute_path("data").starts_with('/'));
  EXPECT_TRUE(absolute_path("data").ends_with("/data"));
}

}  // namespace
}  // namespace base
