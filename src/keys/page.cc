#include "keys/page.h"

#include <algorithm>
#include <cstring>

#include "base/crypto.h"

namespace keys {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::View;

// header 64: "KTN1" | level u8 | index u64 | tree id 16 | reserved 35 zeros
// sealed: 64 slots of {key 32, target u64, generation u64, flags u64} | reserved 432 zeros | tag 16
constexpr std::array<std::uint8_t, 4> kMagic = {'K', 'T', 'N', '1'};
constexpr std::size_t kHeaderSize = 64;
constexpr std::size_t kLevelAt = 4;
constexpr std::size_t kIndexAt = 5;
constexpr std::size_t kTreeAt = 13;
constexpr std::size_t kReservedAt = 29;
constexpr std::size_t kSlotSize = 56;
constexpr std::size_t kTargetAt = 32;
constexpr std::size_t kGenerationAt = 40;
constexpr std::size_t kFlagsAt = 48;
constexpr std::size_t kBodySize = kPageSize - kHeaderSize - base::Aead::tag_size;
static_assert(kFanout * kSlotSize <= kBodySize);

// A key seals exactly one image in its life (every rewrite of a page draws a new one), so no nonce
// can repeat under it: a constant is right, and one thing less to store and to get wrong.
constexpr std::array<std::uint8_t, base::Aead::nonce_size> kNonce{};

bool all_zero(View bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

std::array<std::uint8_t, kHeaderSize> encode_header(const PageName& name) {
  std::array<std::uint8_t, kHeaderSize> header{};
  std::copy(kMagic.begin(), kMagic.end(), header.begin());
  header[kLevelAt] = name.level;
  base::store_u64(header.data() + kIndexAt, name.index);
  std::copy(name.tree.begin(), name.tree.end(), header.begin() + kTreeAt);
  return header;
}

Result<PageName> parse_header(View header) {
  if (!std::equal(kMagic.begin(), kMagic.end(), header.begin()))
    return Error{Code::corrupt, "not a key page"};
  PageName name;
  name.level = header[kLevelAt];
  name.index = base::load_u64(header.data() + kIndexAt);
  std::copy_n(header.begin() + kTreeAt, name.tree.size(), name.tree.begin());
  if (name.level > kLevelMax || !all_zero(header.subspan(kReservedAt)))
    return Error{Code::corrupt, "a key page's header is malformed"};
  return name;
}

bool well_formed(const PageName& name, View slot) {
  switch (static_cast<SlotKind>(base::load_u64(slot.data() + kFlagsAt))) {
    case SlotKind::empty:
      return all_zero(slot);
    case SlotKind::live:
      return true;
    case SlotKind::erased:
      return name.level == 0 && all_zero(slot.first(kKeySize));
  }
  return false;
}

}  // namespace

Page::Page(const PageName& name) : name_(name), body_(kBodySize) {}

Result<Page> Page::open(View image, View key) {
  if (image.size() != kPageSize) return Error{Code::corrupt, "a key page is cut short"};
  const View header = image.first(kHeaderSize);
  const PageName name = TRY(parse_header(header));
  base::SecretBytes body(kBodySize);
  TRY_AS(base::Aead(key).open(kNonce, header, image.subspan(kHeaderSize), body.mutable_view()),
         "a key page does not open under its key");
  return parse(name, std::move(body));
}

Result<Page> Page::parse(const PageName& name, base::SecretBytes body) {
  if (body.size() != kBodySize) return Error{Code::corrupt, "a key page is cut short"};
  const View bytes = body.view();
  for (std::size_t number = 0; number < kFanout; ++number)
    if (!well_formed(name, bytes.subspan(number * kSlotSize, kSlotSize)))
      return Error{Code::corrupt, "a key page's slot is malformed"};
  if (!all_zero(bytes.subspan(kFanout * kSlotSize)))
    return Error{Code::corrupt, "a key page's reserved bytes are in use"};
  return Page(name, std::move(body));
}

base::Bytes Page::seal(View key) const {
  base::Bytes image(kPageSize);
  const auto header = encode_header(name_);
  std::copy(header.begin(), header.end(), image.begin());
  base::Aead(key).seal(kNonce, header, body_.view(), base::Mutable(image).subspan(kHeaderSize));
  return image;
}

Slot Page::slot(std::size_t number) const {
  CHECK(number < kFanout);
  const View raw = body_.view().subspan(number * kSlotSize, kSlotSize);
  return {.kind = static_cast<SlotKind>(base::load_u64(raw.data() + kFlagsAt)),
          .key = raw.first(kKeySize),
          .target = base::load_u64(raw.data() + kTargetAt),
          .generation = base::load_u64(raw.data() + kGenerationAt)};
}

void Page::set(std::size_t number, const Slot& slot) {
  CHECK(number < kFanout);
  CHECK(slot.key.size() == kKeySize);
  CHECK(slot.kind == SlotKind::live || (name_.level == 0 && all_zero(slot.key)));
  std::uint8_t* raw = body_.mutable_view().data() + number * kSlotSize;
  std::memmove(raw, slot.key.data(), kKeySize);
  base::store_u64(raw + kTargetAt, slot.target);
  base::store_u64(raw + kGenerationAt, slot.generation);
  base::store_u64(raw + kFlagsAt, static_cast<std::uint64_t>(slot.kind));
}

}  // namespace keys
