// The notice compiled: what may be done with which data, for what, given how the person stands.
// Owns bit sets and the Document they came from; immutable, so that any thread may ask without a
// lock. It denies whatever the notice does not say. It never keeps a fact about a person: standing
// is brought by the caller, the gate.
#pragma once

#include <array>
#include <atomic>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "notice/document.h"

namespace notice {

/// A category's stable number in the notice file, 1 to 63. Looked up by name once, then kept: it
/// means the same in every version of the notice.
struct CategoryId {
  std::uint8_t number = 0;
  friend auto operator<=>(const CategoryId&, const CategoryId&) = default;
};
/// A purpose's stable number in the notice file, 1 to 63.
struct PurposeId {
  std::uint8_t number = 0;
  friend auto operator<=>(const PurposeId&, const PurposeId&) = default;
};

/// A set of purposes. Its bits are stable and may be stored.
class PurposeSet {
 public:
  constexpr PurposeSet() = default;
  explicit constexpr PurposeSet(std::uint64_t bits) : bits_(bits) {}
  constexpr std::uint64_t bits() const noexcept { return bits_; }
  constexpr bool has(PurposeId id) const noexcept { return (bits_ >> (id.number & 63U) & 1U) != 0; }
  constexpr void add(PurposeId id) noexcept { bits_ |= std::uint64_t{1} << (id.number & 63U); }
  constexpr void remove(PurposeId id) noexcept {
    bits_ &= ~(std::uint64_t{1} << (id.number & 63U));
  }
  friend constexpr bool operator==(const PurposeSet&, const PurposeSet&) = default;

 private:
  std::uint64_t bits_ = 0;
};

/// How a person, or the owner of data, stands at this moment.
struct Standing {
  PurposeSet objected;      // Article 21: purposes objected to
  PurposeSet consented;     // Article 7: purposes consented to, now
  PurposeSet withdrawn;     // consent once given and taken back
  bool restricted = false;  // Article 18
  bool suspended = false;   // barred by the operator
  bool erasing = false;     // the key is being destroyed
  bool erased = false;      // the key is destroyed
  // A restore found that the log knows later changes than the data does: consent counts as not
  // given, objection and restriction as on, until she says how she stands.
  bool unconfirmed = false;
};

enum class Verdict : std::uint8_t { denied, allowed };

/// Why, of a denial; `none` with every permission.
enum class Reason : std::uint8_t {
  none,
  not_declared,              // the notice knows no such category or purpose
  not_enabled,               // declared, but not switched on
  purpose_not_for_category,  // the purpose does not list this category
  consent_missing,
  withdrawn,
  objected,
  under_review,  // objected to; frozen until a person has decided
  restricted,
  suspended,
  erasing,
  erased,
  unconfirmed,
};
/// The reason in words that can be shown to the person.
const char* describe(Reason reason) noexcept;
/// The reason as an identifier, for logs and problem details.
const char* to_string(Reason reason) noexcept;

/// A verdict that explains itself.
struct [[nodiscard]] Decision {
  Verdict verdict = Verdict::denied;
  Reason reason = Reason::not_declared;
  constexpr bool allowed() const noexcept { return verdict == Verdict::allowed; }
  friend bool operator==(const Decision&, const Decision&) = default;
};

class Policy {
 public:
  /// Compiles a document that check() has accepted.
  static Policy compile(Document document);

  /// May data of this category be used for this purpose, as the person stands? Allocates nothing.
  Decision allowed(CategoryId category, PurposeId purpose, const Standing& standing) const noexcept;

  /// By name; nothing where the notice does not declare it. Look up once, at construction.
  std::optional<CategoryId> category(std::string_view name) const;
  std::optional<PurposeId> purpose(std::string_view name) const;
  /// By number: the declaration behind an id, or null.
  const Category* category(CategoryId id) const;
  const Purpose* purpose(PurposeId id) const;

  /// The purposes that rest on consent, and those that can be objected to.
  PurposeSet consent_purposes() const noexcept { return consent_; }
  PurposeSet objectable_purposes() const noexcept { return objectable_; }

  const Document& document() const noexcept { return document_; }
  int version() const noexcept { return document_.version; }
  /// SHA-256 of the notice file, in hex.
  const std::string& digest() const noexcept { return document_.digest; }

 private:
  explicit Policy(Document document) : document_(std::move(document)) {}

  std::array<PurposeSet, 64> purposes_of_category_;
  std::uint64_t categories_ = 0;
  PurposeSet declared_, enabled_, consent_, objectable_, reviewed_, exempt_;
  Document document_;
};

/// The policy in force, replaceable while others read it. A replaced policy lives as long as the
/// handle: a notice changes a few times a year, and no reader ever waits or counts references.
class PolicyHandle {
 public:
  explicit PolicyHandle(Policy first);
  ~PolicyHandle();
  PolicyHandle(const PolicyHandle&) = delete;
  PolicyHandle& operator=(const PolicyHandle&) = delete;

  /// One atomic load. The reference stays valid as long as the handle.
  const Policy& current() const noexcept;
  /// Puts `next` in force for every later call of current(), on any thread.
  void install(Policy next);

 private:
  struct Installed;
  std::atomic<const Installed*> newest_;
};

}  // namespace notice
