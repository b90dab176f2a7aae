#include "tests/support/json.h"

#include <nlohmann/json.hpp>

namespace support {
namespace {

using Json = nlohmann::json;

Json at(const std::string& text, const std::string& pointer) {
  const Json whole = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (whole.is_discarded()) return nullptr;
  const Json::json_pointer where(pointer);
  return whole.contains(where) ? whole.at(where) : Json(nullptr);
}

}  // namespace

std::string json_at(const std::string& text, const std::string& pointer) {
  const Json found = at(text, pointer);
  if (found.is_null()) return "";
  return found.is_string() ? found.get<std::string>() : found.dump();
}

std::vector<std::string> json_keys(const std::string& text, const std::string& pointer) {
  std::vector<std::string> keys;
  const Json found = at(text, pointer);
  for (const auto& item : found.items()) keys.push_back(item.key());
  return keys;
}

bool is_json(const std::string& text) {
  return !Json::parse(text, nullptr, /*allow_exceptions=*/false).is_discarded();
}

std::string json_object(const std::vector<std::pair<std::string_view, std::string_view>>& members) {
  Json object = Json::object();
  for (const auto& [name, value] : members) {
    if (value == "true" || value == "false")
      object[std::string(name)] = value == "true";
    else
      object[std::string(name)] = value;
  }
  return object.dump();
}

}  // namespace support
