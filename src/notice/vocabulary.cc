#include "notice/vocabulary.h"

#include <algorithm>
#include <array>

namespace notice {
namespace {

// Immutable word lists, built once: not state.
const std::array<std::string, 49>& clauses() {
  static const std::array<std::string, 49> list = {
      "OPER-1", "DATA-1",  "DATA-2",  "DATA-3",  "DATA-4", "PURP-1", "PURP-2", "PURP-3", "TECH-1",
      "TECH-2", "TECH-3",  "TECH-4",  "TECH-5",  "TECH-6", "TECH-7", "TECH-8", "TECH-9", "CONS-1",
      "CONS-2", "BASIS-1", "BASIS-2", "BASIS-3", "RECP-1", "RECP-2", "SECU-1", "SECU-2", "SECU-3",
      "SECU-4", "STAF-1",  "STAF-2",  "STAF-3",  "STAF-4", "STAF-5", "TRAN-1", "RETN-1", "RETN-2",
      "RETN-3", "RETN-4",  "RETN-5",  "AGES-1",  "RGHT-1", "RGHT-2", "RGHT-3", "RGHT-4", "RGHT-5",
      "RGHT-6", "RGHT-7",  "RGHT-8",  "CHNG-1"};
  return list;
}

}  // namespace

std::span<const std::string> clause_ids() { return clauses(); }

bool is_clause_id(std::string_view id) {
  return std::ranges::find(clauses(), id) != clauses().end();
}

std::span<const std::string> program_purposes() {
  static const std::array<std::string, 13> list = {
      "manage_accounts", "provide_service",  "notify",           "accountability", "security",
      "deliver_site",    "fair_use",         "fraud_prevention", "payments",       "integrations",
      "rights_requests", "complete_erasure", "statistics"};
  return list;
}

std::span<const std::string> required_purposes() { return program_purposes().first(4); }

std::span<const std::string> eea_countries() {
  static const std::array<std::string, 30> list = {
      "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IS", "IE",
      "IT", "LV", "LI", "LT", "LU", "MT", "NL", "NO", "PL", "PT", "RO", "SK", "SI", "ES", "SE"};
  return list;
}

bool inside_eea(std::string_view place) {
  return place == "EEA" || std::ranges::find(eea_countries(), place) != eea_countries().end();
}

}  // namespace notice
