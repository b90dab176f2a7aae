#include "pages/application.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <vector>

#include "pages/testing.h"
#include "pages/web.h"

namespace pages {
namespace {

constexpr std::size_t kFirstLoadBytes = 90'000;  // compressed, without fonts
constexpr std::size_t kLinkBytes = 50'000;       // of what a link shows
constexpr std::size_t kFontBytes = 110'000;

const Pages& site() {
  static const std::unique_ptr<Pages> pages = Pages::open(testing::default_document()).value();
  return *pages;
}

/// What the shell names, by its address.
std::vector<std::string> named_by(const std::string& html) {
  static const std::regex reference(R"re((?:href|src)="(/assets/[^"]+)")re");
  std::vector<std::string> found;
  for (std::sregex_iterator at(html.begin(), html.end(), reference), end; at != end; ++at)
    found.push_back((*at)[1]);
  return found;
}

TEST(Application, ItsShellsNameOnlyWhatIsThere) {
  for (const std::string* html : {&site().application(), &site().link()}) {
    const auto named = named_by(*html);
    EXPECT_GE(named.size(), 7U);
    for (const std::string& path : named) EXPECT_TRUE(site().asset(path, "").has_value()) << path;
    EXPECT_EQ(std::set<std::string>(named.begin(), named.end()).size(), named.size());
    EXPECT_EQ(html->find("{{"), std::string::npos);
  }
}

TEST(Application, WhoFollowsALinkLoadsNothingOfTheWorkspace) {
  const std::string& html = site().link();
  EXPECT_NE(html.find("content=\"noindex, nofollow\""), std::string::npos);
  EXPECT_EQ(html.find("app.webmanifest"), std::string::npos);
  std::size_t bytes = html.size();
  std::string scripts;
  for (const std::string& path : named_by(html)) {
    if (path.ends_with(".woff2")) continue;
    bytes += site().asset(path, "br")->body.size();
    if (path.ends_with(".js")) scripts += site().asset(path, "")->body;
  }
  EXPECT_LT(bytes, kLinkBytes);
  EXPECT_NE(scripts.find("/v1/links/"), std::string::npos);
  for (const char* of_the_workspace : {"/v1/account", "/v1/shares", "/v1/uploads", "/v1/trash"})
    EXPECT_EQ(scripts.find(of_the_workspace), std::string::npos) << of_the_workspace;
}

TEST(Application, HasNoScriptButItsOwnFiles) {
  static const std::regex inline_code(
      R"(<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc="/assets/)|javascript:)");
  EXPECT_FALSE(std::regex_search(site().application(), inline_code));
  EXPECT_FALSE(std::regex_search(site().link(), inline_code));
}

TEST(Application, CarriesWhatTheNoticeSaysOfTheService) {
  notice::Document document = testing::default_document();
  document.operator_.brand.name = "\"><b>Dokk";
  document.version = 12;
  document.terms.version = 34;
  const std::string html = Pages::open(document).value()->application();
  EXPECT_NE(html.find("data-brand=\"&quot;&gt;&lt;b&gt;Dokk\""), std::string::npos);
  EXPECT_NE(html.find("data-notice=\"12\""), std::string::npos);
  EXPECT_NE(html.find("data-terms=\"34\""), std::string::npos);
}

TEST(Application, SaysWithoutScriptWhereTheSameIs) {
  const auto leads = [](std::string_view path, const std::string& page) {
    const std::string& html = site().application(path);
    const std::size_t without = html.find("<noscript>");
    return html.find("href=\"" + page + "\"", without) != std::string::npos;
  };
  EXPECT_TRUE(leads("/app", "/files"));
  EXPECT_TRUE(leads("/app/account", "/files"));
  for (const std::string page : {"/signup", "/recover", "/recover/password", "/verify",
                                 "/address/confirm", "/address/undo", "/invitation"})
    EXPECT_TRUE(leads("/app" + page, page)) << page;
}

TEST(Application, CanBeInstalled) {
  const auto asset = site().asset(site().asset_path("app.webmanifest"), "");
  ASSERT_TRUE(asset);
  EXPECT_EQ(asset->type, "application/manifest+json");
  const auto manifest = nlohmann::json::parse(asset->body);
  EXPECT_EQ(manifest.at("start_url"), "/app");
  EXPECT_EQ(manifest.at("name"), testing::default_document().operator_.brand.name);
  const auto icon = manifest.at("icons").at(0).at("src").get<std::string>();
  EXPECT_TRUE(site().asset(icon, "").has_value());
}

TEST(Application, FirstLoadIsLight) {
  const std::string& html = site().application();
  std::size_t bytes = html.size(), fonts = 0;
  for (const std::string& path : named_by(html))
    (path.ends_with(".woff2") ? fonts : bytes) += site().asset(path, "br")->body.size();
  EXPECT_LT(bytes, kFirstLoadBytes);
  fonts += site().asset(site().asset_path("mono.woff2"), "br")->body.size();
  EXPECT_LT(fonts, kFontBytes);
}

TEST(Application, EachOfItsFilesIsServedUnderItsOwnName) {
  for (const std::string_view name : application::names()) {
    if (name == "manifest.json") continue;
    const auto asset = site().asset("/assets/" + std::string(name), "br");
    ASSERT_TRUE(asset) << name;
    EXPECT_EQ(asset->encoding, "br") << name;
    EXPECT_EQ(asset->cache_control, "public, max-age=31536000, immutable") << name;
  }
}

}  // namespace
}  // namespace pages
