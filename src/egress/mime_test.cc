#include "egress/mime.h"

#include <gtest/gtest.h>

#include "egress/smtp.h"
#include "egress/smtp_message.h"
#include "tests/support/stack.h"

namespace egress {
namespace {

using support::opened;
using support::personal;

const base::Time kNow = base::parse_rfc3339("2026-11-23T12:00:00Z").value();

Letter letter(Language language, MailKind kind = MailKind::verify) {
  base::SeededEntropy entropy(7);
  const Mail mail{kind,
                  base::OwnerId::random(entropy),
                  support::address("k@example.com"),
                  personal(kind == MailKind::verify ? "t0ken" : ""),
                  "https://example.com",
                  language};
  return compose(base::MailId::random(entropy), mail,
                 {"Fjord & Sønn AS", "Gate 1, Oslo", "hei@example.com", "999 888 777"});
}

std::string bytes(const Letter& of) {
  return opened(
      mime(of, {"Fjord & Sønn AS", "Gate 1, Oslo", "hei@example.com", "999 888 777"}, kNow));
}

TEST(Mime, IsSevenBitsInShortLinesThatEndInCrLf) {
  for (const Language language : {Language::english, Language::norwegian}) {
    const std::string mail = bytes(letter(language));
    std::size_t line = 0;
    for (std::size_t i = 0; i < mail.size(); ++i) {
      ASSERT_LT(static_cast<unsigned char>(mail[i]), 0x80) << i;
      if (mail[i] == '\n') {
        ASSERT_GT(i, 0u);
        ASSERT_EQ(mail[i - 1], '\r') << i;
        line = 0;
      } else {
        ASSERT_LE(++line, 999u);
      }
    }
  }
}

TEST(Mime, CarriesBothFormsPlainFirst) {
  const std::string mail = bytes(letter(Language::english));
  const auto plain = mail.find("Content-Type: text/plain; charset=utf-8");
  const auto html = mail.find("Content-Type: text/html; charset=utf-8");
  ASSERT_NE(plain, std::string::npos);
  ASSERT_NE(html, std::string::npos);
  EXPECT_LT(plain, html);
  EXPECT_NE(mail.find("multipart/alternative"), std::string::npos);
  EXPECT_NE(mail.find("From: =?utf-8?B?"), std::string::npos);
  EXPECT_NE(mail.find("Auto-Submitted: auto-generated\r\n"), std::string::npos);
  EXPECT_NE(mail.find("@example.com>\r\n"), std::string::npos);
}

TEST(Mime, LettersAreInThePersonsLanguage) {
  EXPECT_EQ(letter(Language::english).subject, "Confirm your address");
  EXPECT_EQ(letter(Language::norwegian).subject, "Bekreft adressen din");
  const std::string html = opened(letter(Language::norwegian).html);
  EXPECT_NE(html.find("<html lang=\"nb\">"), std::string::npos);
  EXPECT_NE(html.find("Fjord &amp; Sønn AS"), std::string::npos) << "values are escaped";
  EXPECT_EQ(
      opened(letter(Language::norwegian, MailKind::known_address).html).find("class=\"code\""),
      std::string::npos)
      << "no code where there is none";
}

TEST(Mime, HeadersAreEncodedAndFolded) {
  EXPECT_EQ(header_text("Plain words"), "Plain words");
  EXPECT_EQ(header_text("Bekreft på ny"), "=?utf-8?B?QmVrcmVmdCBww6Ugbnk=?=");
  const std::string many = header_text("ååååååååååååååååååååååååååååååååååååååååååååååå");
  for (std::size_t at = 0, end; at < many.size(); at = end + 3) {
    end = std::min(many.find("\r\n ", at), many.size());
    EXPECT_LE(end - at, 75u);
    if (end == many.size()) break;
  }
  EXPECT_EQ(display_name("A \"B\" \\C"), "\"A \\\"B\\\" \\\\C\"");
}

TEST(Mime, QuotedPrintable) {
  EXPECT_EQ(quoted_printable("a=b å\n"), "a=3Db =C3=A5\r\n");
  EXPECT_EQ(quoted_printable("end \nnext"), "end=20\r\nnext");
  const std::string wrapped = quoted_printable(std::string(200, 'x'));
  EXPECT_EQ(wrapped.find("=\r\n"), 75u);
}

TEST(Mime, MessageIdsAreReadBack) {
  base::SeededEntropy entropy(1);
  const auto id = base::MailId::random(entropy);
  const Sender sender{"A", "B", "c@example.com"};
  EXPECT_EQ(parse_message_id(message_id(id, sender)).value(), id);
  EXPECT_EQ(parse_message_id(id.str()).value(), id);
  EXPECT_FALSE(parse_message_id("<x@example.com>").ok());
}

TEST(Smtp, UrlsNameAServerAndNoSecret) {
  EXPECT_EQ(parse_smtp("smtp://mail.example")->place.port, "587");
  EXPECT_EQ(parse_smtp("smtps://mail.example/")->place.port, "465");
  EXPECT_EQ(parse_smtp("smtps://mail.example")->security, Security::tls);
  EXPECT_EQ(parse_smtp("smtp://[::1]:2525")->place.host, "::1");
  EXPECT_EQ(parse_smtp("smtp://[::1]")->place.port, "587");
  for (const char* wrong :
       {"", "mail.example", "http://mail.example", "smtp://", "smtp://a:b@c.example",
        "smtp://c.example/path", "smtp://c.example:0", "smtp://-c.example:1"})
    EXPECT_FALSE(parse_smtp(wrong).ok()) << wrong;
}

TEST(Smtp, HandoversAreReadAsFromAStranger) {
  const Handover good{base::view("user"),        base::view("pass"),        {},
                      base::view("a@b.example"), base::view("c@d.example"), base::view("From: …")};
  const base::Bytes whole = encode(good);
  ASSERT_TRUE(parse_handover(whole).ok());
  EXPECT_EQ(base::text(parse_handover(whole)->to), "c@d.example");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_handover(base::View(whole).first(size)).ok()) << size;
  for (const char* bad : {"", "c@d>\r\nRCPT TO:<e@f", "c d@e.example", "<c@d>"}) {
    Handover broken = good;
    broken.to = base::view(bad);
    EXPECT_FALSE(parse_handover(encode(broken)).ok()) << bad;
  }
  const Delivery delivery{Outcome::refused, 550, 5, 1, 1};
  EXPECT_EQ(parse_delivery(encode(delivery)).value(), delivery);
  EXPECT_FALSE(parse_delivery(base::Bytes(9, 9)).ok());
}

TEST(Smtp, RepliesGiveTheirNumbersAlone) {
  EXPECT_EQ(read_reply("550 5.1.1 <x@y> unknown"), (Delivery{Outcome::unknown, 550, 5, 1, 1}));
  EXPECT_EQ(read_reply("250 ok"), (Delivery{Outcome::unknown, 250}));
  EXPECT_EQ(read_reply("451 5.1.1 odd"), (Delivery{Outcome::unknown, 451})) << "of another class";
  EXPECT_EQ(read_reply("hello").reply, 0);
  EXPECT_EQ(read_reply("99999").reply, 0);
}

// Whoever reads one of these has to find the page where it can be looked at, in her language.
TEST(Mime, MailsAboutSigningInLeadToItsPageInBothLanguages) {
  for (const MailKind kind :
       {MailKind::authenticator_added, MailKind::authenticator_removed, MailKind::passkey_added,
        MailKind::passkey_removed, MailKind::recovery_code_used, MailKind::recovery_codes_renewed,
        MailKind::wrong_codes}) {
    const Letter english = letter(Language::english, kind);
    const Letter norwegian = letter(Language::norwegian, kind);
    EXPECT_NE(english.subject, norwegian.subject) << to_string(kind);
    for (const Letter* one : {&english, &norwegian}) {
      EXPECT_NE(opened(one->text).find("/security\n"), std::string::npos) << to_string(kind);
      EXPECT_EQ(opened(one->text).find('{'), std::string::npos) << to_string(kind);
      EXPECT_NE(opened(one->html).find("/security"), std::string::npos) << to_string(kind);
    }
  }
}

}  // namespace
}  // namespace egress
