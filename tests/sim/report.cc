#include "tests/sim/report.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace sim {
namespace {

using Json = nlohmann::ordered_json;

struct Named {
  const char* name;
  const char* words;
  std::uint64_t Figures::* figure;
};
constexpr std::array kFigures = {
    Named{"crash_points", "crash points", &Figures::crashes},
    Named{"requests", "requests", &Figures::requests},
    Named{"disk_operations", "disk operations", &Figures::operations},
    Named{"owners", "owners", &Figures::owners},
    Named{"erasures", "erasures", &Figures::erasures},
    Named{"backups", "backups", &Figures::backups},
    Named{"restores", "restores", &Figures::restores},
    Named{"faults", "faults", &Figures::faults},
    Named{"damage_noticed", "damage noticed", &Figures::detected},
};

Json json(const Figures& figures) {
  Json out;
  for (const Named& named : kFigures) out[named.name] = figures.*named.figure;
  return out;
}

}  // namespace

std::string encode(const Outcome& outcome) {
  Json out;
  out["figures"] = json(outcome.figures);
  out["digest"] = outcome.digest;
  out["violations"] = Json::array();
  for (const Violation& violation : outcome.violations)
    out["violations"].push_back(
        {{"invariant", name_of(violation.invariant)}, {"what", violation.what}});
  return out.dump();
}

Outcome decode(const std::string& text, bool ended_well) {
  Outcome outcome;
  const Json said = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!ended_well || !said.is_object()) {
    outcome.violations.push_back(
        {Invariant::starts_again, "the process ended, or did not come to its end"});
    return outcome;
  }
  for (const Named& named : kFigures)
    outcome.figures.*named.figure = said["figures"][named.name].get<std::uint64_t>();
  outcome.digest = said["digest"].get<std::uint64_t>();
  for (const Json& violation : said["violations"]) {
    const auto name = violation["invariant"].get<std::string>();
    const auto all = invariants();
    const auto found = std::ranges::find(all, name, &InvariantEntry::name);
    outcome.violations.push_back({found->invariant, violation["what"].get<std::string>()});
  }
  return outcome;
}

std::string words_of(const Figures& figures) {
  std::string out;
  for (const Named& named : kFigures)
    out += (out.empty() ? "" : ", ") + std::string(named.words) + " " +
           std::to_string(figures.*named.figure);
  return out;
}

std::string json_of(const Figures& figures) { return json(figures).dump(); }

}  // namespace sim
