#include <fmt/format.h>

#include <algorithm>

#include "notice/rules.h"
#include "notice/vocabulary.h"

namespace notice {
namespace {

/// The first place outside the EEA from which the recipient can reach the data, or empty.
std::string outside(const Recipient& recipient) {
  if (!recipient.country.empty() && !inside_eea(recipient.country)) return recipient.country;
  for (const std::string& place : recipient.access_from) {
    if (!inside_eea(place)) return place;
  }
  return {};
}

void check_mechanism(const Recipient& recipient, const Subject& subject, Findings& findings) {
  const std::string place = outside(recipient);
  const Position at = locate(subject.root, {"recipients", recipient.id, "transfer"});
  const bool chosen = recipient.role == "chosen_by_customer";
  if (recipient.mechanism == "per_connection" && !chosen) {
    findings.error(at, fmt::format("recipient `{}` is not chosen by customers", recipient.id),
                   "name the mechanism itself: adequacy, standard_clauses, …");
  }
  if (place.empty()) return;
  if (recipient.mechanism.empty() || recipient.mechanism == "none_needed") {
    findings.error(at,
                   fmt::format("recipient `{}` lies outside the EEA ({}) and has no transfer "
                               "mechanism",
                               recipient.id, place),
                   "Article 46 GDPR: adequacy, standard_clauses, binding_rules, derogation; the "
                   "terms of a third party are none");
    return;
  }
  if (recipient.mechanism_detail.empty()) {
    findings.error(at, fmt::format("the transfer to `{}` is not explained", recipient.id),
                   "Article 13(1)(f) GDPR: add `detail:` with the decision or the clauses");
  }
  if (recipient.terms.empty() && !chosen) {
    findings.error(locate(subject.root, {"recipients", recipient.id}),
                   fmt::format("recipient `{}` has no link to its terms", recipient.id),
                   "add `terms:`, where the safeguards can be read");
  }
}

void check_categories(const Recipient& recipient, const Subject& subject, Findings& findings) {
  for (const std::string& id : recipient.categories) {
    if (subject.document.category(id) == nullptr) continue;
    const auto uses = [&](const std::string& name) {
      const Purpose* purpose = subject.document.purpose(name);
      return purpose == nullptr ||
             std::ranges::find(purpose->categories, id) != purpose->categories.end();
    };
    if (std::ranges::any_of(recipient.purposes, uses)) continue;
    findings.error(locate(subject.root, {"recipients", recipient.id, "categories"}),
                   fmt::format("recipient `{}` receives `{}`, which none of its purposes uses",
                               recipient.id, id),
                   "take it out, or name the purpose that needs it");
  }
}

}  // namespace

void check_transfers(const Subject& subject, Findings& findings) {
  for (const Recipient& recipient : subject.document.recipients) {
    check_mechanism(recipient, subject, findings);
    check_categories(recipient, subject, findings);
  }
}

}  // namespace notice
