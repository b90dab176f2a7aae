// The form of an erasure receipt that its maker and its verifiers share: which part of the JSON the
// ledger's leaf commits to, and how. Text in, text out; owns nothing and believes nothing. The
// format is described in docs/formats/receipt.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"

namespace ledger {

inline constexpr std::string_view kReceiptFormat = "erasure-receipt/v1";
/// A nonce has this size and no other: HMAC takes shorter and zero-padded keys for the same.
inline constexpr std::size_t kNonceBytes = 32;

/// What a leaf says of an entry: HMAC-SHA-256 under the nonce. CHECKs the nonce's size.
base::Digest commit_of(base::View nonce, std::string_view payload);

/// The payload of a receipt, or of the object that will become one: the canonical JSON (members in
/// order of their names, no white space, UTF-8) without `index`, `label`, `nonce` and `proof`.
/// Code::invalid where it is not a JSON object, has a member twice, a fraction, or nests too deep.
base::Result<std::string> receipt_payload(std::string_view json);

/// A receipt taken apart; nothing in it is verified.
struct Receipt {
  std::string payload;
  std::string origin;                // log.origin
  std::string verifier_key;          // log.key
  std::vector<std::string> pending;  // replicas that had not confirmed: letters, digits and .-_
  std::uint64_t index = 0;
  base::Digest label{};
  base::Bytes nonce;
  std::string proof;  // C2SP tlog-proof text
};
/// Code::invalid with the first thing that is wrong with its form.
base::Result<Receipt> parse_receipt(std::string_view json);

}  // namespace ledger
