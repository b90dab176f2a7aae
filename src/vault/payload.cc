#include "vault/payload.h"

#include <nlohmann/json.hpp>

#include "ledger/receipt_form.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;
using Json = nlohmann::json;  // keeps members in the order of their names

constexpr std::size_t kContentMax = 64UL << 10;

Result<Json> parse(std::string_view content) {
  if (content.size() > kContentMax) return Error{Code::invalid, "an entry's content is too large"};
  Json json = Json::parse(content, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Error{Code::invalid, "an entry's content is not a JSON object"};
  return json;
}

Result<void> add(Json& json, const char* name, Json value) {
  if (json.contains(name))
    return Error{Code::invalid, "an entry's content has a member that is added to it"};
  json[name] = std::move(value);
  return {};
}

}  // namespace

Result<std::string> entry_payload(const Entry& entry, base::Time at) {
  Json json = TRY(parse(entry.content));
  TRY(add(json, "type", entry.type.c_str()));
  TRY(add(json, "at", base::rfc3339(at)));
  return json.dump();
}

Result<std::string> standing_content(std::string_view content, const StandingChange& change,
                                     const notice::Policy& policy) {
  Json json = TRY(parse(content));
  Json said = Json::object();
  const auto list = [&](const char* member, notice::PurposeSet purposes) {
    for (const auto& purpose : policy.document().purposes)
      if (purposes.has(notice::PurposeId{static_cast<std::uint8_t>(purpose.number)}))
        said[member].push_back(purpose.id);
  };
  list("consents", change.consents);
  list("withdraws", change.withdraws);
  list("objects", change.objects);
  list("agrees", change.agrees);
  if (change.restriction != Restriction::as_it_is)
    said["restricted"] = change.restriction == Restriction::on;
  if (change.confirmation == Confirmation::hers) said["confirms"] = true;
  TRY(add(json, "standing", std::move(said)));
  return json.dump();
}

Result<std::string> erasure_payload(std::string_view content, const Destroyed& destroyed) {
  Json json = TRY(parse(content));
  Json replicas = Json::array();
  for (const keys::Following& replica : destroyed.replicas)
    replicas.push_back({{"name", replica.name},
                        {"state", replica.behind == 0 ? "destroyed" : "pending"},
                        {"behind", replica.behind}});
  TRY(add(json, "epoch", destroyed.epoch));
  TRY(add(json, "erased_at", base::rfc3339(destroyed.at)));
  TRY(add(json, "replicas", std::move(replicas)));
  return ledger::receipt_payload(json.dump());
}

}  // namespace vault
