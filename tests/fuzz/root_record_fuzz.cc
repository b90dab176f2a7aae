// A root record as somebody who can write to the holder's disk leaves it, and as a crash tears it.
// The mutator makes its sum fit.

#include "base/crypto.h"
#include "keys/root_record.h"
#include "tests/fuzz/mutate.h"

namespace {

constexpr std::size_t kSummed = keys::kRootRecordSize - sizeof(base::Digest);

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  fuzz::Draws draws(seed);
  base::Bytes out =
      fuzz::mutated({data, size}, std::min<std::size_t>(max_size, keys::kRootRecordSize + 8));
  if (!draws.one_in(4)) {
    out.resize(kSummed);
    const base::Digest sum = base::sha256(out);
    out.insert(out.end(), sum.begin(), sum.end());
  }
  return fuzz::answer(out, data, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::View record(data, size);
  const auto root = keys::parse_root(record);
  bool expected = size == keys::kRootRecordSize;
  if (expected) {
    const base::Digest sum = base::sha256(record.first(kSummed));
    expected = std::ranges::equal(sum, record.subspan(kSummed)) && base::load_u64(data) != 0;
  }
  CHECK(root.has_value() == expected);
  if (root) CHECK(base::equal_constant_time(keys::encode_root(*root).view(), record));
  return 0;
}
