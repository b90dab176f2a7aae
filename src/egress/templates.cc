#include "egress/templates.h"

#include <array>

#include "base/country.h"
#include "egress/door.h"
#include "egress/mail.h"
#include "egress/words.h"

namespace egress {
namespace {

constexpr std::size_t kColumns = 72;

using Values = std::map<std::string, std::string>;

/// `text` with each `{name}` replaced by its value.
std::string filled(std::string_view text, const Values& values) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = text.find('}', open);
    out += values.at(std::string(text.substr(open + 1, close - open - 1)));
    text.remove_prefix(close + 1);
  }
  return out;
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text)
    if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80) ++count;
  return count;
}

/// The paragraph in lines of at most kColumns, but for words that are longer.
std::string wrapped(std::string_view paragraph) {
  std::string out;
  std::size_t used = 0;
  while (!paragraph.empty()) {
    const std::string_view word = paragraph.substr(0, paragraph.find(' '));
    paragraph.remove_prefix(std::min(word.size() + 1, paragraph.size()));
    const std::size_t wide = columns(word);
    if (used > 0 && used + 1 + wide > kColumns) {
      out.push_back('\n');
      used = 0;
    }
    if (used > 0) out.push_back(' ');
    out += word;
    used += (used > 0 ? 1 : 0) + wide;
  }
  return out + "\n";
}

/// Each of the paragraphs that a mail ends with.
std::vector<std::string> told(const Words& words, const Values& values) {
  std::vector<std::string> paragraphs;
  std::string_view text = words.told;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    paragraphs.push_back(filled(line, values));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return paragraphs;
}

std::string plain(const Words& words, const Footer& footer, const Values& values) {
  std::string text = wrapped(filled(words.opening, values));
  if (!std::string_view(words.action).empty()) text += "\n" + values.at("link") + "\n";
  if (!std::string_view(words.code).empty())
    text += "\n" + wrapped(filled(words.code, values)) + "\n" + values.at("token") + "\n";
  text += "\n" + wrapped(filled(words.closing, values));
  for (const std::string& paragraph : told(words, values)) text += "\n" + wrapped(paragraph);
  text += "\n-- \n" + values.at("sender") + ", " + footer.number + " " + values.at("number") +
          "\n" + values.at("address") + "\n" + values.at("contact") + "\n";
  if (!values.at("origin").empty())
    text += std::string(footer.promise) + ": " + values.at("notice_link") + "\n";
  return text;
}

/// `Firefox on Linux, Norway, 27 November 2026 at 09:12 UTC`, as far as it is known.
std::string words_of(const SeenDevice& device, Language language) {
  const bool norwegian = language == Language::norwegian;
  const std::string& program = Door::open(device.program);
  const std::string& system = Door::open(device.system);
  const std::string& country = Door::open(device.country);
  std::string words =
      program.empty() ? (norwegian ? "et ukjent program" : "an unknown program") : program;
  if (!system.empty()) words += (norwegian ? " på " : " on ") + system;
  if (!country.empty()) words += ", " + base::country_name(country, to_string(language));
  const std::string at = base::rfc3339(device.at);  // 2026-11-27T09:12:44Z
  return words + ", " + at.substr(0, 10) + (norwegian ? " kl. " : " at ") + at.substr(11, 5) +
         " UTC";
}

/// As MailKind has them, whose numbers stand in queued mails.
constexpr std::array kNames = {"verify",
                               "known-address",
                               "test",
                               "authenticator-added",
                               "authenticator-removed",
                               "passkey-added",
                               "passkey-removed",
                               "recovery-code-used",
                               "recovery-codes-renewed",
                               "wrong-codes",
                               "new-device",
                               "prove-address",
                               "taken-address",
                               "new-address",
                               "former-address",
                               "changed-password",
                               "recovery",
                               "no-account",
                               "undone-address",
                               "invitation",
                               "member-invitation",
                               "role-changed",
                               "removed",
                               "removed-and-erased",
                               "account-closed",
                               "account-closed-and-erased",
                               "hand-over",
                               "now-owner",
                               "former-owner"};
static_assert(kNames.size() == static_cast<std::size_t>(last_mail_kind) + 1);

}  // namespace

const char* to_string(MailKind kind) noexcept { return kNames.at(static_cast<std::size_t>(kind)); }

const char* to_string(Language language) noexcept {
  return language == Language::norwegian ? "nb" : "en";
}

Language language_of(std::string_view tag) noexcept {
  return tag == "nb" ? Language::norwegian : Language::english;
}

std::string Sender::domain() const {
  const std::string& whole = from_address();
  return whole.substr(whole.rfind('@') + 1);
}

Letter compose(base::MailId id, const Mail& mail, const Sender& sender) {
  const Words& words = words_of(mail.kind, mail.language);
  const Footer& footer = footer_of(mail.language);
  Values values{{"lang", to_string(mail.language)},
                {"subject", words.subject},
                {"sender", sender.name},
                {"origin", mail.origin},
                {"token", Door::open(mail.token)},
                {"number", sender.organisation_number},
                {"number_is", footer.number},
                {"address", sender.address},
                {"contact", sender.contact},
                {"notice_link", mail.origin + "/notice"},
                {"promise", footer.promise},
                {"brand", sender.look.brand.empty() ? sender.name : sender.look.brand},
                {"accent_light", sender.look.accent_light},
                {"on_light", sender.look.on_light},
                {"accent_dark", sender.look.accent_dark},
                {"on_dark", sender.look.on_dark},
                {"device", mail.device ? words_of(*mail.device, mail.language) : std::string()},
                {"by", Door::open(mail.by)},
                {"label", words.action}};
  values["link"] = mail.origin + filled(words.path, values);
  std::string text = plain(words, footer, values);
  values["opening"] = filled(words.opening, values);
  values["hint"] = filled(words.code, values);
  values["closing"] = filled(words.closing, values);
  std::string html = letter_html(values,
                                 {{"action", !std::string_view(words.action).empty()},
                                  {"code", !std::string_view(words.code).empty()},
                                  {"notice", !mail.origin.empty()}},
                                 told(words, values));
  return {mail.kind,
          id,
          mail.to.text(),
          words.subject,
          base::Personal<std::string>(std::move(text)),
          base::Personal<std::string>(std::move(html)),
          mail.language};
}

}  // namespace egress
