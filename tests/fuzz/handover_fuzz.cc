// The chain of a log's keys as a verifier gets it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ledger/handover.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto history = ledger::parse_chain(text);
  if (!history.ok()) return 0;
  CHECK(history->keys.empty() == text.empty());
  CHECK(text.empty() || history->keys.size() == history->ends.size() + 1);
  for (std::size_t i = 0; i < history->keys.size(); ++i)
    CHECK(history->find(history->keys[i]) == i);
  for (std::size_t i = 0; i < history->ends.size(); ++i) {
    CHECK(!ledger::moves_origin(history->keys[i], history->keys[i + 1]) ||
          history->keys[i].key == history->keys[i + 1].key);
    CHECK(history->may_sign(i, history->ends[i]));
    CHECK(history->may_sign(i + 1, history->ends[i]));
  }
  return 0;
}
