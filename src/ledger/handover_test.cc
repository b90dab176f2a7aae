#include "ledger/handover.h"

#include <gtest/gtest.h>

#include "ledger/testing.h"

namespace ledger {
namespace {

using base::Code;

TreeHead head_of(std::uint64_t size) {
  return {size, base::sha256(base::view("tree " + std::to_string(size)))};
}
std::string statement(std::uint8_t from, std::uint8_t to, std::uint64_t size) {
  return sign_handover({key_of(from), key_of(to), head_of(size)}, test_signer(from),
                       test_signer(to));
}

TEST(Handover, AChainLeadsFromEachKeyToTheNewest) {
  const std::string chain = statement(1, 2, 10) + statement(2, 3, 10) + statement(3, 4, 500);
  const KeyHistory history = parse_chain(chain).value();
  ASSERT_EQ(history.keys.size(), 4U);
  EXPECT_EQ(history.current().str(), key_of(4).str());
  EXPECT_EQ(history.find(key_of(2)), std::optional<std::size_t>(1));
  EXPECT_FALSE(history.find(key_of(9)).has_value());
  EXPECT_EQ(history.ends[2], head_of(500));
  EXPECT_TRUE(parse_chain("").value().keys.empty());
}

TEST(Handover, EachKeySignsItsOwnPartOfTheLog) {
  const KeyHistory history = parse_chain(statement(1, 2, 10) + statement(2, 3, 20)).value();
  EXPECT_TRUE(history.may_sign(0, head_of(3)));
  EXPECT_TRUE(history.may_sign(0, head_of(10)));
  EXPECT_FALSE(history.may_sign(0, TreeHead{10, Digest{}}));
  EXPECT_FALSE(history.may_sign(0, head_of(11)));
  EXPECT_FALSE(history.may_sign(1, head_of(9)));
  EXPECT_FALSE(history.may_sign(1, TreeHead{10, Digest{}}));
  EXPECT_TRUE(history.may_sign(1, head_of(10)));
  EXPECT_TRUE(history.may_sign(1, head_of(20)));
  EXPECT_FALSE(history.may_sign(1, head_of(21)));
  EXPECT_TRUE(history.may_sign(2, head_of(1000)));
}

TEST(Handover, ForgedLoopingAndBrokenChainsAreRefused) {
  EXPECT_EQ(parse_chain(statement(1, 2, 10) + statement(2, 1, 20)).code(), Code::invalid);
  EXPECT_EQ(parse_chain(statement(1, 1, 10)).code(), Code::invalid);
  EXPECT_EQ(parse_chain(statement(1, 2, 10) + statement(3, 4, 20)).code(), Code::invalid);
  EXPECT_EQ(parse_chain(statement(1, 2, 10) + statement(2, 3, 9)).code(), Code::invalid);
  // Signed by one of the two only, or by somebody else.
  const std::string whole = statement(1, 2, 10);
  const auto last = whole.rfind("\xe2\x80\x94");
  const auto first = whole.find("\xe2\x80\x94");
  const std::string by_new = whole.substr(last);
  const std::string by_old = whole.substr(first, last - first);
  const std::string text = whole.substr(0, first);
  ASSERT_TRUE(parse_chain(text + by_old + by_new).ok());
  EXPECT_FALSE(parse_chain(text + by_old).ok());
  EXPECT_FALSE(parse_chain(text + by_old + by_old).ok());
  EXPECT_FALSE(parse_chain(text + by_new + by_new).ok());
  std::string other = statement(5, 6, 10);
  EXPECT_FALSE(parse_chain(text + other.substr(other.find("\xe2\x80\x94"))).ok());
}

TEST(Handover, NoByteOfAChainCanBeChangedOrCutOff) {
  const std::string chain = statement(1, 2, 10) + statement(2, 3, 20);
  const std::size_t half = statement(1, 2, 10).size();
  for (std::size_t at = 0; at < chain.size(); ++at) {
    std::string changed = chain;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(parse_chain(changed).ok()) << at;
    // A chain that ends earlier is whole only at the end of a statement.
    EXPECT_EQ(parse_chain(chain.substr(0, at)).ok(), at == 0 || at == half) << at;
  }
}

VerifierKey named(const char* origin, std::uint8_t seed) {
  return VerifierKey::of(origin, test_signer(seed).public_key());
}
std::string move(const char* from, const char* to, std::uint8_t seed, std::uint64_t size) {
  return sign_handover({named(from, seed), named(to, seed), head_of(size)}, test_signer(seed),
                       test_signer(seed));
}

TEST(Handover, AnOriginChangesByTheSameKeyAlone) {
  const std::string chain =
      statement(1, 2, 10) + move("log.example", "log.example/2", 2, 40) +
      sign_handover({named("log.example/2", 2), named("log.example/2", 3), head_of(50)},
                    test_signer(2), test_signer(3));
  const KeyHistory history = parse_chain(chain).value();
  ASSERT_EQ(history.keys.size(), 4U);
  EXPECT_EQ(history.current().name, "log.example/2");
  EXPECT_FALSE(history.may_sign(1, head_of(41))) << "what the lost host signed beyond it";
  EXPECT_TRUE(history.may_sign(2, head_of(41)));
  // Never back to a name that was left, and never name and key at once.
  EXPECT_FALSE(parse_chain(move("log.example", "log.example/2", 2, 40) +
                           move("log.example/2", "log.example", 2, 40))
                   .ok());
  const std::string text = "log-origin-change/v1\n" + named("log.example", 1).str() + "\n" +
                           named("log.other", 2).str() + "\n10\n" + base::base64(head_of(10).root) +
                           "\n";
  const std::string second = sign_note(text, "log.other", test_signer(2));
  EXPECT_FALSE(
      parse_chain(sign_note(text, "log.example", test_signer(1)) + second.substr(text.size() + 1))
          .ok());
  // A statement of the one kind does not pass for the other.
  std::string relabelled = move("log.example", "log.example/2", 2, 40);
  relabelled.replace(0, relabelled.find('\n'), "log-key-handover/v1");
  EXPECT_FALSE(parse_chain(relabelled).ok());
  const Handover moved{named("log.example", 2), named("log.example/2", 2), head_of(40)};
  const Handover later{moved.from, moved.to, head_of(41)};
  EXPECT_NE(origin_leaf(moved).label, origin_leaf(later).label) << "it names the tree";
}

// Signed by both keys, so that nothing but its form speaks against it.
std::string signed_by_both(const std::string& text) {
  return sign_note(text, "log.example", test_signer(1)) +
         sign_note(text, "log.example", test_signer(2)).substr(text.size() + 1);
}

TEST(Handover, AStatementOfAnotherFormIsRefused) {
  const std::string keys =
      "log-key-handover/v1\n" + key_of(1).str() + "\n" + key_of(2).str() + "\n";
  const std::string root = base::base64(head_of(10).root) + "\n";
  ASSERT_TRUE(parse_chain(signed_by_both(keys + "10\n" + root)).ok());
  for (const std::string& text : std::vector<std::string>{
           keys + "x\n" + root, keys + "9999999999999999999\n" + root, keys + "010\n" + root,
           keys + "10\n!\n", keys + "10\n" + base::base64(base::Bytes(31)) + "\n",
           "log-key-handover/v1\n" + key_of(1).str() + "\nrubbish\n10\n" + root})
    EXPECT_EQ(parse_chain(signed_by_both(text)).code(), Code::invalid) << text;
  // Eight lines, as it should have, of which one more is text and one less a signature.
  EXPECT_EQ(
      parse_chain(sign_note(keys + "10\n" + root + "more\n", "log.example", test_signer(1))).code(),
      Code::invalid);
  const std::string three =
      signed_by_both("log-key-handover/v1\n" + key_of(1).str() + "\n10\n" + root);
  const std::string line = three.substr(three.rfind("\xe2\x80\x94"));
  EXPECT_EQ(parse_chain(three + line).code(), Code::invalid);
}

TEST(Handover, ItsEntryIsOfItsKeysAlone) {
  EXPECT_EQ(handover_leaf(key_of(1), key_of(2)).encode(),
            handover_leaf(key_of(1), key_of(2)).encode());
  EXPECT_NE(handover_leaf(key_of(1), key_of(2)).label, handover_leaf(key_of(2), key_of(1)).label);
  EXPECT_NE(handover_leaf(key_of(1), key_of(2)).label, handover_leaf(key_of(1), key_of(2)).commit);
}

TEST(Handover, AChainHasABound) {
  std::string chain;
  for (std::size_t n = 0; n <= kHandoversMax; ++n)
    chain += statement(static_cast<std::uint8_t>(n), static_cast<std::uint8_t>(n + 1), 10);
  EXPECT_FALSE(parse_chain(chain).ok());
  EXPECT_EQ(parse_chain(std::string(kChainBytesMax + 1, 'x')).code(), Code::too_large);
}

}  // namespace
}  // namespace ledger
