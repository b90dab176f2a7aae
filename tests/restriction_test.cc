// Restriction (Article 18 GDPR) over every declared collection and every purpose of the notice, in
// one walk: what is restricted is kept, and used for nothing but what the notice exempts.
#include <gtest/gtest.h>

#include <set>

#include "accounts/accounts.h"
#include "egress/outbox.h"
#include "notice/policy.h"
#include "support/stack.h"
#include "workspace/workspace.h"

namespace {

using base::Code;
using base::Result;

// Her own rights, legal claims, the protection of others (Article 18(2)), storage (18(2) again).
// Written down here and not read from the notice: a change of the notice is to be noticed.
const std::set<std::string> kGoOn = {
    "manage_accounts", "notify",           "accountability", "bookkeeping",
    "security",        "fraud_prevention", "deliver_site",   "consent_management",
    "rights_requests", "complete_erasure", "staff_incident"};

class RestrictionTest : public testing::Test {
 protected:
  RestrictionTest() {
    // Switched on, all of them: what is not enabled today is to be right when it is.
    auto document = support::Stack::notice();
    for (auto& purpose : document.purposes) purpose.enabled = true;
    stack.policy.install(notice::Policy::compile(document));
    session = stack.join("Kari Nordmann", "kari@example.com", "a long password");
    for (const auto owner : owners()) change(owner, vault::Restriction::as_it_is);
  }
  std::vector<base::OwnerId> owners() const {
    return {base::owner_of(session.identity.user), base::owner_of(session.identity.account)};
  }
  /// She consents to all that can be consented to, and is restricted or not.
  void change(base::OwnerId owner, vault::Restriction restriction) {
    vault::StandingChange change;
    change.consents = stack.policy.current().consent_purposes();
    change.restriction = restriction;
    stack.store
        ->write([&](store::Tx& tx) -> Result<void> {
          TRY(stack.vault->change_standing(tx, owner, change, {"standing", "{}"}));
          return {};
        })
        .value();
  }
  /// Puts a record of the collection, or opens what is there, under a permit.
  Result<void> use(const gate::Permit& permit, const vault::Collection& collection) {
    if (collection.holds_content()) {
      const auto writer = TRY(stack.vault->create_content(permit, collection.name));
      return {};
    }
    return stack.store->read([&](store::Reader& reader) -> Result<void> {
      TRY(stack.vault->list(reader, permit, {collection.name, {}, {}}, 10));
      return {};
    });
  }
  struct Walk {
    std::size_t opened = 0;
    std::size_t refused = 0;
    std::set<std::string> purposes;
  };
  Walk walk(base::OwnerId owner) {
    Walk done;
    const notice::Policy& policy = stack.policy.current();
    auto collections = support::Stack::collections();
    collections.push_back({"log_openings", "log_openings", "log", {{"x", {}, "x"}}});
    for (const vault::Collection& collection : collections) {
      const auto category = policy.category(collection.category.c_str()).value();
      for (const auto& purpose : policy.document().purposes) {
        const auto id = policy.purpose(purpose.id).value();
        const auto permit = stack.gate->ask(gate::Actor::system, owner, category, id);
        if (permit.ok()) {
          ++done.opened;
          done.purposes.insert(purpose.id);
          EXPECT_TRUE(use(*permit, collection).ok()) << collection.name.c_str();
          continue;
        }
        EXPECT_EQ(permit.code(), Code::denied);
        ++done.refused;
        const auto reason = stack.gate->decide(owner, category, id).reason;
        EXPECT_TRUE(reason == notice::Reason::restricted ||
                    reason == notice::Reason::purpose_not_for_category)
            << collection.name.c_str() << " for " << purpose.id << ": "
            << notice::to_string(reason);
      }
    }
    return done;
  }

  support::Stack stack;
  accounts::NewSession session;
};

TEST_F(RestrictionTest, WhatIsRestrictedIsKeptAndNotUsed) {
  for (const auto owner : owners()) {
    const Walk before = walk(owner);
    change(owner, vault::Restriction::on);
    const Walk during = walk(owner);
    for (const std::string& purpose : during.purposes)
      EXPECT_TRUE(kGoOn.contains(purpose)) << purpose << " goes on while restricted";
    std::set<std::string> expected;
    for (const std::string& purpose : before.purposes)
      if (kGoOn.contains(purpose)) expected.insert(purpose);
    EXPECT_EQ(during.purposes, expected);
    EXPECT_LT(during.opened, before.opened);
    EXPECT_FALSE(during.purposes.contains("provide_service"));
    EXPECT_TRUE(during.purposes.contains("rights_requests"));
    change(owner, vault::Restriction::off);
    EXPECT_EQ(walk(owner).opened, before.opened);
  }
}

TEST_F(RestrictionTest, HerDataIsStillThereForHer) {
  const auto owner = base::owner_of(session.identity.user);
  change(owner, vault::Restriction::on);
  const auto held = stack.vault->inventory(gate::Actor::person, owner);
  ASSERT_TRUE(held.ok()) << held.error().chain();
  std::size_t records = 0;
  for (const auto& holding : held->holdings) records += holding.count;
  std::size_t exported = 0;
  for (std::optional<vault::ExportCursor> at = vault::ExportCursor{}; at;) {
    const auto page = stack.vault->export_page(gate::Actor::person, owner, *at);
    ASSERT_TRUE(page.ok()) << page.error().chain();
    exported += page->items.size();
    at = page->next;
  }
  EXPECT_GE(records, 4U);  // profile, security, declarations, log entries
  EXPECT_EQ(exported, records);
}

}  // namespace
