#include "client/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace client {
namespace {

const char* word(Outcome outcome) {
  switch (outcome) {
    case Outcome::holds:
      return "holds";
    case Outcome::fails:
      return "fails";
    case Outcome::skipped:
      return "skipped";
  }
  return "skipped";
}

/// Text from outside is shown to a person's terminal: without control characters.
std::string harmless(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return out;
}

}  // namespace

bool Report::holds() const {
  return !checks.empty() && std::ranges::all_of(checks, [](const Check& check) {
    return check.outcome == Outcome::holds;
  });
}

Outcome Report::outcome(std::string_view name) const {
  const auto found = std::ranges::find(checks, name, &Check::name);
  return found == checks.end() ? Outcome::skipped : found->outcome;
}

std::string Report::text() const {
  std::string out;
  for (const Check& check : checks)
    out +=
        fmt::format("{:<7}  {:<10}  {}\n", word(check.outcome), check.name, harmless(check.says));
  if (!verifier_key.empty()) out += fmt::format("key      {}\n", harmless(verifier_key));
  if (pinning == Pinning::unpinned)
    out +=
        "unpinned The key came from the log itself. Compare it with one that you have from\n"
        "         elsewhere, and give it with --key, to know that it is the right log.\n";
  return out + (holds() ? "All checks hold.\n" : "Not verified.\n");
}

std::string Report::json() const {
  nlohmann::ordered_json out = {{"holds", holds()},
                                {"pinned", pinning == Pinning::pinned},
                                {"key", verifier_key},
                                {"size", head.size},
                                {"root", base::base64(head.root)},
                                {"checks", nlohmann::ordered_json::array()}};
  for (const Check& check : checks)
    out["checks"].push_back(
        {{"name", check.name}, {"outcome", word(check.outcome)}, {"says", check.says}});
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace client
