#include "accounts/passkey_testing.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "base/crypto.h"

namespace accounts::testing {
namespace {

void append(base::Bytes& out, base::View bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

base::Bytes client(const char* type, base::View challenge, const Saying& saying) {
  const std::string json = R"({"type":")" +
                           (saying.type.empty() ? std::string(type) : saying.type) +
                           R"(","challenge":")" + base::base64url(challenge) + R"(","origin":")" +
                           saying.origin + R"(","crossOrigin":false)" + saying.more + "}";
  return base::copy(base::view(json));
}

base::Bytes head(const Saying& saying, std::uint8_t also) {
  base::Bytes data = base::copy(base::sha256(base::view(saying.rp_id)));
  data.push_back(static_cast<std::uint8_t>(saying.flags | also));
  base::put_u32(data, saying.counter);
  return data;
}

base::Bytes sign(EVP_PKEY* key, base::View message) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  std::size_t size = 0;
  CHECK(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1);
  CHECK(EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) == 1);
  base::Bytes signature(size);
  CHECK(EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) ==
        1);
  signature.resize(size);
  return signature;
}

}  // namespace

void FreeKey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

SoftPasskey::SoftPasskey(std::uint8_t number) : key_(EVP_EC_gen("P-256")), id_(32, number) {}

webauthn::Registration SoftPasskey::create(base::View challenge, const Saying& saying) const {
  base::Bytes data = head(saying, 0x40);
  data.insert(data.end(), 16, 0);  // AAGUID
  base::put_u16(data, static_cast<std::uint16_t>(id_.size()));
  append(data, id_);
  append(data, cose_key());
  base::Bytes object = {0xa3};
  append(object, base::view("\x63"
                            "fmt\x64"
                            "none\x67"
                            "attStmt\xa0\x68"
                            "authData\x59"));
  base::put_u16(object, static_cast<std::uint16_t>(data.size()));
  append(object, data);
  return {client("webauthn.create", challenge, saying), object};
}

webauthn::Assertion SoftPasskey::get(base::View challenge, base::View user,
                                     const Saying& saying) const {
  webauthn::Assertion answer;
  answer.credential = id_;
  answer.client_data = client("webauthn.get", challenge, saying);
  answer.authenticator_data = head(saying, 0);
  answer.user_handle = base::copy(user);
  base::Bytes message = answer.authenticator_data;
  append(message, base::sha256(answer.client_data));
  answer.signature = sign(key_.get(), message);
  return answer;
}

base::Bytes SoftPasskey::cose_key() const {
  base::Bytes point(65);
  std::size_t size = 0;
  CHECK(EVP_PKEY_get_octet_string_param(key_.get(), "encoded-pub-key", point.data(), point.size(),
                                        &size) == 1);
  CHECK(size == point.size() && point[0] == 4);  // uncompressed
  base::Bytes out = {0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20};
  append(out, base::View(point).subspan(1, 32));
  append(out, base::Bytes{0x22, 0x58, 0x20});
  append(out, base::View(point).subspan(33, 32));
  return out;
}

TEST(SoftPasskey, MakesAuthenticatorDataOfTheStandardsLayout) {
  const auto answer = SoftPasskey().get(base::Bytes(32, 1), {});
  EXPECT_EQ(answer.authenticator_data.size(), 37u);
  EXPECT_EQ(answer.authenticator_data[32], 0x05);
  EXPECT_EQ(answer.authenticator_data[36], 1);
}

}  // namespace accounts::testing
