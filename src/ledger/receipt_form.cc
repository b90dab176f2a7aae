#include "ledger/receipt_form.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/clock.h"
#include "base/id.h"

namespace ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;
using nlohmann::json;

constexpr std::size_t kReceiptBytesMax = 256U << 10;
constexpr int kDepthMax = 16;
constexpr std::size_t kReplicaNameMax = 64;

/// Watches the parser: members that stand twice and deep nesting would be lost in the result.
class Strict {
 public:
  bool operator()(int depth, json::parse_event_t event, const json& value) {
    if (event == json::parse_event_t::object_start || event == json::parse_event_t::array_start) {
      too_deep_ |= depth >= kDepthMax;
      const auto level = static_cast<std::size_t>(depth) + 1;
      if (!too_deep_) names_.resize(std::max(names_.size(), level + 1));
      if (!too_deep_) names_[level].clear();
    }
    if (event == json::parse_event_t::key && !too_deep_) {
      auto& names = names_[static_cast<std::size_t>(depth)];
      twice_ |= !names.insert(value.get<std::string>()).second;
    }
    if (event == json::parse_event_t::value) fraction_ |= value.is_number_float();
    return !too_deep_;
  }
  bool too_deep() const { return too_deep_; }
  bool twice() const { return twice_; }
  bool fraction() const { return fraction_; }

 private:
  std::vector<std::set<std::string>> names_;
  bool too_deep_ = false;
  bool twice_ = false;
  bool fraction_ = false;
};

Result<json> parse_object(std::string_view text) {
  if (text.size() > kReceiptBytesMax) return Error{Code::too_large, "the receipt is too large"};
  Strict strict;
  const json object = json::parse(
      text.begin(), text.end(),
      [&](int depth, json::parse_event_t event, json& value) {
        return strict(depth, event, value);
      },
      /*allow_exceptions=*/false);
  if (strict.too_deep()) return Error{Code::invalid, "the receipt nests too deep"};
  if (object.is_discarded()) return Error{Code::invalid, "the receipt is not JSON"};
  if (!object.is_object()) return Error{Code::invalid, "the receipt is not a JSON object"};
  if (strict.twice()) return Error{Code::invalid, "the receipt has a member twice"};
  // Fractions have many spellings for one value; nothing in a receipt needs them.
  if (strict.fraction()) return Error{Code::invalid, "the receipt has a number with a fraction"};
  return object;
}

std::string payload_of(const json& receipt) {
  json payload = receipt;
  for (const char* member : {"index", "label", "nonce", "proof"}) payload.erase(member);
  return payload.dump();
}

/// A member that must be a string.
Result<std::string> text_of(const json& object, const char* name, base::Literal otherwise) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return Error{Code::invalid, otherwise};
  return found->get<std::string>();
}

bool valid_replica_name(const std::string& name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  };
  return !name.empty() && name.size() <= kReplicaNameMax && std::ranges::all_of(name, plain);
}

/// The names of the replicas that had not confirmed.
Result<std::vector<std::string>> pending_of(const json& replicas) {
  const Error unfit(Code::invalid, "the receipt's replicas are not named with their states");
  std::vector<std::string> pending;
  for (const json& replica : replicas) {
    if (!replica.is_object()) return unfit;
    const std::string name = TRY(text_of(replica, "name", "a replica of the receipt has no name"));
    const std::string state = TRY(text_of(replica, "state", "a replica has no state"));
    const auto behind = replica.find("behind");
    if (behind == replica.end() || !behind->is_number_unsigned()) return unfit;
    const bool done = state == "destroyed";
    if (!valid_replica_name(name) || (!done && state != "pending")) return unfit;
    // A replica that is behind has an older root, whatever the receipt says.
    if (done != (behind->get<std::uint64_t>() == 0)) return unfit;
    if (!done) pending.push_back(name);
  }
  return pending;
}

/// The members that the payload covers: there, and of their kind.
Result<void> check_payload(const json& receipt) {
  const std::string format = TRY(text_of(receipt, "format", "the receipt does not say its format"));
  if (format != kReceiptFormat) return Error{Code::invalid, "the receipt's format is unknown"};
  const std::string account = TRY(text_of(receipt, "account", "the receipt names no account"));
  if (!base::AccountId::parse(account).ok())
    return Error{Code::invalid, "the receipt's account is not an id"};
  TRY(text_of(receipt, "operator", "the receipt names no operator"));
  TRY(text_of(receipt, "statement", "the receipt makes no statement"));
  const std::string erased_at = TRY(text_of(receipt, "erased_at", "the receipt has no time"));
  if (!base::parse_rfc3339(erased_at).ok())
    return Error{Code::invalid, "the receipt's time is not an RFC 3339 time"};
  if (!receipt.contains("epoch") || !receipt["epoch"].is_number_unsigned())
    return Error{Code::invalid, "the receipt's epoch is not a number"};
  for (const char* list : {"stays", "replicas"})
    if (!receipt.contains(list) || !receipt[list].is_array())
      return Error{Code::invalid, "the receipt lacks the list of what stays or of replicas"};
  if (!receipt.contains("log") || !receipt["log"].is_object())
    return Error{Code::invalid, "the receipt names no log"};
  return {};
}

}  // namespace

base::Digest commit_of(base::View nonce, std::string_view payload) {
  CHECK(nonce.size() == kNonceBytes);
  return base::hmac_sha256(nonce, base::view(payload));
}

Result<std::string> receipt_payload(std::string_view text) {
  const json object = TRY(parse_object(text));
  return payload_of(object);
}

Result<Receipt> parse_receipt(std::string_view text) {
  const json object = TRY(parse_object(text));
  TRY(check_payload(object));
  Receipt receipt;
  receipt.payload = payload_of(object);
  receipt.pending = TRY(pending_of(object["replicas"]));
  receipt.origin = TRY(text_of(object["log"], "origin", "the receipt does not name its log"));
  receipt.verifier_key = TRY(text_of(object["log"], "key", "the receipt lacks its log's key"));

  if (!object.contains("index") || !object["index"].is_number_unsigned())
    return Error{Code::invalid, "the receipt's index is not a number"};
  receipt.index = object["index"].get<std::uint64_t>();
  const std::string label = TRY(text_of(object, "label", "the receipt has no label"));
  const auto raw_label = base::parse_hex(label);
  if (!raw_label.ok() || raw_label->size() != receipt.label.size() ||
      base::hex(*raw_label) != label)
    return Error{Code::invalid, "the receipt's label is not 64 lower-case hexadecimal digits"};
  std::copy(raw_label->begin(), raw_label->end(), receipt.label.begin());
  const std::string nonce = TRY(text_of(object, "nonce", "the receipt has no nonce"));
  auto raw_nonce = base::parse_base64(nonce);
  if (!raw_nonce.ok() || raw_nonce->size() != kNonceBytes || base::base64(*raw_nonce) != nonce)
    return Error{Code::invalid, "the receipt's nonce is not 32 bytes of base64"};
  receipt.nonce = std::move(*raw_nonce);
  receipt.proof = TRY(text_of(object, "proof", "the receipt has no proof"));
  return receipt;
}

}  // namespace ledger
