#include "http/upload_places.h"

#include <gtest/gtest.h>

#include <vector>

namespace http {
namespace {

using Place = UploadPlaces::Place;

ClientAddress at(const std::string& address) { return ClientAddress::parse(address).value(); }

struct UploadPlacesTest : testing::Test {
  std::size_t take_all(const std::string& address) {
    for (std::size_t taken = 0;; ++taken) {
      auto place = places.take(at(address));
      if (!place) return taken;
      held.push_back(*std::move(place));
    }
  }
  base::ThreadWait wait;
  base::SystemEntropy entropy;
  UploadPlaces places{wait, 8, entropy};
  std::vector<Place> held;
};

TEST_F(UploadPlacesTest, LeaveToOthersAsManyAsOneNetworkHolds) {
  EXPECT_EQ(take_all("192.0.2.1"), 4U);
  EXPECT_EQ(take_all("192.0.2.200"), 0U) << "the same network";
  EXPECT_EQ(take_all("198.51.100.1"), 2U);
  EXPECT_EQ(take_all("2001:db8:0:100::1"), 1U);
  EXPECT_EQ(take_all("2001:db8:0:1ff::1"), 0U) << "the same /56";
  EXPECT_EQ(take_all("203.0.113.1"), 1U);
  EXPECT_EQ(take_all("203.0.114.1"), 0U) << "all are taken";
}

TEST_F(UploadPlacesTest, AreFreeAgainWhenTheyAreGivenBack) {
  EXPECT_EQ(take_all("192.0.2.1"), 4U);
  held.clear();
  EXPECT_EQ(take_all("198.51.100.1"), 4U);
  held.pop_back();
  EXPECT_EQ(take_all("198.51.100.1"), 1U);
}

TEST_F(UploadPlacesTest, AreAllForThisMachine) { EXPECT_EQ(take_all("127.0.0.1"), 8U); }

TEST_F(UploadPlacesTest, AreHeldForOneByNoMoreThanAreFreeBesideHer) {
  std::size_t hers = 0;
  for (int i = 0; i < 8; ++i) {
    auto place = places.take(at("127.0.0.1"));
    ASSERT_TRUE(place) << i;
    if (!place->charge("her account")) continue;
    EXPECT_TRUE(place->charge("her account")) << "once and for all";
    held.push_back(*std::move(place));
    ++hers;
  }
  EXPECT_EQ(hers, 4U);
  EXPECT_TRUE(places.take(at("127.0.0.1"))->charge("another's"));
  held.clear();
  EXPECT_TRUE(places.take(at("127.0.0.1"))->charge("her account"));
}

}  // namespace
}  // namespace http
