#include "notice/schema_check.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "notice/schema_messages.h"

namespace notice {
namespace {

using Json = nlohmann::json;
using Path = std::vector<std::string>;

bool is_language(std::string_view key) {
  return key.size() == 2 && key[0] >= 'a' && key[0] <= 'z' && key[1] >= 'a' && key[1] <= 'z';
}

/// Long texts may stand only where no regular expression meets them.
bool may_be_long(std::string_view key) { return is_language(key) || key == "path"; }

Json to_json(const Node& node, std::string_view key) {
  switch (node.kind) {
    case Node::Kind::null:
      return nullptr;
    case Node::Kind::boolean:
      return node.boolean;
    case Node::Kind::integer:
      return node.integer;
    case Node::Kind::text:
      return may_be_long(key) ? node.text : node.text.substr(0, plain_bytes_max);
    case Node::Kind::list: {
      Json out = Json::array();
      for (const Node& item : node.items) out.push_back(to_json(item, {}));
      return out;
    }
    case Node::Kind::map: {
      Json out = Json::object();
      for (const Member& member : node.members) {
        out[member.key.substr(0, plain_bytes_max)] = to_json(member.value, member.key);
      }
      return out;
    }
  }
  return nullptr;
}

/// Reads the schema beside the tree: what is expected at a place.
class Expectations {
 public:
  explicit Expectations(const Json& schema) : schema_(schema) {}

  const Json& resolved(const Json& part) const {
    const auto ref = part.find("$ref");
    if (ref == part.end()) return part;
    // "#/definitions/x"
    return schema_.at(Json::json_pointer(ref->get<std::string>().substr(1)));
  }
  const Json* below(const Json& part, const std::string& key) const {
    if (const auto properties = part.find("properties"); properties != part.end()) {
      const auto found = properties->find(key);
      if (found != properties->end()) return &resolved(*found);
    }
    // Free keys: languages have one schema for all, ids have one pattern.
    if (is_text(part)) return &resolved(part.at("additionalProperties"));
    const auto patterns = part.find("patternProperties");
    return patterns == part.end() ? nullptr : &resolved(patterns->front());
  }
  /// A map from language to text.
  static bool is_text(const Json& part) {
    const auto additional = part.find("additionalProperties");
    return additional != part.end() && additional->is_object();
  }
  const Json* item(const Json& part) const {
    const auto items = part.find("items");
    return items == part.end() ? nullptr : &resolved(*items);
  }
  const Json& root() const { return schema_; }

 private:
  const Json& schema_;
};

std::string description(const Json* part) {
  return part == nullptr ? std::string() : part->value("description", std::string());
}

std::vector<std::string> known_keys(const Json& part) {
  std::vector<std::string> keys;
  if (const auto properties = part.find("properties"); properties != part.end()) {
    for (const auto& [key, value] : properties->items()) keys.push_back(key);
  }
  return keys;
}

/// Walks tree and schema together for what the validator does not say well: every unknown key, ids
/// of a wrong form, texts that are too long.
class KeyCheck {
 public:
  KeyCheck(const Expectations& expected, Findings& findings)
      : expected_(expected), findings_(findings) {}

  void visit(const Node& node, const Json* part, std::string_view key) {
    if (node.is(Node::Kind::text) && node.text.size() > plain_bytes_max && !may_be_long(key)) {
      findings_.error(node.at, fmt::format("this text has {} bytes", node.text.size()),
                      fmt::format("at most {} are allowed here", plain_bytes_max));
    }
    if (part == nullptr) return;
    for (const Node& item : node.items) visit(item, expected_.item(*part), {});
    for (const Member& member : node.members) {
      const Json* below = expected_.below(*part, member.key);
      if (below == nullptr) {
        unknown(member, *part);
      } else {
        check_name(member, *part);
        visit(member.value, below, member.key);
      }
    }
  }

 private:
  void unknown(const Member& member, const Json& part) {
    if (part.value("additionalProperties", Json(true)) != Json(false)) return;
    findings_.error(member.at, fmt::format("unknown key `{}`", member.key),
                    hint_among(member.key, known_keys(part)));
  }

  void check_name(const Member& member, const Json& part) {
    const bool language = Expectations::is_text(part);
    if (!language && !part.contains("patternProperties")) return;
    constexpr std::size_t id_length_max = 40;
    const bool fits = language ? is_language(member.key)
                               : member.key.size() <= id_length_max && is_id(member.key);
    if (fits) return;
    findings_.error(
        member.at,
        fmt::format("`{}` is {}", member.key, language ? "not a language code" : "not a valid id"),
        language ? "two lower case letters, such as `en`"
                 : "lower case letters, digits and underscores, at most 40");
  }

  static bool is_id(std::string_view key) {
    if (key.empty() || key[0] < 'a' || key[0] > 'z') return false;
    return key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
  }

  const Expectations& expected_;
  Findings& findings_;
};

/// A place that the validator complained about, found again in tree and schema.
struct Place {
  const Node* node = nullptr;
  const Json* part = nullptr;
  Position at;       // of the key, or of the item
  std::string name;  // the last key, or the nearest id above
  std::string last;  // the last key
};

std::string own_id(const Node& node) {
  const Node* id = node.find("id");
  return id == nullptr ? std::string() : id->text;
}

Place find(const Node& root, const Expectations& expected, const Path& path) {
  Place place{&root, &expected.root(), root.at, {}, {}};
  for (const std::string& key : path) {
    const Node* next = nullptr;
    if (place.node->is(Node::Kind::list)) {
      const auto index = static_cast<std::size_t>(std::strtoul(key.c_str(), nullptr, 10));
      if (index < place.node->items.size()) next = &place.node->items[index];
      if (next != nullptr) place.at = next->at;
      if (place.part != nullptr) place.part = expected.item(*place.part);
      if (next != nullptr && !own_id(*next).empty()) place.name = own_id(*next);
    } else {
      for (const Member& member : place.node->members) {
        if (member.key != key) continue;
        next = &member.value;
        place.at = member.at;
      }
      const bool is_id = place.part != nullptr && !place.part->contains("properties");
      if (place.part != nullptr) place.part = expected.below(*place.part, key);
      if (is_id && !is_language(key)) place.name = key;
    }
    place.last = key;
    if (next == nullptr) return place;
    place.node = next;
  }
  return place;
}

bool empty(const Node& node) {
  return node.is(Node::Kind::null) ||
         (node.text.empty() && node.items.empty() && node.members.empty() &&
          !node.is(Node::Kind::boolean) && !node.is(Node::Kind::integer));
}

std::string quoted(const std::string& text) {
  constexpr std::size_t shown_max = 40;
  return text.size() <= shown_max ? fmt::format("`{}`", text)
                                  : fmt::format("`{}…`", text.substr(0, shown_max));
}

std::string expected_kind(const Json* part) {
  const std::string type = part == nullptr ? "" : part->value("type", std::string());
  if (type == "object") return "a map";
  if (type == "array") return "a list";
  if (type == "integer") return "a whole number";
  if (type == "boolean") return "true or false";
  return "text";
}

/// One complaint of the validator in our words.
void explain(const Place& place, std::string_view complaint, Findings& findings) {
  const Node& node = *place.node;
  const std::string what = place.last.empty() ? "the file" : fmt::format("`{}`", place.last);
  const std::string hint = description(place.part);
  const auto says = [&](std::string_view start) { return complaint.starts_with(start); };
  if (says("Value type")) {
    findings.error(node.at,
                   fmt::format("{} has to be {}, but this is {}", what, expected_kind(place.part),
                               describe(node.kind)),
                   hint);
  } else if (says("Failed to match against any enum")) {
    findings.error(node.at, fmt::format("{} is not a known word for {}", quoted(node.text), what),
                   hint);
  } else if (says("Failed to match regex")) {
    findings.error(node.at, fmt::format("{} does not have the form of {}", quoted(node.text), what),
                   hint);
  } else if (says("Array should contain no fewer") || says("Object should have no fewer") ||
             says("String should be no fewer")) {
    findings.error(node.at, fmt::format("{} is empty", what), hint);
  } else if (says("Array should contain no more") || says("Object should have no more") ||
             says("String should be no more")) {
    findings.error(node.at, fmt::format("{} is too long", what), hint);
  } else if (says("Expected number")) {
    findings.error(node.at, fmt::format("{} is out of range for {}", node.integer, what), hint);
  } else if (says("Elements at")) {
    findings.error(node.at, fmt::format("{} names something twice", what), "name each once");
  } else {
    findings.error(node.at, fmt::format("{} is not as it should be", what), hint);
  }
}

/// Complaints that only repeat one from further down, or that KeyCheck says better.
bool is_echo(std::string_view complaint) {
  return complaint.starts_with("Failed to validate") ||
         complaint.starts_with("Object contains a property");
}

void translate(const Node& root, const Expectations& expected,
               const valijson::ValidationResults::Error& error, Findings& findings) {
  if (is_echo(error.description)) return;
  Path path;
  for (std::size_t i = 1; i < error.context.size(); ++i) {
    const std::string& piece = error.context[i];  // "[key]"
    if (piece.size() >= 2) path.push_back(piece.substr(1, piece.size() - 2));
  }
  constexpr std::string_view missing = "Missing required property '";
  if (error.description.starts_with(missing)) {
    const Place place = find(root, expected, path);
    std::string key = error.description.substr(missing.size());
    key = key.substr(0, key.find('\''));
    path.push_back(key);
    const std::string name = path.size() > 1 && path[path.size() - 2] == "kinds" ? key : place.name;
    if (const auto sentence = sentence_for_missing(path, name)) {
      findings.error(place.at, sentence->message, sentence->hint);
      return;
    }
    const std::string where = place.last.empty() ? "the file" : fmt::format("`{}`", place.last);
    const Json* part = place.part == nullptr ? nullptr : expected.below(*place.part, key);
    findings.error(place.at, fmt::format("{} lacks `{}`", where, key), description(part));
    return;
  }
  const Place place = find(root, expected, path);
  if (empty(*place.node)) {
    if (const auto sentence = sentence_for_missing(path, place.name)) {
      findings.error(place.at, sentence->message, sentence->hint);
      return;
    }
  }
  explain(place, error.description, findings);
}

}  // namespace

struct SchemaCheck::Rules {
  Json json;
  valijson::Schema schema;
};

SchemaCheck::SchemaCheck(std::string_view schema) {
  auto rules = std::make_unique<Rules>();
  rules->json = Json::parse(schema);
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(rules->json), rules->schema);
  rules_ = std::move(rules);
}

SchemaCheck::~SchemaCheck() = default;

void SchemaCheck::check(const Node& root, Findings& findings) const {
  try {
    const Expectations expected(rules_->json);
    KeyCheck(expected, findings).visit(root, &rules_->json, {});
    const Json json = to_json(root, {});
    valijson::ValidationResults results;
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    const bool valid =
        validator.validate(rules_->schema, valijson::adapters::NlohmannJsonAdapter(json), &results);
    valijson::ValidationResults::Error error;
    while (results.popError(error)) translate(root, expected, error, findings);
    if (!valid && !findings.refused()) {
      findings.error(root.at, "the file does not fit the schema", "compare it with schema.json");
    }
  } catch (const std::exception&) {
    findings.error(root.at, "the file cannot be held against the schema");
  }
}

}  // namespace notice
