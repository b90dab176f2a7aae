// One page of the key tree (format KTN1): 64 slots sealed under a key that exists for this one
// image. Owns the opened slots, in locked memory. Knows the format and nothing of the tree: which
// page hangs under which is tree.h's.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/secret_bytes.h"

namespace keys {

constexpr std::size_t kPageSize = 4096;
constexpr std::size_t kFanout = 64;
constexpr unsigned kDigitBits = 6;  // 64 slots: one base-64 digit of the owner's index a level
constexpr std::size_t kKeySize = 32;
/// Of a root page: 11 levels of 6 bits hold any 64-bit index.
constexpr std::uint8_t kLevelMax = 10;

using TreeId = std::array<std::uint8_t, 16>;

/// Where a page belongs. Authenticated with the page, so that no page stands in for another.
struct PageName {
  std::uint8_t level = 0;   // 0: a leaf, whose slots hold owners' keys
  std::uint64_t index = 0;  // counted from the left within its level
  TreeId tree{};
  bool operator==(const PageName&) const = default;
};

enum class SlotKind : std::uint64_t {
  empty = 0,   // never used
  live = 1,    // holds the key of a child page, or of an owner
  erased = 2,  // leaf only: held a key that was destroyed
};

/// A slot as lent by a page: `key` is valid as long as the page stands unchanged.
struct Slot {
  SlotKind kind = SlotKind::empty;
  base::View key;                // 32 bytes; zeros where erased
  std::uint64_t target = 0;      // inner: the child's page number. leaf: the owner's tag
  std::uint64_t generation = 0;  // inner and erased: an epoch. live leaf: how often re-keyed
};

class Page {
 public:
  /// A page without any key in it.
  explicit Page(const PageName& name);
  /// Code::corrupt where `image` is not a page that was sealed under `key`.
  static base::Result<Page> open(base::View image, base::View key);
  /// Reads opened slots: the format's part behind the seal. Code::corrupt where they are not ones.
  static base::Result<Page> parse(const PageName& name, base::SecretBytes body);

  /// The page's image. `key` must be fresh: it seals this image and never another.
  base::Bytes seal(base::View key) const;

  const PageName& name() const noexcept { return name_; }
  Slot slot(std::size_t number) const;
  void set(std::size_t number, const Slot& slot);
  Page clone() const { return Page(name_, body_.clone()); }

 private:
  Page(const PageName& name, base::SecretBytes body) : name_(name), body_(std::move(body)) {}
  PageName name_;
  base::SecretBytes body_;
};

}  // namespace keys
