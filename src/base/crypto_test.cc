// Each primitive against published vectors, then against misuse.
#include "base/crypto.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/entropy.h"

namespace base {
namespace {

Bytes from_hex(std::string_view digits) { return parse_hex(digits).value(); }

template <std::size_t N>
std::array<std::uint8_t, N> fixed(std::string_view digits) {
  const Bytes bytes = from_hex(digits);
  std::array<std::uint8_t, N> out{};
  EXPECT_EQ(bytes.size(), N);
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

TEST(Sha256, Fips180) {
  EXPECT_EQ(hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256(view("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256(view("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256(Bytes(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, InPiecesIsTheSame) {
  Sha256 hash;
  for (int round = 0; round < 2; ++round) {  // and finish() begins anew
    for (const char* piece : {"a", "", "b", "c"}) hash.update(view(piece));
    EXPECT_EQ(hash.finish(), sha256(view("abc")));
  }
}

struct HmacVector {
  Bytes key;
  Bytes message;
  const char* digest;
};

TEST(Hmac, Rfc4231) {
  const HmacVector vectors[] = {
      {Bytes(20, 0x0b), copy(view("Hi There")),
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {copy(view("Jefe")), copy(view("what do ya want for nothing?")),
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {Bytes(20, 0xaa), Bytes(50, 0xdd),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {from_hex("0102030405060708090a0b0c0d0e0f10111213141516171819"), Bytes(50, 0xcd),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {Bytes(131, 0xaa), copy(view("Test Using Larger Than Block-Size Key - Hash Key First")),
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {Bytes(131, 0xaa),
       copy(view("This is a test using a larger than block-size key and a larger than block-size "
                 "data. The key needs to be hashed before being used by the HMAC algorithm.")),
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}};
  for (const HmacVector& v : vectors) EXPECT_EQ(hex(hmac_sha256(v.key, v.message)), v.digest);
}

TEST(Hkdf, Rfc5869) {
  const auto one = hkdf_sha256(Bytes(22, 0x0b), from_hex("000102030405060708090a0b0c"),
                               from_hex("f0f1f2f3f4f5f6f7f8f9"), 42);
  EXPECT_EQ(hex(one.view()),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  Bytes key, salt, info;
  for (int i = 0; i < 80; ++i) {
    key.push_back(static_cast<std::uint8_t>(i));
    salt.push_back(static_cast<std::uint8_t>(0x60 + i));
    info.push_back(static_cast<std::uint8_t>(0xb0 + i));
  }
  EXPECT_EQ(
      hex(hkdf_sha256(key, salt, info, 82).view()),
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c6"
      "5e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
  EXPECT_EQ(hex(hkdf_sha256(Bytes(22, 0x0b), {}, {}, 42).view()),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Hkdf, EveryUseGetsItsOwnKeyAndTheLongestFits) {
  const Bytes key(32, 1);
  EXPECT_FALSE(hkdf_sha256(key, {}, view("a"), 32) == hkdf_sha256(key, {}, view("b"), 32));
  const auto longest = hkdf_sha256(key, {}, view("a"), 255 * 32);
  EXPECT_EQ(longest.size(), 255U * 32);
  EXPECT_TRUE(
      std::ranges::equal(longest.view().first(32), hkdf_sha256(key, {}, view("a"), 32).view()));
  EXPECT_DEATH(static_cast<void>(hkdf_sha256(key, {}, {}, 255 * 32 + 1)), "CHECK failed");
}

struct GcmVector {
  const char* key;
  const char* nonce;
  const char* associated;
  const char* plain;
  const char* sealed;
};
// NIST's validation set for GCM (McGrew and Viega), test cases 13, 14 and 16.
constexpr GcmVector kGcm[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "00000000000000000000000000000000",
     "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b"
     "5"
     "25b16aedf5aa0de657ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828"
     "8"
     "38c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"}};

TEST(Aead, NistGcm) {
  for (const GcmVector& v : kGcm) {
    Aead aead(from_hex(v.key));
    const Bytes plain = from_hex(v.plain), sealed = from_hex(v.sealed);
    Bytes out(sealed.size());
    aead.seal(from_hex(v.nonce), from_hex(v.associated), plain, out);
    EXPECT_EQ(hex(out), v.sealed);
    Bytes opened(plain.size());
    ASSERT_TRUE(aead.open(from_hex(v.nonce), from_hex(v.associated), sealed, opened).ok());
    EXPECT_EQ(opened, plain);
  }
}

TEST(Aead, SealsInPlaceAndAgain) {
  SeededEntropy entropy(1);
  Aead aead(entropy.bytes(32));
  for (std::size_t size : {0UL, 1UL, 15UL, 16UL, 17UL, 16384UL}) {
    const Bytes nonce = entropy.bytes(12), plain = entropy.bytes(size);
    Bytes buffer = plain;
    buffer.resize(size + Aead::tag_size);
    aead.seal(nonce, view("place"), View(buffer).first(size), buffer);
    Bytes opened(size);
    ASSERT_TRUE(aead.open(nonce, view("place"), buffer, opened).ok());
    EXPECT_EQ(opened, plain);
  }
}

TEST(Aead, RefusesEveryFlippedBitAndShowsNothing) {
  SeededEntropy entropy(2);
  Aead aead(entropy.bytes(32));
  const Bytes nonce = entropy.bytes(12), plain = entropy.bytes(24);
  Bytes sealed(plain.size() + Aead::tag_size);
  aead.seal(nonce, view("here"), plain, sealed);
  Bytes opened(plain.size());
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Bytes bad = sealed;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    opened.assign(plain.size(), 0xee);
    ASSERT_EQ(aead.open(nonce, view("here"), bad, opened).code(), Code::corrupt);
    ASSERT_EQ(opened, Bytes(plain.size()));
  }
  EXPECT_EQ(aead.open(nonce, view("there"), sealed, opened).code(), Code::corrupt);
  EXPECT_EQ(aead.open(entropy.bytes(12), view("here"), sealed, opened).code(), Code::corrupt);
  EXPECT_EQ(Aead(entropy.bytes(32)).open(nonce, view("here"), sealed, opened).code(),
            Code::corrupt);
  EXPECT_EQ(aead.open(nonce, view("here"), Bytes(15), {}).code(), Code::corrupt);
  EXPECT_TRUE(aead.open(nonce, view("here"), sealed, opened).ok());  // and is whole afterwards
}

struct SignatureVector {
  const char* seed;
  const char* key;
  const char* message;
  const char* signature;
};
// RFC 8032, section 7.1, tests 1 to 3.
constexpr SignatureVector kSignatures[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "4"
     "6bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d"
     "8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6"
     "594a7c15e9716ed28dc027beceea1ec40a"}};

TEST(SigningKey, Rfc8032) {
  for (const SignatureVector& v : kSignatures) {
    const auto key = SigningKey::from_seed(SecretBytes::copy_of(from_hex(v.seed)));
    ASSERT_TRUE(key.ok());
    EXPECT_EQ(hex(key->public_key()), v.key);
    const Bytes message = from_hex(v.message);
    EXPECT_EQ(hex(key->sign(message)), v.signature);
    EXPECT_TRUE(verify_signature(fixed<32>(v.key), message, fixed<64>(v.signature)));
  }
}

TEST(SigningKey, RefusesAnythingChanged) {
  const SignatureVector& v = kSignatures[2];
  const auto key = fixed<32>(v.key);
  const auto signature = fixed<64>(v.signature);
  EXPECT_FALSE(verify_signature(key, view("other"), signature));
  for (std::size_t bit = 0; bit < 512; ++bit) {
    Signature bad = signature;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    ASSERT_FALSE(verify_signature(key, from_hex(v.message), bad));
  }
  EXPECT_FALSE(verify_signature(fixed<32>(kSignatures[0].key), from_hex(v.message), signature));
  EXPECT_FALSE(verify_signature(PublicKey{}, from_hex(v.message), signature));
  EXPECT_EQ(SigningKey::from_seed(SecretBytes(31)).code(), Code::invalid);
}

constexpr PasswordCost kCheap{.passes = 1, .memory_bytes = 8192};

TEST(Password, HashesAndVerifies) {
  const std::string hash = hash_password(view("correct horse"), kCheap).value();
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << hash;
  EXPECT_TRUE(verify_password(hash, view("correct horse")));
  EXPECT_FALSE(verify_password(hash, view("correct horsf")));
  EXPECT_FALSE(verify_password(hash, {}));
  EXPECT_NE(hash_password(view("correct horse"), kCheap).value(), hash);  // salted
}

TEST(Password, VerifiesTheReferenceImplementationsHash) {
  const char* reference =
      "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  EXPECT_TRUE(verify_password(reference, view("password")));
  EXPECT_FALSE(verify_password(reference, view("Password")));
}

TEST(Password, ABadHashVerifiesNothing) {
  for (const char* bad : {"", "$", "plain", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$$"})
    EXPECT_FALSE(verify_password(bad, view("password"))) << bad;
  EXPECT_FALSE(verify_password(std::string(10'000, '$'), view("password")));
}

// The value is the reference implementation's (argon2-cffi, hash_secret_raw, one lane).
TEST(Password, MakesTheReferenceImplementationsKey) {
  const PasswordCost cost{.passes = 3, .memory_bytes = 64UL << 10};
  const SecretBytes key =
      key_from_password(view("xxxxxxxx"), view("ssssssssssssssss"), cost, 32).value();
  EXPECT_EQ(hex(key.view()), "1f198a61d9028d8eca02f46fe7f04ad7658131cbca506ff208b19337556b63af");
  EXPECT_FALSE(key_from_password(view("xxxxxxxy"), view("ssssssssssssssss"), cost, 32).value() ==
               key);
  EXPECT_FALSE(key_from_password(view("xxxxxxxx"), view("ssssssssssssssst"), cost, 32).value() ==
               key);
}

TEST(PasswordDeathTest, ACostBelowTheFloorIsADefect) {
  EXPECT_DEATH(static_cast<void>(hash_password(view("x"), {.passes = 0, .memory_bytes = 8192})),
               "CHECK failed");
}

}  // namespace
}  // namespace base
