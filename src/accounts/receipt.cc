#include "accounts/receipt.h"

#include <nlohmann/json.hpp>

namespace accounts {

using Json = nlohmann::ordered_json;

std::string erasure_statement(base::AccountId account, const Facts& facts,
                              const std::string& log_origin, const std::string& verifier_key) {
  const Json statement = {
      {"format", "erasure-receipt/v1"},
      {"operator", facts.operator_name},
      {"account", account.str()},
      {"statement",
       "The key that opened this account was destroyed. What is left of it, here and in every "
       "backup, cannot be read by anybody. A replica that is named as pending destroys its copy of "
       "the key when it is reached again."},
      {"stays", facts.stays},
      {"log", {{"origin", log_origin}, {"key", verifier_key}}}};
  return statement.dump();
}

std::string departure_statement(base::AccountId account, base::UserId person, const Facts& facts,
                                const std::string& log_origin, const std::string& verifier_key) {
  Json statement = Json::parse(erasure_statement(account, facts, log_origin, verifier_key));
  statement["person"] = person.str();
  statement["statement"] =
      "A person left this account and belonged to no other. The key that opened what was kept "
      "about her was destroyed. What is left of it, here and in every backup, cannot be read by "
      "anybody. The account itself goes on. A replica that is named as pending destroys its copy "
      "of the key when it is reached again.";
  return statement.dump();
}

std::string receipt(const vault::Erased& erased, const std::string& proof) {
  Json whole = Json::parse(erased.payload);
  whole["index"] = erased.index;
  whole["label"] = base::hex(erased.label);
  whole["nonce"] = base::base64(erased.nonce);
  whole["proof"] = proof;
  return whole.dump(2);
}

}  // namespace accounts
