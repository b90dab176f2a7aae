// The notice as others read it: facts, periods, prose, JSON.
#include "notice/document.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "notice/markdown.h"
#include "notice/render.h"
#include "notice/testing.h"
#include "notice/vocabulary.h"

namespace notice {
namespace {

using Json = nlohmann::json;

Document the_default() {
  Checked checked = check(default_file, default_text());
  EXPECT_TRUE(checked.ok()) << checked.report();
  return std::move(*checked.document);
}

Seconds day(int year, unsigned month, unsigned date) {
  using namespace std::chrono;
  return sys_days(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(date));
}

TEST(Document, HoldsTheOperatorsFacts) {
  const Document document = the_default();
  EXPECT_FALSE(document.operator_.name.empty());
  EXPECT_EQ(document.operator_.organisation_number.size(), 11U);
  EXPECT_EQ(document.operator_.address.country, "NO");
  EXPECT_EQ(document.operator_.timezone, "Europe/Oslo");
  EXPECT_TRUE(document.may_serve(document.operator_.site));
  EXPECT_FALSE(document.may_serve("https://example.com"));
  ASSERT_NE(document.own_authority(), nullptr);
  EXPECT_EQ(document.own_authority()->name, "Datatilsynet");
  EXPECT_EQ(document.minimum_age, 18);
}

TEST(Document, HoldsThePromisedPeriods) {
  const Document document = the_default();
  EXPECT_EQ(document.inactive_after, (Period{90, Unit::day}));
  EXPECT_EQ(document.inactive_warning, (Period{14, Unit::day}));
  EXPECT_TRUE(document.paid_accounts_stay);
  EXPECT_EQ(document.staff.default_period, (Period{1, Unit::hour}));
  EXPECT_EQ(document.staff.period_max, (Period{8, Unit::hour}));
  EXPECT_EQ(document.retention_rule("with_the_account")->keeping.term, Term::until_then);
  EXPECT_EQ(document.survivor("books")->keeping.period, (Period{5, Unit::year}));
}

TEST(Document, DeclaresTheSessionCookie) {
  const Document document = the_default();
  const Technology* session = document.technology("session");
  ASSERT_NE(session, nullptr);
  EXPECT_EQ(session->kind, TechnologyClass::necessary);
  ASSERT_EQ(session->keeps.size(), 1U);
  EXPECT_EQ(session->keeps[0].name, "__Host-session");
  EXPECT_EQ(session->keeps[0].period, (Period{30, Unit::day}));
}

TEST(Document, HasEveryClause) {
  const Document document = the_default();
  for (const std::string& id : clause_ids()) {
    const Clause* clause = document.clause(id);
    ASSERT_NE(clause, nullptr) << id;
    EXPECT_GT(in(clause->text, "en").size(), 40U) << id;
    EXPECT_FALSE(in(clause->summary, "en").empty()) << id;
  }
}

TEST(Document, TextsFallBackToEnglish) {
  const Text text = {{"en", "Yes"}, {"nb", "Ja"}};
  EXPECT_EQ(in(text, "nb"), "Ja");
  EXPECT_EQ(in(text, "de"), "Yes");
  EXPECT_EQ(in({{"nb", "Ja"}}, "de"), "Ja");
  EXPECT_EQ(in({}, "de"), "");
}

TEST(Document, ReadsPeriods) {
  EXPECT_EQ(parse_period("90 days"), (Period{90, Unit::day}));
  EXPECT_EQ(parse_period("1 hour"), (Period{1, Unit::hour}));
  EXPECT_EQ(to_string(Period{1, Unit::month}), "1 month");
  EXPECT_EQ(to_string(Period{13, Unit::month}), "13 months");
  for (const char* wrong : {"", "90", "days", "0 days", "-1 days", "1  day", "1 fortnight", "1day",
                            "99999 days", " 1 day"}) {
    EXPECT_EQ(parse_period(wrong), std::nullopt) << wrong;
  }
}

TEST(Document, AddsPeriodsByTheCalendar) {
  EXPECT_EQ(after(day(2027, 1, 31), {1, Unit::month}), day(2027, 2, 28));
  EXPECT_EQ(after(day(2028, 1, 31), {1, Unit::month}), day(2028, 2, 29));
  EXPECT_EQ(after(day(2026, 12, 15), {14, Unit::month}), day(2028, 2, 15));
  EXPECT_EQ(after(day(2028, 2, 29), {1, Unit::year}), day(2029, 2, 28));
  EXPECT_EQ(after(day(2026, 3, 1), {90, Unit::day}), day(2026, 5, 30));
  const Seconds noon = day(2026, 3, 31) + std::chrono::hours(12);
  EXPECT_EQ(after(noon, {1, Unit::month}), day(2026, 4, 30) + std::chrono::hours(12));
  EXPECT_EQ(length_max({30, Unit::day}), std::chrono::days(30));
  EXPECT_EQ(length_max({1, Unit::month}), std::chrono::days(31));
  EXPECT_EQ(length_min({30, Unit::day}), std::chrono::days(30));
  EXPECT_EQ(length_min({1, Unit::month}), std::chrono::days(28));
  EXPECT_EQ(length_min({12, Unit::month}), std::chrono::days(365));
}

TEST(Document, RendersAsJson) {
  const Document document = the_default();
  const Json json = Json::parse(render_json(document));
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["digest"], "sha256:" + document.digest);
  EXPECT_EQ(json["operator"]["name"], document.operator_.name);
  EXPECT_EQ(json["categories"]["workspace_content"]["role"], "processor");
  EXPECT_EQ(json["purposes"]["security"]["on_objection"], "review");
  EXPECT_EQ(json["inactivity"]["after"], "90 days");
  EXPECT_EQ(json["authority"]["eea"].size(), 30U);
  EXPECT_EQ(json["terms"]["version"], document.terms.version);
  EXPECT_EQ(json["terms"]["parts"].size(), document.terms.parts.size());
  EXPECT_EQ(json["terms"]["parts"].back()["id"], data_processing_part);
  std::size_t clauses = 0;
  for (const Json& section : json["sections"]) clauses += section["clauses"].size();
  EXPECT_EQ(clauses, clause_ids().size());
}

TEST(Document, RendersAModelOfThePage) {
  const Json page = Json::parse(page_model_json(the_default(), "en"));
  EXPECT_EQ(page["clause_count"], 49);
  EXPECT_EQ(page["sections"].size(), 10U);
  EXPECT_EQ(page["sections"][0]["id"], "overview");
  const Json& hold = page["sections"][1];
  EXPECT_EQ(hold["table_categories"]["rows"][0]["fields"],
            "legal name, email, language, former email");
  EXPECT_EQ(
      hold["table_categories"]["rows"][0]["source"],
      "From you; where your account was moved here, from the service where you had it before");
  EXPECT_EQ(hold["table_categories"]["rows"][3]["source"], "From you");
  const Json& rights = page["sections"][8];
  EXPECT_EQ(rights["table_authorities"]["rows"][0]["own"], true);
  EXPECT_EQ(rights["table_authorities"]["rows"][0]["country"], "Norway");
  EXPECT_TRUE(rights["clauses"][0]["text_html"].get<std::string>().starts_with("<p>"));
}

TEST(Document, MarkdownMakesNoMarkupOfItsOwn) {
  EXPECT_EQ(html("a <b>b</b>"), "<p>a &lt;b&gt;b&lt;/b&gt;</p>\n");
  EXPECT_EQ(html_line("*a* & b"), "<em>a</em> &amp; b");
  EXPECT_EQ(html_line("- a"), "<ul>\n<li>a</li>\n</ul>\n");
  EXPECT_TRUE(markdown_faults("[a](https://example.com) [b](#c) [d](/e) [f](mailto:g@h)").empty());
  EXPECT_EQ(markdown_faults("<javascript:alert(1)>").size(), 1U);
  EXPECT_EQ(markdown_faults("[a](java&#115;cript:x)").size(), 1U);
  EXPECT_EQ(markdown_faults("[a](//example.com)").size(), 1U);
  EXPECT_FALSE(markdown_faults("<div>\nx\n</div>").empty());
}

}  // namespace
}  // namespace notice
