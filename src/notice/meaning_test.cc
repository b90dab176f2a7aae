// What a notice says has to hang together, and to answer what the law asks. Each refusal, one test.
#include <gtest/gtest.h>

#include <algorithm>

#include "notice/contrast.h"
#include "notice/testing.h"
#include "notice/vocabulary.h"

namespace notice {
namespace {

using testing::changed;
using testing::changed_line;
using testing::expect_only;
using testing::expect_refused;

TEST(Meaning, ACategoryWithoutBasisIsRefused) {
  const std::string_view line = "    basis: [contract, legal_obligation, legitimate_interest]\n";
  expect_only(changed(line, ""), "category `identity` has no legal basis",
              "  identity:", "Article 13(1)(c)");
  expect_only(changed(line, "    basis: []\n"), "category `identity` has no legal basis",
              "    basis: []", "Article 13(1)(c)");
}

TEST(Meaning, ACategoryWithoutRetentionIsRefused) {
  expect_refused(changed("    retention: until_delivered\n", ""),
                 "category `mail` has no retention", "  mail:\n    number", "Article 13(2)(a)");
}

TEST(Meaning, ACategoryWithoutSourceIsRefused) {
  expect_only(changed("    source: customer\n", ""),
              "category `workspace_content` does not say from where the data comes",
              "  workspace_content:", "Article 14(2)(f)");
}

TEST(Meaning, ACategoryFromThePersonSaysWhetherItIsNeeded) {
  expect_only(
      changed("    needed:\n      for: contract\n      otherwise:\n        en: Without both, "
              "an account cannot be completed.\n",
              ""),
      "category `identity` does not say whether the person has to provide it",
      "  identity:", "Article 13(2)(e)");
}

TEST(Meaning, AnUnusedPurposeIsRefused) {
  const std::string purpose =
      "purposes:\n  marketing:\n    number: 40\n    title: {en: Advertise}\n    text: {en: Mail.}\n"
      "    basis: contract\n    categories: [identity]\n";
  expect_only(changed("purposes:\n", purpose), "purpose `marketing` is unused: nothing serves it",
              "  marketing:", "remove it");
}

TEST(Meaning, APurposeWithoutCategoriesIsUnused) {
  expect_refused(changed("    categories: [usage]\n    enabled: false\n  security:",
                         "    categories: []\n    enabled: false\n  security:"),
                 "purpose `fair_use` is unused: it names no category", "    categories: []",
                 "remove it");
}

TEST(Meaning, APurposeThatTheProgramNeedsIsMissed) {
  expect_refused(changed("  provide_service:\n    number: 2", "  serve:\n    number: 2"),
                 "purpose `provide_service` is missing", "purposes:\n", "cannot open");
}

TEST(Meaning, UnusedCategoriesAndRulesAreRefused) {
  const std::string category =
      "\ncategories:\n  star_signs:\n    number: 40\n    title: {en: Star signs}\n    fields: "
      "[sign]\n"
      "    source: service\n    basis: [contract]\n    retention: analytics\n    role: "
      "controller\n";
  expect_refused(changed("\ncategories:\n", category),
                 "category `star_signs` is unused: no purpose needs it",
                 "  star_signs:", "Article 5(1)(b)");
  const std::string rule =
      "\nretention:\n  whim:\n    from: collected\n    for: 1 day\n    text: {en: A day.}\n";
  expect_only(changed("\nretention:\n", rule), "retention rule `whim` is unused",
              "  whim:", "remove it");
}

TEST(Meaning, UnknownReferencesAreRefused) {
  expect_refused(changed("categories: [workspace_content, workspace_trash",
                         "categories: [workspace_contents, workspace_trash"),
                 "unknown category `workspace_contents`", "[workspace_contents",
                 "did you mean `workspace_content`?");
  expect_refused(changed("    retention: until_delivered", "    retention: until_deliverd"),
                 "unknown retention rule `until_deliverd`", "until_deliverd",
                 "did you mean `until_delivered`?");
  expect_refused(changed("purposes: [error_monitoring]", "purposes: [error_monitorin]"),
                 "unknown purpose `error_monitorin`", "[error_monitorin]",
                 "did you mean `error_monitoring`?");
  expect_refused(changed("    provider: sentry", "    provider: sentri"),
                 "unknown recipient `sentri`", "provider: sentri", "did you mean `sentry`?");
  expect_refused(changed("    support: staff_support", "    support: staff_suport"),
                 "unknown purpose `staff_suport`", "staff_suport", "did you mean `staff_support`?");
}

TEST(Meaning, NumbersAreUnique) {
  expect_only(changed("  notify:\n    number: 3", "  notify:\n    number: 2"),
              "`notify` has the number 2 of `provide_service`",
              "    number: 2\n    title:\n      en: Tell you", "never used");
}

TEST(Meaning, ConsentTechnologyNeedsAConsentPurpose) {
  expect_only(changed("    class: consent\n    purpose: analytics_product",
                      "    class: consent\n    purpose: deliver_site"),
              "technology `mixpanel` needs consent, but its purpose `deliver_site` rests on "
              "legitimate_interest",
              "  mixpanel:\n    title:\n      en: Mixpanel, learning", "`basis` is consent");
}

TEST(Meaning, NecessaryTechnologyIsNotServedByConsent) {
  expect_refused(changed("    class: necessary\n    purpose: error_monitoring",
                         "    class: necessary\n    purpose: analytics_product"),
                 "technology `sentry` is called necessary, but its purpose `analytics_product` "
                 "rests on consent",
                 "  sentry:", "class: consent");
}

TEST(Meaning, NecessaryTechnologySaysWhyAndWhenReviewed) {
  const std::string without = changed(
      "    because:\n      en: Signing in is what you asked for. Without this cookie every page "
      "would ask for your password again.\n    reviewed: 2026-11-23\n",
      "");
  expect_refused(without, "necessary technology `session` does not say why", "  session:\n",
                 "because");
  expect_refused(without, "necessary technology `session` has no date of review", "  session:\n",
                 "reviewed");
}

TEST(Meaning, AnalyticsListWhatTheyCollect) {
  expect_only(changed("    event_properties: [page, device_type, browser, operating_system, "
                      "language, rough_location, event_name,\n                       "
                      "session_length, engagement]\n",
                      ""),
              "technology `mixpanel` does not list what it may collect",
              "  mixpanel:\n    title:\n      en: Mixpanel, learning", "event_properties");
}

TEST(Meaning, HostsBelongToARecipient) {
  expect_only(changed("    hosts: [api-eu.mixpanel.com]", "    hosts: [api.mixpanel.com]"),
              "host `api.mixpanel.com` of technology `mixpanel` belongs to no recipient",
              "hosts: [api.mixpanel.com]", "provider");
}

TEST(Meaning, EnabledTechnologyNeedsAnEnabledPurpose) {
  expect_only(changed("    mode: first-party\n    enabled: false\n", "    mode: first-party\n"),
              "technology `sentry` is enabled, its purpose or its provider is not", "  sentry:\n",
              "enabled: false");
}

TEST(Meaning, ARecipientOutsideTheEeaNeedsAMechanism) {
  const std::string message =
      "recipient `hosting` lies outside the EEA (US) and has no transfer mechanism";
  expect_only(changed("    country: EEA\n", "    country: US\n"), message, "    transfer:\n",
              "Article 46");
  expect_only(changed("    access_from: [EEA]\n", "    access_from: [EEA, US]\n"), message,
              "    transfer:\n", "the terms of a third party are none");
  expect_refused(
      changed("    country: EEA\n    region: EEA\n    access_from: [EEA]\n    transfer:\n"
              "      mechanism: none_needed\n",
              "    country: US\n    region: EEA\n    access_from: [EEA]\n"),
      message, "  hosting:\n", "Article 46");
}

TEST(Meaning, ATransferIsExplainedAndLinked) {
  expect_only(changed("    terms: https://mixpanel.com/legal/dpa/\n", ""),
              "recipient `mixpanel` has no link to its terms",
              "  mixpanel:\n    title:\n      en: Mixpanel, Inc.", "terms");
  expect_only(changed("      mechanism: none_needed\n", "      mechanism: per_connection\n"),
              "recipient `hosting` is not chosen by customers", "    transfer:\n", "adequacy");
}

TEST(Meaning, RecipientsGetOnlyWhatTheirPurposesUse) {
  expect_only(changed("    categories: [identity, mail, invitations]\n    hosts",
                      "    categories: [identity, mail, usage]\n    hosts"),
              "recipient `mail_delivery` receives `usage`, which none of its purposes uses",
              "    categories: [identity, mail, usage]", "take it out");
}

TEST(Meaning, LegitimateInterestIsReasoned) {
  const std::string no_interest = changed(
      "    interest:\n      en: A service that is stable for everybody, at a cost that its plans "
      "can carry.\n",
      "");
  expect_only(no_interest, "purpose `fair_use` rests on legitimate interest and lacks `interest`",
              "  fair_use:", "Article 13(1)(d)");
  const std::string no_necessity = changed(
      "    necessity:\n      en: One account's load can only be limited if it is counted. We count "
      "amounts, never what is in them.\n",
      "");
  expect_only(no_necessity, "purpose `fair_use` rests on legitimate interest and lacks `necessity`",
              "  fair_use:", "milder");
  const std::string no_balance = changed(
      "    balance:\n      en: The address is used for the answer and then forgotten. You asked "
      "for "
      "the page.\n",
      "");
  expect_only(no_balance, "purpose `deliver_site` rests on legitimate interest and lacks `balance`",
              "  deliver_site:", "weigh");
  expect_only(changed("    on_objection: review\n", ""),
              "purpose `fair_use` rests on legitimate interest and lacks `on_objection`",
              "  fair_use:", "Article 21");
}

TEST(Meaning, ObjectionBelongsToLegitimateInterest) {
  expect_only(changed("    basis: contract\n", "    basis: contract\n    on_objection: stop\n"),
              "purpose `manage_accounts` does not rest on legitimate interest",
              "    on_objection: stop", "Article 21");
}

TEST(Meaning, ALegalObligationNamesItsLaw) {
  expect_only(changed("    law: GDPR Articles 5(2), 24 and 30\n", ""),
              "purpose `accountability` rests on a legal obligation and names none",
              "  accountability:", "Article 6(3)");
}

TEST(Meaning, BasesOfPurposeAndCategoryAgree) {
  expect_refused(changed("    basis: [contract, legal_obligation]\n    retention: until_delivered",
                         "    basis: [legal_obligation]\n    retention: until_delivered"),
                 "purpose `manage_accounts` rests on contract, category `mail` does not",
                 "  manage_accounts:", "add contract");
  expect_only(changed("    basis: [contract, legal_obligation]\n    retention: until_delivered",
                      "    basis: [contract, legal_obligation, consent]\n    retention: "
                      "until_delivered"),
              "category `mail` claims consent, but no purpose that uses it does",
              "    basis: [contract, legal_obligation, consent]", "remove the basis");
  expect_only(changed("    basis: [instructions]", "    basis: [contract]"),
              "category `workspace_content` is processed for a customer", "    basis: [contract]",
              "[instructions]");
  expect_refused(changed("    role: processor\n", "    role: controller\n"),
                 "category `workspace_content` is ours and has no instructions to rest on",
                 "    basis: [instructions]", "Article 6");
}

TEST(Meaning, ArticlesThirteenAndFourteenAreAnswered) {
  expect_only(changed_line("  name: ", ""), "the operator has no name", "operator:\n", "13(1)(a)");
  expect_only(changed_line("  contact: ", ""), "the operator has no contact address", "operator:\n",
              "13(1)(a)");
  expect_refused(changed("\nauthority:\n", "\nauthoritee:\n"), "no supervisory authority is named",
                 "format: 1", "13(2)(d)");
  expect_refused(changed("\nrights:\n", "\nrihgts:\n"), "the rights of the person are missing",
                 "format: 1", "13(2)(b)");
  expect_refused(changed("    portability:\n", "    portabilitee:\n"),
                 "the right of portability is missing", "  kinds:", "13(2)(b)");
  expect_refused(changed("\nretention:\n", "\nretenshun:\n"),
                 "the notice does not say how long anything is kept", "format: 1", "13(2)(a)");
  expect_refused(changed("\nrecipients:\n", "\nrecipiens:\n"), "no recipients are named",
                 "format: 1", "13(1)(e)");
  expect_refused(changed("automated_decisions:", "automated:"),
                 "the notice does not say whether machines alone decide", "format: 1", "13(2)(f)");
  expect_only(changed("    appointed: false\n", "    appointed: true\n"),
              "the data protection officer cannot be reached",
              "  data_protection_officer:", "13(1)(b)");
}

TEST(Meaning, AuthoritiesOfTheWholeEeaAreListed) {
  expect_only(changed("    - {country: SE, name: Integritetsskyddsmyndigheten, url: "
                      "\"https://www.imy.se/\"}\n",
                      ""),
              "the list of authorities lacks SE", "  eea:", "all of the EEA");
  expect_refused(changed("authority:\n  country: \"NO\"", "authority:\n  country: US"),
                 "no authority is listed for `US`", "  country: US\n  eea", "13(2)(d)");
}

TEST(Meaning, OriginsAreHttpsOrLoopback) {
  expect_only(changed_line("    - https://www.", "    - http://www.example.com"),
              "origin `http://www.example.com` is not https", "- http://www.example.com",
              "plain http only on loopback");
  expect_only(changed_line("    - https://www.", "    - https://www.example.com/path"),
              "origin `https://www.example.com/path` is no origin", "/path", "without a path");
  expect_only(changed_line("    - https://www.", "    - http://localhost.example.com"),
              "origin `http://localhost.example.com` is not https", "localhost.example", "https");
  EXPECT_TRUE(check("t", changed_line("    - https://www.", "    - http://localhost:8080")).ok());
  EXPECT_TRUE(check("t", changed_line("    - https://www.", "    - http://[::1]:80")).ok());
  expect_only(changed_line("  site: ", "  site: https://example.com"),
              "the site `https://example.com` is not among the origins",
              "site: https://example.com", "origins");
}

TEST(Meaning, AnAccentThatCannotBeReadIsRefused) {
  expect_only(changed("      light: \"#0d5c53\"", "      light: \"#9fd8c8\""),
              "accent #9fd8c8 has a contrast of 1.5:1 against paper (#fbfaf6)",
              "light: \"#9fd8c8\"", "darker");
  expect_only(changed("      dark: \"#7ccbb9\"", "      dark: \"#0d5c53\""),
              "accent #0d5c53 has a contrast of 2.4:1 against paper (#0e1412)", "dark: \"#0d5c53\"",
              "lighter");
}

TEST(Meaning, ContrastIsWcags) {
  EXPECT_NEAR(contrast("#000000", "#ffffff"), 21.0, 0.001);
  EXPECT_NEAR(contrast("#777777", "#ffffff"), 4.48, 0.005);
  EXPECT_EQ(contrast("red", "#ffffff"), 0);
}

TEST(Meaning, TheLogoIsAPathAndNothingElse) {
  expect_only(changed("        M6 2h12a4", "        M6 2\"><script>"), "the logo is no SVG path",
              "      path:", "letters and numbers");
}

TEST(Meaning, StaffAccessAndAnswersHaveLimits) {
  expect_only(changed("    at_most: 8 hours", "    at_most: 9 hours"),
              "an access by staff may not last longer than 8 hours", "at_most: 9 hours", "again");
  expect_only(changed("    default: 1 hour\n", "    default: 1 day\n"),
              "the default of an access is longer than its limit", "default: 1 day", "shorter");
  expect_only(changed("  warning: 14 days", "  warning: 13 days"),
              "the warning comes less than 14 days before deletion", "warning: 13 days", "14 days");
  expect_only(changed("  after: 90 days", "  after: 14 days"),
              "the warning would come before the account is inactive", "after: 14 days", "longer");
  expect_only(changed("  answer_within: 1 month", "  answer_within: 2 months"),
              "requests have to be answered within a month", "answer_within: 2 months", "12(3)");
}

TEST(Meaning, DaysExist) {
  expect_only(changed("effective: 2026-11-23", "effective: 2026-02-30"),
              "there is no day `2026-02-30`", "effective", "year-month-day");
}

TEST(Meaning, AClauseWithoutTextIsRefused) {
  std::string text = changed("          en: If you cancel\n", "          en: If you cancel\n");
  const std::size_t from = text.find("        text:\n", text.find("- id: RETN-1"));
  const std::size_t to = text.find("      - id: RETN-2");
  const std::string without = text.substr(0, from) + text.substr(to);
  expect_only(without, "clause `RETN-1` has no text", "- id: RETN-1", "write what is promised");
  const std::string empty = text.substr(0, from) + "        text:\n" + text.substr(to);
  expect_refused(empty, "clause `RETN-1` has no text", "        text:\n      - id: RETN-2",
                 "write");
  const std::string blank = text.substr(0, from) + "        text: {en: \"\"}\n" + text.substr(to);
  expect_only(blank, "clause `RETN-1` has no text", "        text: {en: \"\"}", "write");
}

TEST(Meaning, AMissingClauseIsRefused) {
  std::string text(default_text());
  const std::size_t from = text.find("      - id: RETN-4");
  const std::size_t to = text.find("      - id: RETN-5");
  text.erase(from, to - from);
  expect_only(text, "clause `RETN-4` is missing", "  - id: overview", "title, summary and text");
}

TEST(Meaning, AnUnknownClauseIsRefused) {
  expect_refused(changed("- id: RETN-4", "- id: RETN-9"), "unknown clause id `RETN-9`",
                 "- id: RETN-9", "did you mean `RETN-");
  expect_refused(changed("- id: RETN-4", "- id: RETN-9"), "clause `RETN-4` is missing",
                 "  - id: overview", "add it");
}

TEST(Meaning, AClauseStandsOnce) {
  expect_refused(changed("- id: RETN-4", "- id: RETN-3"), "clause `RETN-3` stands twice",
                 "- id: RETN-3\n        title:\n          en: If you pay",
                 "it stands first on line");
}

TEST(Meaning, EveryTextIsInEveryLanguage) {
  expect_refused(changed("languages: [en]", "languages: [en, nb]"), "`title` has no text in `nb`",
                 "    en: What we promise", "every language");
  expect_only(changed("      en: Your name and address\n",
                      "      en: Your name and address\n      nb: Navn og adresse\n"),
              "`nb` is not among the languages", "      nb: Navn", "known are: en");
}

TEST(Meaning, ProseIsPlainMarkdown) {
  expect_only(changed("      en: Your name and address\n", "      en: Your <b>name</b>\n"),
              "HTML is not allowed in prose", "Your <b>", "Markdown");
  expect_only(
      changed("      en: Your name and address\n", "      en: \"[x](javascript:alert(1))\"\n"),
      "a link has to begin with https://, mailto:, / or #", "[x](javascript", "links");
  expect_only(changed("      en: Your name and address\n",
                      "      en: \"![x](https://example.com/p.png)\"\n"),
              "images are not allowed in prose", "![x]", "Markdown");
}

TEST(Meaning, TheTermsHoldTheContractWithTheProcessor) {
  expect_only(changed("- id: data-processing\n", "- id: data\n"),
              "the terms have no part `data-processing`", "    - id: agreement",
              "Article 28(3) GDPR");
  expect_only(changed("- id: agreement\n", "- id: law\n"), "part `law` of the terms stands twice",
              "- id: law\n      title:\n        en: Law", "an id of its own");
}

TEST(Meaning, WhatIsDeclaredButNotEnabledIsNoted) {
  const Checked checked = check(default_file, default_text());
  const auto noted = [&](std::string_view message) {
    return std::ranges::any_of(checked.diagnostics, [&](const Diagnostic& each) {
      return each.severity == Severity::note && each.message == message;
    });
  };
  EXPECT_TRUE(noted("purpose `payments` is declared but not enabled"));
  EXPECT_TRUE(noted("technology `mixpanel` is declared but not enabled"));
  EXPECT_TRUE(noted("recipient `stripe` is declared but not enabled"));
  EXPECT_FALSE(noted("purpose `manage_accounts` is declared but not enabled"));
}

TEST(Meaning, CollectionsHoldDeclaredCategoriesOnly) {
  const Checked checked = check(default_file, default_text());
  ASSERT_TRUE(checked.ok());
  const Collection known[] = {{"users", "identity"}, {"files", "workspace_content"}};
  EXPECT_TRUE(check_collections(*checked.document, "f", known).empty());
  const Collection unknown[] = {{"horoscopes", "star_signs"}};
  const auto found = check_collections(*checked.document, "f", unknown);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].message,
            "collection `horoscopes` holds `star_signs`, a category that the notice lacks");
}

TEST(Meaning, ThereAreFortyNineClauses) {
  EXPECT_EQ(clause_ids().size(), 49U);
  EXPECT_TRUE(is_clause_id("RETN-1"));
  EXPECT_FALSE(is_clause_id("RETN-6"));
  EXPECT_TRUE(inside_eea("NO"));
  EXPECT_TRUE(inside_eea("EEA"));
  EXPECT_FALSE(inside_eea("GB"));
}

}  // namespace
}  // namespace notice
