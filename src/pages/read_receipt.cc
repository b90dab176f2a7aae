// From the receipt as it is saved (docs/formats/receipt.md) to what its page shows.
#include <nlohmann/json.hpp>

#include "pages/models.h"

namespace pages {

base::Result<ReceiptPage> read_receipt(std::string json) {
  using Json = nlohmann::json;
  const Json whole = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  ReceiptPage page;
  try {
    page.account = whole.at("account").get<std::string>();
    page.left = whole.contains("person");
    page.destroyed = TRY(base::parse_rfc3339(whole.at("erased_at").get<std::string>()));
    page.epoch = whole.at("epoch").get<std::uint64_t>();
    page.index = whole.at("index").get<std::uint64_t>();
    page.log_origin = whole.at("log").at("origin").get<std::string>();
    page.stays = whole.at("stays").get<std::vector<std::string>>();
    for (const Json& replica : whole.at("replicas")) {
      const auto name = replica.at("name").get<std::string>();
      if (replica.at("state").get<std::string>() == "destroyed") continue;
      page.pending.push_back("Replica " + name + " has yet to confirm");
    }
  } catch (const Json::exception&) {
    return base::Error{base::Code::invalid, "this is no erasure receipt"};
  }
  page.json = std::move(json);
  return page;
}

}  // namespace pages
