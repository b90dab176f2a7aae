#include "accounts/foreign_hash.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/crypto.h"
#include "base/foreign_kdf.h"

namespace accounts {
namespace {

using base::Bytes;
using std::string_view;

constexpr std::size_t kTextMax = 512;
constexpr std::size_t kSaltMax = 64, kDigestMin = 16, kDigestMax = 64;
constexpr std::size_t kBcryptLetters = 60, kBcryptHead = 7;  // `$2b$12$`
constexpr std::uint32_t kLanesMax = 16;
constexpr unsigned kBcryptRoundsMin = 4, kPowerMax = 31;

/// What stands between the separators.
std::vector<string_view> split(string_view text, char at) {
  std::vector<string_view> parts;
  while (true) {
    const auto end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// A decimal number without a sign or a zero before it.
std::optional<std::uint32_t> number(string_view text) {
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (text.empty() || text.front() == '0' || read.ec != std::errc() || read.ptr != end)
    return std::nullopt;
  return value;
}

/// The number behind `name=`.
std::optional<std::uint32_t> number(string_view text, string_view name) {
  if (!text.starts_with(name) || text.substr(name.size(), 1) != "=") return std::nullopt;
  return number(text.substr(name.size() + 1));
}

/// Base64 without padding; Passlib writes a dot for the plus.
std::optional<Bytes> bare_base64(string_view text, char plus = '+') {
  std::string padded(text);
  if (plus != '+') {
    if (padded.find('+') != std::string::npos) return std::nullopt;
    std::ranges::replace(padded, plus, '+');
  }
  if (padded.find('=') != std::string::npos) return std::nullopt;
  while (padded.size() % 4 != 0) padded.push_back('=');
  auto bytes = base::parse_base64(padded);
  return bytes.ok() ? std::optional(std::move(*bytes)) : std::nullopt;
}

std::string bare_base64_of(base::View bytes) {
  std::string text = base::base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  return text;
}

bool sizes_fit(const Bytes& salt, const Bytes& digest) {
  return salt.size() <= kSaltMax && digest.size() >= kDigestMin && digest.size() <= kDigestMax;
}

std::uint32_t size_of(const Bytes& digest) { return static_cast<std::uint32_t>(digest.size()); }

std::optional<Scheme> pbkdf2_scheme(string_view name) {
  if (name == "pbkdf2" || name == "pbkdf2-sha1" || name == "pbkdf2_sha1")
    return Scheme::pbkdf2_sha1;
  if (name == "pbkdf2-sha256" || name == "pbkdf2_sha256") return Scheme::pbkdf2_sha256;
  if (name == "pbkdf2-sha512" || name == "pbkdf2_sha512") return Scheme::pbkdf2_sha512;
  return std::nullopt;
}

base::Prf prf_of(Scheme scheme) {
  if (scheme == Scheme::pbkdf2_sha1) return base::Prf::sha1;
  return scheme == Scheme::pbkdf2_sha256 ? base::Prf::sha256 : base::Prf::sha512;
}

std::size_t block_of(Scheme scheme) {
  if (scheme == Scheme::pbkdf2_sha1) return 20;
  return scheme == Scheme::pbkdf2_sha256 ? 32 : 64;
}

std::string argon2_text(const ForeignCost& cost, const Bytes& salt, const Bytes& digest) {
  return std::string("$") + (cost.scheme == Scheme::argon2i ? "argon2i" : "argon2id") +
         "$v=19$m=" + std::to_string(cost.memory) + ",t=" + std::to_string(cost.rounds) +
         ",p=" + std::to_string(cost.lanes) + "$" + bare_base64_of(salt) + "$" +
         bare_base64_of(digest);
}

}  // namespace

base::Literal to_string(Scheme scheme) {
  switch (scheme) {
    case Scheme::bcrypt:
      return "bcrypt";
    case Scheme::scrypt:
      return "scrypt";
    case Scheme::pbkdf2_sha1:
      return "pbkdf2-sha1";
    case Scheme::pbkdf2_sha256:
      return "pbkdf2-sha256";
    case Scheme::pbkdf2_sha512:
      return "pbkdf2-sha512";
    case Scheme::argon2i:
      return "argon2i";
    case Scheme::argon2id:
      return "argon2id";
  }
  return "unknown";
}

base::Duration ForeignCost::estimate() const {
  const auto takes = [](double microseconds) {
    constexpr double kForever = 3.6e9;
    return base::Duration(static_cast<std::int64_t>(std::min(microseconds, kForever)));
  };
  const double rounds_log2 = static_cast<double>(std::uint64_t{1} << std::min(rounds, kPowerMax));
  switch (scheme) {
    case Scheme::bcrypt:
      return takes(70 * rounds_log2);
    case Scheme::scrypt:
      return takes(0.4 * rounds_log2 * memory * lanes);
    case Scheme::argon2i:
    case Scheme::argon2id:
      return takes(1.2 * memory * rounds);
    default:
      break;
  }
  const std::size_t block = block_of(scheme);
  const std::size_t blocks = (size + block - 1) / block;
  return takes((scheme == Scheme::pbkdf2_sha512 ? 0.8 : 0.5) * rounds *
               static_cast<double>(blocks));
}

std::uint64_t ForeignCost::memory_bytes() const {
  if (scheme == Scheme::scrypt)
    return 128ULL * memory * ((std::uint64_t{1} << std::min(rounds, kPowerMax)) + lanes + 2);
  if (scheme == Scheme::argon2i || scheme == Scheme::argon2id) return 1024ULL * memory;
  return 0;
}

Bytes ForeignCost::bytes() const {
  Bytes out = {static_cast<std::uint8_t>(scheme)};
  for (const std::uint32_t each : {rounds, memory, lanes, size}) base::put_u32(out, each);
  return out;
}

base::Result<ForeignCost> ForeignCost::from(base::View bytes) {
  base::Reader reader(bytes);
  ForeignCost cost;
  cost.scheme = static_cast<Scheme>(TRY(reader.u8()));
  cost.rounds = TRY(reader.u32());
  cost.memory = TRY(reader.u32());
  cost.lanes = TRY(reader.u32());
  cost.size = TRY(reader.u32());
  if (!reader.done() || cost.scheme < Scheme::bcrypt || cost.scheme > Scheme::argon2id)
    return base::Error{base::Code::corrupt, "the cost of a hash is none"};
  return cost;
}

std::optional<ForeignHash::Parts> ForeignHash::read_bcrypt(string_view text) {
  constexpr string_view kLetters =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  if (text.size() != kBcryptLetters || text[kBcryptHead - 1] != '$') return std::nullopt;
  if (text.substr(kBcryptHead).find_first_not_of(kLetters) != string_view::npos)
    return std::nullopt;
  const string_view rounds = text.substr(4, 2);
  const auto read = number(rounds.starts_with('0') ? rounds.substr(1) : rounds);
  if (!read || *read < kBcryptRoundsMin || *read > kPowerMax) return std::nullopt;
  return Parts{{Scheme::bcrypt, *read}, {}, {}, std::string(text)};
}

std::optional<ForeignHash::Parts> ForeignHash::read_scrypt(string_view text) {
  const auto parts = split(text, '$');
  if (parts.size() != 5) return std::nullopt;
  const auto costs = split(parts[2], ',');
  if (costs.size() != 3) return std::nullopt;
  const auto rounds = number(costs[0], "ln"), block = number(costs[1], "r"),
             lanes = number(costs[2], "p");
  auto salt = bare_base64(parts[3]), digest = bare_base64(parts[4]);
  if (!rounds || !block || !lanes || !salt || !digest || !sizes_fit(*salt, *digest) ||
      *rounds > kPowerMax || *lanes > kLanesMax)
    return std::nullopt;
  if (*rounds >= std::uint64_t{16} * *block)
    return std::nullopt;  // RFC 7914, section 6: N < 2^(16 r)
  const ForeignCost cost{Scheme::scrypt, *rounds, *block, *lanes, size_of(*digest)};
  return Parts{cost, std::move(*salt), std::move(*digest), {}};
}

std::optional<ForeignHash::Parts> ForeignHash::read_pbkdf2(string_view text) {
  const auto parts = split(text, '$');
  if (parts.size() != 5) return std::nullopt;
  const auto scheme = pbkdf2_scheme(parts[1]);
  const bool phc = parts[2].starts_with("i=");
  const auto costs = split(parts[2], ',');
  const auto rounds = phc ? number(costs[0], "i") : number(parts[2]);
  const char plus = phc ? '+' : '.';
  auto salt = bare_base64(parts[3], plus), digest = bare_base64(parts[4], plus);
  if (!scheme || !rounds || costs.size() > 2 || !salt || !digest || !sizes_fit(*salt, *digest))
    return std::nullopt;
  if (costs.size() == 2 && number(costs[1], "l") != size_of(*digest)) return std::nullopt;
  const ForeignCost cost{*scheme, *rounds, 0, 0, size_of(*digest)};
  return Parts{cost, std::move(*salt), std::move(*digest), {}};
}

std::optional<ForeignHash::Parts> ForeignHash::read_django(string_view text) {
  const auto parts = split(text, '$');
  if (parts.size() != 4) return std::nullopt;
  const auto scheme = pbkdf2_scheme(parts[0]);
  const auto rounds = number(parts[1]);
  auto digest = base::parse_base64(parts[3]);
  Bytes salt = base::copy(base::view(parts[2]));  // its letters
  if (!scheme || !rounds || !digest.ok() || !sizes_fit(salt, *digest)) return std::nullopt;
  const ForeignCost cost{*scheme, *rounds, 0, 0, size_of(*digest)};
  return Parts{cost, std::move(salt), std::move(*digest), {}};
}

std::optional<ForeignHash::Parts> ForeignHash::read_argon2(string_view text) {
  const auto parts = split(text, '$');
  if (parts.size() != 6 || parts[2] != "v=19") return std::nullopt;
  const auto costs = split(parts[3], ',');
  if (costs.size() != 3) return std::nullopt;
  const auto memory = number(costs[0], "m"), passes = number(costs[1], "t"),
             lanes = number(costs[2], "p");
  auto salt = bare_base64(parts[4]), digest = bare_base64(parts[5]);
  if (!memory || !passes || !lanes || !salt || !digest || !sizes_fit(*salt, *digest) ||
      salt->size() < 8 || *lanes > kLanesMax || *memory < 8 * *lanes)
    return std::nullopt;
  const Scheme scheme = parts[1] == "argon2i" ? Scheme::argon2i : Scheme::argon2id;
  const ForeignCost cost{scheme, *passes, *memory, *lanes, size_of(*digest)};
  return Parts{cost, std::move(*salt), std::move(*digest), std::string(text)};
}

std::variant<ForeignHash, ForeignHash::Refusal> ForeignHash::parse(string_view text) {
  struct Form {
    string_view prefix;
    std::optional<Parts> (*read)(string_view);
  };
  static constexpr std::array kForms = {
      Form{"$2a$", &ForeignHash::read_bcrypt},       Form{"$2b$", &ForeignHash::read_bcrypt},
      Form{"$2y$", &ForeignHash::read_bcrypt},       Form{"$scrypt$", &ForeignHash::read_scrypt},
      Form{"$pbkdf2", &ForeignHash::read_pbkdf2},    Form{"pbkdf2_sha", &ForeignHash::read_django},
      Form{"$argon2id$", &ForeignHash::read_argon2}, Form{"$argon2i$", &ForeignHash::read_argon2}};
  if (text.size() > kTextMax) return Refusal::malformed;
  const auto* form =
      std::ranges::find_if(kForms, [&](const Form& each) { return text.starts_with(each.prefix); });
  if (form == kForms.end()) return Refusal::unknown;
  auto parts = form->read(text);
  if (!parts) return Refusal::malformed;
  if (parts->cost.estimate() > foreign_takes_max ||
      parts->cost.memory_bytes() > foreign_memory_bytes_max)
    return Refusal::too_dear;
  return ForeignHash(std::move(*parts));
}

ForeignHash ForeignHash::of_nobody(const ForeignCost& cost) {
  constexpr std::size_t kSalt = 16;
  Parts parts{cost, Bytes(kSalt), Bytes(cost.size), {}};
  if (cost.scheme == Scheme::bcrypt)
    parts.text = (cost.rounds < 10 ? "$2b$0" : "$2b$") + std::to_string(cost.rounds) + "$" +
                 std::string(kBcryptLetters - kBcryptHead, '.');
  if (cost.scheme == Scheme::argon2i || cost.scheme == Scheme::argon2id)
    parts.text = argon2_text(cost, parts.salt, parts.digest);
  return ForeignHash(std::move(parts));
}

base::Result<base::SecretBytes> ForeignHash::derive(const base::SecretBytes& password) const {
  const ForeignCost& cost = parts_.cost;
  if (cost.scheme == Scheme::scrypt)
    return base::scrypt(password.view(), parts_.salt, {cost.rounds, cost.memory, cost.lanes},
                        cost.size);
  return base::pbkdf2(password.view(), parts_.salt, cost.rounds, prf_of(cost.scheme), cost.size);
}

base::Result<bool> ForeignHash::matches(const base::SecretBytes& password) const {
  switch (parts_.cost.scheme) {
    case Scheme::bcrypt:
      return base::verify_bcrypt(parts_.text, password.view());
    case Scheme::argon2i:
    case Scheme::argon2id:
      return base::verify_password(parts_.text, password.view());
    default:
      break;
  }
  const base::SecretBytes derived = TRY(derive(password));
  return base::equal_constant_time(derived.view(), parts_.digest);
}

}  // namespace accounts
