#include "workspace/json_schema.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "tests/support/opened.h"

namespace workspace {
namespace {

using base::Code;
using base::Result;
using nlohmann::json;
using support::opened;

Result<std::shared_ptr<const JsonSchema>> schema(std::string_view text) {
  const auto parsed = TRY(Document::parse(text));
  return JsonSchema::parse(parsed);
}
/// `keyword pointer` of what does not hold; empty where all does.
std::string check(const JsonSchema& schema, std::string_view document) {
  JsonSchema::Steps steps;
  const auto outcome = schema.check(Document::parse(document).value(), steps);
  if (!outcome.ok()) return base::to_string(outcome.code());
  if (!outcome->has_value()) return "";
  return std::string((*outcome)->keyword.c_str()) + " " + opened((*outcome)->at);
}
std::string check(std::string_view rules, std::string_view document) {
  return check(*schema(rules).value(), document);
}

TEST(JsonSchema, SaysWhatDoesNotHoldAndWhere) {
  const auto orders = schema(R"({
    "$schema": "http://json-schema.org/draft-07/schema#", "title": "An order", "type": "object",
    "required": ["number", "lines"], "additionalProperties": false,
    "properties": {
      "number": {"type": "integer", "minimum": 1},
      "email": {"type": "string", "pattern": "^[^@]+@[^@]+$", "format": "email"},
      "state": {"enum": ["open", "paid"]},
      "lines": {"type": "array", "minItems": 1, "uniqueItems": true,
                "items": {"$ref": "#/definitions/line"}}},
    "definitions": {"line": {"type": "object", "required": ["sku"], "properties": {
      "sku": {"type": "string", "maxLength": 5},
      "price": {"multipleOf": 0.01, "exclusiveMinimum": 0}}}}})")
                          .value();
  EXPECT_EQ(check(*orders, R"({"number":1,"lines":[{"sku":"blåbæ","price":0.3}],"state":"open"})"),
            "");
  EXPECT_EQ(check(*orders, R"({"number":1.0,"email":"a@b","lines":[{"sku":"a"},{"sku":"b"}]})"),
            "");
  EXPECT_EQ(check(*orders, R"({"number":1})"), "required ");
  EXPECT_EQ(check(*orders, R"({"number":0,"lines":[{"sku":"a"}]})"), "minimum /number");
  EXPECT_EQ(check(*orders, R"({"number":"1","lines":[{"sku":"a"}]})"), "type /number");
  EXPECT_EQ(check(*orders, R"({"number":1,"email":"a","lines":[{"sku":"a"}]})"), "pattern /email");
  EXPECT_EQ(check(*orders, R"({"number":1,"state":"x","lines":[{"sku":"a"}]})"), "enum /state");
  EXPECT_EQ(check(*orders, R"({"number":1,"lines":[]})"), "minItems /lines");
  EXPECT_EQ(check(*orders, R"({"number":1,"lines":[{"sku":"a"},{"sku":"a"}]})"),
            "uniqueItems /lines");
  EXPECT_EQ(check(*orders, R"({"number":1,"lines":[{"sku":"a"},{"sku":"abcdef"}]})"),
            "maxLength /lines/1/sku");
  EXPECT_EQ(check(*orders, R"({"number":1,"lines":[{"sku":"a","price":0.005}]})"),
            "multipleOf /lines/0/price");
  EXPECT_EQ(check(*orders, R"({"number":1,"lines":[{"sku":"a","price":0}]})"),
            "exclusiveMinimum /lines/0/price");
  EXPECT_EQ(check(*orders, R"({"number":1,"lines":[{"sku":"a"}],"a/b~c":1})"),
            "additionalProperties /a~1b~0c");
}

TEST(JsonSchema, EachKeywordHolds) {
  const auto holds = [](const std::string& rules, const std::string& value) {
    return check(R"({"properties":{"v":)" + rules + "}}", R"({"v":)" + value + "}").empty();
  };
  struct Case {
    const char *rules, *good, *bad;
  };
  for (const Case& one : std::initializer_list<Case>{
           {R"({"type":["null","boolean"]})", "null", "0"},
           {R"({"const":{"a":[1]}})", R"({"a":[1.0]})", R"({"a":[2]})"},
           {R"({"maximum":18446744073709551615})", "18446744073709551615",
            "18446744073709551616.0e5"},
           {R"({"exclusiveMaximum":2})", "1.9", "2"},
           {R"({"minLength":2})", "\"æø\"", "\"æ\""},
           {R"({"maxItems":1})", "[1]", "[1,2]"},
           {R"({"items":[{"type":"string"}],"additionalItems":{"type":"number"}})", R"(["a",1])",
            R"(["a","b"])"},
           {R"({"items":[{"type":"string"}],"additionalItems":false})", R"(["a"])", R"(["a",1])"},
           {R"({"contains":{"minimum":5}})", "[1,6]", "[1,2]"},
           {R"({"uniqueItems":true})", R"([1,"1",true,[1],{"a":1}])", "[1,2,1.0]"},
           {R"({"maxProperties":1})", R"({"a":1})", R"({"a":1,"b":1})"},
           {R"({"minProperties":1})", R"({"a":1})", "{}"},
           {R"({"patternProperties":{"^n":{"type":"number"}},"additionalProperties":false})",
            R"({"n1":1})", R"({"n1":1,"m":1})"},
           {R"({"patternProperties":{"^n":{"type":"number"}}})", R"({"m":"a"})", R"({"n1":"a"})"},
           {R"({"propertyNames":{"pattern":"^[a-z]+$"}})", R"({"ab":1})", R"({"A":1})"},
           {R"({"dependencies":{"a":["b"]}})", R"({"a":1,"b":1})", R"({"a":1})"},
           {R"({"dependencies":{"a":{"required":["c"]}}})", R"({"b":1})", R"({"a":1})"},
           {R"({"allOf":[{"minimum":1},{"maximum":3}]})", "2", "4"},
           {R"({"anyOf":[{"type":"string"},{"minimum":3}]})", "3", "2"},
           {R"({"oneOf":[{"minimum":1},{"maximum":3}]})", "4", "2"},
           {R"({"not":{"type":"string"}})", "1", "\"a\""},
           {R"({"if":{"type":"string"},"then":{"minLength":2},"else":{"minimum":2}})", "2",
            "\"a\""},
           {R"({"if":{"type":"string"},"then":{"minLength":2},"else":{"minimum":2}})", "\"ab\"",
            "1"}}) {
    EXPECT_TRUE(holds(one.rules, one.good)) << one.rules << one.good;
    EXPECT_FALSE(holds(one.rules, one.bad)) << one.rules << one.bad;
  }
  EXPECT_TRUE(holds("true", "1"));
  EXPECT_FALSE(holds("false", "1"));
}

TEST(JsonSchema, RefusesWhatItDoesNotKnow) {
  for (const char* bad : {R"({"typo":1})",
                          R"({"type":"text"})",
                          R"({"type":[]})",
                          R"({"minLength":-1})",
                          R"({"minLength":1.5})",
                          R"({"required":"a"})",
                          R"({"enum":[]})",
                          R"({"multipleOf":0})",
                          R"({"properties":{"a":1}})",
                          R"({"allOf":[]})",
                          R"({"allOf":{}})",
                          R"({"items":1})",
                          R"({"pattern":"("})",
                          R"({"pattern":"(a)\\1"})",
                          R"x({"pattern":"(?=a)"})x",
                          R"({"patternProperties":{"(":{}}})",
                          R"({"$ref":"http://example.com/schema"})",
                          R"({"$ref":"#/definitions/none"})",
                          R"({"$ref":"#/properties/a","properties":{"a":{}}})",
                          R"({"properties":{"a":{"definitions":{}}}})",
                          R"({"$id":"http://example.com/"})",
                          R"({"$schema":"http://json-schema.org/draft-04/schema#"})",
                          R"({"dependencies":{"a":[1]}})",
                          R"({"uniqueItems":1})"})
    EXPECT_EQ(schema(bad).code(), Code::invalid) << bad;
  std::string many = R"({"allOf":[)";
  for (int i = 0; i < 17; ++i)
    many += std::string(i == 0 ? "" : ",") + R"({"pattern":"a)" + std::to_string(i) + "\"}";
  EXPECT_EQ(schema(many + "]}").code(), Code::invalid);
}

/// What a check takes at most, on a machine that is busy.
void expect_soon(const char* what, const std::string& rules, const std::string& document) {
  const auto begun = std::chrono::steady_clock::now();
  check(*schema(rules).value(), document);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5)) << what;
}

/// A schema by which a document is asked for `leaf` 2^times times.
std::string doubled(int times, const std::string& keyword, const std::string& leaf) {
  std::string all = R"({"definitions":{"a)" + std::to_string(times) + "\":" + leaf;
  for (int i = 0; i < times; ++i) {
    const std::string next = R"({"$ref":"#/definitions/a)" + std::to_string(i + 1) + "\"}";
    all += ",\"a" + std::to_string(i) + "\":{\"" + keyword + "\":[" + next + "," + next + "]}";
  }
  return all + R"(},"$ref":"#/definitions/a0"})";
}

TEST(JsonSchema, WhatIsCheckedTogetherIsBoundedTogether) {
  const auto rules = schema(R"({"properties":{"v":{"uniqueItems":true}}})").value();
  std::string zeros = "0";
  for (int i = 1; i < 20'000; ++i) zeros += "," + std::to_string(i);
  const auto document = Document::parse(R"({"v":[)" + zeros + "]}").value();
  JsonSchema::Steps steps;
  int checked = 0;
  while (checked < 100 && rules->check(document, steps).ok()) ++checked;
  EXPECT_GE(checked, 20);
  EXPECT_LE(checked, 25);
  EXPECT_LT(steps.left, 1'000'000U);
}

TEST(JsonSchema, NothingMakesItHang) {
  const std::string as(100'000, 'a');
  expect_soon("a pattern", R"({"properties":{"v":{"pattern":"^(a+)+$"}}})",
              R"({"v":")" + as + "!\"}");
  std::string zeros = "0";
  for (int i = 0; i < 60'000; ++i) zeros += ",0";
  expect_soon("unique items", R"({"properties":{"v":{"uniqueItems":true}}})",
              R"({"v":[)" + zeros + ",1]}");
  const std::string twice = doubled(30, "anyOf", R"({"type":"string"})");
  expect_soon("each twice", twice, "{}");
  EXPECT_EQ(check(*schema(twice).value(), "{}"), "too_large");
  // What asks nothing of each of many still looks at each.
  const auto asked_often = [&](const std::string& keyword, const std::string& of_v,
                               const std::string& v) {
    const auto rules = schema(doubled(18, keyword, R"({"properties":{"v":)" + of_v + "}}")).value();
    return check(*rules, R"({"v":)" + v + "}");
  };
  EXPECT_EQ(asked_often("allOf", R"({"items":true})", "[" + zeros + "]"), "too_large");
  EXPECT_EQ(asked_often("allOf", R"({"items":[{}],"additionalItems":true})", "[" + zeros + "]"),
            "too_large");
  EXPECT_EQ(asked_often("anyOf", R"({"contains":false})", "[" + zeros + "]"), "too_large");
  const std::string named = R"({")" + std::string(100'000, 'n') + R"(":1})";
  for (const char* rule : {R"({"additionalProperties":true})", R"({"propertyNames":true})",
                           R"({"patternProperties":{"z":true}})"})
    EXPECT_EQ(asked_often("allOf", rule, named), "too_large") << rule;
  EXPECT_EQ(check(R"({"$ref":"#"})", "{}"), "too_large");
  EXPECT_EQ(check(R"({"allOf":[{"$ref":"#"}]})", "{}"), "too_large");
  // One that goes down with the document ends where it does.
  EXPECT_EQ(check(R"({"properties":{"a":{"$ref":"#"}},"maxProperties":1})",
                  R"({"a":{"a":{"a":{"b":1,"c":2}}}})"),
            "maxProperties /a/a/a");
}

/// A schema of the keywords that both know, and whose meaning does not hang on how numbers round.
rc::Gen<json> small_value(int depth) {
  auto leaf = rc::gen::map(rc::gen::inRange(0, 8), [](int n) -> json {
    const json all[] = {0, 1, 2, "a", "bb", true, nullptr, "ccc"};
    return all[n];
  });
  if (depth == 0) return leaf;
  const auto below = small_value(depth - 1);
  auto list = rc::gen::map(rc::gen::container<std::vector<json>>(below), [](std::vector<json> v) {
    if (v.size() > 4) v.resize(4);
    return json(v);
  });
  auto object = rc::gen::map(rc::gen::container<std::vector<json>>(below), [](std::vector<json> v) {
    json made = json::object();
    const char* names[] = {"a", "b", "c"};
    for (std::size_t i = 0; i < std::min<std::size_t>(v.size(), 3); ++i) made[names[i]] = v[i];
    return made;
  });
  return rc::gen::oneOf(leaf, list, object);
}
rc::Gen<json> small_schema(int depth) {
  auto leaf = rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 12), small_value(1)),
                           [](const std::pair<int, json>& it) -> json {
                             const json all[] = {json::object(),
                                                 {{"type", "object"}},
                                                 {{"type", json::array({"string", "integer"})}},
                                                 {{"minimum", 1}},
                                                 {{"exclusiveMaximum", 2}},
                                                 {{"minLength", 2}},
                                                 {{"maxItems", 1}},
                                                 {{"uniqueItems", true}},
                                                 {{"required", json::array({"a"})}},
                                                 {{"const", it.second}},
                                                 {{"enum", json::array({it.second, 1})}},
                                                 {{"maxProperties", 1}}};
                             return all[it.first];
                           });
  if (depth == 0) return leaf;
  const auto below = small_schema(depth - 1);
  auto inner =
      rc::gen::map(rc::gen::tuple(rc::gen::inRange(0, 10), below, below),
                   [](const std::tuple<int, json, json>& it) -> json {
                     const auto& [n, x, y] = it;
                     const json all[] = {{{"properties", {{"a", x}, {"b", y}}}},
                                         {{"properties", {{"a", x}}}, {"additionalProperties", y}},
                                         {{"items", x}},
                                         {{"items", json::array({x})}, {"additionalItems", y}},
                                         {{"contains", x}},
                                         {{"allOf", json::array({x, y})}},
                                         {{"anyOf", json::array({x, y})}},
                                         {{"oneOf", json::array({x, y})}},
                                         {{"not", x}},
                                         {{"if", x}, {"then", y}}};
                     return all[n];
                   });
  return rc::gen::oneOf(leaf, inner);
}

RC_GTEST_PROP(JsonSchemaOracle, AgreesWithAnotherValidator, ()) {
  const json rules = *small_schema(3);
  const json document = {{"a", *small_value(2)}, {"b", *small_value(1)}};
  valijson::Schema theirs;
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(rules), theirs);
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  const bool good =
      validator.validate(theirs, valijson::adapters::NlohmannJsonAdapter(document), nullptr);
  RC_LOG() << rules.dump() << document.dump();
  RC_ASSERT(check(rules.dump(), document.dump()).empty() == good);
}

}  // namespace
}  // namespace workspace
