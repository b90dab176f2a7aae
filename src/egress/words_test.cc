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
constexpr std::array kWithLink = {MailKind::verify,         MailKind::prove_address,
                                  MailKind::former_address, MailKind::recovery,
                                  MailKind::invitation,     MailKind::member_invitation};

Letter letter(MailKind kind, Language language) {
  const base::MailId id{};
  return compose(id,
                 {kind,
                  {},
                  support::address("kari@example.com"),
                  support::personal("t0ken"),
                  "https://example.com",
                  language,
                  {},
                  {},
                  support::personal("ola@example.com")},
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
        for (const char* left : {"{origin}", "{contact}", "{by}"})
          EXPECT_EQ(text.find(left), std::string::npos) << to_string(kind);
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

/// What Article 14 GDPR has somebody told who gave us nothing herself, in the first mail to her.
TEST(Words, AnInvitationSaysWhoGaveTheAddressAndWhatBecomesOfIt) {
  for (const Language language : {Language::english, Language::norwegian}) {
    const Letter made = letter(MailKind::member_invitation, language);
    const bool english = language == Language::english;
    for (std::string text : {opened(made.text), opened(made.html)}) {
      std::ranges::replace(text, '\n', ' ');  // as lines are broken
      for (const char* said :
           {english ? "ola@example.com, who administers the account, gave us both"
                    : "ola@example.com, som administrerer kontoen, har gitt oss begge deler",
            english ? "Example decides how they are used, and is the controller"
                    : "Example bestemmer hvordan de brukes, og er behandlingsansvarlig",
            english ? "Article 6(1)(f)" : "artikkel 6 nr. 1 bokstav f",
            english ? "seven days are over" : "sju dager er gått",
            english ? "access, correction, erasure or restriction"
                    : "innsyn, retting, sletting og begrensning",
            english ? "you may object" : "du kan protestere",
            english ? "supervisory authority" : "tilsynsmyndighet", "post@example.com",
            "https://example.com/notice"})
        EXPECT_NE(text.find(said), std::string::npos) << said;
    }
  }
}

}  // namespace
}  // namespace egress
