#include "site/edge.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "notice/notice.h"

namespace site {
namespace {

notice::Document document() {
  return *notice::check(notice::default_file, notice::default_text()).document;
}

notice::Recipient& recipient(notice::Document& document, std::string_view id) {
  return *std::ranges::find(document.recipients, id, &notice::Recipient::id);
}

const std::vector<BundleFile>& files() {
  static const std::vector<BundleFile> all = [] {
    const auto whole = document();
    return bundle(**pages::Pages::open(whole), whole);
  }();
  return all;
}

const BundleFile& file(std::string_view address) {
  return *std::ranges::find(files(), address, &BundleFile::address);
}

Edge edge() { return {"hosting", "EEA", "https://server.example"}; }

TEST(Bundle, HasWhatIsTheSameForEverybodyWithTheServersHeaders) {
  for (const char* address :
       {"/app", "/app/verify", "/notice", "/notice.json", "/terms", "/.well-known/gpc.json"})
    EXPECT_FALSE(file(address).body.empty()) << address;
  EXPECT_NE(file("/app/verify").body, file("/app").body) << "each says where to go without script";
  const http::Response shell{200, file("/app").headers, {}, {}};
  EXPECT_TRUE(shell.header("content-security-policy")->contains("media-src 'self' blob:"));
  EXPECT_TRUE(shell.header("strict-transport-security").has_value());
  EXPECT_EQ(shell.header("cache-control"), "no-cache");
  EXPECT_FALSE(file("/notice").body.contains("/account")) << "nobody is known there";
  std::size_t compressed = 0;
  for (const BundleFile& one : files()) {
    if (!one.brotli.empty()) ++compressed;
    if (!one.address.starts_with("/assets/")) continue;
    const http::Response asset{200, one.headers, {}, {}};
    EXPECT_FALSE(asset.header("content-encoding").has_value()) << one.address;
    EXPECT_EQ(asset.header("cache-control"), "public, max-age=31536000, immutable");
  }
  EXPECT_GT(compressed, 3U);
}

TEST(Edge, IsWhoTheNoticeNamesForIt) {
  auto whole = document();
  EXPECT_EQ(choose_edge(whole, "").recipient->id, "hosting");
  EXPECT_EQ(choose_edge(whole, "hosting").recipient->id, "hosting");
  EXPECT_TRUE(choose_edge(whole, "nobody").refusal.contains("no recipient `nobody`"));
  EXPECT_TRUE(choose_edge(whole, "vercel").refusal.contains("not enabled"));
  EXPECT_TRUE(choose_edge(whole, "mail_delivery").refusal.contains("not named for the purpose"));
  // Who delivers sees what passes: that must be said, too.
  recipient(whole, "vercel").enabled = true;
  EXPECT_TRUE(choose_edge(whole, "vercel").refusal.contains("technology `vercel` is not enabled"));
  for (auto& technology : whole.technologies)
    if (technology.id == "vercel") technology.enabled = true;
  EXPECT_TRUE(choose_edge(whole, "vercel").refusal.contains("may not see `"));
  EXPECT_TRUE(choose_edge(whole, "").refusal.contains("--edge"));
  recipient(whole, "vercel").categories = recipient(whole, "hosting").categories;
  EXPECT_EQ(choose_edge(whole, "vercel").recipient->id, "vercel");
  recipient(whole, "hosting").region = "Virginia, USA";
  EXPECT_TRUE(choose_edge(whole, "hosting").refusal.contains("TECH-4"));
  for (auto& one : whole.recipients) std::erase(one.purposes, "deliver_site");
  EXPECT_TRUE(choose_edge(whole, "").refusal.contains("no recipient that delivers"));
}

TEST(Edge, IsInTheEuropeanUnionAltogether) {
  for (const char* inside : {"EU", "EEA", "DE", "Frankfurt, Germany (EU)", "eu-central-1, EU"})
    EXPECT_TRUE(region_inside(inside)) << inside;
  for (const char* outside :
       {"", "US", "Virginia", "EUROPE", "NEU", "GB", "EU and, depending on the day, outside the EU",
        "EU or US", "EU, worldwide"})
    EXPECT_FALSE(region_inside(outside)) << outside;
}

TEST(Edge, ItsFilesAreTheSameEachTime) {
  const auto once = written_bundle(files(), document(), edge());
  const auto again = written_bundle(files(), document(), edge());
  ASSERT_EQ(once.size(), again.size());
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(once[i].body, again[i].body);
  const auto manifest = nlohmann::json::parse(once.back().body);
  EXPECT_EQ(manifest["edge"]["region"], "EEA");
  EXPECT_EQ(manifest["files"].size(), once.size() - 1);
  std::set<std::string> names;
  for (const Written& one : once) EXPECT_TRUE(names.insert(one.file).second) << one.file;
  EXPECT_TRUE(names.contains("files/app.html"));
  EXPECT_TRUE(names.contains("files/_headers"));
}

TEST(Edge, SaysEachHeaderToEachHost) {
  const std::string nginx = nginx_configuration(files(), document(), edge());
  const std::string list = headers_file(files());
  for (const auto& [name, value] : file("/app").headers) {
    EXPECT_TRUE(list.contains("  " + name + ": " + value + "\n")) << name;
    if (name != "Content-Type")
      EXPECT_TRUE(nginx.contains("add_header " + name + " \"" + value + "\" always;")) << name;
  }
  EXPECT_TRUE(list.contains("/app/*\n"));
  EXPECT_TRUE(list.contains("/assets/*\n"));
  const std::string places = redirects_file(files());
  EXPECT_TRUE(places.contains("/app/links /app 200\n"));
  EXPECT_TRUE(places.ends_with("/app/files/* /app 200\n"));
  EXPECT_TRUE(nginx.contains("proxy_ssl_name server.example;"));
  const std::string site = document().operator_.site.substr(8);
  EXPECT_TRUE(nginx.contains("server_name " + site + " www." + site + ";"));
  EXPECT_TRUE(nginx.contains("from: EEA."));
  EXPECT_TRUE(nginx.contains("access_log off;"));
}

}  // namespace
}  // namespace site
