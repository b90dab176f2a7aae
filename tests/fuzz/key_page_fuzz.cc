// Key pages and root records as an adversary with write access to the disk would hand them to us.
// The first byte chooses: 0 a page image under a known key, 1 a page's opened slots (a leaf's or,
// where the next byte is odd, an inner page's), 2 a root record, 3 a wrapped root record. The
// mutator seals the page that it changed.

#include "base/crypto.h"
#include "keys/page.h"
#include "keys/root_record.h"
#include "keys/root_wrap.h"
#include "tests/fuzz/mutate.h"

namespace {

constexpr std::array<std::uint8_t, keys::kKeySize> kKey{};

/// What was accepted is what was meant: read, written and read again, it stays the same.
void check_page(const base::Result<keys::Page>& page) {
  if (!page.ok()) return;
  const base::Bytes image = page->seal(kKey);
  const auto again = keys::Page::open(image, kKey);
  CHECK(again.ok() && again->name() == page->name());
  for (std::size_t number = 0; number < keys::kFanout; ++number) {
    const keys::Slot slot = page->slot(number);
    const keys::Slot same = again->slot(number);
    CHECK(slot.kind == same.kind && slot.target == same.target);
    CHECK(slot.generation == same.generation && std::ranges::equal(slot.key, same.key));
    if (slot.kind == keys::SlotKind::empty) CHECK(slot.target == 0 && slot.generation == 0);
  }
}

void check_root(base::View record) {
  const auto root = keys::parse_root(record);
  if (!root) return;
  CHECK(root->epoch != 0);
  CHECK(base::equal_constant_time(keys::encode_root(*root).view(), record));
}

/// A wrapped record borrows from within its bytes, and asks for a cost that can be paid.
void check_wrapped(base::View record) {
  const auto wrapped = keys::parse_wrapped(record);
  if (!wrapped) return;
  CHECK(!keys::parse_root(record.first(keys::kRootRecordSize)));
  CHECK(wrapped->header.cost.passes > 0 && wrapped->header.cost.passes <= 64);
  CHECK(wrapped->header.cost.memory_bytes >= 8192 &&
        wrapped->header.cost.memory_bytes <= (4ULL << 30));
  CHECK(wrapped->associated.size() + wrapped->sealed.size() + sizeof(base::Digest) ==
        record.size());
}

constexpr std::size_t kHeader = 64;
constexpr std::array<std::uint8_t, base::Aead::nonce_size> kNonce{};

/// The image with its header or its slots changed, and sealed again.
base::Bytes resealed(base::View image, fuzz::Draws& draws) {
  base::Aead aead(kKey);
  base::Bytes header = base::copy(image.first(kHeader));
  base::Bytes body(image.size() - kHeader - base::Aead::tag_size);
  // What no longer opens begins again with an empty page.
  if (!aead.open(kNonce, header, image.subspan(kHeader), body).ok()) {
    const base::Bytes fresh = keys::Page({.level = 1, .index = 2}).seal(kKey);
    header = base::copy(base::View(fresh).first(kHeader));
    std::ranges::fill(body, std::uint8_t{0});
  }
  base::Bytes& changed = draws.one_in(4) ? header : body;
  const std::size_t size = changed.size();
  changed = fuzz::mutated(changed, size);
  changed.resize(size);
  base::Bytes out = header;
  out.resize(image.size());
  aead.seal(kNonce, header, body, base::Mutable(out).subspan(kHeader));
  return out;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  fuzz::Draws draws(seed);
  if (max_size <= keys::kPageSize || size == 0 || draws.one_in(2))
    return LLVMFuzzerMutate(data, size, max_size);
  base::Bytes image = base::copy({data + 1, size - 1});
  image.resize(keys::kPageSize);
  return fuzz::answer(fuzz::chosen(0, resealed(image, draws)), data, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const base::View input(data + 1, size - 1);
  switch (data[0] % 4) {
    case 0: {
      const auto page = keys::Page::open(input, kKey);
      check_page(page);
      if (page.ok()) CHECK(page->seal(kKey) == base::copy(input));
      break;
    }
    case 1: {
      const keys::PageName name = {.level = static_cast<std::uint8_t>(input[0] % 2), .index = 1};
      check_page(keys::Page::parse(name, base::SecretBytes::copy_of(input.subspan(1))));
      break;
    }
    case 2:
      check_root(input);
      break;
    default:
      check_wrapped(input);
  }
  return 0;
}
