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

TEST(MemberPages, LeavingSaysWhatGoes) {
  const std::string only = site().leave(kari(), {"a", {}, Ticked::no, {}});
  EXPECT_TRUE(has(only, "action=\"/account/leave\""));
  EXPECT_TRUE(has(only, "You belong to no other"));
  EXPECT_TRUE(has(only, "A receipt"));
  EXPECT_FALSE(has(only, "name=\"code\""));
  const std::string several = site().leave(kari(), {"a", {true, true}, Ticked::yes, {}});
  EXPECT_FALSE(has(several, "You belong to no other"));
  EXPECT_FALSE(has(several, "A receipt"));
  EXPECT_TRUE(has(several, "name=\"code\""));
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
