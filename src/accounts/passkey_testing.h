// For tests: an authenticator and the browser around it, in software, with ES256 keys from OpenSSL.
// It does what it is told, also what no honest one does. Never part of the program.
#pragma once

#include <memory>
#include <string>

#include "accounts/webauthn.h"
#include "base/bytes.h"

struct evp_pkey_st;  // NOLINT(readability-identifier-naming): OpenSSL names it

namespace accounts::testing {

struct FreeKey {
  void operator()(evp_pkey_st* key) const;
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
  explicit SoftPasskey(std::uint8_t number = 1);

  const base::Bytes& id() const { return id_; }

  webauthn::Registration create(base::View challenge, const Saying& saying = {}) const;
  webauthn::Assertion get(base::View challenge, base::View user, const Saying& saying = {}) const;

 private:
  base::Bytes cose_key() const;

  std::unique_ptr<evp_pkey_st, FreeKey> key_;
  base::Bytes id_;
};

}  // namespace accounts::testing
