#include "http/countries.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/opened.h"

namespace http {
namespace {

using base::Code;

const std::string kDatabase =
    "node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb";

std::string country(const Countries& countries, std::string_view address) {
  return support::opened(countries.country_of(ClientAddress::parse(address).value()));
}

TEST(Countries, TellsTheCountryAndNothingElse) {
  const auto countries = Countries::open(kDatabase).value();
  EXPECT_EQ(country(*countries, "129.240.8.200"), "NO");
  EXPECT_EQ(country(*countries, "::ffff:129.240.8.200"), "NO");
  EXPECT_EQ(country(*countries, "193.99.144.80"), "DE");
  EXPECT_EQ(country(*countries, "2001:700:100::1"), "NO");
  for (const char* nowhere : {"127.0.0.1", "10.0.0.1", "::1", "fe80::1"})
    EXPECT_EQ(country(*countries, nowhere), "") << nowhere;
}

TEST(Countries, RefusesWhatIsNoSuchDatabase) {
  EXPECT_EQ(Countries::open("node_modules/none.mmdb").code(), Code::missing);
  EXPECT_EQ(Countries::open("package.json").code(), Code::invalid);
}

/// A copy with `change` made to its bytes, and what it answers.
std::string answer_of_changed(const std::function<void(std::string&)>& change) {
  std::ifstream file(kDatabase, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  change(bytes);
  const std::string path = testing::TempDir() + "/countries-" + std::to_string(::getpid());
  std::ofstream(path, std::ios::binary) << bytes;
  const auto opened = Countries::open(path);
  std::string answer = opened.ok() ? country(**opened, "129.240.8.200") : "refused";
  std::remove(path.c_str());
  return answer;
}

TEST(Countries, ADamagedFileTellsNothing) {
  const auto city = [](std::string& bytes) {
    const auto at = bytes.rfind("database_type");
    const auto type = bytes.find("ountry", at);
    bytes.replace(type, 6, "itiesX");
  };
  EXPECT_EQ(answer_of_changed(city), "refused");
  EXPECT_EQ(answer_of_changed([](std::string& bytes) { bytes.resize(bytes.size() / 2); }),
            "refused");
  // Only the tree is left; what it points to is zeros.
  const auto blank = [](std::string& bytes) {
    const auto end = bytes.rfind("\xab\xcd\xefMaxMind.com");
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(end) - 4096,
              bytes.begin() + static_cast<std::ptrdiff_t>(end), '\0');
  };
  EXPECT_EQ(answer_of_changed(blank), "");
}

}  // namespace
}  // namespace http
