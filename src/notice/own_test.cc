// The default notice as another operator's.
#include "notice/own.h"

#include <gtest/gtest.h>

#include "notice/notice.h"
#include "notice/testing.h"

namespace notice {
namespace {

OwnFacts bergen() {
  return {.name = "Bergen Verft AS",
          .organisation_number = "912 345 678",
          .street = "Strandgaten 1",
          .postal_code = "5013",
          .city = "Bergen",
          .country = "NO",
          .country_name = "Norway",
          .contact = "post@verft.example",
          .service = "Dokk",
          .timezone = "Europe/Oslo",
          .origins = {"https://dokk.example", "https://www.dokk.example:8443"},
          .log_origin = "dokk.example/log"};
}

Document compiled(const OwnFacts& facts) {
  Checked checked = check("own.yaml", own_notice(facts));
  EXPECT_TRUE(checked.ok()) << checked.report();
  return checked.ok() ? std::move(*checked.document) : Document();
}

/// However it is wrapped.
std::string unwrapped(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

/// All that a person reads, in one string.
std::string words(const Document& document) {
  std::string all;
  for (const Section& section : document.sections)
    for (const Clause& clause : section.clauses)
      all += in(clause.summary, "en") + "\n" + in(clause.text, "en") + "\n";
  for (const TermsPart& part : document.terms.parts) all += in(part.text, "en") + "\n";
  return all;
}

TEST(OwnNotice, HasEachFactInItsPlace) {
  const OwnFacts facts = bergen();
  const Document document = compiled(facts);
  EXPECT_EQ(facts_of(document), facts);
  EXPECT_EQ(document.operator_.site, "https://dokk.example");
  EXPECT_EQ(document.operator_.brand.name, "Dokk");
  EXPECT_EQ(document.rights_contact, "post@verft.example");
  EXPECT_EQ(document.authority_country, "NO");
}

TEST(OwnNotice, SpeaksOfItsOperatorAndOfNobodyElse) {
  const std::string all = words(compiled(bergen()));
  for (const char* gone : {"Scalign", "scalign.ai", "934 915 755", "Edvard Storms", "0166"})
    EXPECT_TRUE(all.find(gone) == std::string::npos) << gone;
  for (const char* there :
       {"This notice covers the Dokk service and the website dokk.example",
        "Bergen Verft AS, organisation number 912 345 678, Strandgaten 1, 5013 Bergen, Norway",
        "[post@verft.example](mailto:post@verft.example)", "post@verft.example, account or not"})
    EXPECT_NE(all.find(there), std::string::npos) << there;
}

TEST(OwnNotice, KeepsWhatNoFactSays) {
  const Document was = compiled(facts_of(*check(default_file, default_text()).document));
  const Document now = compiled(bergen());
  EXPECT_EQ(now.categories.size(), was.categories.size());
  EXPECT_EQ(now.sections.size(), was.sections.size());
  EXPECT_EQ(now.operator_.brand.accent_light, was.operator_.brand.accent_light);
  const Document the_default = *check(default_file, default_text()).document;
  EXPECT_TRUE(unwrapped(words(was)) == unwrapped(words(the_default)));
}

TEST(OwnNotice, NamesWhomMailsAndKeysGoTo) {
  OwnFacts facts = bergen();
  EXPECT_TRUE(compiled(facts).recipient("mail_delivery")->hosts.empty());
  EXPECT_FALSE(compiled(facts).recipient("key_holder")->enabled);
  facts.mail_host = "smtp.provider.example";
  facts.holder_hosts = {"192.0.2.7"};
  const Document document = compiled(facts);
  EXPECT_EQ(document.recipient("mail_delivery")->hosts,
            std::vector<std::string>{"smtp.provider.example"});
  EXPECT_EQ(document.recipient("key_holder")->hosts, std::vector<std::string>{"192.0.2.7"});
  EXPECT_TRUE(document.recipient("key_holder")->enabled);
}

TEST(OwnNotice, TakesFactsForTextAndForNothingElse) {
  OwnFacts facts = bergen();
  facts.name = "A \"B\" & *C* <D> [Scalign](x): #1, Scalign AS \\ scalign.ai";
  facts.organisation_number = "0123";  // no number of YAML's
  facts.street = "'yes'";
  facts.country = "DK";
  facts.country_name = "no";
  facts.effective = "2026-11-27";
  const Document document = compiled(facts);
  OwnFacts read = facts_of(document);
  read.effective = facts.effective;
  EXPECT_EQ(read, facts);
  EXPECT_EQ(document.effective, "2026-11-27");
  EXPECT_EQ(document.terms.effective, "2026-11-27");
  ASSERT_NE(document.own_authority(), nullptr);
  EXPECT_EQ(document.own_authority()->country, "DK");
  EXPECT_NE(words(document).find(R"(A "B" \& \*C\* \<D\> \[Scalign\](x): \#1, Scalign AS \\ )"),
            std::string::npos);
}

TEST(OwnNotice, IsRefusedWhereTheDefaultWouldBe) {
  OwnFacts facts = bergen();
  facts.country = "US";
  const Checked checked = check("own.yaml", own_notice(facts));
  EXPECT_FALSE(checked.ok());
  EXPECT_NE(checked.report().find("no authority is listed for `US`"), std::string::npos);
}

TEST(OwnNotice, SaysWhatIsLeftToRead) {
  OwnFacts facts = bergen();
  const std::string norwegian = own_notice(facts);
  const auto few = still_to_read(norwegian, "NO");
  ASSERT_EQ(few.size(), 5U);
  EXPECT_EQ(few[0].line, testing::line_of(norwegian, "\n  brand:") + 1);
  EXPECT_EQ(few[4].line, testing::line_of(norwegian, "tingrett"));
  facts.country = "DK";
  facts.holder_hosts = {"holder.example"};
  const std::string danish = own_notice(facts);
  const auto many = still_to_read(danish, "DK");
  EXPECT_GT(many.size(), 8U);
  for (const ToRead& place : many) EXPECT_FALSE(place.why.empty());
  EXPECT_TRUE(std::ranges::is_sorted(many, {}, &ToRead::line));
}

}  // namespace
}  // namespace notice
