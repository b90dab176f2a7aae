#include "app/erasure_watch.h"

#include <gtest/gtest.h>

#include "vault/testing.h"

namespace app {
namespace {

TEST(ErasureWatch, SaysOnceWhichErasureIsStuckAndCountsIt) {
  base::RealDisk disk;
  store::TemporaryDirectory directory;
  vault::House house(disk, directory.path());
  house.open().value();
  const base::OwnerId owner = house.owner();
  {
    const auto erasure = house.keys->prepare(std::array{owner}, {}).value();
    house
        .write([&](store::Tx& tx) {
          return house.keys->intend(tx, erasure, base::view("a note of no known form"));
        })
        .value();
  }
  std::vector<std::string> lines;
  base::Log log(house.clock, [&](std::string_view line) { lines.emplace_back(line); });
  ErasureWatch watch(*house.vault, log);
  EXPECT_EQ(erasure_figure(*house.vault).value, 0U);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(watch.tick().ok());
  EXPECT_EQ(erasure_figure(*house.vault).value, 1U);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find(owner.str()), std::string::npos);
}

}  // namespace
}  // namespace app
