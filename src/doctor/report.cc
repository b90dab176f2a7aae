#include "doctor/report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "doctor/words.h"

namespace doctor {
namespace {

constexpr std::size_t kColumns = 96;
constexpr std::size_t kIndent = 23;  // of the texts, behind subject and severity

/// `text` in lines of what fits behind the indent, the first one without it.
std::string wrapped(const std::string& text) {
  std::istringstream words(text);
  std::string out;
  std::size_t column = kIndent;
  for (std::string word; words >> word;) {
    if (column > kIndent && column + 1 + word.size() > kColumns) {
      out += "\n" + std::string(kIndent, ' ');
      column = kIndent;
    }
    if (column > kIndent) out += ' ';
    column += word.size() + (column > kIndent ? 1 : 0);
    out += word;
  }
  return out;
}

std::uint64_t count(const Findings& findings, Severity severity) {
  return static_cast<std::uint64_t>(std::ranges::count(findings, severity, &Finding::severity));
}

std::string verdict(const Findings& findings) {
  std::vector<std::string> parts;
  if (const auto errors = count(findings, Severity::error); errors != 0)
    parts.push_back(count_text(errors, "error", "errors"));
  if (const auto warnings = count(findings, Severity::warning); warnings != 0)
    parts.push_back(count_text(warnings, "warning", "warnings"));
  if (const auto advice = count(findings, Severity::advice); advice != 0)
    parts.push_back(count_text(advice, "piece of advice", "pieces of advice"));
  return parts.empty() ? "All is well." : list_text(parts) + ".";
}

}  // namespace

base::Literal name_of(Severity severity) {
  switch (severity) {
    case Severity::ok:
      return "ok";
    case Severity::advice:
      return "advice";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

base::Literal name_of(Subject subject) {
  switch (subject) {
    case Subject::server:
      return "server";
    case Subject::files:
      return "files";
    case Subject::root:
      return "root";
    case Subject::replicas:
      return "replicas";
    case Subject::store:
      return "store";
    case Subject::clock:
      return "clock";
    case Subject::memory:
      return "memory";
    case Subject::disk:
      return "disk";
    case Subject::certificate:
      return "certificate";
    case Subject::notice:
      return "notice";
    case Subject::mail:
      return "mail";
    case Subject::settings:
      return "settings";
  }
  return "";
}

std::string text_of(const Findings& findings) {
  std::string text;
  std::optional<Subject> last;
  for (const Finding& finding : findings) {
    const char* subject = last == finding.subject ? "" : name_of(finding.subject).c_str();
    last = finding.subject;
    text += fmt::format("{:<13}{:<10}{}\n", subject, name_of(finding.severity).c_str(),
                        wrapped(finding.text));
    if (!finding.fix.empty())
      text += std::string(kIndent, ' ') + wrapped("Fix: " + finding.fix) + "\n";
  }
  return text + "\n" + verdict(findings) + "\n";
}

std::string json_of(const Findings& findings) {
  auto json = nlohmann::ordered_json::array();
  for (const Finding& finding : findings)
    json.push_back({{"subject", name_of(finding.subject).c_str()},
                    {"severity", name_of(finding.severity).c_str()},
                    {"name", finding.name.c_str()},
                    {"finding", finding.text},
                    {"fix", finding.fix}});
  // A path may be of any bytes.
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

bool any_error(const Findings& findings) { return count(findings, Severity::error) != 0; }

}  // namespace doctor
