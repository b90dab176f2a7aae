// Notices that do not bear out what the vault keeps: they stop its start.
#include <gtest/gtest.h>

#include "vault/testing.h"

namespace vault {
namespace {

using base::Code;

/// The sample notice with a change.
using Edit = std::function<void(notice::Document&)>;

class NoticeRefusals : public testing::Test {
 protected:
  Code open(const Edit& edit, std::vector<Collection> collections = {kPeople}) {
    auto document = N::document();
    edit(document);
    house_.policy.install(notice::Policy::compile(document));
    const auto opened = house_.open(std::move(collections));
    return opened.ok() ? Code::internal : opened.code();
  }
  static void drop(notice::Document& document, const std::string& purpose) {
    std::erase_if(document.purposes, [&](const auto& each) { return each.id == purpose; });
  }

  base::RealDisk disk_;
  store::TemporaryDirectory directory_;
  House house_{disk_, directory_.path()};
};

TEST_F(NoticeRefusals, WhatItDoesNotBearOutStopsTheStart) {
  EXPECT_EQ(open([](notice::Document&) {}), Code::internal) << "as it is, it opens";
  EXPECT_EQ(open([](auto& document) { drop(document, "accountability"); }), Code::invalid);
  EXPECT_EQ(open([](auto& document) {
              for (auto& purpose : document.purposes)
                if (purpose.id == "accountability") purpose.enabled = false;
            }),
            Code::invalid);
  EXPECT_EQ(open([](auto& document) { drop(document, "rights_requests"); }), Code::invalid);
  EXPECT_EQ(open([](auto& document) {
              for (auto& purpose : document.purposes)
                if (purpose.id == "rights_requests") std::erase(purpose.categories, "identity");
            }),
            Code::invalid);
  EXPECT_EQ(open([](auto& document) { document.categories.front().retention = "never_heard_of"; }),
            Code::invalid);
}

// A period, and a bound in any case: the shorter one counts, from the put.
TEST_F(NoticeRefusals, ABoundInAnyCaseCounts) {
  const auto bounded = [](auto& document) {
    for (auto& rule : document.retention) {
      rule.keeping.from = "account_ends";
      rule.keeping.at_most = notice::Period{2, notice::Unit::day};
    }
  };
  const auto with = [](base::Duration after) {
    return std::vector<Collection>{
        {"x", "messages", "x", {{"v", FieldKind::bytes, "V"}}, Expiry::after_last_put(after)}};
  };
  EXPECT_EQ(open(bounded, with(std::chrono::days(3))), Code::invalid);
  // log_openings, which never expire, are bounded by this notice, too.
  EXPECT_EQ(open(bounded, with(std::chrono::days(2))), Code::invalid);
  const auto for_messages = [](auto& document) {
    document.retention[1].keeping.at_most = notice::Period{2, notice::Unit::day};
  };
  EXPECT_EQ(open(for_messages, with(std::chrono::days(3))), Code::invalid);
  EXPECT_EQ(open(for_messages, with(std::chrono::days(2))), Code::internal);
  // What is kept from another event on has no bound from the put.
  const auto from_event = [](auto& document) {
    document.retention[1].keeping.from = "account_ends";
  };
  const Collection given{
      "x", "messages", "x", {{"v", FieldKind::bytes, "V"}}, Expiry::at_given_time()};
  EXPECT_EQ(open(from_event, {given}), Code::internal);
  const auto who = house_.owner();
  Fields fields;
  fields.set("v", base::Bytes(3));
  const auto put = [&](base::Time until) {
    const auto leave = house_.permit(who, N::messages);
    return house_.write([&](store::Tx& tx) {
      return house_.vault->put(tx, leave, {"x", {}, house_.record_id()}, fields, until);
    });
  };
  EXPECT_TRUE(put(house_.clock.now() + std::chrono::days(900)).ok());
  EXPECT_EQ(put(base::Time{}).code(), Code::invalid) << "before all time";
}

}  // namespace
}  // namespace vault
