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

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(SessionsPage, NamesDevicePlaceAndDays) {
  const std::string html = site().sessions(kari(), some_sessions());
  EXPECT_TRUE(has(html, "Firefox on Linux <span class=\"here\">this one</span>"));
  EXPECT_TRUE(has(html, "Norway · logged in <time datetime=\"2026-11-23\">23 November 2026"));
  EXPECT_TRUE(has(html, ">A Python program<")) << "where neither system nor place is known";
  EXPECT_TRUE(has(html, "End all others"));
  SessionsPage one = some_sessions();
  one.sessions.pop_back();
  EXPECT_FALSE(has(site().sessions(kari(), one), "End all others"));
  one.sessions[0].program = about("");
  EXPECT_TRUE(has(site().sessions(kari(), one), "An unknown program on Linux"));
}

TEST(TokensPage, ShowsANewTokenAndKeepsWhatWasTyped) {
  TokensPage page = some_tokens();
  const std::string plain = site().tokens(kari(), page);
  EXPECT_FALSE(has(plain, "Your new token"));
  EXPECT_TRUE(has(plain, "files:read, files:write · ends"));
  EXPECT_TRUE(has(plain, "never used"));
  EXPECT_TRUE(has(plain, "value=\"90\""));
  page.made = about("scal_pat_x");
  EXPECT_TRUE(has(site().tokens(kari(), page), "<code>scal_pat_x</code>"));
  page.ticked = {"files:write"};
  page.days = "7";
  page.errors = {{"scope", "Choose."}};
  const std::string refused = site().tokens(kari(), page);
  EXPECT_TRUE(has(refused, "value=\"files:write\" checked"));
  EXPECT_FALSE(has(refused, "value=\"files:read\" checked"));
  EXPECT_TRUE(has(refused, "value=\"7\""));
  EXPECT_TRUE(has(refused, "id=\"scope-wrong\""));
  EXPECT_TRUE(has(refused, "<a href=\"#scope\">Choose.</a>"));
}

}  // namespace
}  // namespace pages
