#include <fmt/format.h>

#include <algorithm>

#include "notice/rules.h"

namespace notice {
namespace {

bool has(const std::vector<Basis>& list, Basis basis) {
  return std::ranges::find(list, basis) != list.end();
}

bool written(const Node& root, std::string_view table, std::string_view id, std::string_view key) {
  const Node* node = root.find(table);
  if (node != nullptr) node = node->find(id);
  return node != nullptr && node->find(key) != nullptr;
}

void check_interest(const Purpose& purpose, Position at, Findings& findings) {
  const auto require = [&](const Text& text, std::string_view key, std::string_view hint) {
    if (!text.empty()) return;
    findings.error(
        at,
        fmt::format("purpose `{}` rests on legitimate interest and lacks `{}`", purpose.id, key),
        std::string(hint));
  };
  require(purpose.interest, "interest", "Article 13(1)(d) GDPR: say what the interest is");
  require(purpose.necessity, "necessity", "say why no milder way reaches the same end");
  require(purpose.balance, "balance", "say why it does not weigh less than people's own interests");
  if (purpose.on_objection == OnObjection::none) {
    findings.error(at,
                   fmt::format("purpose `{}` rests on legitimate interest and lacks "
                               "`on_objection`",
                               purpose.id),
                   "Article 21 GDPR: `stop`, or `review` to freeze it and let a person decide");
  }
}

void check_purpose(const Purpose& purpose, const Subject& subject, Findings& findings) {
  const Position at = locate(subject.root, {"purposes", purpose.id});
  if (purpose.basis == Basis::legitimate_interest) {
    check_interest(purpose, at, findings);
  } else if (purpose.on_objection != OnObjection::none) {
    findings.error(locate(subject.root, {"purposes", purpose.id, "on_objection"}),
                   fmt::format("purpose `{}` does not rest on legitimate interest", purpose.id),
                   "Article 21 GDPR gives a right to object there only: remove `on_objection`");
  }
  if (purpose.basis == Basis::legal_obligation && purpose.law.empty()) {
    findings.error(
        at, fmt::format("purpose `{}` rests on a legal obligation and names none", purpose.id),
        "add `law:` with the act and the section (Article 6(3) GDPR)");
  }
  if (purpose.basis == Basis::consent && purpose.while_restricted != Exemption::none) {
    findings.error(
        locate(subject.root, {"purposes", purpose.id, "while_restricted"}),
        fmt::format("purpose `{}` rests on consent and cannot go on while restricted", purpose.id),
        "remove `while_restricted`");
  }
  for (const std::string& id : purpose.categories) {
    const Category* category = subject.document.category(id);
    if (category == nullptr || category->role == Role::processor || category->basis.empty() ||
        has(category->basis, purpose.basis)) {
      continue;
    }
    findings.error(at,
                   fmt::format("purpose `{}` rests on {}, category `{}` does not", purpose.id,
                               to_string(purpose.basis), id),
                   fmt::format("add {} to the category's `basis`, or take the category out",
                               to_string(purpose.basis)));
  }
}

void check_category(const Category& category, const Subject& subject, Findings& findings) {
  const Position at = locate(subject.root, {"categories", category.id, "basis"});
  const bool instructed = has(category.basis, Basis::instructions);
  const bool processor = category.role == Role::processor;
  if (processor && !category.basis.empty() && (!instructed || category.basis.size() > 1)) {
    findings.error(at, fmt::format("category `{}` is processed for a customer", category.id),
                   "its basis is the customer's own: write `basis: [instructions]`");
  }
  if (!processor && instructed) {
    findings.error(
        at, fmt::format("category `{}` is ours and has no instructions to rest on", category.id),
        "name a basis of Article 6 GDPR, or set `role: processor`");
  }
  if (category.source == "person" && !processor && category.needed_for.empty()) {
    findings.error(
        locate(subject.root, {"categories", category.id}),
        fmt::format("category `{}` does not say whether the person has to provide it", category.id),
        "Article 13(2)(e) GDPR: add `needed:` with `for` and `otherwise`");
  }
  for (const Basis basis : category.basis) {
    const auto uses = [&](const Purpose& purpose) {
      return purpose.basis == basis &&
             std::ranges::find(purpose.categories, category.id) != purpose.categories.end();
    };
    if (basis == Basis::instructions || std::ranges::any_of(subject.document.purposes, uses)) {
      continue;
    }
    findings.error(at,
                   fmt::format("category `{}` claims {}, but no purpose that uses it does",
                               category.id, to_string(basis)),
                   "remove the basis, or name the category in such a purpose");
  }
}

void check_necessary(const Technology& technology, const Purpose* purpose, const Subject& subject,
                     Findings& findings) {
  const Position at = locate(subject.root, {"technologies", technology.id});
  if (technology.because.empty()) {
    findings.error(at, fmt::format("necessary technology `{}` does not say why", technology.id),
                   "add `because:`: what would not work without it");
  }
  if (technology.reviewed.empty()) {
    findings.error(at,
                   fmt::format("necessary technology `{}` has no date of review", technology.id),
                   "add `reviewed:`, the day on which you last checked that it is necessary");
  }
  if (purpose != nullptr && purpose->basis == Basis::consent) {
    findings.error(at,
                   fmt::format("technology `{}` is called necessary, but its purpose `{}` rests "
                               "on consent",
                               technology.id, purpose->id),
                   "set `class: consent`");
  }
}

void check_consent(const Technology& technology, const Purpose* purpose, const Subject& subject,
                   Findings& findings) {
  const Position at = locate(subject.root, {"technologies", technology.id});
  if (purpose != nullptr && purpose->basis != Basis::consent) {
    findings.error(at,
                   fmt::format("technology `{}` needs consent, but its purpose `{}` rests on {}",
                               technology.id, purpose->id, to_string(purpose->basis)),
                   "name a purpose whose `basis` is consent");
  }
  if (technology.event_properties.empty()) {
    findings.error(at,
                   fmt::format("technology `{}` does not list what it may collect", technology.id),
                   "add `event_properties:`; whatever is not listed is dropped");
  }
  if (technology.mode.empty()) {
    findings.error(at, fmt::format("technology `{}` does not say how it runs", technology.id),
                   "add `mode: script` or `mode: first-party`");
  }
}

void check_technology(const Technology& technology, const Subject& subject, Findings& findings) {
  const Purpose* purpose = subject.document.purpose(technology.purpose);
  if (technology.kind == TechnologyClass::consent) {
    check_consent(technology, purpose, subject, findings);
  } else if (written(subject.root, "technologies", technology.id, "class")) {
    check_necessary(technology, purpose, subject, findings);
  }
  const Recipient* provider = subject.document.recipient(technology.provider);
  for (const std::string& host : technology.hosts) {
    if (provider != nullptr && std::ranges::find(provider->hosts, host) != provider->hosts.end()) {
      continue;
    }
    findings.error(
        locate(subject.root, {"technologies", technology.id, "hosts"}),
        fmt::format("host `{}` of technology `{}` belongs to no recipient", host, technology.id),
        "add it to the hosts of the recipient that `provider` names");
  }
  const bool ready =
      (purpose == nullptr || purpose->enabled) && (provider == nullptr || provider->enabled);
  if (technology.enabled && !ready) {
    findings.error(locate(subject.root, {"technologies", technology.id}),
                   fmt::format("technology `{}` is enabled, its purpose or its provider is not",
                               technology.id),
                   "enable those as well, or add `enabled: false`");
  }
}

template <class T>
void note_disabled(const std::vector<T>& list, std::string_view table, std::string_view what,
                   const Subject& subject, Findings& findings) {
  for (const T& item : list) {
    if (item.enabled) continue;
    findings.note(locate(subject.root, {table, item.id, "enabled"}),
                  fmt::format("{} `{}` is declared but not enabled", what, item.id));
  }
}

}  // namespace

void check_law(const Subject& subject, Findings& findings) {
  for (const Category& category : subject.document.categories) {
    check_category(category, subject, findings);
  }
  for (const Purpose& purpose : subject.document.purposes) {
    check_purpose(purpose, subject, findings);
  }
  for (const Technology& technology : subject.document.technologies) {
    check_technology(technology, subject, findings);
  }
  note_disabled(subject.document.purposes, "purposes", "purpose", subject, findings);
  note_disabled(subject.document.technologies, "technologies", "technology", subject, findings);
  note_disabled(subject.document.recipients, "recipients", "recipient", subject, findings);
}

}  // namespace notice
