#include "ledger/receipt_form.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ledger {
namespace {

using base::Code;
using nlohmann::json;

json good() {
  return {{"format", "erasure-receipt/v1"},
          {"operator", "Example AS"},
          {"account", "aaaaaaaaaaaaaaaaaaaaaaaaaa"},
          {"erased_at", "2026-11-23T14:02:11Z"},
          {"epoch", 7},
          {"statement", "The key was destroyed."},
          {"stays", json::array({"books"})},
          {"replicas", json::array()},
          {"log", {{"origin", "log.example"}, {"key", "vkey"}}},
          {"index", 12},
          {"label", std::string(64, 'a')},
          {"nonce", base::base64(base::Bytes(32, 1))},
          {"proof", "proof text"}};
}

TEST(ReceiptForm, ThePayloadIsCanonicalJsonOfWhatIsCommittedTo) {
  EXPECT_EQ(
      receipt_payload(" {\"b\" : [1, {\"z\":null,\"y\":true}],\n \"a\":\"\\u00e6\\u0001\\/\", "
                      "\"index\":1,\"label\":2,\"nonce\":3,\"proof\":4} ")
          .value(),
      "{\"a\":\"\xc3\xa6\\u0001/\",\"b\":[1,{\"y\":true,\"z\":null}]}");
  // Only the outermost members of those names are left out.
  EXPECT_EQ(receipt_payload("{\"a\":{\"index\":1}}").value(), "{\"a\":{\"index\":1}}");
  EXPECT_EQ(receipt_payload(good().dump()).value(), receipt_payload(good().dump(4)).value());
}

TEST(ReceiptForm, TheCommitmentIsHmacUnderTheNonce) {
  // RFC 4231 has no key of 32 bytes; this value is from Python's hmac module.
  EXPECT_EQ(base::hex(commit_of(base::Bytes(32, 1), "payload")),
            "7323257be1057fe5bfaf344ec6e7ecd7bbb36de55b91c5a9f538687c1ea6f1c7");
}

TEST(ReceiptForm, WhatIsNotStrictJsonIsRefused) {
  for (const char* bad : {"",
                          "{",
                          "[]",
                          "1",
                          "null",
                          "\"a\"",
                          "{\"a\":1,\"a\":1}",
                          "{\"a\":1,\"\\u0061\":2}",
                          "{\"a\":{\"b\":1,\"b\":1}}",
                          "{\"a\":[{\"b\":1},{\"b\":1,\"c\":2,\"b\":1}]}",
                          "{\"a\":1.0}",
                          "{\"a\":1e3}",
                          "{\"a\":18446744073709551616}",
                          "{\"a\":\"\xff\"}",
                          "{\"a\":1}x",
                          "{\"a\":1,}",
                          "{'a':1}",
                          "{\"a\":01}",
                          "{\"a\":NaN}",
                          "// c\n{}"})
    EXPECT_EQ(receipt_payload(bad).code(), Code::invalid) << bad;
  // The same name in different objects is no repetition.
  EXPECT_TRUE(receipt_payload("{\"a\":[{\"b\":1},{\"b\":1}],\"b\":{\"a\":{\"a\":1}}}").ok());
}

TEST(ReceiptForm, DepthAndSizeAreBounded) {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_TRUE(receipt_payload(nested(15)).ok());  // and the object around them: 16
  EXPECT_EQ(receipt_payload(nested(16)).code(), Code::invalid);
  EXPECT_EQ(receipt_payload(nested(100'000)).code(), Code::invalid);
  EXPECT_EQ(receipt_payload("{\"a\":\"" + std::string(300'000, 'a') + "\"}").code(),
            Code::too_large);
}

TEST(ReceiptForm, ComesApart) {
  const Receipt receipt = parse_receipt(good().dump(2)).value();
  EXPECT_EQ(receipt.index, 12U);
  EXPECT_EQ(base::hex(receipt.label), std::string(64, 'a'));
  EXPECT_EQ(receipt.nonce, base::Bytes(32, 1));
  EXPECT_EQ(receipt.origin, "log.example");
  EXPECT_EQ(receipt.verifier_key, "vkey");
  EXPECT_EQ(receipt.proof, "proof text");
  EXPECT_EQ(receipt.payload, receipt_payload(good().dump()).value());
}

TEST(ReceiptForm, EveryMemberIsNeededAndOfItsKind) {
  for (const auto& [name, value] : good().items()) {
    json without = good();
    without.erase(name);
    EXPECT_EQ(parse_receipt(without.dump()).code(), Code::invalid) << name;
    json null = good();
    null[name] = nullptr;
    EXPECT_EQ(parse_receipt(null.dump()).code(), Code::invalid) << name;
  }
  const std::vector<std::pair<const char*, json>> wrong = {
      {"format", "erasure-receipt/v2"},
      {"account", "aaaaaaaaaaaaaaaaaaaaaaaaa"},
      {"account", "AAAAAAAAAAAAAAAAAAAAAAAAAA"},
      {"erased_at", "yesterday"},
      {"epoch", -1},
      {"epoch", "7"},
      {"index", -1},
      {"index", "12"},
      {"label", std::string(64, 'A')},
      {"label", std::string(62, 'a')},
      {"label", std::string(66, 'a')},
      {"nonce", base::base64(base::Bytes(31, 1))},
      {"nonce", base::base64(base::Bytes(33, 1))},
      {"nonce", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"},
      {"nonce", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQF="},
      {"log", json::object()},
      {"log", {{"origin", "log.example"}}},
      {"log", {{"origin", 1}, {"key", "vkey"}}}};
  for (const auto& [name, value] : wrong) {
    json bad = good();
    bad[name] = value;
    EXPECT_EQ(parse_receipt(bad.dump()).code(), Code::invalid) << name << " " << value;
  }
}

json replica(const json& name, const json& state, const json& behind) {
  return {{"name", name}, {"state", state}, {"behind", behind}};
}

TEST(ReceiptForm, ReplicasAreNamedWithTheirStates) {
  json receipt = good();
  receipt["replicas"] =
      json::array({replica("oslo-2", "destroyed", 0), replica("a.B_9", "pending", 3)});
  EXPECT_EQ(parse_receipt(receipt.dump())->pending, std::vector<std::string>{"a.B_9"});
  json nameless = replica("x", "pending", 1);
  nameless.erase("name");
  json stateless = replica("x", "pending", 1);
  stateless.erase("state");
  json uncounted = replica("x", "pending", 1);
  uncounted.erase("behind");
  for (const json& bad : {json("2: destroyed"),
                          json(nullptr),
                          nameless,
                          stateless,
                          uncounted,
                          replica(2, "pending", 1),
                          replica("2", true, 1),
                          replica("2", "pending", -1),
                          replica("2", "pending", "1"),
                          replica("2", "destroyed", 1),
                          replica("2", "pending", 0),
                          replica("2", "gone", 1),
                          replica("\x1b[2J", "pending", 1),
                          replica("", "pending", 1),
                          replica("a b", "pending", 1),
                          replica("a{", "pending", 1),
                          replica("a`", "pending", 1),
                          replica("a@", "pending", 1),
                          replica("a:", "pending", 1),
                          replica("a/", "pending", 1),
                          replica(std::string(65, 'a'), "pending", 1)}) {
    receipt["replicas"] = json::array({replica("1", "destroyed", 0), bad});
    EXPECT_EQ(parse_receipt(receipt.dump()).code(), Code::invalid) << bad;
  }
}

TEST(ReceiptForm, WhatIsNotHexadecimalIsNoLabel) {
  json receipt = good();
  receipt["label"] = std::string(64, 'x');
  EXPECT_EQ(parse_receipt(receipt.dump()).code(), Code::invalid);
  receipt = good();
  for (const std::string& nonce : {std::string("!"), std::string(43, 'A') + "=="}) {
    receipt["nonce"] = nonce;
    EXPECT_EQ(parse_receipt(receipt.dump()).code(), Code::invalid) << nonce;
  }
  EXPECT_EQ(parse_receipt("[]").code(), Code::invalid);
}

}  // namespace
}  // namespace ledger
