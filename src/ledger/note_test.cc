#include "ledger/note.h"

#include <gtest/gtest.h>

namespace ledger {
namespace {

using base::Code;

// Published vectors: the key and note of Go's golang.org/x/mod/sumdb/note, and a checkpoint of the
// Go checksum database.
constexpr std::string_view kKey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr std::string_view kSignature =
    "\xe2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    "\n";
constexpr std::string_view kGoKey =
    "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
constexpr std::string_view kGoCheckpoint =
    "go.sum database tree\n"
    "6476701\n"
    "mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n"
    "\n"
    "\xe2\x80\x94 sum.golang.org "
    "Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw="
    "\n";

std::string known_note() { return std::string(kText) + "\n" + std::string(kSignature); }

base::SigningKey known_signer() {
  // The published signing key is a type byte and the seed.
  const auto raw = base::parse_base64("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz").value();
  return base::SigningKey::from_seed(base::SecretBytes::copy_of(base::View(raw).subspan(1)))
      .value();
}

base::SigningKey signer(std::uint8_t seed) {
  return base::SigningKey::from_seed(base::SecretBytes::copy_of(base::Bytes(32, seed))).value();
}

TEST(Note, PublishedNoteIsVerifiedAndMadeAgain) {
  const VerifierKey key = parse_verifier_key(kKey).value();
  EXPECT_EQ(key.name, "PeterNeumann");
  EXPECT_EQ(key.id, 0xc74f20a3U);
  EXPECT_EQ(key.str(), kKey);
  const Note note = parse_note(known_note()).value();
  EXPECT_EQ(note.text, kText);
  EXPECT_TRUE(verify_note(note, key).ok());
  EXPECT_EQ(VerifierKey::of("PeterNeumann", known_signer().public_key()).str(), kKey);
  EXPECT_EQ(sign_note(kText, "PeterNeumann", known_signer()), known_note());
}

TEST(Note, PublishedCheckpointIsVerified) {
  const VerifierKey key = parse_verifier_key(kGoKey).value();
  const Note note = parse_note(kGoCheckpoint).value();
  EXPECT_TRUE(verify_note(note, key).ok());
  const Checkpoint checkpoint = parse_checkpoint(note).value();
  EXPECT_EQ(checkpoint.origin, "go.sum database tree");
  EXPECT_EQ(checkpoint.head.size, 6476701U);
  EXPECT_EQ(base::base64(checkpoint.head.root), "mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=");
  // Our own logs' origin is their key's name; this one's is not.
  EXPECT_EQ(open_checkpoint(kGoCheckpoint, key).code(), Code::denied);
}

TEST(Note, MangledKeysAreRefused) {
  for (std::size_t begin = 0; begin <= kKey.size(); ++begin)
    for (std::size_t end = begin; end <= kKey.size(); ++end) {
      if (begin == 0 && end == kKey.size()) continue;
      EXPECT_FALSE(parse_verifier_key(kKey.substr(begin, end - begin)).ok());
    }
  for (std::size_t at = 0; at < kKey.size(); ++at) {
    std::string mangled(kKey);
    ++mangled[at];
    EXPECT_FALSE(parse_verifier_key(mangled).ok()) << mangled;
  }
  // Another length and another algorithm, with ids that fit.
  for (const char* text :
       {"PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"})
    EXPECT_EQ(parse_verifier_key(text).code(), Code::invalid);
}

TEST(Note, AnyChangedByteIsRefused) {
  const VerifierKey key = parse_verifier_key(kKey).value();
  const std::string good = known_note();
  for (std::size_t at = 0; at < good.size(); ++at)
    for (const int flip : {1, 0x20, 0x80}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ flip);
      const auto note = parse_note(bad);
      EXPECT_FALSE(note.ok() && verify_note(*note, key).ok()) << at;
    }
}

TEST(Note, WhatIsNotANoteIsRefused) {
  const std::string text(kText);
  const std::string line(kSignature);
  for (const std::string& bad :
       std::vector<std::string>{"",
                                "\n",
                                "text\n",
                                text,
                                text + "\n",
                                line,
                                text + line,
                                text + "\n" + line + "\n",
                                text + "\n" + line.substr(0, line.size() - 1),
                                "a\x01z\n\n" + line,
                                "a\r\n\n" + line,
                                "\xc0\x80\n\n" + line,
                                "\xed\xa0\x80\n\n" + line,
                                "\xff\n\n" + line,
                                text + "\n\xe2\x80\x94 name AAAA\n",
                                text + "\n\xe2\x80\x94  AAAAAAAA\n",
                                text + "\n\xe2\x80\x94 name\n",
                                text + "\n\xe2\x80\x94 na+me AAAAAAAA\n",
                                text + "\n- name AAAAAAAA\n",
                                text + "\n\xe2\x80\x94 name AAAAAA\n"})
    EXPECT_EQ(parse_note(bad).code(), Code::invalid) << bad;
  std::string many = text + "\n";
  for (int i = 0; i < 64; ++i) many += line;
  EXPECT_TRUE(parse_note(many).ok());
  EXPECT_EQ(parse_note(many + line).code(), Code::too_large);
  EXPECT_EQ(parse_note(std::string(70'000, 'a') + "\n\n" + line).code(), Code::too_large);
}

TEST(Note, TextIsUtf8InItsShortestForm) {
  for (const char* good : {"\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(parse_note(std::string(good) + "\n\n" + std::string(kSignature)).ok());
  for (const char* bad : {"\xe0\x80\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80", "\xc3", "\xc3(", "\xe2\x80("})
    EXPECT_EQ(parse_note(std::string(bad) + "\n\n" + std::string(kSignature)).code(),
              Code::invalid);
}

TEST(Note, ASignatureOfAnotherLengthIsNone) {
  const VerifierKey key = parse_verifier_key(kKey).value();
  base::Bytes raw;
  base::put_u32(raw, key.id);
  raw.resize(raw.size() + 10);
  const std::string note =
      std::string(kText) + "\n\xe2\x80\x94 " + key.name + " " + base::base64(raw) + "\n";
  EXPECT_EQ(verify_note(parse_note(note).value(), key).code(), Code::denied);
}

TEST(Note, UnknownSignersAreIgnoredAndOnesOwnIsNeeded) {
  const VerifierKey key = parse_verifier_key(kKey).value();
  const std::string other = sign_note(kText, "somebody.example", signer(9));
  const std::string other_line = other.substr(kText.size() + 1);
  const std::string both = std::string(kText) + "\n" + other_line + std::string(kSignature);
  EXPECT_TRUE(verify_note(parse_note(both).value(), key).ok());
  EXPECT_EQ(verify_note(parse_note(other).value(), key).code(), Code::denied);
  // The right name with another key has another id: unknown, too.
  const std::string alias = sign_note(kText, "PeterNeumann", signer(9));
  EXPECT_EQ(verify_note(parse_note(alias).value(), key).code(), Code::denied);
  // A wrong signature that claims to be the key's spoils the whole note.
  std::string wrong(kSignature);
  wrong[30] = wrong[30] == 'A' ? 'B' : 'A';
  EXPECT_EQ(verify_note(parse_note(known_note() + wrong).value(), key).code(), Code::denied);
}

TEST(Note, KeyNames) {
  for (const char* good : {"log.example", "example.com/log42", "\xc3\xa6\xc3\xb8\xc3\xa5"})
    EXPECT_TRUE(valid_key_name(good)) << good;
  for (const char* bad : {"", "a b", "a+b", "a\nb", "a\xc2\xa0z", "a\xe2\x80\x89z", "\xff",
                          "a\xe3\x80\x80", "\xe2\x80", "a\xc2\x85", "a\xe1\x9a\x80",
                          "a\xe2\x80\xa8", "a\xe2\x80\xa9", "a\xe2\x80\xaf", "a\xe2\x81\x9f"})
    EXPECT_FALSE(valid_key_name(bad)) << bad;
}

TEST(Checkpoint, ComesBack) {
  const Checkpoint checkpoint{"log.example", {70'000, hash_leaf({})}};
  const std::string note = sign_checkpoint(checkpoint, signer(1));
  const VerifierKey key = VerifierKey::of("log.example", signer(1).public_key());
  const Checkpoint opened = open_checkpoint(note, key).value();
  EXPECT_EQ(opened.origin, "log.example");
  EXPECT_EQ(opened.head, checkpoint.head);
  EXPECT_EQ(open_checkpoint(note, VerifierKey::of("log.example", signer(2).public_key())).code(),
            Code::denied);
}

TEST(Checkpoint, WhatIsNotOneIsRefused) {
  const std::string root = base::base64(Digest{});
  for (const std::string& text : std::vector<std::string>{
           "o\n1\n", "o\n01\n" + root + "\n", "o\n-1\n" + root + "\n", "o\n1a\n" + root + "\n",
           "o\n+1\n" + root + "\n", "o\n\n" + root + "\n", "\n1\n" + root + "\n",
           "o\n1\n" + root.substr(4) + "\n", "o\n9999999999999999999\n" + root + "\n",
           "o\n1\n" + root + "\n\nmore\n", "o\n1\n" + base::base64(base::Bytes(33)) + "\n"}) {
    const auto note = parse_note(sign_note(text, "o", signer(1)));
    ASSERT_TRUE(note.ok()) << text;
    EXPECT_EQ(parse_checkpoint(*note).code(), Code::invalid) << text;
  }
  const auto extended = parse_note(sign_note("o\n0\n" + root + "\nextension\n", "o", signer(1)));
  EXPECT_TRUE(parse_checkpoint(*extended).ok());
}

TEST(Checkpoint, IsOpenedOnlyWhereTheKeySignedOne) {
  const VerifierKey key = VerifierKey::of("o", signer(1).public_key());
  for (const char* text : {"o\n", "o\n1\n", "o\nx\ny\n"})
    EXPECT_EQ(open_checkpoint(sign_note(text, "o", signer(1)), key).code(), Code::invalid) << text;
}

TEST(InclusionProofText, IsAsInTheSpecification) {
  const std::string checkpoint = sign_checkpoint({"log.example", {8, Digest{}}}, signer(1));
  const InclusionProof proof{5, {hash_leaf({}), Digest{}}, checkpoint};
  const std::string text = format_proof(proof);
  EXPECT_EQ(text,
            "c2sp.org/tlog-proof@v1\n"
            "index 5\n"
            "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n"
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
            "\n" +
                checkpoint);
  const InclusionProof parsed = parse_proof(text).value();
  EXPECT_EQ(parsed.index, 5U);
  EXPECT_EQ(parsed.hashes, proof.hashes);
  EXPECT_EQ(parsed.checkpoint, checkpoint);
  EXPECT_TRUE(parse_proof(format_proof({0, {}, checkpoint})).ok());
}

TEST(InclusionProofText, WhatIsNotOneIsRefused) {
  const std::string header = "c2sp.org/tlog-proof@v1\n";
  const std::string checkpoint = sign_checkpoint({"log.example", {8, Digest{}}}, signer(1));
  const std::string hash = base::base64(Digest{}) + "\n";
  std::string many;
  for (int i = 0; i < 64; ++i) many += hash;
  for (const std::string& bad : std::vector<std::string>{
           "", header, header + "index 0\n", "wrong-header\nindex 0\n\n" + checkpoint,
           header + "\n\n" + checkpoint, header + "index x\n\n" + checkpoint,
           header + "index -5\n\n" + checkpoint, header + "index 05\n\n" + checkpoint,
           header + "index  5\n\n" + checkpoint, header + "extra AAAA\nindex 0\n\n" + checkpoint,
           header + "index 0\n!!notbase64!!\n\n" + checkpoint,
           header + "index 0\n" + base::base64(base::Bytes(64)) + "\n\n" + checkpoint,
           header + "index 0\n" + many + "\n" + checkpoint, header + "index 0\n" + checkpoint,
           header + "index 0\n\n", header + "index 0\n\ncheckpoint\n"})
    EXPECT_FALSE(parse_proof(bad).ok()) << bad;
}

}  // namespace
}  // namespace ledger
