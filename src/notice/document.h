// The notice as plain structs, in the order of the file: what other modules and the page read. Owns
// copies of everything; is never changed after it was read; knows nothing of YAML or of stored data.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace notice {

/// Language -> text.
using Text = std::map<std::string, std::string, std::less<>>;
/// The text in `language`, else in English, else in any language; empty only where there is none.
const std::string& in(const Text& text, std::string_view language);

enum class Unit : std::uint8_t { minute, hour, day, month, year };
struct Period {
  std::uint32_t amount = 0;
  Unit unit = Unit::day;
  friend bool operator==(const Period&, const Period&) = default;
};
using Seconds = std::chrono::sys_seconds;
/// `period` after `start`. Months and years go by the calendar: 31 January + 1 month is the last of
/// February.
Seconds after(Seconds start, Period period);
/// An upper bound of the period's length, for cookie ages and comparisons.
std::chrono::seconds length_max(Period period);
/// `90 days`; nothing where the text is no period.
std::optional<Period> parse_period(std::string_view text);
std::string to_string(Period period);

enum class Term : std::uint8_t { period, until_then, always };
/// How long something is kept: from a moment on, for a term.
struct Keeping {
  std::string from;  // collected, last_use, account_ends, … (the schema lists them)
  Term term = Term::period;
  Period period;                  // with Term::period
  std::optional<Period> at_most;  // a bound in any case
};

enum class Basis : std::uint8_t {
  contract,
  consent,
  legitimate_interest,
  legal_obligation,
  instructions,  // we are processor: the customer's basis, not ours
};
const char* to_string(Basis basis);

struct Address {
  std::string street, postal_code, city, country;
  Text country_name;
};
struct Brand {
  std::string name, accent_light, accent_dark, logo_view_box, logo_path;
};
struct Officer {
  bool appointed = false;
  std::string name, contact;
  Text because;
};
struct Operator {
  std::string name, organisation_number, contact, service, site, timezone, log_origin;
  Address address;
  std::vector<std::string> origins;
  Brand brand;
  Officer officer;
};

struct Retention {
  std::string id;
  Keeping keeping;
  Text text;
};

enum class Role : std::uint8_t { controller, processor };
struct Category {
  std::string id;
  int number = 0;
  Text title;
  std::vector<std::string> fields;
  std::string source;
  std::string needed_for;  // contract, law, nothing; empty where the person provides nothing
  Text otherwise;
  std::vector<Basis> basis;
  std::string retention;
  Role role = Role::controller;
};

enum class OnObjection : std::uint8_t { none, stop, review };
enum class Exemption : std::uint8_t { none, storage, own_rights, legal_claims, protection };
struct Purpose {
  std::string id;
  int number = 0;
  Text title, text;
  Basis basis = Basis::contract;
  std::string law;
  Text interest, necessity, balance;
  OnObjection on_objection = OnObjection::none;
  Exemption while_restricted = Exemption::none;
  std::vector<std::string> categories;
  bool enabled = true;
};

enum class TechnologyClass : std::uint8_t { necessary, consent };
struct Kept {
  std::string name, storage, lifetime;
  std::optional<Period> period;  // none for `session` and `until withdrawn`
  Text text;
};
struct Technology {
  std::string id;
  Text title;
  std::string provider;  // a recipient, or `operator`
  TechnologyClass kind = TechnologyClass::necessary;
  std::string purpose;
  Text because;
  std::string reviewed;
  std::vector<Kept> keeps;
  std::vector<std::string> hosts;
  std::string region;
  std::vector<std::string> event_properties;
  std::string mode;  // script, first-party, or empty
  bool enabled = true;
};

struct Recipient {
  std::string id;
  Text title, text;
  std::string role;
  std::vector<std::string> purposes, categories, hosts;
  std::string country, region;
  std::vector<std::string> access_from;
  std::string mechanism;  // none_needed, adequacy, …
  Text mechanism_detail;
  std::string terms, checked_on;
  bool enabled = true;
};

struct Survivor {
  std::string id;
  Text title, text;
  Basis basis = Basis::legal_obligation;
  std::string purpose;
  Keeping keeping;
  std::string key;
};

struct Staff {
  std::string support, diagnose, incident;  // purposes
  Period default_period, period_max, log_kept;
  std::string mode, approved_by, customer_told;
  Text confidentiality;
};

struct Right {
  std::string id, article;
  Text title, text;
};
struct Authority {
  std::string country, name, url;
};

struct Clause {
  std::string id;
  Text title, summary, text;
};
struct Section {
  std::string id;
  Text title;
  std::vector<std::string> tables;
  std::vector<Clause> clauses;
};

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
