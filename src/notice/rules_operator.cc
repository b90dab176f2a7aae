#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "notice/contrast.h"
#include "notice/rules.h"
#include "notice/vocabulary.h"

namespace notice {
namespace {

constexpr double contrast_min = 4.5;  // WCAG 2.2, 1.4.3

struct Shade {
  std::string_view key, name, paper, on_accent;
};
// The product's paper, and what is written on the accent.
constexpr std::array<Shade, 2> shades = {
    {{"light", "light", "#fbfaf6", "#ffffff"}, {"dark", "dark", "#0e1412", "#08221d"}}};

bool loopback(std::string_view host) {
  const std::string_view name =
      host.substr(0, host.starts_with('[') ? host.find(']') + 1 : host.find(':'));
  return name == "localhost" || name.ends_with(".localhost") || name == "127.0.0.1" ||
         name == "[::1]";
}

/// Empty where `origin` is one: scheme, host, port, no more.
std::string origin_fault(std::string_view origin) {
  const bool secure = origin.starts_with("https://");
  const bool plain = origin.starts_with("http://");
  if (!secure && !plain) return "is no origin";
  const std::string_view host = origin.substr(secure ? 8 : 7);
  if (plain && !loopback(host)) return "is not https";
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-.:[]";
  if (host.empty() || host.find_first_not_of(allowed) != std::string_view::npos) {
    return "is no origin";
  }
  return {};
}

void check_origins(const Subject& subject, Findings& findings) {
  const Node* list = subject.root.find("operator");
  if (list != nullptr) list = list->find("origins");
  if (list == nullptr) return;
  for (const Node& item : list->items) {
    const std::string fault = origin_fault(item.text);
    if (fault.empty() || !item.is(Node::Kind::text)) continue;
    findings.error(item.at, fmt::format("origin `{}` {}", item.text, fault),
                   "write https://host, in lower case and without a path; plain http only on "
                   "loopback");
  }
  const Operator& op = subject.document.operator_;
  if (!op.site.empty() && !subject.document.may_serve(op.site)) {
    findings.error(locate(subject.root, {"operator", "site"}),
                   fmt::format("the site `{}` is not among the origins", op.site),
                   "add it to `origins:`");
  }
}

void check_brand(const Subject& subject, Findings& findings) {
  const Brand& brand = subject.document.operator_.brand;
  for (const Shade& shade : shades) {
    const std::string& accent = shade.key == "light" ? brand.accent_light : brand.accent_dark;
    const Position at = locate(subject.root, {"operator", "brand", "accent", shade.key});
    for (const std::string_view other : {shade.paper, shade.on_accent}) {
      const double ratio = contrast(accent, other);
      if (ratio == 0 || ratio >= contrast_min) continue;
      findings.error(at,
                     fmt::format("accent {} has a contrast of {:.1f}:1 against {} ({})", accent,
                                 ratio, other == shade.paper ? "paper" : "the text on it", other),
                     fmt::format("choose a {} one, at least {}:1",
                                 shade.key == "light" ? "darker" : "lighter", contrast_min));
      break;
    }
  }
  constexpr std::string_view path_letters = "MmLlHhVvCcSsQqTtAaZz0123456789.,+- \n";
  if (brand.logo_path.find_first_not_of(path_letters) != std::string::npos) {
    findings.error(locate(subject.root, {"operator", "brand", "logo", "path"}),
                   "the logo is no SVG path", "only the letters and numbers of a path's `d`");
  }
}

void check_officer(const Subject& subject, Findings& findings) {
  const Officer& officer = subject.document.operator_.officer;
  const Position at = locate(subject.root, {"operator", "data_protection_officer"});
  if (subject.root.find("operator") == nullptr || at == locate(subject.root, {"operator"})) return;
  if (officer.appointed && (officer.name.empty() || officer.contact.empty())) {
    findings.error(at, "the data protection officer cannot be reached",
                   "Article 13(1)(b) GDPR: add `name:` and `contact:`");
  }
  if (!officer.appointed && officer.because.empty()) {
    findings.error(at, "the notice does not say why there is no data protection officer",
                   "Article 37 GDPR: add `because:`");
  }
}

void check_authorities(const Subject& subject, Findings& findings) {
  const Document& document = subject.document;
  if (document.authorities.empty()) return;
  if (document.own_authority() == nullptr) {
    findings.error(locate(subject.root, {"authority", "country"}),
                   fmt::format("no authority is listed for `{}`", document.authority_country),
                   "Article 13(2)(d) GDPR: add it to the list");
  }
  std::string missing;
  for (const std::string& country : eea_countries()) {
    const auto listed = std::ranges::find(document.authorities, country, &Authority::country);
    if (listed == document.authorities.end()) missing += (missing.empty() ? "" : ", ") + country;
  }
  if (missing.empty()) return;
  findings.error(locate(subject.root, {"authority", "eea"}),
                 fmt::format("the list of authorities lacks {}", missing),
                 "people may complain where they live or work: list all of the EEA");
}

void check_periods(const Subject& subject, Findings& findings) {
  const Document& document = subject.document;
  const auto longer = [](Period a, Period b) { return length_max(a) > length_max(b); };
  if (longer(document.staff.default_period, document.staff.period_max)) {
    findings.error(locate(subject.root, {"staff", "limits", "default"}),
                   "the default of an access is longer than its limit", "make it shorter");
  }
  constexpr Period access_max{8, Unit::hour};
  if (longer(document.staff.period_max, access_max)) {
    findings.error(locate(subject.root, {"staff", "limits", "at_most"}),
                   "an access by staff may not last longer than 8 hours", "grant it again instead");
  }
  constexpr Period warning_min{14, Unit::day};
  if (document.inactive_warning.amount > 0 && longer(warning_min, document.inactive_warning)) {
    findings.error(locate(subject.root, {"inactivity", "warning"}),
                   "the warning comes less than 14 days before deletion", "write `14 days`");
  }
  if (document.inactive_after.amount > 0 &&
      !longer(document.inactive_after, document.inactive_warning)) {
    findings.error(locate(subject.root, {"inactivity", "after"}),
                   "the warning would come before the account is inactive",
                   "`after` has to be longer than `warning`");
  }
  constexpr Period answer_max{1, Unit::month};
  if (longer(document.answer_within, answer_max)) {
    findings.error(locate(subject.root, {"rights", "answer_within"}),
                   "requests have to be answered within a month",
                   "Article 12(3) GDPR: `1 month` at most");
  }
  constexpr Period extension_max{2, Unit::month};
  if (longer(document.answer_extension, extension_max)) {
    findings.error(locate(subject.root, {"rights", "extension"}),
                   "the time to answer can be extended by two months only",
                   "Article 12(3) GDPR: `2 months` at most");
  }
}

bool is_day(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (text.size() != 10) return true;  // the schema has said so
  std::from_chars(text.data(), text.data() + 4, year);
  std::from_chars(text.data() + 5, text.data() + 7, month);
  std::from_chars(text.data() + 8, text.data() + 10, day);
  return (std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day)).ok();
}

void check_dates(const Subject& subject, Findings& findings) {
  const auto check = [&](const std::string& date, Position at) {
    if (is_day(date)) return;
    findings.error(at, fmt::format("there is no day `{}`", date), "year-month-day");
  };
  check(subject.document.effective, locate(subject.root, {"effective"}));
  for (const Technology& each : subject.document.technologies) {
    check(each.reviewed, locate(subject.root, {"technologies", each.id, "reviewed"}));
  }
  for (const Recipient& each : subject.document.recipients) {
    check(each.checked_on, locate(subject.root, {"recipients", each.id, "checked_on"}));
  }
}

}  // namespace

void check_operator(const Subject& subject, Findings& findings) {
  check_origins(subject, findings);
  check_brand(subject, findings);
  check_officer(subject, findings);
  check_authorities(subject, findings);
  check_periods(subject, findings);
  check_dates(subject, findings);
}

}  // namespace notice
