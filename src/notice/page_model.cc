#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "notice/markdown.h"
#include "notice/render.h"
#include "notice/words.h"

namespace notice {
namespace {

using Json = nlohmann::ordered_json;

/// Makes the parts of the model, all in one language.
class Model {
 public:
  Model(const Document& document, std::string_view language)
      : document_(document), language_(language) {}

  Json page() const {
    const Operator& op = document_.operator_;
    std::size_t clauses = 0;
    for (const Section& section : document_.sections) clauses += section.clauses.size();
    return {{"language", language_},
            {"title", in(document_.page_title, language_)},
            {"lead_html", html_line(in(document_.page_lead, language_))},
            {"version", document_.version},
            {"effective", document_.effective},
            {"effective_long", long_date(document_.effective, language_)},
            {"digest", document_.digest},
            {"clause_count", clauses},
            {"operator", operator_part(op)},
            {"automated_decisions_html", html(in(document_.automated_decisions_text, language_))},
            {"sections", sections()}};
  }

 private:
  std::string say(std::string_view key) const { return word(key, language_); }
  std::string line(const Text& text) const { return html_line(in(text, language_)); }

  std::string list(const std::vector<std::string>& keys) const {
    std::string out;
    for (const std::string& key : keys) out += (out.empty() ? "" : ", ") + say(key);
    return out;
  }

  std::string capital(std::string text) const {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
      text[0] = static_cast<char>(text[0] - 'a' + 'A');
    }
    return text;
  }

  std::string category_titles(const std::vector<std::string>& ids) const {
    std::string out;
    for (const std::string& id : ids) {
      const Category* category = document_.category(id);
      if (category == nullptr) continue;
      out += (out.empty() ? "" : "; ") + in(category->title, language_);
    }
    return out;
  }

  std::string purpose_titles(const std::vector<std::string>& ids) const {
    std::string out;
    for (const std::string& id : ids) {
      const Purpose* purpose = document_.purpose(id);
      if (purpose == nullptr) continue;
      out += (out.empty() ? "" : "; ") + in(purpose->title, language_);
    }
    return out;
  }

  Json operator_part(const Operator& op) const {
    const Address& address = op.address;
    const std::string city = fmt::format("{} {}", address.postal_code, address.city);
    return {{"name", op.name},
            {"organisation_number", op.organisation_number},
            {"address",
             fmt::format("{}, {}, {}", address.street, city, in(address.country_name, language_))},
            {"contact", op.contact},
            {"service", op.service},
            {"site", op.site},
            {"brand", op.brand.name},
            {"accent_light", op.brand.accent_light},
            {"accent_dark", op.brand.accent_dark},
            {"logo_view_box", op.brand.logo_view_box},
            {"logo_path", op.brand.logo_path},
            {"officer_html", line(op.officer.because)},
            {"officer_name", op.officer.name},
            {"officer_contact", op.officer.contact},
            {"has_officer", op.officer.appointed}};
  }

  Json sections() const {
    Json out = Json::array();
    for (const Section& section : document_.sections) {
      Json part = {{"id", section.id}, {"title", in(section.title, language_)}};
      part["clauses"] = Json::array();
      for (const Clause& clause : section.clauses) {
        part["clauses"].push_back({{"id", clause.id},
                                   {"title", in(clause.title, language_)},
                                   {"summary_html", line(clause.summary)},
                                   {"text_html", html(in(clause.text, language_))}});
      }
      for (const std::string& name : section.tables) part["table_" + name] = table(name);
      out.push_back(std::move(part));
    }
    return out;
  }

  Json table(const std::string& name) const {
    Json rows = Json::array();
    if (name == "categories") {
      for (const Category& each : document_.categories) rows.push_back(category(each));
    } else if (name == "purposes") {
      for (const Purpose& each : document_.purposes) rows.push_back(purpose(each));
    } else if (name == "technologies") {
      for (const Technology& each : document_.technologies) rows.push_back(technology(each));
    } else if (name == "recipients") {
      for (const Recipient& each : document_.recipients) rows.push_back(recipient(each));
    } else if (name == "retention") {
      for (const Retention& each : document_.retention) rows.push_back(retention(each));
    } else if (name == "survivors") {
      for (const Survivor& each : document_.survivors) rows.push_back(survivor(each));
    } else if (name == "rights") {
      for (const Right& each : document_.rights) {
        rows.push_back({{"id", each.id},
                        {"article", each.article},
                        {"title", in(each.title, language_)},
                        {"text_html", line(each.text)}});
      }
    } else if (name == "authorities") {
      rows = authorities();
    } else if (name == "staff") {
      return staff();
    }
    return {{"rows", rows}};
  }

  std::string sources(const Category& each) const {
    const std::string also = in(each.also_from, language_);
    return capital(say(each.source)) + (also.empty() ? "" : "; " + also);
  }

  Json category(const Category& each) const {
    std::vector<std::string> bases;
    for (const Basis basis : each.basis) bases.emplace_back(to_string(basis));
    const Retention* rule = document_.retention_rule(each.retention);
    return {{"id", each.id},
            {"title", in(each.title, language_)},
            {"fields", list(each.fields)},
            {"source", sources(each)},
            {"has_needed", !each.needed_for.empty()},
            {"needed_html", line(each.otherwise)},
            {"basis", capital(list(bases))},
            {"retention_html", rule == nullptr ? std::string() : line(rule->text)},
            {"role", capital(say(each.role == Role::processor ? "processor" : "controller"))}};
  }

  Json purpose(const Purpose& each) const {
    const bool stop = each.on_objection == OnObjection::stop;
    return {{"id", each.id},
            {"title", in(each.title, language_)},
            {"text_html", line(each.text)},
            {"basis", capital(say(to_string(each.basis)))},
            {"has_law", !each.law.empty()},
            {"law", each.law},
            {"has_interest", !each.interest.empty()},
            {"interest_html", line(each.interest)},
            {"necessity_html", line(each.necessity)},
            {"balance_html", line(each.balance)},
            {"has_objection", each.on_objection != OnObjection::none},
            {"on_objection", say(stop ? "stop" : "review")},
            {"categories", category_titles(each.categories)},
            {"off", !each.enabled}};
  }

  Json technology(const Technology& each) const {
    const bool consent = each.kind == TechnologyClass::consent;
    const Recipient* provider = document_.recipient(each.provider);
    Json keeps = Json::array();
    for (const Kept& kept : each.keeps) {
      keeps.push_back({{"name", kept.name},
                       {"storage", say(kept.storage)},
                       {"lifetime", kept.period ? kept.lifetime : say(kept.lifetime)},
                       {"text_html", line(kept.text)}});
    }
    return {{"id", each.id},
            {"title", in(each.title, language_)},
            {"provider", provider == nullptr ? say("operator") : in(provider->title, language_)},
            {"class", capital(say(consent ? "consent_class" : "necessary"))},
            {"necessary", !consent},
            {"purpose", purpose_titles({each.purpose})},
            {"because_html", line(each.because)},
            {"reviewed", long_date(each.reviewed, language_)},
            {"has_keeps", !each.keeps.empty()},
            {"keeps", keeps},
            {"region", say(each.region)},
            {"has_properties", !each.event_properties.empty()},
            {"properties", list(each.event_properties)},
            {"off", !each.enabled}};
  }

  Json recipient(const Recipient& each) const {
    return {{"id", each.id},
            {"title", in(each.title, language_)},
            {"text_html", line(each.text)},
            {"role", capital(say(each.role))},
            {"purposes", purpose_titles(each.purposes)},
            {"categories", category_titles(each.categories)},
            {"country", say(each.country)},
            {"region", say(each.region)},
            {"access_from", list(each.access_from)},
            {"mechanism", capital(say(each.mechanism.empty() ? "none_needed" : each.mechanism))},
            {"has_detail", !each.mechanism_detail.empty()},
            {"detail_html", line(each.mechanism_detail)},
            {"has_terms", !each.terms.empty()},
            {"terms", each.terms},
            {"checked_on", long_date(each.checked_on, language_)},
            {"off", !each.enabled}};
  }

  Json retention(const Retention& each) const {
    std::vector<std::string> ids;
    for (const Category& category : document_.categories) {
      if (category.retention == each.id) ids.push_back(category.id);
    }
    return {{"id", each.id}, {"text_html", line(each.text)}, {"categories", category_titles(ids)}};
  }

  Json survivor(const Survivor& each) const {
    const Keeping& keeping = each.keeping;
    std::string term = say("always");
    if (keeping.term == Term::period) {
      term = fmt::format("{} {}", to_string(keeping.period), say(keeping.from));
    } else if (keeping.term == Term::until_then) {
      term = say(keeping.from);
    }
    if (keeping.at_most) term += fmt::format(", at most {}", to_string(*keeping.at_most));
    return {{"id", each.id},
            {"title", in(each.title, language_)},
            {"text_html", line(each.text)},
            {"basis", capital(say(to_string(each.basis)))},
            {"term", capital(term)}};
  }

  Json authorities() const {
    std::vector<Authority> order = document_.authorities;
    const auto own = std::ranges::find(order, document_.authority_country, &Authority::country);
    if (own != order.end()) std::rotate(order.begin(), own, own + 1);
    Json rows = Json::array();
    for (const Authority& each : order) {
      rows.push_back({{"country", say(each.country)},
                      {"name", each.name},
                      {"url", each.url},
                      {"own", each.country == document_.authority_country}});
    }
    return rows;
  }

  Json staff() const {
    const Staff& limits = document_.staff;
    return {{"default", to_string(limits.default_period)},
            {"at_most", to_string(limits.period_max)},
            {"log_kept", to_string(limits.log_kept)},
            {"mode", say(limits.mode)},
            {"approved_by", say(limits.approved_by)},
            {"customer_told", say(limits.customer_told)},
            {"purposes",
             {purpose_titles({limits.support}), purpose_titles({limits.diagnose}),
              purpose_titles({limits.incident})}},
            {"confidentiality_html", line(limits.confidentiality)}};
  }

  const Document& document_;
  std::string language_;
};

}  // namespace

std::string page_model_json(const Document& document, std::string_view language) {
  return Model(document, language).page().dump();
}

}  // namespace notice
