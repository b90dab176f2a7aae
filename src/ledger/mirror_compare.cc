// What a copy of the log can say without changing: which keys it is under, and how it stands to a
// checkpoint from elsewhere.

#include "ledger/mirror_impl.h"

namespace ledger {

using base::Result;

namespace {

/// The tree of a checkpoint that one of the keys signed while it was the log's.
std::optional<TreeHead> signed_head(const std::string& note, const KeyHistory& keys) {
  for (std::size_t i = 0; i < keys.keys.size(); ++i)
    if (const auto opened = open_checkpoint(note, keys.keys[i]);
        opened.ok() && keys.may_sign(i, opened->head))
      return opened->head;
  return std::nullopt;
}

}  // namespace

Result<Shown> Mirror::compare(const std::string& checkpoint) {
  KeyHistory keys = TRY(impl_->history());
  if (keys.keys.empty()) {
    auto last = TRY(impl_->key());
    if (!last) return Shown::other;
    keys.keys.push_back(std::move(*last));
  }
  const auto head = signed_head(checkpoint, keys);
  if (!head) return Shown::other;
  if (head->size > size()) return Shown::newer;
  const HashReader hashes =
      hashes_from_tiles(size(), [this](const Tile& tile) { return impl_->files.read_tile(tile); });
  const Digest root = TRY(root_of(head->size, hashes));
  if (root != head->root) return Shown::other;
  return head->size == size() ? Shown::same : Shown::older;
}

Result<std::string> Mirror::verifier_key() {
  const auto last = TRY(impl_->key());
  return last ? last->str() : std::string();
}

Result<std::string> Mirror::chain() {
  const std::optional<std::string> chain = TRY(impl_->files.read("keys", kChainBytesMax));
  return chain.value_or("");
}

}  // namespace ledger
