// Key pages and root records as an adversary with write access to the disk would hand them to us.
// The first byte chooses: 0 a page image under a known key, 1 a page's opened slots (a leaf's or,
// where the next byte is odd, an inner page's), 2 a root record, 3 a wrapped root record.

#include "base/crypto.h"
#include "keys/page.h"
#include "keys/root_record.h"
#include "keys/root_wrap.h"

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const base::View input(data + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      check_page(keys::Page::open(input, kKey));
      break;
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
