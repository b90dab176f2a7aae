#include "workspace/json_vet.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace workspace {
namespace {

using base::Code;
using base::Error;
using base::Result;
using Json = nlohmann::json;

constexpr const char* kDraft7 = "http://json-schema.org/draft-07/schema#";

/// What a keyword's value is.
enum class Takes : std::uint8_t {
  note,      // anything; says nothing about documents
  anything,  // a value to compare with
  count,     // a whole number from 0 up
  number,
  divisor,  // a number above 0
  flag,
  names,   // a list of strings
  values,  // a list that is not empty
  pattern,
  type,
  reference,
  schema,
  schemas,  // a list of schemas that is not empty
  schema_by_name,
  schema_by_pattern,
  schema_or_list,
  dependencies,
};
struct Keyword {
  std::string_view name;
  Takes takes;
};
using enum Takes;
constexpr std::array kKeywords = {
    Keyword{"type", type},
    Keyword{"enum", values},
    Keyword{"const", anything},
    Keyword{"multipleOf", divisor},
    Keyword{"maximum", number},
    Keyword{"exclusiveMaximum", number},
    Keyword{"minimum", number},
    Keyword{"exclusiveMinimum", number},
    Keyword{"maxLength", count},
    Keyword{"minLength", count},
    Keyword{"pattern", pattern},
    Keyword{"maxItems", count},
    Keyword{"minItems", count},
    Keyword{"uniqueItems", flag},
    Keyword{"items", schema_or_list},
    Keyword{"additionalItems", schema},
    Keyword{"contains", schema},
    Keyword{"maxProperties", count},
    Keyword{"minProperties", count},
    Keyword{"required", names},
    Keyword{"properties", schema_by_name},
    Keyword{"patternProperties", schema_by_pattern},
    Keyword{"additionalProperties", schema},
    Keyword{"propertyNames", schema},
    Keyword{"dependencies", dependencies},
    Keyword{"allOf", schemas},
    Keyword{"anyOf", schemas},
    Keyword{"oneOf", schemas},
    Keyword{"not", schema},
    Keyword{"if", schema},
    Keyword{"then", schema},
    Keyword{"else", schema},
    Keyword{"$ref", reference},
    Keyword{"definitions", schema_by_name},
    Keyword{"$schema", note},
    Keyword{"$comment", note},
    Keyword{"title", note},
    Keyword{"description", note},
    Keyword{"default", note},
    Keyword{"examples", note},
    Keyword{"readOnly", note},
    Keyword{"writeOnly", note},
    Keyword{"format", note},
    Keyword{"contentMediaType", note},
    Keyword{"contentEncoding", note},
};

bool names_a_type(const Json& value) {
  constexpr std::array<std::string_view, 7> kTypes = {"object",  "array", "string", "boolean",
                                                      "integer", "null",  "number"};
  return value.is_string() &&
         std::ranges::find(kTypes, value.get_ref<const std::string&>()) != kTypes.end();
}

bool all_strings(const Json& list) {
  return list.is_array() &&
         std::ranges::all_of(list, [](const Json& one) { return one.is_string(); });
}

/// Looks once through a schema, so that the check need not doubt anything in it.
class Vetting {
 public:
  Vetting(const Json& root, Patterns& patterns) : root_(root), patterns_(patterns) {}

  Result<void> vet(const Json& schema) {
    if (schema.is_boolean()) return {};
    TRY(holds(schema.is_object()));
    if (schema.contains("definitions") && &schema != &root_)
      return Error{Code::invalid, "schema: definitions stand at the top alone"};
    for (const auto& [name, value] : schema.items()) {
      const auto* keyword = std::ranges::find(kKeywords, std::string_view(name), &Keyword::name);
      if (keyword == kKeywords.end())
        return Error{Code::invalid,
                     "schema: it has a keyword that JSON Schema draft 7 has not, or that is not "
                     "taken here ($id)"};
      if (name == "$schema" && value != kDraft7)
        return Error{Code::invalid, "schema: $schema is http://json-schema.org/draft-07/schema#"};
      TRY(vet_value(keyword->takes, value));
    }
    return {};
  }

 private:
  static Result<void> holds(bool condition) {
    if (condition) return {};
    return Error{Code::invalid,
                 "schema: a keyword's value is not of the kind that draft 7 asks for"};
  }

  Result<void> vet_value(Takes takes, const Json& value) {
    switch (takes) {
      case note:
      case anything:
        return {};
      case count:
        return holds(value.is_number_unsigned());
      case number:
        return holds(value.is_number());
      case divisor:
        return holds(value.is_number() && value.get<double>() > 0);
      case flag:
        return holds(value.is_boolean());
      case names:
        return holds(all_strings(value));
      case values:
        return holds(value.is_array() && !value.empty());
      case Takes::pattern:
        TRY(holds(value.is_string()));
        return patterns_.add(value.get<std::string>());
      case type:
        return holds(names_a_type(value) || (value.is_array() && !value.empty() &&
                                             std::ranges::all_of(value, names_a_type)));
      case reference:
        return vet_reference(value);
      case schema:
        return vet(value);
      case schemas:
        return vet_list(value);
      case schema_or_list:
        return value.is_array() ? vet_list(value) : vet(value);
      case schema_by_name:
      case schema_by_pattern:
      case dependencies:
        break;
    }
    return vet_named(takes, value);
  }

  Result<void> vet_list(const Json& list) {
    TRY(holds(list.is_array() && !list.empty()));
    for (const Json& one : list) {
      TRY(vet(one));
    }
    return {};
  }

  Result<void> vet_named(Takes takes, const Json& schemas) {
    TRY(holds(schemas.is_object()));
    for (const auto& [name, one] : schemas.items()) {
      if (takes == schema_by_pattern) TRY(patterns_.add(name));
      if (takes == dependencies && all_strings(one)) continue;
      TRY(vet(one));
    }
    return {};
  }

  Result<void> vet_reference(const Json& text) const {
    TRY(holds(text.is_string()));
    const std::string_view to = text.get_ref<const std::string&>();
    if (to == "#") return {};
    const auto definitions = root_.find("definitions");
    if (to.starts_with(kDefinition) && definitions != root_.end() &&
        definitions->contains(std::string(to.substr(kDefinition.size()))))
      return {};
    return Error{Code::invalid, "schema: $ref is # or #/definitions/NAME, of one that is there"};
  }

  const Json& root_;
  Patterns& patterns_;
};

}  // namespace

Result<void> vet_schema(std::string_view text, Patterns& patterns) {
  const Json root = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object()) return Error{Code::invalid, "schema: a JSON object"};
  return Vetting(root, patterns).vet(root);
}

}  // namespace workspace
