#include "accounts/webauthn.h"

#include <cbor.h>
#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "accounts/cbor.h"
#include "base/crypto.h"

namespace accounts::webauthn {
namespace {

using nlohmann::json;

constexpr std::size_t kClientBytes = 4096;
constexpr std::size_t kAttestationBytes = 8192;
constexpr int kDepth = 4;                  // more than client data ever nests
constexpr std::size_t kCredential = 1023;  // bytes of a credential's id (4)

// Authenticator data (6.1): rpIdHash 32 | flags u8 | counter u32 | …
constexpr std::size_t kHash = 32;
constexpr std::size_t kHead = kHash + 1 + 4;
constexpr std::size_t kAaguid = 16;
enum Flag : std::uint8_t {
  kPresent = 0x01,
  kVerified = 0x04,
  kMayBeBackedUp = 0x08,
  kBackedUp = 0x10,
  kAttested = 0x40,
  kExtensions = 0x80,
};

template <auto Close>
struct Closed {
  template <class T>
  void operator()(T* thing) const {
    Close(&thing);
  }
};
using Cred = std::unique_ptr<fido_cred_t, Closed<fido_cred_free>>;
using Assert = std::unique_ptr<fido_assert_t, Closed<fido_assert_free>>;

bool start_library() {
  static const bool started = [] {
    fido_init(0);
    return true;
  }();
  return started;
}

/// A member given twice is refused, and so is what is nested deeper than it may be.
class Watch {
 public:
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > kDepth) sound_ = false;
    if (event == json::parse_event_t::object_start) seen_.emplace_back();
    if (event == json::parse_event_t::object_end) seen_.pop_back();
    if (event == json::parse_event_t::key && !seen_.back().insert(parsed.get<std::string>()).second)
      sound_ = false;
    return sound_;
  }
  bool sound() const { return sound_; }

 private:
  std::vector<std::set<std::string>> seen_;
  bool sound_ = true;
};

std::optional<std::string> text(const json& object, const char* name) {
  const auto at = object.find(name);
  if (at == object.end() || !at->is_string()) return std::nullopt;
  return at->get<std::string>();
}

std::optional<Refusal> check_head(base::View data, const Site& site) {
  if (data.size() < kHead) return Refusal::malformed;
  const base::Digest hash = base::sha256(base::view(site.rp_id));
  if (!base::equal_constant_time(data.first(kHash), hash)) return Refusal::site;
  const std::uint8_t flags = data[kHash];
  if ((flags & kPresent) == 0) return Refusal::presence;
  if ((flags & kVerified) == 0) return Refusal::verification;
  if ((flags & kBackedUp) != 0 && (flags & kMayBeBackedUp) == 0) return Refusal::malformed;
  return std::nullopt;
}

struct Attestation {
  base::Bytes data;
  std::optional<base::Bytes> self_signature;  // where the passkey's own key has signed it
};

struct Release {
  void operator()(cbor_item_t* item) const { cbor_decref(&item); }
};
using Item = std::unique_ptr<cbor_item_t, Release>;

/// One CBOR item, and nothing behind it.
Item parse_cbor(base::View bytes) {
  if (cbor_items(bytes) != 1) return nullptr;
  cbor_load_result result{};
  return Item(cbor_load(bytes.data(), bytes.size(), &result));
}

bool named(const cbor_item_t* key, std::string_view name) {
  return cbor_isa_string(key) && cbor_string_is_definite(key) &&
         base::text({cbor_string_handle(key), cbor_string_length(key)}) == name;
}

/// The value of that name in a map; nullptr where there is none, or two.
const cbor_item_t* member(const cbor_item_t* map, std::string_view name) {
  const cbor_item_t* found = nullptr;
  for (std::size_t i = 0; i < cbor_map_size(map); ++i) {
    const cbor_pair& pair = cbor_map_handle(map)[i];
    if (!named(pair.key, name)) continue;
    if (found != nullptr) return nullptr;
    found = pair.value;
  }
  return found;
}

std::optional<base::Bytes> bytes_of(const cbor_item_t* item) {
  if (item == nullptr || !cbor_isa_bytestring(item) || !cbor_bytestring_is_definite(item))
    return std::nullopt;
  return base::copy({cbor_bytestring_handle(item), cbor_bytestring_length(item)});
}

std::optional<Attestation> parse_attestation(base::View cbor) {
  if (cbor.size() > kAttestationBytes) return std::nullopt;
  const Item object = parse_cbor(cbor);
  if (object == nullptr || !cbor_isa_map(object.get())) return std::nullopt;
  const cbor_item_t* format = member(object.get(), "fmt");
  const cbor_item_t* statement = member(object.get(), "attStmt");
  auto data = bytes_of(member(object.get(), "authData"));
  if (format == nullptr || statement == nullptr || !cbor_isa_map(statement) || !data)
    return std::nullopt;
  Attestation out;
  out.data = std::move(*data);
  if (named(format, "none") && cbor_map_size(statement) == 0) return out;
  // Signed by the passkey's own key: browsers let this pass where they are asked for none.
  out.self_signature = bytes_of(member(statement, "sig"));
  if (!named(format, "packed") || !out.self_signature || member(statement, "x5c") != nullptr)
    return std::nullopt;
  return out;
}

/// Whether the public key stands behind the credential's id, then extensions where they are told
/// of, and nothing else.
bool ends_with_the_key(base::View data) {
  constexpr std::size_t kBefore = kHead + kAaguid + 2;
  if (data.size() < kBefore) return false;
  const std::size_t id = static_cast<std::size_t>(data[kBefore - 2]) << 8U | data[kBefore - 1];
  if (id == 0 || id > kCredential || data.size() <= kBefore + id) return false;
  const std::size_t items = (data[kHash] & kExtensions) != 0 ? 2 : 1;
  return cbor_items(data.subspan(kBefore + id)) == items;
}

/// The passkey in the authenticator's data, whichever of our algorithms it is for.
Cred read_credential(base::View data) {
  for (const std::int64_t algorithm : algorithms) {
    Cred cred(fido_cred_new());
    CHECK(cred != nullptr);
    if (fido_cred_set_type(cred.get(), static_cast<int>(algorithm)) != FIDO_OK) continue;
    if (fido_cred_set_authdata_raw(cred.get(), data.data(), data.size()) == FIDO_OK) return cred;
  }
  return nullptr;
}

bool self_signed(fido_cred_t* cred, const Registration& answer, const Site& site,
                 const base::Bytes& signature) {
  const base::Digest hash = base::sha256(answer.client_data);
  return fido_cred_set_fmt(cred, "packed") == FIDO_OK &&
         fido_cred_set_rp(cred, site.rp_id.c_str(), nullptr) == FIDO_OK &&
         fido_cred_set_clientdata_hash(cred, hash.data(), hash.size()) == FIDO_OK &&
         fido_cred_set_sig(cred, signature.data(), signature.size()) == FIDO_OK &&
         fido_cred_verify_self(cred) == FIDO_OK;
}

/// Calls `use` with the key as libfido2 has it; false where it is no key.
template <class Key, auto Make, auto Free, auto Read, class Use>
bool with_key(const base::Bytes& bytes, const Use& use) {
  const std::unique_ptr<Key, Closed<Free>> key(Make());
  CHECK(key != nullptr);
  return Read(key.get(), bytes.data(), bytes.size()) == FIDO_OK && use(key.get());
}

bool signed_by(fido_assert_t* assertion, const Credential& kept) {
  const auto verified = [&](const void* key) {
    return fido_assert_verify(assertion, 0, static_cast<int>(kept.algorithm), key) == FIDO_OK;
  };
  switch (kept.algorithm) {
    case COSE_ES256:
      return with_key<es256_pk_t, es256_pk_new, es256_pk_free, es256_pk_from_ptr>(kept.key,
                                                                                  verified);
    case COSE_EDDSA:
      return with_key<eddsa_pk_t, eddsa_pk_new, eddsa_pk_free, eddsa_pk_from_ptr>(kept.key,
                                                                                  verified);
    case COSE_RS256:
      return with_key<rs256_pk_t, rs256_pk_new, rs256_pk_free, rs256_pk_from_ptr>(kept.key,
                                                                                  verified);
    default:
      return false;
  }
}

}  // namespace

std::optional<Client> parse_client(base::View bytes) {
  if (bytes.size() > kClientBytes) return std::nullopt;
  Watch watch;
  const json object = json::parse(
      bytes.begin(), bytes.end(),
      [&watch](int depth, json::parse_event_t event, json& parsed) {
        return watch(depth, event, parsed);
      },
      /*allow_exceptions=*/false);
  if (!watch.sound() || !object.is_object()) return std::nullopt;
  const auto type = text(object, "type");
  const auto challenge = text(object, "challenge");
  const auto origin = text(object, "origin");
  if (!type || !challenge || !origin) return std::nullopt;
  auto bits = base::parse_base64url(*challenge);
  if (!bits.ok()) return std::nullopt;
  Client client{*type, std::move(*bits), *origin, object.contains("topOrigin")};
  if (const auto cross = object.find("crossOrigin"); cross != object.end()) {
    if (!cross->is_boolean()) return std::nullopt;
    client.cross_origin = client.cross_origin || cross->get<bool>();
  }
  return client;
}

std::optional<Refusal> check_client(const Client& client, Kind kind, const Site& site) {
  if (client.type != (kind == Kind::create ? "webauthn.create" : "webauthn.get"))
    return Refusal::type;
  // Nobody shows our pages in a frame of theirs; an answer from one was got by other means.
  if (client.origin != site.origin || client.cross_origin) return Refusal::origin;
  return std::nullopt;
}

std::variant<Credential, Refusal> check_registration(const Registration& answer, const Site& site) {
  CHECK(start_library());
  const auto attestation = parse_attestation(answer.attestation);
  if (!attestation) return Refusal::malformed;
  if (const auto refused = check_head(attestation->data, site)) return *refused;
  if ((attestation->data[kHash] & kAttested) == 0 || !ends_with_the_key(attestation->data))
    return Refusal::malformed;
  const Cred cred = read_credential(attestation->data);
  if (cred == nullptr) return Refusal::malformed;
  if (attestation->self_signature &&
      !self_signed(cred.get(), answer, site, *attestation->self_signature))
    return Refusal::signature;
  const base::View id(fido_cred_id_ptr(cred.get()), fido_cred_id_len(cred.get()));
  const base::View key(fido_cred_pubkey_ptr(cred.get()), fido_cred_pubkey_len(cred.get()));
  return Credential{base::copy(id), fido_cred_type(cred.get()), base::copy(key),
                    fido_cred_sigcount(cred.get())};
}

std::variant<std::uint32_t, Refusal> check_assertion(const Assertion& answer, const Site& site,
                                                     const Credential& kept) {
  CHECK(start_library());
  if (const auto refused = check_head(answer.authenticator_data, site)) return *refused;
  const std::uint8_t flags = answer.authenticator_data[kHash];
  const std::size_t items = (flags & kExtensions) != 0 ? 1 : 0;
  if ((flags & kAttested) != 0 ||
      cbor_items(base::View(answer.authenticator_data).subspan(kHead)) != items)
    return Refusal::malformed;
  const Assert assertion(fido_assert_new());
  CHECK(assertion != nullptr);
  fido_assert_t* raw = assertion.get();
  const base::Digest hash = base::sha256(answer.client_data);
  const base::Bytes& data = answer.authenticator_data;
  if (fido_assert_set_count(raw, 1) != FIDO_OK ||
      fido_assert_set_clientdata_hash(raw, hash.data(), hash.size()) != FIDO_OK ||
      fido_assert_set_rp(raw, site.rp_id.c_str()) != FIDO_OK ||
      fido_assert_set_up(raw, FIDO_OPT_TRUE) != FIDO_OK ||
      fido_assert_set_uv(raw, FIDO_OPT_TRUE) != FIDO_OK ||
      fido_assert_set_authdata_raw(raw, 0, data.data(), data.size()) != FIDO_OK)
    return Refusal::malformed;
  if (fido_assert_set_sig(raw, 0, answer.signature.data(), answer.signature.size()) != FIDO_OK ||
      !signed_by(raw, kept))
    return Refusal::signature;
  const std::uint32_t counter = fido_assert_sigcount(raw, 0);
  if ((counter != 0 || kept.counter != 0) && counter <= kept.counter) return Refusal::counter;
  return counter;
}

}  // namespace accounts::webauthn
