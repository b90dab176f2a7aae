#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "egress/mail.h"
#include "tests/support/stack.h"

namespace egress {
namespace {

using support::opened;

std::vector<MailKind> all() {
  std::vector<MailKind> kinds;
  for (int kind = 0; kind <= static_cast<int>(last_mail_kind); ++kind)
    kinds.push_back(static_cast<MailKind>(kind));
  return kinds;
}
constexpr std::array kWithLink = {MailKind::verify, MailKind::prove_address,
                                  MailKind::former_address, MailKind::recovery,
                                  MailKind::invitation};

Letter letter(MailKind kind, Language language) {
  const base::MailId id{};
  return compose(id,
                 {kind,
                  {},
                  support::address("kari@example.com"),
                  support::personal("t0ken"),
                  "https://example.com",
                  language},
                 {"Example", "Street 1", "post@example.com"});
}

TEST(Words, EachMailIsWholeInBothLanguages) {
  std::set<std::string> names, subjects;
  for (const MailKind kind : all()) {
    names.insert(to_string(kind));
    for (const Language language : {Language::english, Language::norwegian}) {
      const Letter made = letter(kind, language);
      subjects.insert(made.subject);
      for (const std::string& text : {opened(made.text), opened(made.html)}) {
        EXPECT_NE(text.find("Example"), std::string::npos) << to_string(kind);
        EXPECT_EQ(text.find("{sender}"), std::string::npos) << to_string(kind);
        EXPECT_EQ(text.find("{origin}"), std::string::npos) << to_string(kind);
      }
    }
  }
  EXPECT_EQ(names.size(), all().size());
  EXPECT_EQ(subjects.size(), 2 * all().size());  // no two are mistaken for each other
}

TEST(Words, ATokenStandsBehindTheHashAndInMailsWithALinkAlone) {
  for (const MailKind kind : all()) {
    const bool with = std::ranges::find(kWithLink, kind) != kWithLink.end();
    for (const Language language : {Language::english, Language::norwegian}) {
      const Letter made = letter(kind, language);
      for (const std::string& text : {opened(made.text), opened(made.html)}) {
        EXPECT_EQ(text.find("#token=t0ken") != std::string::npos, with) << to_string(kind);
        EXPECT_EQ(text.find("?token"), std::string::npos) << to_string(kind);
        if (!with) EXPECT_EQ(text.find("t0ken"), std::string::npos) << to_string(kind);
      }
    }
  }
}

}  // namespace
}  // namespace egress
