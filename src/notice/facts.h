// The facts of a notice as plain structs: operator, staff, rights, authorities, clauses. Owns
// copies of everything; knows nothing of YAML.
#pragma once

#include <string>
#include <vector>

#include "notice/period.h"
#include "notice/text.h"

namespace notice {

/// A postal address; `country` is a two-letter code.
struct Address {
  std::string street, postal_code, city, country;
  Text country_name;
};
/// How it looks. `logo_path` is the data of one SVG path.
struct Brand {
  std::string name, accent_light, accent_dark, logo_view_box, logo_path;
};
/// Whether there is a data protection officer, and who, or why not.
struct Officer {
  bool appointed = false;
  std::string name, contact;
  Text because;
};
/// Who runs the service.
struct Operator {
  std::string name, organisation_number, contact, service, site, timezone, log_origin;
  Address address;
  std::vector<std::string> origins;
  Brand brand;
  Officer officer;
};

/// The three purposes and the limits of access by staff.
struct Staff {
  std::string support, diagnose, incident;  // purposes
  Period default_period, period_max, log_kept;
  std::string mode, approved_by, customer_told;
  Text confidentiality;
};

/// One of the person's six rights.
struct Right {
  std::string id, article;
  Text title, text;
};
/// A supervisory authority.
struct Authority {
  std::string country, name, url;
};

/// A promise, under its id. The summary is read after "In short:".
struct Clause {
  std::string id;
  Text title, summary, text;
};
/// A part of the page: clauses, and which registers stand below them.
struct Section {
  std::string id;
  Text title;
  std::vector<std::string> tables;
  std::vector<Clause> clauses;
};

/// The part of the terms that is the contract of Article 28(3) GDPR.
inline constexpr const char* data_processing_part = "data-processing";
/// A part of the terms; `id` is its anchor on the page.
struct TermsPart {
  std::string id;
  Text title, text;
};
/// What customers accept: a contract with a version of its own, beside the notice.
struct Terms {
  int version = 0;
  std::string effective;
  Text title, lead;
  std::vector<TermsPart> parts;
};

}  // namespace notice
