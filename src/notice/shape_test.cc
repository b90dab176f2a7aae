// Whatever has a wrong shape is refused with its place, its cause and what would be right.
#include <gtest/gtest.h>

#include <algorithm>

#include "notice/testing.h"

namespace notice {
namespace {

using testing::changed;
using testing::changed_line;
using testing::expect_only;
using testing::expect_refused;

TEST(Shape, TheDefaultNoticeIsAccepted) {
  const Checked checked = check(default_file, default_text());
  EXPECT_TRUE(checked.ok()) << checked.report();
  for (const Diagnostic& each : checked.diagnostics) EXPECT_EQ(each.severity, Severity::note);
}

TEST(Shape, DiagnosticsReadLikeACompilers) {
  const Diagnostic error{Severity::error, "a.yaml", {3, 5}, "it is wrong", "make it right"};
  EXPECT_EQ(to_string(error), "a.yaml:3:5: error: it is wrong\n  hint: make it right\n");
  const Diagnostic note{Severity::note, "a.yaml", {1, 1}, "so it is", ""};
  EXPECT_EQ(to_string(note), "a.yaml:1:1: note: so it is\n");
}

TEST(Shape, DuplicateKeysAreRefused) {
  expect_only(changed("  city: Oslo\n", "  city: Oslo\n    city: Bergen\n"),
              "the key `city` stands here twice", "city: Bergen", "it was given first on line");
}

TEST(Shape, DuplicateTopLevelKeysAreRefused) {
  expect_only(changed("minimum_age: 18\n", "minimum_age: 18\nminimum_age: 16\n"),
              "the key `minimum_age` stands here twice", "minimum_age: 16", "keep one");
}

TEST(Shape, UnknownKeysAreRefusedWithTheNearestKnown) {
  expect_only(changed("minimum_age: 18\n", "minimum_age: 18\nminimum_agee: 18\n"),
              "unknown key `minimum_agee`", "minimum_agee", "did you mean `minimum_age`?");
}

TEST(Shape, EveryUnknownKeyIsSaid) {
  const std::string text =
      changed("  city: Oslo\n", "  city: Oslo\n    planet: Earth\n    moon: 1\n");
  expect_refused(text, "unknown key `planet`", "planet: Earth", "known are: city");
  expect_refused(text, "unknown key `moon`", "moon: 1", "known are: city");
}

TEST(Shape, WrongTypesAreRefused) {
  expect_only(changed("minimum_age: 18", "minimum_age: eighteen"),
              "`minimum_age` has to be a whole number, but this is text", "minimum_age: eighteen",
              "an age in years");
  expect_only(changed("postal_code: \"0166\"", "postal_code: 0166"),
              "`postal_code` has to be text, but this is a number", "postal_code: 0166",
              "in quotes");
  expect_refused(
      changed("fields: [legal_name, email, language, former_email]", "fields: legal_name"),
      "`fields` has to be a list, but this is text", "fields: legal_name",
      "the names of the fields");
  expect_only(changed("exist: false", "exist: \"false\""),
              "`exist` has to be true or false, but this is text", "exist: \"false\"",
              "true or false");
}

TEST(Shape, WordsOutsideAListAreRefused) {
  expect_only(changed("    source: person\n", "    source: somewhere\n"),
              "`somewhere` is not a known word for `source`", "source: somewhere",
              "person, customer, service");
}

TEST(Shape, FormsAreChecked) {
  expect_only(changed("effective: 2026-11-23", "effective: soon"),
              "`soon` does not have the form of `effective`", "effective: soon", "2026-11-23");
  expect_refused(changed("  after: 90 days", "  after: a while"),
                 "`a while` does not have the form of `after`", "after: a while", "90 days");
  expect_only(changed("    number: 7\n", "    number: 64\n"), "64 is out of range for `number`",
              "number: 64", "1 to 63");
}

TEST(Shape, MissingKeysAreRefused) {
  expect_only(changed_line("  service: ", ""), "`operator` lacks `service`",
              "operator:", "the name of the service");
}

TEST(Shape, EmptyTextsAreRefused) {
  expect_only(changed("      en: Your name and address\n", "      en: \"\"\n"), "`en` is empty",
              "en: \"\"", "not empty");
}

TEST(Shape, IdsHaveAForm) {
  expect_refused(changed("  identity:\n", "  Identity-1:\n"), "`Identity-1` is not a valid id",
                 "  Identity-1:", "lower case");
}

TEST(Shape, LanguagesAreTwoLetters) {
  expect_refused(changed("      en: Your name and address\n",
                         "      en: Your name and address\n      norsk: Navn\n"),
                 "`norsk` is not a language code", "      norsk: Navn", "two lower case letters");
}

TEST(Shape, ThingsNamedTwiceInAListAreRefused) {
  expect_only(
      changed("fields: [legal_name, email, language, former_email]", "fields: [email, email]"),
      "`fields` names something twice", "fields: [email, email]", "each once");
}

TEST(Shape, AnchorsAliasesAndTagsAreRefused) {
  expect_refused(changed("  city: Oslo", "  city: &x Oslo"),
                 "the anchor `&x` is not allowed in a notice", "city: &x", "write it out");
  expect_refused(changed("  city: Oslo", "  city: &x Oslo\n    street: *x"),
                 "aliases are not allowed in a notice", "street: *x", "write it out");
  expect_refused(changed("  city: Oslo", "  city: !!str Oslo"),
                 "type tags are not allowed in a notice", "city: !!str", "leave the tag out");
}

TEST(Shape, WhatIsNoYamlIsRefusedWithItsPlace) {
  const Checked checked = check("x.yaml", "format: 1\noperator: [1, 2\n");
  ASSERT_FALSE(checked.ok());
  EXPECT_TRUE(checked.diagnostics.front().message.starts_with("this is not YAML: "))
      << checked.report();
}

TEST(Shape, EmptyAndForeignFilesAreRefused) {
  EXPECT_FALSE(check("x.yaml", "").ok());
  EXPECT_FALSE(check("x.yaml", "- a\n- b\n").ok());
  EXPECT_FALSE(check("x.yaml", "just text").ok());
  EXPECT_FALSE(check("x.yaml", std::string_view("\0\0\0", 3)).ok());
  expect_refused(std::string(default_text()) + "---\nformat: 1\n",
                 "the file holds more than one document", "# The notice", "---");
}

TEST(Shape, BombsAreRefusedBeforeTheyCost) {
  const std::string brackets(100'000, '[');
  EXPECT_FALSE(check("x.yaml", "a: " + brackets).ok());
  std::string dashes;
  for (int i = 0; i < 50'000; ++i) dashes += "- ";
  EXPECT_FALSE(check("x.yaml", dashes + "x").ok());
  std::string stairs;
  for (int i = 0; i < 2'000; ++i) stairs += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_FALSE(check("x.yaml", stairs).ok());
  EXPECT_FALSE(check("x.yaml", std::string((1 << 20) + 1, 'a')).ok());
  std::string many = "a: [";
  for (int i = 0; i < 60'000; ++i) many += "1,";
  const Checked checked = check("x.yaml", many + "1]");
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.diagnostics.front().message, "the file has too many parts");
}

TEST(Shape, LongTextsNeverReachARegularExpression) {
  const std::string name(5'000, 'a');
  expect_refused(changed_line("  contact: ", "  contact: " + name), "this text has 5000 bytes",
                 "contact: aaa", "at most 300");
}

TEST(Shape, TextIsUtf8WithoutControlCharacters) {
  const std::string message = "this text holds bytes that are no characters";
  for (const char* wrong :
       {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\\x1b[31m", "\\u0000", "\\x7f", "\\u0085"}) {
    expect_only(changed("  city: Oslo", std::string("  city: \"") + wrong + "\""), message,
                "  city: \"", "UTF-8");
  }
  EXPECT_TRUE(check("t", changed("  city: Oslo", "  city: Tromsø 𝔄 €")).ok());
}

TEST(Shape, SeveralFaultsAreSaidInOneRun) {
  std::string text = changed("minimum_age: 18", "minimum_age: eighteen\ncolour: red");
  text += "  - id: extra\n    title: {en: Extra}\n    clauses: []\n";
  const Checked checked = check("x.yaml", text);
  const auto errors =
      std::ranges::count(checked.diagnostics, Severity::error, &Diagnostic::severity);
  EXPECT_EQ(errors, 3) << checked.report();
  EXPECT_TRUE(std::ranges::is_sorted(checked.diagnostics, {}, &Diagnostic::at));
}

TEST(Shape, ManyFaultsAreBounded) {
  std::string text(default_text());
  for (int i = 0; i < 1'000; ++i) text += "unknown" + std::to_string(i) + ": 1\n";
  const Checked checked = check("x.yaml", text);
  EXPECT_FALSE(checked.ok());
  EXPECT_LE(checked.diagnostics.size(), Findings::diagnostics_max);
}

}  // namespace
}  // namespace notice
