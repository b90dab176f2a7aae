#include "ledger/tlog.h"

#include <algorithm>
#include <array>
#include <bit>

namespace ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;

/// Leaves `begin` to `end` (exclusive) of a tree.
struct Range {
  std::uint64_t begin;
  std::uint64_t end;
};

/// Where RFC 6962 splits n > 1 leaves: the largest power of two below n.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

/// Appends the complete subtrees of which a range consists, left to right.
void add_nodes(Range range, std::vector<Node>& nodes) {
  while (range.begin < range.end) {
    const std::uint64_t size = std::bit_floor(range.end - range.begin);
    const auto level = static_cast<unsigned>(std::countr_zero(size));
    nodes.push_back({level, range.begin >> level});
    range.begin += size;
  }
}

Digest fold(std::span<const Digest> left_to_right) {
  Digest hash = left_to_right.back();
  for (std::size_t i = left_to_right.size() - 1; i-- > 0;)
    hash = hash_children(left_to_right[i], hash);
  return hash;
}

/// The hash over each range, all read at once.
Result<Proof> hash_ranges(std::span<const Range> ranges, const HashReader& reader) {
  std::vector<Node> nodes;
  std::vector<std::size_t> ends;
  for (const Range range : ranges) {
    add_nodes(range, nodes);
    ends.push_back(nodes.size());
  }
  const std::vector<Digest> hashes = TRY(reader(nodes));
  CHECK(hashes.size() == nodes.size());
  Proof out;
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    out.push_back(fold(std::span(hashes).subspan(begin, end - begin)));
    begin = end;
  }
  return out;
}

Error bad_inclusion() { return {Code::corrupt, "the proof does not lead to the root"}; }
Error bad_consistency() { return {Code::corrupt, "the tree does not begin with the older one"}; }

}  // namespace

Digest hash_leaf(base::View entry) {
  base::Sha256 hash;
  constexpr std::array<std::uint8_t, 1> kPrefix{0};
  hash.update(kPrefix);
  hash.update(entry);
  return hash.finish();
}

Digest hash_children(const Digest& left, const Digest& right) {
  std::array<std::uint8_t, 65> message{1};
  std::copy(left.begin(), left.end(), message.begin() + 1);
  std::copy(right.begin(), right.end(), message.begin() + 33);
  return base::sha256(message);
}

Digest empty_root() { return base::sha256({}); }

Digest hash_complete(std::span<const Digest> hashes) {
  CHECK(std::has_single_bit(hashes.size()));
  std::vector<Digest> row(hashes.begin(), hashes.end());
  for (std::size_t n = row.size(); n > 1; n /= 2)
    for (std::size_t i = 0; i < n / 2; ++i) row[i] = hash_children(row[2 * i], row[2 * i + 1]);
  return row.front();
}

Result<Digest> root_of(std::uint64_t size, const HashReader& hashes) {
  if (size > kTreeSizeMax) return Error{Code::invalid, "the tree is too large"};
  if (size == 0) return empty_root();
  const Range all{0, size};
  const Proof roots = TRY(hash_ranges(std::span(&all, 1), hashes));
  return roots.front();
}

Result<Proof> prove_inclusion(std::uint64_t index, std::uint64_t size, const HashReader& hashes) {
  if (size > kTreeSizeMax) return Error{Code::invalid, "the tree is too large"};
  if (index >= size) return Error{Code::missing, "the tree has no such leaf"};
  std::vector<Range> path;  // siblings, from the root's child down
  Range at{0, size};
  while (at.end - at.begin > 1) {
    const std::uint64_t middle = at.begin + split(at.end - at.begin);
    const bool left = index < middle;
    path.push_back(left ? Range{middle, at.end} : Range{at.begin, middle});
    (left ? at.end : at.begin) = middle;
  }
  std::reverse(path.begin(), path.end());
  return hash_ranges(path, hashes);
}

Result<Proof> prove_consistency(std::uint64_t old_size, std::uint64_t new_size,
                                const HashReader& hashes) {
  if (new_size > kTreeSizeMax) return Error{Code::invalid, "the tree is too large"};
  if (old_size > new_size) return Error{Code::invalid, "the older tree is the larger one"};
  if (old_size == 0 || old_size == new_size) return Proof{};
  std::vector<Range> path;
  Range at{0, new_size};
  while (at.end != old_size) {
    const std::uint64_t middle = at.begin + split(at.end - at.begin);
    const bool left = old_size <= middle;
    path.push_back(left ? Range{middle, at.end} : Range{at.begin, middle});
    (left ? at.end : at.begin) = middle;
  }
  // The verifier has the old root itself where that is a subtree of its own.
  if (at.begin != 0) path.push_back(at);
  std::reverse(path.begin(), path.end());
  return hash_ranges(path, hashes);
}

// RFC 9162, 2.1.3.2: `at` is the number of the node on the way up, `last` that of the last node of
// its level.
Result<void> verify_inclusion(std::uint64_t index, const Digest& leaf_hash, const TreeHead& head,
                              std::span<const Digest> proof) {
  if (index >= head.size || head.size > kTreeSizeMax) return bad_inclusion();
  std::uint64_t at = index;
  std::uint64_t last = head.size - 1;
  Digest hash = leaf_hash;
  for (const Digest& sibling : proof) {
    if (last == 0) return bad_inclusion();
    if ((at & 1) != 0 || at == last) {
      hash = hash_children(sibling, hash);
      // Levels on which the last node has no sibling are skipped.
      while ((at & 1) == 0 && at != 0) at >>= 1, last >>= 1;
    } else {
      hash = hash_children(hash, sibling);
    }
    at >>= 1;
    last >>= 1;
  }
  if (last != 0 || hash != head.root) return bad_inclusion();
  return {};
}

// RFC 9162, 2.1.4.2.
Result<void> verify_consistency(const TreeHead& before, const TreeHead& after,
                                std::span<const Digest> proof) {
  if (before.size > after.size || after.size > kTreeSizeMax) return bad_consistency();
  if (before.size == after.size || before.size == 0) {
    const Digest expected = before.size == 0 ? empty_root() : after.root;
    if (!proof.empty() || before.root != expected) return bad_consistency();
    if (after.size == 0 && after.root != empty_root()) return bad_consistency();
    return {};
  }
  // A power of two is a subtree of its own, and its root the first hash.
  const bool implied = std::has_single_bit(before.size);
  if (!implied && proof.empty()) return bad_consistency();
  const Digest first = implied ? before.root : proof.front();
  std::uint64_t at = before.size - 1;
  std::uint64_t last = after.size - 1;
  while ((at & 1) != 0) at >>= 1, last >>= 1;
  Digest old_hash = first;
  Digest new_hash = first;
  for (const Digest& sibling : proof.subspan(implied ? 0 : 1)) {
    if (last == 0) return bad_consistency();
    if ((at & 1) != 0 || at == last) {
      old_hash = hash_children(sibling, old_hash);
      new_hash = hash_children(sibling, new_hash);
      while ((at & 1) == 0 && at != 0) at >>= 1, last >>= 1;
    } else {
      new_hash = hash_children(new_hash, sibling);
    }
    at >>= 1;
    last >>= 1;
  }
  if (last != 0 || old_hash != before.root || new_hash != after.root) return bad_consistency();
  return {};
}

}  // namespace ledger
