// A whole notice, in the order of the file: what other modules and the page read. Owns copies of
// everything; is never changed after it was read; knows nothing of YAML or of stored data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "notice/declarations.h"
#include "notice/facts.h"

namespace notice {

struct Document {
  int version = 0;
  std::string effective;
  std::vector<std::string> languages;
  Text page_title, page_lead;
  Operator operator_;
  int minimum_age = 18;
  bool automated_decisions = false;
  Text automated_decisions_text;
  std::vector<Retention> retention;
  Period inactive_after, inactive_warning;
  bool paid_accounts_stay = true;
  std::vector<Category> categories;
  std::vector<Purpose> purposes;
  std::vector<Technology> technologies;
  std::vector<Recipient> recipients;
  std::vector<Survivor> survivors;
  Staff staff;
  std::string rights_contact;
  Period answer_within, answer_extension;
  std::vector<Right> rights;
  std::string authority_country;
  std::vector<Authority> authorities;
  std::vector<std::string> announced;
  Period material_after;
  std::vector<Section> sections;
  Terms terms;
  std::string digest;  // SHA-256 of the file's bytes, hex

  const Category* category(std::string_view id) const;
  const Purpose* purpose(std::string_view id) const;
  const Technology* technology(std::string_view id) const;
  const Recipient* recipient(std::string_view id) const;
  const Retention* retention_rule(std::string_view id) const;
  const Survivor* survivor(std::string_view id) const;
  const Clause* clause(std::string_view id) const;
  /// The operator's own supervisory authority.
  const Authority* own_authority() const;
  /// True where `origin` (scheme, host, port) is one that the operator may serve.
  bool may_serve(std::string_view origin) const;
};

}  // namespace notice
