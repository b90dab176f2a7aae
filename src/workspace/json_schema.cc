#include "workspace/json_schema.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "workspace/json_vet.h"

namespace workspace {
namespace {

using base::Code;
using base::Error;
using base::Result;
using Json = nlohmann::json;
using Mismatch = JsonSchema::Mismatch;

constexpr std::size_t kNested = 256;  // schemas applied within each other

/// One keyword of a schema against one value.
struct Asked {
  const Json& says;
  const Json& schema;
  const Json& value;
};

bool is_type(const Json& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  if (type == "number" || value.is_number_integer()) return value.is_number();
  return value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>();
}

long double number(const Json& value) {
  if (value.is_number_unsigned()) return static_cast<long double>(value.get<std::uint64_t>());
  if (value.is_number_integer()) return static_cast<long double>(value.get<std::int64_t>());
  return static_cast<long double>(value.get<double>());
}

/// Decimal fractions have no exact form: 0.3 is a multiple of 0.1 all the same.
bool multiple(long double value, long double of) {
  const long double times = value / of;
  const long double off = std::fabs(times - std::nearbyint(times));
  return off <= 1e-9L * std::max(1.0L, std::fabs(times));
}

/// In code points.
std::uint64_t length(std::string_view text) {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

/// How much there is to compare, copy or match.
std::uint64_t text_weight(std::string_view text) { return 1 + text.size() / 64; }
std::uint64_t weight(const Json& value) {
  if (value.is_string()) return text_weight(value.get_ref<const std::string&>());
  std::uint64_t all = 1;
  if (value.is_structured())
    for (const Json& one : value) all += weight(one);
  return all;
}

class Check {
 public:
  Check(const Json& root, const Patterns& patterns, std::uint64_t steps)
      : root_(root), patterns_(patterns), left_(steps) {}

  /// Code::too_large where it cannot be said.
  Result<bool> holds(const Json& schema, const Json& value) {
    TRY(spend(1));
    if (schema.is_boolean()) return schema.get<bool>() || fails(keyword_);
    if (nested_ == kNested) return too_much();
    const base::Literal outer = keyword_;
    ++nested_;
    auto outcome = all_hold(schema, value);
    --nested_;
    keyword_ = outer;
    return outcome;
  }
  std::optional<Mismatch> mismatch() const { return failed_; }
  std::uint64_t left() const { return left_; }

 private:
  using Test = Result<bool> (Check::*)(const Asked&);
  struct Keyword {
    std::string_view name;
    base::Literal told;
    Test test;
  };
  static const std::vector<Keyword>& keywords();

  static Error too_much() {
    return {Code::too_large,
            "document: to check it against the collection's schema takes too much work"};
  }
  Result<void> spend(std::uint64_t steps) {
    if (steps > left_) return too_much();
    left_ -= steps;
    return {};
  }
  /// The first that fails, and is not only tried, is what is told.
  bool fails(base::Literal keyword) {
    if (tried_ == 0 && !failed_) failed_ = Mismatch{base::Personal<std::string>(at_), keyword};
    return false;
  }

  Result<bool> all_hold(const Json& schema, const Json& value) {
    TRY(spend(schema.size()));
    if (const auto to = schema.find("$ref"); to != schema.end())
      return holds(referred(to->get_ref<const std::string&>()), value);
    for (const auto& [name, says] : schema.items()) {
      const auto known = std::ranges::find(keywords(), std::string_view(name), &Keyword::name);
      if (known == keywords().end()) continue;  // a note, or a part of another one
      keyword_ = known->told;
      const bool good = TRY((this->*known->test)({says, schema, value}));
      if (!good) return fails(known->told);
    }
    return true;
  }
  const Json& referred(std::string_view to) const {
    if (to == "#") return root_;
    return *root_.find("definitions")->find(std::string(to.substr(kDefinition.size())));
  }
  Result<bool> tries(const Json& schema, const Json& value) {
    ++tried_;
    auto outcome = holds(schema, value);
    --tried_;
    return outcome;
  }
  Result<bool> below(const Json& schema, std::string_view name, const Json& value) {
    TRY(spend(text_weight(name)));
    const std::size_t before = at_.size();
    at_ += '/';
    for (const char c : name) {
      if (c == '~' || c == '/')
        at_ += c == '~' ? "~0" : "~1";
      else
        at_ += c;
    }
    auto outcome = holds(schema, value);
    at_.resize(before);
    return outcome;
  }

  Result<bool> type(const Asked& a) {
    if (a.says.is_string()) return is_type(a.value, a.says.get_ref<const std::string&>());
    return std::ranges::any_of(a.says, [&](const Json& one) {
      return is_type(a.value, one.get_ref<const std::string&>());
    });
  }
  Result<bool> one_of_values(const Asked& a) {
    TRY(spend(weight(a.says)));
    return std::ranges::find(a.says, a.value) != a.says.end();
  }
  Result<bool> constant(const Asked& a) {
    TRY(spend(weight(a.says)));
    return a.value == a.says;
  }

  Result<bool> multiple_of(const Asked& a) {
    return !a.value.is_number() || multiple(number(a.value), number(a.says));
  }
  Result<bool> maximum(const Asked& a) {
    return !a.value.is_number() || number(a.value) <= number(a.says);
  }
  Result<bool> below_maximum(const Asked& a) {
    return !a.value.is_number() || number(a.value) < number(a.says);
  }
  Result<bool> minimum(const Asked& a) {
    return !a.value.is_number() || number(a.value) >= number(a.says);
  }
  Result<bool> above_minimum(const Asked& a) {
    return !a.value.is_number() || number(a.value) > number(a.says);
  }

  Result<bool> longest(const Asked& a) {
    TRY(spend(weight(a.value)));
    return !a.value.is_string() ||
           length(a.value.get_ref<const std::string&>()) <= a.says.get<std::uint64_t>();
  }
  Result<bool> shortest(const Asked& a) {
    TRY(spend(weight(a.value)));
    return !a.value.is_string() ||
           length(a.value.get_ref<const std::string&>()) >= a.says.get<std::uint64_t>();
  }
  Result<bool> pattern(const Asked& a) {
    if (!a.value.is_string()) return true;
    TRY(spend(weight(a.value)));
    return patterns_.found(a.says.get_ref<const std::string&>(),
                           a.value.get_ref<const std::string&>());
  }

  Result<bool> items_max(const Asked& a) {
    return !a.value.is_array() || a.value.size() <= a.says.get<std::uint64_t>();
  }
  Result<bool> items_min(const Asked& a) {
    return !a.value.is_array() || a.value.size() >= a.says.get<std::uint64_t>();
  }
  Result<bool> unique(const Asked& a) {
    if (!a.value.is_array() || !a.says.get<bool>()) return true;
    // Sorted, each is compared with some twenty others.
    TRY(spend(20 * weight(a.value)));
    std::vector<const Json*> all;
    for (const Json& one : a.value) all.push_back(&one);
    std::ranges::sort(all, [](const Json* x, const Json* y) { return *x < *y; });
    return std::ranges::adjacent_find(all, [](const Json* x, const Json* y) { return *x == *y; }) ==
           all.end();
  }
  Result<bool> items(const Asked& a) {
    if (!a.value.is_array()) return true;
    const bool by_place = a.says.is_array();
    const auto others = a.schema.find("additionalItems");
    for (std::size_t i = 0; i < a.value.size(); ++i) {
      const Json* its = &a.says;
      if (by_place && i < a.says.size()) its = &a.says[i];
      if (by_place && i >= a.says.size()) {
        if (others == a.schema.end()) break;
        keyword_ = "additionalItems";
        its = &*others;
      }
      const bool good = TRY(below(*its, std::to_string(i), a.value[i]));
      if (!good) return false;
    }
    return true;
  }
  Result<bool> contains(const Asked& a) {
    if (!a.value.is_array()) return true;
    for (const Json& one : a.value) {
      const bool good = TRY(tries(a.says, one));
      if (good) return true;
    }
    return false;
  }

  Result<bool> members_max(const Asked& a) {
    return !a.value.is_object() || a.value.size() <= a.says.get<std::uint64_t>();
  }
  Result<bool> members_min(const Asked& a) {
    return !a.value.is_object() || a.value.size() >= a.says.get<std::uint64_t>();
  }
  Result<bool> required(const Asked& a) {
    TRY(spend(a.says.size()));
    return !a.value.is_object() || std::ranges::all_of(a.says, [&](const Json& name) {
      return a.value.contains(name.get_ref<const std::string&>());
    });
  }
  Result<bool> members(const Asked& a) {
    if (!a.value.is_object()) return true;
    TRY(spend(a.says.size()));
    for (const auto& [name, its] : a.says.items()) {
      const auto found = a.value.find(name);
      if (found == a.value.end()) continue;
      const bool good = TRY(below(its, name, *found));
      if (!good) return false;
    }
    return true;
  }
  Result<bool> members_by_pattern(const Asked& a) {
    if (!a.value.is_object()) return true;
    for (const auto& [name, value] : a.value.items())
      for (const auto& [pattern, its] : a.says.items()) {
        TRY(spend(text_weight(name)));
        if (!patterns_.found(pattern, name)) continue;
        const bool good = TRY(below(its, name, value));
        if (!good) return false;
      }
    return true;
  }
  Result<bool> other_members(const Asked& a) {
    if (!a.value.is_object()) return true;
    const auto named = a.schema.find("properties");
    const auto patterned = a.schema.find("patternProperties");
    for (const auto& [name, value] : a.value.items()) {
      TRY(spend(1));
      if (named != a.schema.end() && named->contains(name)) continue;
      if (patterned != a.schema.end()) {
        TRY(spend(patterned->size() * text_weight(name)));
        const auto matches = [&](const auto& one) { return patterns_.found(one.key(), name); };
        const auto all = patterned->items();
        if (std::any_of(all.begin(), all.end(), matches)) continue;
      }
      const bool good = TRY(below(a.says, name, value));
      if (!good) return false;
    }
    return true;
  }
  Result<bool> member_names(const Asked& a) {
    if (!a.value.is_object()) return true;
    for (const auto& [name, value] : a.value.items()) {
      TRY(spend(text_weight(name)));
      const bool good = TRY(tries(a.says, Json(name)));
      if (!good) return false;
    }
    return true;
  }
  Result<bool> dependencies(const Asked& a) {
    if (!a.value.is_object()) return true;
    TRY(spend(weight(a.says)));
    for (const auto& [name, needs] : a.says.items()) {
      if (!a.value.contains(name)) continue;
      const bool good =
          TRY(needs.is_array() ? required({needs, a.schema, a.value}) : holds(needs, a.value));
      if (!good) return false;
    }
    return true;
  }

  Result<bool> all_of(const Asked& a) {
    for (const Json& one : a.says) {
      const bool good = TRY(holds(one, a.value));
      if (!good) return false;
    }
    return true;
  }
  Result<std::size_t> how_many(const Asked& a, std::size_t enough) {
    std::size_t found = 0;
    for (const Json& one : a.says) {
      const bool good = TRY(tries(one, a.value));
      if (good && ++found == enough) break;
    }
    return found;
  }
  Result<bool> any_of(const Asked& a) {
    const std::size_t found = TRY(how_many(a, 1));
    return found == 1;
  }
  Result<bool> one_of(const Asked& a) {
    const std::size_t found = TRY(how_many(a, 2));
    return found == 1;
  }
  Result<bool> none_of(const Asked& a) {
    const bool good = TRY(tries(a.says, a.value));
    return !good;
  }
  Result<bool> condition(const Asked& a) {
    const bool good = TRY(tries(a.says, a.value));
    const auto then = a.schema.find(good ? "then" : "else");
    if (then == a.schema.end()) return true;
    return holds(*then, a.value);
  }

  const Json& root_;
  const Patterns& patterns_;
  std::uint64_t left_;
  std::size_t nested_ = 0;
  std::size_t tried_ = 0;
  base::Literal keyword_ = "schema";  // that is being asked
  std::string at_;
  std::optional<Mismatch> failed_;
};

const std::vector<Check::Keyword>& Check::keywords() {
  static const std::vector<Keyword> all = {
      {"type", "type", &Check::type},
      {"enum", "enum", &Check::one_of_values},
      {"const", "const", &Check::constant},
      {"multipleOf", "multipleOf", &Check::multiple_of},
      {"maximum", "maximum", &Check::maximum},
      {"exclusiveMaximum", "exclusiveMaximum", &Check::below_maximum},
      {"minimum", "minimum", &Check::minimum},
      {"exclusiveMinimum", "exclusiveMinimum", &Check::above_minimum},
      {"maxLength", "maxLength", &Check::longest},
      {"minLength", "minLength", &Check::shortest},
      {"pattern", "pattern", &Check::pattern},
      {"maxItems", "maxItems", &Check::items_max},
      {"minItems", "minItems", &Check::items_min},
      {"uniqueItems", "uniqueItems", &Check::unique},
      {"items", "items", &Check::items},
      {"contains", "contains", &Check::contains},
      {"maxProperties", "maxProperties", &Check::members_max},
      {"minProperties", "minProperties", &Check::members_min},
      {"required", "required", &Check::required},
      {"properties", "properties", &Check::members},
      {"patternProperties", "patternProperties", &Check::members_by_pattern},
      {"additionalProperties", "additionalProperties", &Check::other_members},
      {"propertyNames", "propertyNames", &Check::member_names},
      {"dependencies", "dependencies", &Check::dependencies},
      {"allOf", "allOf", &Check::all_of},
      {"anyOf", "anyOf", &Check::any_of},
      {"oneOf", "oneOf", &Check::one_of},
      {"not", "not", &Check::none_of},
      {"if", "if", &Check::condition},
  };
  return all;
}

}  // namespace

struct JsonSchema::Rules {
  Json root;
  Patterns patterns;
};

JsonSchema::JsonSchema(std::unique_ptr<Rules> rules) : rules_(std::move(rules)) {}
JsonSchema::~JsonSchema() = default;

Result<std::shared_ptr<const JsonSchema>> JsonSchema::parse(const Document& text) {
  if (text.text_.size() > bytes_max) return Error{Code::invalid, "schema: at most 32 KiB"};
  auto rules = std::make_unique<Rules>();
  TRY(vet_schema(text.text_, rules->patterns));
  rules->root = Json::parse(text.text_);
  return std::shared_ptr<const JsonSchema>(new JsonSchema(std::move(rules)));
}

Result<std::optional<Mismatch>> JsonSchema::check(const Document& document, Steps& steps) const {
  const Json value = Json::parse(document.text_, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return Error{Code::invalid, "document: this is not JSON"};
  const std::uint64_t may = std::min(steps_max, steps.left);
  Check check(rules_->root, rules_->patterns, may);
  const auto outcome = check.holds(rules_->root, value);
  steps.left -= may - check.left();
  const bool good = TRY(outcome);
  if (good) return std::optional<Mismatch>();
  return check.mismatch();
}

}  // namespace workspace
