#include "notice/reader.h"

#include <algorithm>
#include <array>
#include <utility>

namespace notice {
namespace {

const Node& at(const Node& node, std::string_view key) {
  static const Node nothing;
  const Node* found = node.find(key);
  return found == nullptr ? nothing : *found;
}

// Scalars of a wrong type read as empty, so that their text is not mistaken for an id.
std::string string(const Node& node, std::string_view key) {
  const Node& value = at(node, key);
  return value.is(Node::Kind::text) ? value.text : std::string();
}

int number(const Node& node, std::string_view key) {
  const Node& value = at(node, key);
  constexpr std::int64_t number_max = 1'000'000;
  return static_cast<int>(std::clamp<std::int64_t>(value.integer, -1, number_max));
}

bool flag(const Node& node, std::string_view key, bool otherwise) {
  const Node& value = at(node, key);
  return value.is(Node::Kind::boolean) ? value.boolean : otherwise;
}

Text text(const Node& node, std::string_view key) {
  Text out;
  for (const Member& member : at(node, key).members) {
    if (member.value.is(Node::Kind::text)) out.emplace(member.key, member.value.text);
  }
  return out;
}

std::vector<std::string> strings(const Node& node, std::string_view key) {
  std::vector<std::string> out;
  for (const Node& item : at(node, key).items) {
    if (item.is(Node::Kind::text)) out.push_back(item.text);
  }
  return out;
}

Period period(const Node& node, std::string_view key) {
  return parse_period(string(node, key)).value_or(Period{});
}

template <class E, std::size_t N>
E word(const std::string& value, const std::array<std::pair<std::string_view, E>, N>& words,
       E otherwise) {
  for (const auto& [name, meaning] : words) {
    if (name == value) return meaning;
  }
  return otherwise;
}

Basis basis(const std::string& value) {
  for (const Basis each : {Basis::contract, Basis::consent, Basis::legitimate_interest,
                           Basis::legal_obligation, Basis::instructions}) {
    if (value == to_string(each)) return each;
  }
  return Basis::contract;
}

Keeping keeping(const Node& node) {
  Keeping out;
  out.from = string(node, "from");
  const std::string term = string(node, "for");
  out.term = term == "until_then" ? Term::until_then
             : term == "always"   ? Term::always
                                  : Term::period;
  out.period = parse_period(term).value_or(Period{});
  out.at_most = parse_period(string(node, "at_most"));
  return out;
}

Operator read_operator(const Node& node) {
  const Node& address = at(node, "address");
  const Node& brand = at(node, "brand");
  const Node& officer = at(node, "data_protection_officer");
  Operator out;
  out.name = string(node, "name");
  out.organisation_number = string(node, "organisation_number");
  out.contact = string(node, "contact");
  out.service = string(node, "service");
  out.site = string(node, "site");
  out.timezone = string(node, "timezone");
  out.log_origin = string(node, "log_origin");
  out.address = {string(address, "street"), string(address, "postal_code"), string(address, "city"),
                 string(address, "country"), text(address, "country_name")};
  out.origins = strings(node, "origins");
  out.brand = {string(brand, "name"), string(at(brand, "accent"), "light"),
               string(at(brand, "accent"), "dark"), string(at(brand, "logo"), "view_box"),
               string(at(brand, "logo"), "path")};
  out.officer = {flag(officer, "appointed", false), string(officer, "name"),
                 string(officer, "contact"), text(officer, "because")};
  return out;
}

Category read_category(const std::string& id, const Node& node) {
  Category out;
  out.id = id;
  out.number = number(node, "number");
  out.title = text(node, "title");
  out.fields = strings(node, "fields");
  out.source = string(node, "source");
  out.also_from = text(node, "also_from");
  out.needed_for = string(at(node, "needed"), "for");
  out.otherwise = text(at(node, "needed"), "otherwise");
  for (const std::string& each : strings(node, "basis")) out.basis.push_back(basis(each));
  out.retention = string(node, "retention");
  out.role = string(node, "role") == "processor" ? Role::processor : Role::controller;
  return out;
}

Purpose read_purpose(const std::string& id, const Node& node) {
  Purpose out;
  out.id = id;
  out.number = number(node, "number");
  out.title = text(node, "title");
  out.text = text(node, "text");
  out.basis = basis(string(node, "basis"));
  out.law = string(node, "law");
  out.interest = text(node, "interest");
  out.necessity = text(node, "necessity");
  out.balance = text(node, "balance");
  out.on_objection = word<OnObjection, 2>(
      string(node, "on_objection"),
      {{{"stop", OnObjection::stop}, {"review", OnObjection::review}}}, OnObjection::none);
  out.while_restricted = word<Exemption, 4>(string(node, "while_restricted"),
                                            {{{"storage", Exemption::storage},
                                              {"own_rights", Exemption::own_rights},
                                              {"legal_claims", Exemption::legal_claims},
                                              {"protection", Exemption::protection}}},
                                            Exemption::none);
  out.categories = strings(node, "categories");
  out.enabled = flag(node, "enabled", true);
  return out;
}

Technology read_technology(const std::string& id, const Node& node) {
  Technology out;
  out.id = id;
  out.title = text(node, "title");
  out.provider = string(node, "provider");
  out.kind =
      string(node, "class") == "consent" ? TechnologyClass::consent : TechnologyClass::necessary;
  out.purpose = string(node, "purpose");
  out.because = text(node, "because");
  out.reviewed = string(node, "reviewed");
  for (const Node& item : at(node, "keeps").items) {
    const std::string lifetime = string(item, "lifetime");
    out.keeps.push_back({string(item, "name"), string(item, "storage"), lifetime,
                         parse_period(lifetime), text(item, "text")});
  }
  out.hosts = strings(node, "hosts");
  out.region = string(node, "region");
  out.event_properties = strings(node, "event_properties");
  out.mode = string(node, "mode");
  out.enabled = flag(node, "enabled", true);
  return out;
}

Recipient read_recipient(const std::string& id, const Node& node) {
  Recipient out;
  out.id = id;
  out.title = text(node, "title");
  out.text = text(node, "text");
  out.role = string(node, "role");
  out.purposes = strings(node, "purposes");
  out.categories = strings(node, "categories");
  out.hosts = strings(node, "hosts");
  out.country = string(node, "country");
  out.region = string(node, "region");
  out.access_from = strings(node, "access_from");
  out.mechanism = string(at(node, "transfer"), "mechanism");
  out.mechanism_detail = text(at(node, "transfer"), "detail");
  out.terms = string(node, "terms");
  out.checked_on = string(node, "checked_on");
  out.enabled = flag(node, "enabled", true);
  return out;
}

Staff read_staff(const Node& node) {
  const Node& purposes = at(node, "purposes");
  const Node& limits = at(node, "limits");
  Staff out;
  out.support = string(purposes, "support");
  out.diagnose = string(purposes, "diagnose");
  out.incident = string(purposes, "incident");
  out.default_period = period(limits, "default");
  out.period_max = period(limits, "at_most");
  out.log_kept = period(limits, "log_kept");
  out.mode = string(limits, "mode");
  out.approved_by = string(limits, "approved_by");
  out.customer_told = string(limits, "customer_told");
  out.confidentiality = text(node, "confidentiality");
  return out;
}

Section read_section(const Node& node) {
  Section out{string(node, "id"), text(node, "title"), strings(node, "tables"), {}};
  for (const Node& clause : at(node, "clauses").items) {
    out.clauses.push_back({string(clause, "id"), text(clause, "title"), text(clause, "summary"),
                           text(clause, "text")});
  }
  return out;
}

Terms read_terms(const Node& node) {
  Terms out{number(node, "version"),
            string(node, "effective"),
            text(node, "title"),
            text(node, "lead"),
            {}};
  for (const Node& part : at(node, "parts").items)
    out.parts.push_back({string(part, "id"), text(part, "title"), text(part, "text")});
  return out;
}

void read_tables(const Node& root, Document& out) {
  for (const auto& [id, where, node] : at(root, "retention").members) {
    out.retention.push_back({id, keeping(node), text(node, "text")});
  }
  for (const auto& [id, where, node] : at(root, "categories").members) {
    out.categories.push_back(read_category(id, node));
  }
  for (const auto& [id, where, node] : at(root, "purposes").members) {
    out.purposes.push_back(read_purpose(id, node));
  }
  for (const auto& [id, where, node] : at(root, "technologies").members) {
    out.technologies.push_back(read_technology(id, node));
  }
  for (const auto& [id, where, node] : at(root, "recipients").members) {
    out.recipients.push_back(read_recipient(id, node));
  }
  for (const auto& [id, where, node] : at(root, "survivors").members) {
    out.survivors.push_back({id, text(node, "title"), text(node, "text"),
                             basis(string(node, "basis")), string(node, "purpose"), keeping(node),
                             string(node, "key")});
  }
}

void read_people(const Node& root, Document& out) {
  const Node& rights = at(root, "rights");
  out.rights_contact = string(rights, "contact");
  out.answer_within = period(rights, "answer_within");
  out.answer_extension = period(rights, "extension");
  for (const auto& [id, where, node] : at(rights, "kinds").members) {
    out.rights.push_back({id, string(node, "article"), text(node, "title"), text(node, "text")});
  }
  const Node& authority = at(root, "authority");
  out.authority_country = string(authority, "country");
  for (const Node& item : at(authority, "eea").items) {
    out.authorities.push_back({string(item, "country"), string(item, "name"), string(item, "url")});
  }
}

}  // namespace

Document read_document(const Node& root) {
  Document out;
  out.version = number(root, "version");
  out.effective = string(root, "effective");
  out.languages = strings(root, "languages");
  out.page_title = text(at(root, "page"), "title");
  out.page_lead = text(at(root, "page"), "lead");
  out.operator_ = read_operator(at(root, "operator"));
  out.minimum_age = number(root, "minimum_age");
  out.automated_decisions = flag(at(root, "automated_decisions"), "exist", false);
  out.automated_decisions_text = text(at(root, "automated_decisions"), "text");
  const Node& inactivity = at(root, "inactivity");
  out.inactive_after = period(inactivity, "after");
  out.inactive_warning = period(inactivity, "warning");
  out.paid_accounts_stay = string(inactivity, "paid_accounts") == "never";
  read_tables(root, out);
  out.staff = read_staff(at(root, "staff"));
  read_people(root, out);
  out.announced = strings(at(root, "changes"), "announced");
  out.material_after = period(at(root, "changes"), "material_after");
  for (const Node& section : at(root, "sections").items) {
    out.sections.push_back(read_section(section));
  }
  out.terms = read_terms(at(root, "terms"));
  return out;
}

}  // namespace notice
