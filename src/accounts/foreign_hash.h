// Password hashes that others have made: their written forms, what each costs to try, and trying
// one. Pure functions; keeps no hash. What would take minutes or gigabytes is no hash to us.
//   bcrypt     $2a$, $2b$, $2y$
//   scrypt     $scrypt$ln=14,r=8,p=1$salt$digest                 (PHC string)
//   PBKDF2     $pbkdf2-sha256$600000$salt$digest (Passlib), $pbkdf2-sha256$i=600000,l=32$… (PHC),
//              pbkdf2_sha256$600000$salt$digest (Django); with SHA-1 and SHA-512 as well
//   Argon2     $argon2id$v=19$m=65536,t=3,p=4$salt$digest, $argon2i$…
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/secret_bytes.h"

namespace accounts {

/// The numbers are kept: never used again for anything else.
enum class Scheme : std::uint8_t {
  bcrypt = 1,
  scrypt = 2,
  pbkdf2_sha1 = 3,
  pbkdf2_sha256 = 4,
  pbkdf2_sha512 = 5,
  argon2i = 6,
  argon2id = 7,
};
/// The name that `hash_algorithm` of an import has for it.
base::Literal to_string(Scheme scheme);

/// What trying a hash costs. Equal values take the same time.
struct ForeignCost {
  Scheme scheme = Scheme::bcrypt;
  std::uint32_t rounds =
      0;  // bcrypt, scrypt: as a power of two; PBKDF2: iterations; Argon2: passes
  std::uint32_t memory = 0;  // scrypt: block size; Argon2: KiB
  std::uint32_t lanes = 0;   // scrypt, Argon2
  std::uint32_t size = 0;    // of the digest, in bytes
  auto operator<=>(const ForeignCost&) const = default;

  /// Roughly how long it takes on a slow core.
  base::Duration estimate() const;
  std::uint64_t memory_bytes() const;
  /// Its form in a table, which keeps the order.
  base::Bytes bytes() const;
  static base::Result<ForeignCost> from(base::View bytes);
};

/// What one hash may cost at most, and all kinds that are kept at once: each login does one of
/// each.
inline constexpr base::Duration foreign_takes_max = std::chrono::milliseconds(1500);
inline constexpr base::Duration foreign_takes_max_in_all = std::chrono::seconds(3);
inline constexpr std::uint64_t foreign_memory_bytes_max = 128UL << 20;

class ForeignHash {
 public:
  enum class Refusal : std::uint8_t { unknown, malformed, too_dear };
  /// Nothing is computed yet.
  static std::variant<ForeignHash, Refusal> parse(std::string_view text);
  /// Of nobody's password, at this cost: for the work alone.
  static ForeignHash of_nobody(const ForeignCost& cost);

  const ForeignCost& cost() const noexcept { return parts_.cost; }
  /// Whether it is of `password`. Code::exhausted where memory is short.
  base::Result<bool> matches(const base::SecretBytes& password) const;

 private:
  struct Parts {
    ForeignCost cost;
    base::Bytes salt, digest;
    std::string text;  // of bcrypt and Argon2, whose libraries read the written form
  };
  explicit ForeignHash(Parts parts) : parts_(std::move(parts)) {}
  static std::optional<Parts> read_bcrypt(std::string_view text);
  static std::optional<Parts> read_scrypt(std::string_view text);
  static std::optional<Parts> read_pbkdf2(std::string_view text);
  static std::optional<Parts> read_django(std::string_view text);
  static std::optional<Parts> read_argon2(std::string_view text);
  base::Result<base::SecretBytes> derive(const base::SecretBytes& password) const;

  Parts parts_;
};

}  // namespace accounts
