// The registers of a notice as plain structs: categories, purposes, technologies, recipients,
// retention rules, survivors. Owns copies of everything; knows nothing of YAML.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "notice/period.h"
#include "notice/text.h"

namespace notice {

/// Why something is lawful: Article 6(1) GDPR; `instructions` where we are processor and the basis
/// is the customer's own.
enum class Basis : std::uint8_t {
  contract,
  consent,
  legitimate_interest,
  legal_obligation,
  instructions
};
const char* to_string(Basis basis);

/// A rule: how long whatever names it is kept.
struct Retention {
  std::string id;
  Keeping keeping;
  Text text;
};

/// Whether we decide about the data, or process it on a customer's instructions.
enum class Role : std::uint8_t { controller, processor };
/// A category of personal data. `number` stands for it in stored data.
struct Category {
  std::string id;
  int number = 0;
  Text title;
  std::vector<std::string> fields;
  std::string source;
  Text also_from;          // where some of it comes from otherwise; empty: nowhere
  std::string needed_for;  // contract, law, nothing; empty where the person provides nothing
  Text otherwise;
  std::vector<Basis> basis;
  std::string retention;
  Role role = Role::controller;
};

/// What an objection does: the purpose stops, or is frozen until a person has decided.
enum class OnObjection : std::uint8_t { none, stop, review };
/// Why a purpose may go on while processing is restricted (Article 18(2) GDPR).
enum class Exemption : std::uint8_t { none, storage, own_rights, legal_claims, protection };
/// A purpose of processing. `number` stands for it in stored data.
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

/// Always on, or only after consent.
enum class TechnologyClass : std::uint8_t { necessary, consent };
/// One thing kept on the device.
struct Kept {
  std::string name, storage, lifetime;
  std::optional<Period> period;  // none for `session` and `until withdrawn`
  Text text;
};
/// A cookie or similar technology.
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

/// Somebody who receives personal data.
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

/// What outlives an account's key.
struct Survivor {
  std::string id;
  Text title, text;
  Basis basis = Basis::legal_obligation;
  std::string purpose;
  Keeping keeping;
  std::string key;
};

}  // namespace notice
