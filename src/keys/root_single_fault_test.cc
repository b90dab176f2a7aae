// A root's file with one error at every call of the disk: a root that was told to be written is
// there, one that was told to be destroyed is not, and no other is ever read.
#include <gtest/gtest.h>

#include "keys/rewrap.h"
#include "keys/root_file.h"
#include "keys/split_root_holder.h"
#include "keys/testing.h"
#include "keys/wrap_testing.h"
#include "tests/support/every_fault.h"

namespace keys {
namespace {

using base::Code;
using base::Result;
using When = support::EveryFault::When;
using Roots = std::array<std::optional<Root>, 2>;

Root sample(std::uint64_t epoch) {
  base::SecretBytes key(32);
  for (std::uint8_t& byte : key.mutable_view()) byte = static_cast<std::uint8_t>(epoch + 0xb0);
  return {.epoch = epoch, .key = std::move(key), .page = epoch * 3};
}
bool is(const std::optional<Root>& root, std::uint64_t epoch) {
  return root && root->epoch == epoch && root->key == sample(epoch).key && root->page == epoch * 3;
}

/// A file whose writes are told to have gone well and are lost.
class ForgetfulFile final : public base::File {
 public:
  Result<std::size_t> read_at(std::uint64_t, base::Mutable out) override {
    std::ranges::fill(out, std::uint8_t{0xff});
    return out.size();
  }
  Result<void> write_at(std::uint64_t, base::View) override { return {}; }
  Result<std::uint64_t> size() override { return std::uint64_t{kRootSlots * kRootBlockSize}; }
  Result<void> truncate(std::uint64_t) override { return {}; }
  Result<void> sync() override { return {}; }
};

class RootSingleFault : public testing::Test {
 protected:
  std::unique_ptr<FileRootHolder> open(const Wrapping* wrapping = nullptr) {
    return FileRootHolder::open(disk_, kWhere, wrapping).value();
  }
  Result<void> try_open(const Wrapping* wrapping = nullptr) {
    TRY(FileRootHolder::open(disk_, kWhere, wrapping));
    return {};
  }

  const RootFile kWhere{kRootDirectory};
  base::ThreadWait wait_;
  base::FaultyDisk memory_{wait_};
  support::EveryFault every_;
  base::SingleFaultDisk disk_{memory_, every_.fault};
  base::SystemEntropy entropy_;
  const CheapWrapping horse_{"correct horse"};
  const CheapWrapping staple_{"battery staple"};
};

TEST_F(RootSingleFault, AFileIsMadeInTheEnd) {
  for (const Wrapping* wrapping : {static_cast<const Wrapping*>(nullptr), horse_.get()}) {
    every_.run([&] { return try_open(wrapping); },
               [&](bool) {
                 const auto holder = open(wrapping);
                 const Roots roots = holder->read().value();
                 EXPECT_TRUE(!roots[0] && !roots[1]);
               },
               {.prepare = [&] { base::remove_all(memory_, kRootDirectory).value(); }});
  }
}

TEST_F(RootSingleFault, AFileIsOpenedAsItIsOrAnError) {
  for (const Wrapping* wrapping : {static_cast<const Wrapping*>(nullptr), horse_.get()}) {
    base::remove_all(memory_, kRootDirectory).value();
    open(wrapping)->write(1, sample(7)).value();
    every_.run(
        [&]() -> Result<void> {
          const auto holder = TRY(FileRootHolder::open(disk_, kWhere, wrapping));
          const Roots roots = TRY(holder->read());
          EXPECT_TRUE(!roots[0] && is(roots[1], 7));
          return {};
        },
        [](bool) {}, {});
  }
}

TEST_F(RootSingleFault, ASlotIsWrittenAndDestroyedOrAnError) {
  const auto holder = open();
  holder->write(0, sample(5)).value();
  for (const When when : {When::before, When::after}) {
    every_.run([&] { return holder->write(1, sample(7)); },
               [&](bool done) {
                 const Roots roots = holder->read().value();
                 EXPECT_TRUE(is(roots[0], 5));
                 EXPECT_TRUE(is(roots[1], 7) || (!roots[1] && !done));
               },
               {.when = when, .prepare = [&] { holder->destroy(1).value(); }});
    every_.run([&] { return holder->destroy(1); },
               [&](bool done) {
                 const Roots roots = holder->read().value();
                 EXPECT_TRUE(is(roots[0], 5));
                 EXPECT_TRUE(!roots[1] || (is(roots[1], 7) && !done));
               },
               {.when = when, .prepare = [&] { holder->write(1, sample(7)).value(); }});
  }
}

TEST_F(RootSingleFault, APassphraseIsTheOldOrTheNewOne) {
  struct Change {
    const Wrapping* now;
    const Wrapping* then;
  };
  for (const auto& [now, then] :
       {Change{nullptr, horse_.get()}, Change{horse_.get(), staple_.get()},
        Change{staple_.get(), nullptr}}) {
    const auto opens = [&](const Wrapping* wrapping) {
      const auto holder = open(wrapping);
      const auto roots = holder->read();
      return roots.ok() && is((*roots)[0], 5) && is((*roots)[1], 7);
    };
    every_.run([&] { return rewrap(disk_, kWhere, now, then); },
               [&](bool done) {
                 // Where it is decided, the next open finishes it.
                 EXPECT_NE(opens(now), opens(then));
                 EXPECT_TRUE(!done || opens(then));
                 EXPECT_FALSE(memory_.exists(kWhere.path() + ".next").value());
               },
               {.prepare = [&] {
                 base::remove_all(memory_, kRootDirectory).value();
                 const auto holder = open(now);
                 holder->write(0, sample(5)).value();
                 holder->write(1, sample(7)).value();
               }});
  }
}

TEST_F(RootSingleFault, AFileIsDestroyedInTheEnd) {
  for (const When when : {When::before, When::after}) {
    every_.run([&] { return destroy_root_file(disk_, kWhere); },
               [&](bool) {
                 ASSERT_TRUE(destroy_root_file(disk_, kWhere).ok());
                 EXPECT_TRUE(memory_.find(sample(5).key.view()).empty());
                 EXPECT_FALSE(memory_.exists(kWhere.path()).value());
               },
               {.when = when, .prepare = [&] {
                  open()->write(0, sample(5)).value();
                  // As if a change of passphrase had been cut short, too.
                  memory_.put({{kWhere.path() + ".next", base::Bytes(100, 0xb5)}});
                }});
  }
}

TEST_F(RootSingleFault, SharesMakeTheirRootOrAnError) {
  const RootFile resting{kRootDirectory, "resting.ktn"};
  std::unique_ptr<FileRootHolder> first;
  std::unique_ptr<FileRootHolder> second;
  every_.run(
      [&] {
        SplitRootHolder split(*first, *second, entropy_);
        return split.write(0, sample(5));
      },
      [&](bool done) {
        SplitRootHolder split(*first, *second, entropy_);
        const Roots before = split.read().value();
        EXPECT_TRUE(is(before[0], 5) || (!before[0] && !done));
        ASSERT_TRUE(split.write(0, sample(5)).ok());
        EXPECT_TRUE(is(split.read().value()[0], 5));
      },
      {.prepare = [&] {
        base::remove_all(memory_, kRootDirectory).value();
        first = open();
        second = FileRootHolder::open(disk_, resting, nullptr).value();
      }});
  SplitRootHolder split(*first, *second, entropy_);
  every_.run(
      [&]() -> Result<void> {
        const Roots roots = TRY(split.read());
        EXPECT_TRUE(is(roots[0], 5) && !roots[1]);
        return {};
      },
      [](bool) {}, {});
  every_.run([&] { return split.write(1, sample(7)); },
             [&](bool) {
               ASSERT_TRUE(split.write(1, sample(7)).ok());
               const Roots roots = split.read().value();
               EXPECT_TRUE(is(roots[0], 5) && is(roots[1], 7));
             },
             {});
}

TEST(RootFile, ABlockThatDoesNotReadBackIsAnError) {
  ForgetfulFile file;
  EXPECT_EQ(replace_root_block(file, 0, base::Bytes(kRootBlockSize)).code(), Code::io);
}

TEST_F(RootSingleFault, WhatAFileHoldsIsToldOrAnError) {
  open()->write(1, sample(7)).value();
  every_.run(
      [&]() -> Result<void> {
        EXPECT_EQ(TRY(look_at_root_file(disk_, kWhere)), RootFileHolds::plain);
        return {};
      },
      [](bool) {}, {});
  every_.run(
      [&]() -> Result<void> {
        EXPECT_EQ(TRY(look_at_root_epoch(disk_, kWhere)), 7U);
        return {};
      },
      [](bool) {}, {});
  ASSERT_TRUE(memory_.open(kRootPath, base::Open::update).value()->truncate(10).ok());
  EXPECT_EQ(look_at_root_file(disk_, kWhere).value(), RootFileHolds::nothing);
}

}  // namespace
}  // namespace keys
