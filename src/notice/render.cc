#include "notice/render.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace notice {
namespace {

// Keeps the file's order of keys: it was written to be read.
using Json = nlohmann::ordered_json;

Json keeping(const Keeping& keeping) {
  Json out;
  out["from"] = keeping.from;
  out["for"] = keeping.term == Term::always       ? "always"
               : keeping.term == Term::until_then ? "until_then"
                                                  : to_string(keeping.period);
  if (keeping.at_most) out["at_most"] = to_string(*keeping.at_most);
  return out;
}

Json texts(const Text& text) { return Json(text); }

void add_text(Json& out, const char* key, const Text& text) {
  if (!text.empty()) out[key] = texts(text);
}
void add_string(Json& out, const char* key, const std::string& value) {
  if (!value.empty()) out[key] = value;
}

Json operator_json(const Operator& op) {
  Json out;
  out["name"] = op.name;
  out["organisation_number"] = op.organisation_number;
  out["address"] = {{"street", op.address.street},
                    {"postal_code", op.address.postal_code},
                    {"city", op.address.city},
                    {"country", op.address.country},
                    {"country_name", texts(op.address.country_name)}};
  out["contact"] = op.contact;
  out["service"] = op.service;
  out["site"] = op.site;
  out["origins"] = op.origins;
  out["timezone"] = op.timezone;
  out["log_origin"] = op.log_origin;
  out["brand"] = {{"name", op.brand.name},
                  {"accent", {{"light", op.brand.accent_light}, {"dark", op.brand.accent_dark}}}};
  Json officer = {{"appointed", op.officer.appointed}};
  add_string(officer, "name", op.officer.name);
  add_string(officer, "contact", op.officer.contact);
  add_text(officer, "because", op.officer.because);
  out["data_protection_officer"] = officer;
  return out;
}

Json category_json(const Category& category) {
  Json out = {{"number", category.number},
              {"title", texts(category.title)},
              {"fields", category.fields},
              {"source", category.source}};
  if (!category.also_from.empty()) out["also_from"] = texts(category.also_from);
  if (!category.needed_for.empty()) {
    out["needed"] = {{"for", category.needed_for}, {"otherwise", texts(category.otherwise)}};
  }
  Json basis = Json::array();
  for (const Basis each : category.basis) basis.push_back(to_string(each));
  out["basis"] = basis;
  out["retention"] = category.retention;
  out["role"] = category.role == Role::processor ? "processor" : "controller";
  return out;
}

const char* to_string(Exemption exemption) {
  switch (exemption) {
    case Exemption::none:
      return "none";
    case Exemption::storage:
      return "storage";
    case Exemption::own_rights:
      return "own_rights";
    case Exemption::legal_claims:
      return "legal_claims";
    case Exemption::protection:
      return "protection";
  }
  return "none";
}

Json purpose_json(const Purpose& purpose) {
  Json out = {{"number", purpose.number},
              {"title", texts(purpose.title)},
              {"text", texts(purpose.text)},
              {"basis", to_string(purpose.basis)}};
  add_string(out, "law", purpose.law);
  add_text(out, "interest", purpose.interest);
  add_text(out, "necessity", purpose.necessity);
  add_text(out, "balance", purpose.balance);
  if (purpose.on_objection != OnObjection::none) {
    out["on_objection"] = purpose.on_objection == OnObjection::stop ? "stop" : "review";
  }
  if (purpose.while_restricted != Exemption::none) {
    out["while_restricted"] = to_string(purpose.while_restricted);
  }
  out["categories"] = purpose.categories;
  out["enabled"] = purpose.enabled;
  return out;
}

Json technology_json(const Technology& technology) {
  const bool consent = technology.kind == TechnologyClass::consent;
  Json out = {{"title", texts(technology.title)},
              {"provider", technology.provider},
              {"class", consent ? "consent" : "necessary"},
              {"purpose", technology.purpose}};
  add_text(out, "because", technology.because);
  add_string(out, "reviewed", technology.reviewed);
  out["keeps"] = Json::array();
  for (const Kept& kept : technology.keeps) {
    out["keeps"].push_back({{"name", kept.name},
                            {"storage", kept.storage},
                            {"lifetime", kept.lifetime},
                            {"text", texts(kept.text)}});
  }
  out["hosts"] = technology.hosts;
  out["region"] = technology.region;
  if (consent) out["event_properties"] = technology.event_properties;
  add_string(out, "mode", technology.mode);
  out["enabled"] = technology.enabled;
  return out;
}

Json recipient_json(const Recipient& recipient) {
  Json out = {{"title", texts(recipient.title)},
              {"text", texts(recipient.text)},
              {"role", recipient.role},
              {"purposes", recipient.purposes},
              {"categories", recipient.categories},
              {"hosts", recipient.hosts},
              {"country", recipient.country},
              {"region", recipient.region},
              {"access_from", recipient.access_from}};
  Json transfer = Json::object();
  add_string(transfer, "mechanism", recipient.mechanism);
  add_text(transfer, "detail", recipient.mechanism_detail);
  out["transfer"] = transfer;
  add_string(out, "terms", recipient.terms);
  out["checked_on"] = recipient.checked_on;
  out["enabled"] = recipient.enabled;
  return out;
}

Json survivor_json(const Survivor& survivor) {
  Json out = keeping(survivor.keeping);
  out["title"] = texts(survivor.title);
  out["text"] = texts(survivor.text);
  out["basis"] = to_string(survivor.basis);
  out["purpose"] = survivor.purpose;
  out["key"] = survivor.key;
  return out;
}

Json staff_json(const Staff& staff) {
  return {
      {"purposes",
       {{"support", staff.support}, {"diagnose", staff.diagnose}, {"incident", staff.incident}}},
      {"limits",
       {{"default", to_string(staff.default_period)},
        {"at_most", to_string(staff.period_max)},
        {"mode", staff.mode},
        {"approved_by", staff.approved_by},
        {"customer_told", staff.customer_told},
        {"log_kept", to_string(staff.log_kept)}}},
      {"confidentiality", texts(staff.confidentiality)}};
}

Json rights_json(const Document& document) {
  Json out = {{"contact", document.rights_contact},
              {"answer_within", to_string(document.answer_within)},
              {"extension", to_string(document.answer_extension)}};
  for (const Right& right : document.rights) {
    out["kinds"][right.id] = {
        {"article", right.article}, {"title", texts(right.title)}, {"text", texts(right.text)}};
  }
  return out;
}

Json section_json(const Section& section) {
  Json out = {{"id", section.id},
              {"title", texts(section.title)},
              {"tables", section.tables},
              {"clauses", Json::array()}};
  for (const Clause& clause : section.clauses) {
    out["clauses"].push_back({{"id", clause.id},
                              {"title", texts(clause.title)},
                              {"summary", texts(clause.summary)},
                              {"text", texts(clause.text)}});
  }
  return out;
}

template <class T, class Make>
Json table(const std::vector<T>& list, Make make) {
  Json out = Json::object();
  for (const T& each : list) out[each.id] = make(each);
  return out;
}

Json terms_json(const Terms& terms) {
  Json parts = Json::array();
  for (const TermsPart& part : terms.parts)
    parts.push_back({{"id", part.id}, {"title", texts(part.title)}, {"text", texts(part.text)}});
  return {{"version", terms.version},
          {"effective", terms.effective},
          {"title", texts(terms.title)},
          {"lead", texts(terms.lead)},
          {"parts", parts}};
}

}  // namespace

std::string render_json(const Document& document) {
  Json out;
  out["format"] = 1;
  out["version"] = document.version;
  out["effective"] = document.effective;
  out["digest"] = "sha256:" + document.digest;
  out["languages"] = document.languages;
  out["page"] = {{"title", texts(document.page_title)}, {"lead", texts(document.page_lead)}};
  out["operator"] = operator_json(document.operator_);
  out["minimum_age"] = document.minimum_age;
  out["automated_decisions"] = {{"exist", document.automated_decisions},
                                {"text", texts(document.automated_decisions_text)}};
  out["retention"] = table(document.retention, [](const Retention& rule) {
    Json entry = keeping(rule.keeping);
    entry["text"] = texts(rule.text);
    return entry;
  });
  out["inactivity"] = {{"after", to_string(document.inactive_after)},
                       {"warning", to_string(document.inactive_warning)},
                       {"paid_accounts", document.paid_accounts_stay ? "never" : "same"}};
  out["categories"] = table(document.categories, category_json);
  out["purposes"] = table(document.purposes, purpose_json);
  out["technologies"] = table(document.technologies, technology_json);
  out["recipients"] = table(document.recipients, recipient_json);
  out["survivors"] = table(document.survivors, survivor_json);
  out["staff"] = staff_json(document.staff);
  out["rights"] = rights_json(document);
  Json authorities = Json::array();
  for (const Authority& each : document.authorities) {
    authorities.push_back({{"country", each.country}, {"name", each.name}, {"url", each.url}});
  }
  out["authority"] = {{"country", document.authority_country}, {"eea", authorities}};
  out["changes"] = {{"announced", document.announced},
                    {"material_after", to_string(document.material_after)},
                    {"narrowing_after", "at_once"}};
  out["sections"] = Json::array();
  for (const Section& section : document.sections) out["sections"].push_back(section_json(section));
  out["terms"] = terms_json(document.terms);
  return out.dump();
}

}  // namespace notice
