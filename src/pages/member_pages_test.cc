#include <gtest/gtest.h>

#include "pages/pages.h"
#include "pages/testing.h"

namespace pages {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

const Pages& site() {
  static const std::unique_ptr<Pages> pages = Pages::open(default_document()).value();
  return *pages;
}

bool has(const std::string& html, const std::string& text) {
  return html.find(text) != std::string::npos;
}

TEST(MemberPages, OfferWhatTheVisitorsRoleAllowsAndNothingElse) {
  MembersPage page = some_members();
  const std::string owner = site().members(kari(), page);
  for (const char* act : {"role", "remove", "offer", "invite", "withdraw"})
    EXPECT_TRUE(has(owner, std::string("action=\"/account/members/") + act + "\"")) << act;
  EXPECT_FALSE(has(owner, "action=\"/account/leave\""));
  EXPECT_TRUE(has(owner, "<option value=\"reader\" selected>"));

  page.owns = Ticked::no;
  const std::string admin = site().members(kari(), page);
  EXPECT_TRUE(has(admin, "action=\"/account/members/remove\""));
  EXPECT_FALSE(has(admin, "action=\"/account/members/offer\""));
  EXPECT_TRUE(has(admin, "action=\"/account/leave\""));
  EXPECT_TRUE(has(admin, "You belong to no other"));

  page.administers = Ticked::no;
  page.offer.reset();
  page.several = Ticked::yes;
  const std::string reader = site().members(kari(), page);
  for (const char* act : {"role", "remove", "offer", "invite", "withdraw"})
    EXPECT_FALSE(has(reader, std::string("/account/members/") + act)) << act;
  EXPECT_FALSE(has(reader, "new@example.com"));
  EXPECT_FALSE(has(reader, "You belong to no other"));
  EXPECT_TRUE(has(reader, "href=\"/account/switch\""));
}

TEST(MemberPages, AnInvitationShowsTheOneWayThatIsOpen) {
  using Way = InvitationPage::Way;
  const std::string fresh = site().invitation({}, some_invitation(Way::sign_up));
  EXPECT_TRUE(has(fresh, "action=\"/invitation/signup\""));
  EXPECT_FALSE(has(fresh, "action=\"/invitation/accept\""));
  const std::string known = site().invitation({}, some_invitation(Way::log_in));
  EXPECT_TRUE(has(known, "action=\"/invitation/accept\""));
  EXPECT_TRUE(has(known, "href=\"/login\""));
  EXPECT_FALSE(has(known, "action=\"/invitation/signup\""));
  EXPECT_FALSE(has(site().invitation({}, some_invitation(Way::accept)), "in another tab"));
  const std::string declined = site().invitation({}, some_invitation(Way::declined));
  EXPECT_TRUE(has(declined, "You have declined"));
  EXPECT_FALSE(has(declined, "<form"));
  for (const std::string& html : {fresh, known}) {
    EXPECT_TRUE(has(html, "action=\"/invitation/decline\""));
    EXPECT_TRUE(has(html, "gave us your address"));
  }
}

}  // namespace
}  // namespace pages
