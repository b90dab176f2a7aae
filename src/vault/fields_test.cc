#include "vault/fields.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/entropy.h"
#include "vault/door.h"

namespace vault {
namespace {

using base::Code;

TEST(Fields, ComeBackAsTheyWere) {
  base::SystemEntropy entropy;
  const auto account = base::AccountId::random(entropy);
  const auto at = base::parse_rfc3339("2026-11-23T14:02:11Z").value();
  Fields fields;
  fields.set("name", Fields::Text("Kari Nordmann"))
      .set("size", std::int64_t{-7})
      .set("at", at)
      .set("raw", base::Bytes{0, 1, 2})
      .set("account", account);
  const auto bytes = Door::encode(fields).value();
  const Fields back = Door::decode(bytes).value();
  EXPECT_EQ(Door::open(back.text("name").value()), "Kari Nordmann");
  EXPECT_EQ(back.integer("size").value(), -7);
  EXPECT_EQ(back.time("at").value(), at);
  EXPECT_EQ(back.bytes("raw").value(), (base::Bytes{0, 1, 2}));
  EXPECT_EQ(back.id<base::AccountId>("account").value(), account);
  EXPECT_TRUE(back.has("raw"));
  EXPECT_FALSE(back.has("other"));
  EXPECT_EQ(Door::encode(back).value(), bytes);
}

TEST(Fields, MissingAndOtherKindsAreSaid) {
  Fields fields;
  fields.set("size", std::int64_t{1});
  EXPECT_EQ(fields.text("name").code(), Code::corrupt);
  EXPECT_EQ(fields.text("size").code(), Code::corrupt);
  EXPECT_EQ(fields.bytes("size").code(), Code::corrupt);
  fields.set("size", Fields::Text("one"));
  EXPECT_EQ(fields.integer("size").code(), Code::corrupt);
  fields.set("raw", base::Bytes(15));
  EXPECT_EQ(fields.id<base::AccountId>("raw").code(), Code::invalid);
}

TEST(Fields, AreBounded) {
  Fields fields;
  fields.set("raw", base::Bytes(Door::bytes_max - 100));
  EXPECT_TRUE(Door::encode(fields).ok());
  fields.set("raw", base::Bytes(Door::bytes_max));
  EXPECT_EQ(Door::encode(fields).code(), Code::too_large);
}

TEST(Fields, OnlyOneEncodingIsAccepted) {
  Fields fields;
  fields.set("a", std::int64_t{1}).set("b", std::int64_t{2});
  const auto good = Door::encode(fields).value();
  ASSERT_EQ(good.size(), 3U + 2 * 11);
  const auto refused = [](base::Bytes bytes) { return Door::decode(bytes).code(); };
  auto bad = good;
  std::swap_ranges(bad.begin() + 3, bad.begin() + 14, bad.begin() + 14);  // out of order
  EXPECT_EQ(refused(bad), Code::corrupt);
  bad = good;
  bad[4] = 'b';  // twice the same name
  EXPECT_EQ(refused(bad), Code::corrupt);
  bad = good;
  bad.push_back(0);
  EXPECT_EQ(refused(bad), Code::corrupt);
  bad = good;
  bad[0] = 9;  // version
  EXPECT_EQ(refused(bad), Code::corrupt);
  bad = good;
  bad[5] = 7;  // kind
  EXPECT_EQ(refused(bad), Code::corrupt);
  bad = good;
  bad[3] = 0;  // empty name
  EXPECT_EQ(refused(bad), Code::corrupt);
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_EQ(refused(base::Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))),
              Code::corrupt);
}

RC_GTEST_PROP(FieldsBytes, WhatDecodesEncodesToItself, (const std::vector<std::uint8_t>& noise)) {
  base::Bytes bytes = {1, 0, 1};
  bytes.insert(bytes.end(), noise.begin(), noise.end());
  const auto decoded = Door::decode(bytes);
  if (decoded.ok()) RC_ASSERT(Door::encode(*decoded).value() == bytes);
}

}  // namespace
}  // namespace vault
