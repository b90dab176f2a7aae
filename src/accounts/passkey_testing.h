// For tests: an authenticator and the browser around it, in software, with ES256 keys from OpenSSL.
// It does what it is told, also what no honest one does. Never part of the program.
#pragma once

#include <openssl/ec.h>
#include <openssl/evp.h>

#include <memory>
#include <string>

#include "accounts/webauthn.h"
#include "base/crypto.h"

namespace accounts::testing {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

/// What one answer is made with: as it should be, unless a test changes it.
struct Saying {
  std::string origin = "http://localhost";
  std::string rp_id = "localhost";
  std::string type = {};      // empty: as the ceremony has it
  std::uint8_t flags = 0x05;  // user present and verified
  std::uint32_t counter = 1;
  std::string more = {};  // further members of the client data
};

class SoftPasskey {
 public:
  explicit SoftPasskey(std::uint8_t number = 1) : key_(EVP_EC_gen("P-256")), id_(32, number) {}

  const base::Bytes& id() const { return id_; }

  static std::string client(const char* type, base::View challenge, const Saying& saying) {
    return R"({"type":")" + (saying.type.empty() ? std::string(type) : saying.type) +
           R"(","challenge":")" + base::base64url(challenge) + R"(","origin":")" + saying.origin +
           R"(","crossOrigin":false)" + saying.more + "}";
  }

  webauthn::Registration create(base::View challenge, const Saying& saying = {}) const {
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
                              "authData"));
    object.insert(object.end(), {0x59, static_cast<std::uint8_t>(data.size() >> 8U),
                                 static_cast<std::uint8_t>(data.size())});
    append(object, data);
    return {base::copy(base::view(client("webauthn.create", challenge, saying))), object};
  }

  webauthn::Assertion get(base::View challenge, base::View user, const Saying& saying = {}) const {
    webauthn::Assertion answer;
    answer.credential = id_;
    answer.client_data = base::copy(base::view(client("webauthn.get", challenge, saying)));
    answer.authenticator_data = head(saying, 0);
    answer.user_handle = base::copy(user);
    sign(answer);
    return answer;
  }
  /// Signs what is in the answer now.
  void sign(webauthn::Assertion& answer) const {
    base::Bytes message = answer.authenticator_data;
    append(message, base::sha256(answer.client_data));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    std::size_t size = 0;
    CHECK(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1);
    CHECK(EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) == 1);
    answer.signature.resize(size);
    CHECK(EVP_DigestSign(context.get(), answer.signature.data(), &size, message.data(),
                         message.size()) == 1);
    answer.signature.resize(size);
  }

 private:
  static void append(base::Bytes& out, base::View bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  static base::Bytes head(const Saying& saying, std::uint8_t also) {
    base::Bytes data = base::copy(base::sha256(base::view(saying.rp_id)));
    data.push_back(static_cast<std::uint8_t>(saying.flags | also));
    base::put_u32(data, saying.counter);
    return data;
  }
  base::Bytes cose_key() const {
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

  std::unique_ptr<EVP_PKEY, FreeKey> key_;
  base::Bytes id_;
};

}  // namespace accounts::testing
