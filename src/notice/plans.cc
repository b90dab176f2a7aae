#include "notice/plans.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "base/result.h"
#include "notice/node.h"
#include "notice/schema_check.h"

namespace notice {

// Made by the build.
std::string_view embedded(std::string_view path);

namespace {

constexpr std::string_view kDefaultFile = "notice/plans.yaml";

/// Of a text that the schema has let through.
std::uint64_t bytes_of(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, unsigned>, 3> kUnits = {
      {{"MiB", 20}, {"GiB", 30}, {"TiB", 40}}};
  std::uint64_t amount = 0;
  const auto digits = text.substr(0, text.find(' '));
  std::from_chars(digits.data(), digits.data() + digits.size(), amount);
  for (const auto& [unit, power] : kUnits)
    if (text.ends_with(unit)) return amount << power;
  return 0;
}

Plan read_plan(const Member& member) {
  Plan plan;
  plan.name = member.key;
  if (const Node* number = member.value.find("number"))
    plan.number = static_cast<std::uint32_t>(number->integer);
  if (const Node* title = member.value.find("title"))
    for (const Member& one : title->members) plan.title.emplace(one.key, one.value.text);
  if (const Node* storage = member.value.find("storage"))
    plan.storage_bytes_max = bytes_of(storage->text);
  if (const Node* requests = member.value.find("token_requests_per_minute"))
    plan.token_requests_per_minute = static_cast<std::uint32_t>(requests->integer);
  if (const Node* paid = member.value.find("paid"); paid != nullptr && paid->boolean)
    plan.paid = Plan::Paid::yes;
  return plan;
}

/// Where the default is none of the plans, that is told.
std::optional<Plans> read(const Node& root, Findings& findings) {
  const Node* first = root.find("default");
  const Node* all = root.find("plans");
  if (first == nullptr || all == nullptr) return std::nullopt;
  Plans plans;
  std::vector<std::string> names;
  std::set<std::uint32_t> numbers;
  bool found = false;
  for (const Member& member : all->members) {
    names.push_back(member.key);
    Plan plan = read_plan(member);
    if (!numbers.insert(plan.number).second)
      findings.error(member.at, fmt::format("`{}` has the number of another plan", member.key),
                     "give it one that no plan has, or has had");
    if (member.key == first->text) {
      plans.first = std::move(plan);
      found = true;
    } else {
      plans.others.push_back(std::move(plan));
    }
  }
  if (!found)
    findings.error(first->at, "the default is none of the plans", hint_among(first->text, names));
  return plans;
}

}  // namespace

const Plan* Plans::named(std::string_view name) const {
  if (name == first.name) return &first;
  const auto found = std::ranges::find(others, name, &Plan::name);
  return found == others.end() ? nullptr : &*found;
}

const Plan* Plans::numbered(std::int64_t number) const {
  if (number == first.number) return &first;
  const auto found = std::ranges::find(others, number, &Plan::number);
  return found == others.end() ? nullptr : &*found;
}

std::string CheckedPlans::report() const {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) out += to_string(diagnostic);
  return out;
}

CheckedPlans check_plans(std::string_view file, std::string_view text) {
  Findings findings{std::string(file)};
  const std::optional<Node> root = read_yaml(text, findings);
  if (!root) return {std::nullopt, findings.take()};
  if (!root->is(Node::Kind::map)) {
    findings.error(root->at, "plans are a map of keys", "it begins with `format: 1`");
    return {std::nullopt, findings.take()};
  }
  static const SchemaCheck schema(embedded("notice/plans.schema.json"));
  schema.check(*root, findings);
  std::optional<Plans> plans = findings.refused() ? std::nullopt : read(*root, findings);
  if (findings.refused()) plans.reset();
  return {std::move(plans), findings.take()};
}

std::string_view default_plans_text() { return embedded(kDefaultFile); }

const Plans& default_plans() {
  static const Plans plans = [] {
    auto checked = check_plans(kDefaultFile, default_plans_text());
    CHECK(checked.ok());
    return std::move(*checked.plans);
  }();
  return plans;
}

}  // namespace notice
