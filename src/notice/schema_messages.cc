#include "notice/schema_messages.h"

#include <fmt/format.h>

#include <array>

namespace notice {
namespace {

struct Rule {
  std::string_view place;    // keys joined by '/', * for any one
  std::string_view message;  // {} is the id of what surrounds it
  std::string_view hint;
};

constexpr std::array<Rule, 21> rules = {{
    {"operator", "the notice does not say who the operator is",
     "Article 13(1)(a) GDPR: add `operator:` with name, address and contact"},
    {"operator/name", "the operator has no name", "Article 13(1)(a) GDPR: the legal name"},
    {"operator/address", "the operator has no address",
     "Article 13(1)(a) GDPR: where it can be found"},
    {"operator/contact", "the operator has no contact address",
     "Article 13(1)(a) GDPR: a mail address that somebody reads"},
    {"operator/data_protection_officer",
     "the notice does not say whether there is a data protection officer",
     "Article 13(1)(b) GDPR: `appointed: true` with name and contact, or false with `because`"},
    {"authority", "no supervisory authority is named", "Article 13(2)(d) GDPR: add `authority:`"},
    {"rights", "the rights of the person are missing", "Article 13(2)(b) GDPR: add `rights:`"},
    {"rights/kinds/*", "the right of {} is missing",
     "Article 13(2)(b) GDPR: access, rectification, erasure, restriction, portability, objection"},
    {"retention", "the notice does not say how long anything is kept",
     "Article 13(2)(a) GDPR: add `retention:` with a rule for each category"},
    {"recipients", "no recipients are named",
     "Article 13(1)(e) GDPR: add `recipients:`, the hosting provider at least"},
    {"purposes", "no purposes are declared", "Article 13(1)(c) GDPR: add `purposes:`"},
    {"automated_decisions", "the notice does not say whether machines alone decide",
     "Article 13(2)(f) GDPR: add `automated_decisions:`"},
    {"categories/*/basis", "category `{}` has no legal basis",
     "Article 13(1)(c) GDPR: contract, consent, legitimate_interest or legal_obligation; "
     "instructions where you are processor"},
    {"categories/*/retention", "category `{}` has no retention",
     "Article 13(2)(a) GDPR: name a rule that stands under `retention:`"},
    {"categories/*/source", "category `{}` does not say from where the data comes",
     "Article 14(2)(f) GDPR: person, customer, service or recipient"},
    {"purposes/*/basis", "purpose `{}` has no legal basis",
     "Article 13(1)(c) GDPR: contract, consent, legitimate_interest or legal_obligation"},
    {"purposes/*/categories", "purpose `{}` is unused: it names no category",
     "list the categories it uses, or remove it"},
    {"sections/*/clauses/*/text", "clause `{}` has no text",
     "write what is promised under `text:`"},
    {"sections/*/clauses/*/text/*", "clause `{}` has no text",
     "write what is promised under `text:`"},
    {"sections/*/clauses/*/id", "a clause has no id", "each clause needs one of the known ids"},
    {"sections/*/clauses", "section `{}` has no clauses", "put clauses into it, or remove it"},
}};

bool matches(std::string_view place, const std::vector<std::string>& path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    const std::size_t slash = place.find('/');
    const std::string_view part = place.substr(0, slash);
    if (part != "*" && part != path[i]) return false;
    const bool last = i + 1 == path.size();
    if (slash == std::string_view::npos) return last;
    if (last) return false;
    place.remove_prefix(slash + 1);
  }
  return false;
}

}  // namespace

std::optional<Sentence> sentence_for_missing(const std::vector<std::string>& path,
                                             std::string_view name) {
  for (const Rule& rule : rules) {
    if (!matches(rule.place, path)) continue;
    return Sentence{fmt::format(fmt::runtime(rule.message), name), std::string(rule.hint)};
  }
  return std::nullopt;
}

}  // namespace notice
