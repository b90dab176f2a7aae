#include "notice/document.h"

#include <algorithm>

namespace notice {
namespace {

template <class T>
const T* by_id(const std::vector<T>& list, std::string_view id) {
  const auto found = std::ranges::find(list, id, &T::id);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

const std::string& in(const Text& text, std::string_view language) {
  static const std::string empty;
  if (const auto found = text.find(language); found != text.end()) return found->second;
  if (const auto english = text.find("en"); english != text.end()) return english->second;
  return text.empty() ? empty : text.begin()->second;
}

const char* to_string(Basis basis) {
  switch (basis) {
    case Basis::contract:
      return "contract";
    case Basis::consent:
      return "consent";
    case Basis::legitimate_interest:
      return "legitimate_interest";
    case Basis::legal_obligation:
      return "legal_obligation";
    case Basis::instructions:
      return "instructions";
  }
  return "unknown";
}

const Category* Document::category(std::string_view id) const { return by_id(categories, id); }
const Purpose* Document::purpose(std::string_view id) const { return by_id(purposes, id); }
const Technology* Document::technology(std::string_view id) const {
  return by_id(technologies, id);
}
const Recipient* Document::recipient(std::string_view id) const { return by_id(recipients, id); }
const Retention* Document::retention_rule(std::string_view id) const {
  return by_id(retention, id);
}
const Survivor* Document::survivor(std::string_view id) const { return by_id(survivors, id); }

const Clause* Document::clause(std::string_view id) const {
  for (const Section& section : sections) {
    if (const Clause* found = by_id(section.clauses, id)) return found;
  }
  return nullptr;
}

const Authority* Document::own_authority() const {
  const auto found = std::ranges::find(authorities, authority_country, &Authority::country);
  return found == authorities.end() ? nullptr : &*found;
}

bool Document::may_serve(std::string_view origin) const {
  return std::ranges::find(operator_.origins, origin) != operator_.origins.end();
}

}  // namespace notice
