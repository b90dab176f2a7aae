#include "api/body.h"

#include <nlohmann/json.hpp>
#include <set>

#include "http/percent.h"

namespace api {
namespace {

using nlohmann::json;

/// Parses one object; a member given twice is refused, since readers disagree on which one counts.
std::optional<json> parse_object(const std::string& text) {
  std::vector<std::set<std::string>> seen;
  bool twice = false;
  const auto watch = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) seen.emplace_back();
    if (event == json::parse_event_t::object_end) seen.pop_back();
    if (event == json::parse_event_t::key && !seen.back().insert(parsed.get<std::string>()).second)
      twice = true;
    return true;
  };
  json parsed = json::parse(text, watch, /*allow_exceptions=*/false);
  if (twice || !parsed.is_object()) return std::nullopt;
  return parsed;
}

bool is_json(std::string_view media_type) {
  const auto end = media_type.find(';');
  media_type = media_type.substr(0, end);
  while (media_type.ends_with(' ')) media_type.remove_suffix(1);
  return http::equal_ignoring_case(media_type, "application/json");
}

}  // namespace

struct Body::Members {
  json values;
  std::set<std::string, std::less<>> asked;
};

Body::Body(std::unique_ptr<Members> members) : members_(std::move(members)) {}
Body::Body(Body&&) noexcept = default;
Body::~Body() {
  if (!members_) return;
  for (auto& member : members_->values)
    if (auto* text = member.get_ptr<std::string*>())
      base::wipe({reinterpret_cast<std::uint8_t*>(text->data()), text->size()});
}

base::Result<void> require_json(const http::Request& request) {
  const auto type = request.header("content-type");
  if (type && is_json(*type)) return {};
  return base::Error{base::Code::unsupported, "send a body of type application/json"};
}

base::Result<Body> Body::read(const http::Request& request, std::size_t bytes_max) {
  TRY(require_json(request));
  std::string text = TRY(request.read_body(bytes_max));
  return parse(std::move(text));
}

base::Result<Body> Body::parse(std::string text) {
  auto parsed = parse_object(text);
  base::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  if (!parsed)
    return base::Error{base::Code::invalid,
                       "the body is not one JSON object with distinct members"};
  auto members = std::make_unique<Members>();
  members->values = std::move(*parsed);
  return Body(std::move(members));
}

base::Result<std::string> Body::text(std::string_view name, base::Literal otherwise) {
  members_->asked.emplace(name);
  const auto at = members_->values.find(name);
  if (at == members_->values.end() || !at->is_string())
    return base::Error{base::Code::invalid, otherwise};
  return at->get<std::string>();
}

base::Result<base::SecretBytes> Body::secret(std::string_view name, base::Literal otherwise) {
  members_->asked.emplace(name);
  const auto at = members_->values.find(name);
  if (at == members_->values.end() || !at->is_string())
    return base::Error{base::Code::invalid, otherwise};
  return base::SecretBytes::copy_of(base::view(at->get_ref<const std::string&>()));
}

base::Result<bool> Body::flag(std::string_view name, base::Literal otherwise) {
  members_->asked.emplace(name);
  const auto at = members_->values.find(name);
  if (at == members_->values.end() || !at->is_boolean())
    return base::Error{base::Code::invalid, otherwise};
  return at->get<bool>();
}

base::Result<Body> Body::object(std::string_view name, base::Literal otherwise) {
  members_->asked.emplace(name);
  const auto at = members_->values.find(name);
  if (at == members_->values.end() || !at->is_object())
    return base::Error{base::Code::invalid, otherwise};
  auto members = std::make_unique<Members>();
  members->values = *at;
  return Body(std::move(members));
}

bool Body::has(std::string_view name) const { return members_->values.contains(name); }

base::Result<std::uint64_t> Body::number(std::string_view name, base::Literal otherwise) {
  members_->asked.emplace(name);
  const auto at = members_->values.find(name);
  if (at == members_->values.end() || !at->is_number_unsigned())
    return base::Error{base::Code::invalid, otherwise};
  return at->get<std::uint64_t>();
}

base::Result<std::vector<std::string>> Body::texts(std::string_view name, base::Literal otherwise) {
  members_->asked.emplace(name);
  const auto at = members_->values.find(name);
  if (at == members_->values.end() || !at->is_array())
    return base::Error{base::Code::invalid, otherwise};
  std::vector<std::string> texts;
  for (const json& each : *at) {
    if (!each.is_string()) return base::Error{base::Code::invalid, otherwise};
    texts.push_back(each.get<std::string>());
  }
  return texts;
}

base::Result<void> Body::nothing_else() const {
  for (const auto& member : members_->values.items())
    if (!members_->asked.contains(member.key()))
      return base::Error{base::Code::invalid, "the body has a member that is not known here"};
  return {};
}

std::string quoted(std::string_view text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

Json& Json::add(std::string_view name, std::string_view value) {
  return add_raw(name, quoted(value));
}
Json& Json::add(std::string_view name, std::uint64_t value) {
  return add_raw(name, std::to_string(value));
}
Json& Json::add(std::string_view name, const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) {
    if (!list.empty()) list += ',';
    list += api::quoted(text);
  }
  return add_raw(name, "[" + list + "]");
}
Json& Json::add(std::string_view name, Truth value) {
  return add_raw(name, value == Truth::yes ? "true" : "false");
}
Json& Json::add_raw(std::string_view name, std::string_view value) {
  if (!members_.empty()) members_ += ',';
  members_ += quoted(name);
  members_ += ':';
  members_ += value;
  return *this;
}

}  // namespace api
