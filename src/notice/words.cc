#include "notice/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace notice {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

// Sorted by nothing but sense: the lists are short and read once a page.
constexpr std::array english = std::to_array<Entry>({
    {"contract", "our contract with you"},
    {"consent", "your consent"},
    {"legitimate_interest", "our legitimate interest"},
    {"legal_obligation", "a legal obligation"},
    {"instructions", "the customer's instructions"},
    {"person", "from you"},
    {"customer", "from our customer"},
    {"service", "made by the service"},
    {"recipient", "from a service that you use"},
    {"controller", "we decide (controller)"},
    {"processor", "on instructions (processor)"},
    {"independent_controller", "for purposes of its own (controller)"},
    {"chosen_by_customer", "chosen by you"},
    {"stop", "stops at once"},
    {"review", "is frozen at once, and a person decides"},
    {"necessary", "strictly necessary"},
    {"consent_class", "only with your consent"},
    {"session", "until you close the browser"},
    {"until withdrawn", "until you withdraw your consent"},
    {"cookie", "cookie"},
    {"local_storage", "local storage"},
    {"session_storage", "session storage"},
    {"none_needed", "stays in the EEA"},
    {"adequacy", "adequacy decision"},
    {"standard_clauses", "standard contractual clauses"},
    {"binding_rules", "binding corporate rules"},
    {"derogation", "derogation for a specific situation"},
    {"per_connection", "declared by each connector"},
    {"operator", "us"},
    {"EEA", "the EEA"},
    {"world", "the whole world"},
    {"varies", "as shown before connecting"},
    {"read_only", "read only"},
    {"second_person", "a second person, or you"},
    {"customer_approves", "you"},
    {"officer", "an external officer"},
    {"at_once", "at once"},
    {"always", "for good"},
    {"financial_year_ends", "after the end of the financial year"},
    {"recipient_confirms", "until the recipient confirms"},
    {"case_closes", "after the case is closed"},
    {"consent_ends", "after the choice has ended"},
    {"collected", "after the event"},
    {"account_ends", "after the account has ended"},
    {"released", "after release"},
    {"AT", "Austria"},
    {"BE", "Belgium"},
    {"BG", "Bulgaria"},
    {"HR", "Croatia"},
    {"CY", "Cyprus"},
    {"CZ", "Czechia"},
    {"DK", "Denmark"},
    {"EE", "Estonia"},
    {"FI", "Finland"},
    {"FR", "France"},
    {"DE", "Germany"},
    {"GR", "Greece"},
    {"HU", "Hungary"},
    {"IS", "Iceland"},
    {"IE", "Ireland"},
    {"IT", "Italy"},
    {"LV", "Latvia"},
    {"LI", "Liechtenstein"},
    {"LT", "Lithuania"},
    {"LU", "Luxembourg"},
    {"MT", "Malta"},
    {"NL", "Netherlands"},
    {"NO", "Norway"},
    {"PL", "Poland"},
    {"PT", "Portugal"},
    {"RO", "Romania"},
    {"SK", "Slovakia"},
    {"SI", "Slovenia"},
    {"ES", "Spain"},
    {"SE", "Sweden"},
    {"US", "USA"},
    {"GB", "United Kingdom"},
    {"CH", "Switzerland"},
});

constexpr std::array<std::string_view, 12> english_months = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

}  // namespace

std::string word(std::string_view key, std::string_view /*language*/) {
  const auto found = std::ranges::find(english, key, &Entry::first);
  if (found != english.end()) return std::string(found->second);
  std::string out(key);
  std::ranges::replace(out, '_', ' ');
  return out;
}

std::string long_date(std::string_view date, std::string_view /*language*/) {
  if (date.size() != 10) return std::string(date);
  unsigned month = 0;
  unsigned day = 0;
  std::from_chars(date.data() + 5, date.data() + 7, month);
  std::from_chars(date.data() + 8, date.data() + 10, day);
  if (month < 1 || month > 12) return std::string(date);
  return fmt::format("{} {} {}", day, english_months[month - 1], date.substr(0, 4));
}

}  // namespace notice
