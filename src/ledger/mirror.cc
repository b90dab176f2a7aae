#include "ledger/mirror_impl.h"

// The order in which things become durable: the bundles and tiles of the new tree, the key, the
// checkpoint. A crash before the last leaves the copy as it was, with tiles ahead of its checkpoint
// that are written over when their leaves come again. Staged leaves are in a file of their own
// without a promise: after a crash or a restart they are sent again.

namespace ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kStagedBytes = 64;  // label | commit
constexpr std::size_t kLeavesAtATime = 1U << 12;
constexpr const char* kStaged = "/staged";

Digest digest_at(base::View bytes, std::size_t at) {
  Digest digest{};
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), digest.size(), digest.begin());
  return digest;
}

Error damaged() { return {Code::corrupt, "the copy of the log is damaged: make it again"}; }

}  // namespace

/// The key under which the copy was published last.
Result<std::optional<VerifierKey>> Mirror::Impl::key() {
  const std::optional<std::string> line = TRY(files.read("key"));
  if (!line || !line->ends_with('\n')) return std::optional<VerifierKey>();
  auto key = parse_verifier_key(std::string_view(*line).substr(0, line->size() - 1));
  if (!key.ok()) return damaged();
  return std::optional(std::move(*key));
}

Result<KeyHistory> Mirror::Impl::history() {
  const std::optional<std::string> chain = TRY(files.read("keys", kChainBytesMax));
  auto history = parse_chain(chain.value_or(""));
  if (!history.ok()) return damaged();
  return history;
}

/// Whether a checkpoint by `next` may take the place of what is there.
Result<bool> Mirror::Impl::may_follow(const VerifierKey& next) {
  const std::optional<VerifierKey> last = TRY(key());
  if (!checkpoint || (last && last->str() == next.str())) return true;
  const KeyHistory keys = TRY(history());
  const auto from = last ? keys.find(*last) : std::nullopt;
  const auto to = keys.find(next);
  return from && to && *from < *to;
}

/// The copy's own checkpoint; nothing where it is by none of the log's keys.
Result<std::optional<Checkpoint>> Mirror::Impl::open_published(const std::string& note) {
  const std::optional<VerifierKey> last = TRY(key());
  if (!last) return std::optional<Checkpoint>();
  auto opened = open_checkpoint(note, *last);
  if (!opened.ok()) {
    // The checkpoint under a newer key is replaced before the key file is.
    const KeyHistory keys = TRY(history());
    if (!keys.find(*last)) return std::optional<Checkpoint>();
    opened = open_checkpoint(note, keys.current());
  }
  if (!opened.ok()) return std::optional<Checkpoint>();
  return std::optional(std::move(*opened));
}

/// What is there already, held against its checkpoint as far as the edge tells.
Result<void> Mirror::Impl::load() {
  TRY(files.make_directory());
  checkpoint = TRY(files.read("checkpoint"));
  if (checkpoint) {
    const auto opened = TRY(open_published(*checkpoint));
    if (!opened) return damaged();
    const TreeHead head = opened->head;
    if (!TRY(files.complete(head.size))) return damaged();
    Edge edge = TRY(Edge::read(head.size, [&](const Tile& tile) { return files.read_tile(tile); }));
    if (edge.root() != head.root) return damaged();
    base::Bytes tail;
    if (const auto rest = static_cast<unsigned>(head.size % kTileWidth); rest > 0)
      tail = TRY(files.read_bundle(Bundle{head.size / kTileWidth, rest}));
    tree = Growth(std::move(edge), std::move(tail));
  }
  staged = TRY(disk.open(directory + kStaged, base::Open::update));
  return staged->truncate(0);
}

/// Calls `on_leaf` for staged leaves; `first` counts from the first one that is staged.
Result<void> Mirror::Impl::each_staged(std::uint64_t first, std::uint64_t count,
                                       const OnLeaf& on_leaf) {
  base::Bytes bytes;
  for (std::uint64_t done = 0; done < count;) {
    const std::uint64_t now = std::min<std::uint64_t>(kLeavesAtATime, count - done);
    bytes.resize(now * kStagedBytes);
    const std::size_t read = TRY(staged->read_at((first + done) * kStagedBytes, bytes));
    if (read != bytes.size()) return Error{Code::io, "staged leaves cannot be read back"};
    for (std::size_t at = 0; at < bytes.size(); at += kStagedBytes) {
      Leaf leaf;
      leaf.label = digest_at(bytes, at);
      leaf.commit = digest_at(bytes, at + sizeof(Digest));
      TRY(on_leaf(leaf));
    }
    done += now;
  }
  return {};
}

/// Whether the published and the staged leaves make that tree. Writes nothing.
Result<void> Mirror::Impl::check(const TreeHead& next) {
  if (next.size < size()) return Error{Code::conflict, "the log is shorter than its copy"};
  if (next.size - size() > staged_count)
    return Error{Code::conflict, "the checkpoint is ahead of the leaves"};
  Edge edge = tree.edge();
  TRY(each_staged(0, next.size - size(), [&](const Leaf& leaf) {
    return edge.append(hash_leaf(leaf.encode()),
                       [](const Tile&, std::span<const Digest>) { return Result<void>(); });
  }));
  if (edge.root() != next.root) return Error{Code::conflict, "the leaves make another tree"};
  return {};
}

/// Keeps what is staged behind the first `published`; on an error nothing of it.
Result<void> Mirror::Impl::restage(std::uint64_t published) {
  const std::uint64_t left = std::exchange(staged_count, 0) - published;
  base::Bytes bytes;
  for (std::uint64_t kept = 0; kept < left;) {
    const std::uint64_t now = std::min<std::uint64_t>(kLeavesAtATime, left - kept);
    bytes.resize(now * kStagedBytes);
    TRY(staged->read_at((published + kept) * kStagedBytes, bytes));
    TRY(staged->write_at(kept * kStagedBytes, bytes));
    kept += now;
  }
  TRY(staged->truncate(left * kStagedBytes));
  staged_count = left;
  return {};
}

Result<void> Mirror::Impl::publish(const std::string& note, const std::string& key_text) {
  const VerifierKey verifier = TRY(parse_verifier_key(key_text));
  const auto opened = open_checkpoint(note, verifier);
  if (!opened.ok()) return Error{Code::conflict, "the checkpoint is not the log's", opened.error()};
  const std::string key_line = verifier.str() + "\n";
  if (!TRY(may_follow(verifier)))
    return Error{Code::conflict, "the checkpoint is signed by another key than the copy's"};
  TRY(check(opened->head));
  const std::uint64_t added = opened->head.size - size();
  // A copy: an error anywhere leaves what was published in force.
  Growth next = tree;
  TRY(each_staged(0, added, [&](const Leaf& leaf) { return next.add(files, leaf); }));
  // The leaves were read once more, and the disk may have lost them meanwhile.
  if (next.edge().head() != opened->head)
    return Error{Code::io, "staged leaves are read back as others"};
  TRY(next.put_partials(files, size()));
  TRY(files.settle());
  // No checkpoint without a key; after a handover the chain leads from the old key to the new one.
  if (!checkpoint) TRY(files.replace("key", key_line));
  TRY(files.replace("checkpoint", note));
  if (TRY(files.read("key")) != key_line) TRY(files.replace("key", key_line));
  next.drop_partials(files);
  tree = std::move(next);
  checkpoint = note;
  // It is published: leaves that cannot be kept staged are sent again.
  (void)restage(added).ok();
  return {};
}

Mirror::Mirror(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Mirror::~Mirror() = default;

Result<std::unique_ptr<Mirror>> Mirror::open(base::Disk& disk, const std::string& directory) {
  auto impl = std::make_unique<Impl>(disk, directory);
  TRY(impl->load());
  return std::unique_ptr<Mirror>(new Mirror(std::move(impl)));
}

std::uint64_t Mirror::size() const { return impl_->size(); }
std::uint64_t Mirror::staged() const { return impl_->size() + impl_->staged_count; }
std::optional<std::string> Mirror::checkpoint() const { return impl_->checkpoint; }

Result<void> Mirror::stage(std::uint64_t first, std::span<const Leaf> leaves) {
  const std::uint64_t end = staged();
  if (first > end) return Error{Code::invalid, "leaves are missing before these"};
  if (end - first >= leaves.size()) return {};
  base::Bytes bytes;
  for (const Leaf& leaf : leaves.subspan(end - first)) {
    bytes.insert(bytes.end(), leaf.label.begin(), leaf.label.end());
    bytes.insert(bytes.end(), leaf.commit.begin(), leaf.commit.end());
  }
  TRY(impl_->staged->write_at(impl_->staged_count * kStagedBytes, bytes));
  impl_->staged_count += bytes.size() / kStagedBytes;
  return {};
}

void Mirror::unstage() { impl_->staged_count = 0; }

Result<void> Mirror::hand_over(const std::string& chain) {
  const auto history = parse_chain(chain);
  if (!history.ok())
    return Error{Code::conflict, "the log's chain of keys does not hold", history.error()};
  const std::optional<std::string> there = TRY(impl_->files.read("keys", kChainBytesMax));
  if (there == chain || chain.empty()) return {};
  const std::optional<VerifierKey> last = TRY(impl_->key());
  if (!chain.starts_with(there.value_or("")) ||
      (impl_->checkpoint && (!last || !history->find(*last))))
    return Error{Code::conflict, "the chain of keys does not go on from the copy's"};
  return impl_->files.replace("keys", chain);
}

Result<void> Mirror::publish(const std::string& checkpoint, const std::string& key) {
  const auto published = impl_->publish(checkpoint, key);
  // What is staged lies on the disk that errs, without a promise: it is sent again.
  if (!published.ok() && published.code() == Code::io) unstage();
  return published;
}

Result<std::vector<Leaf>> Mirror::leaves(std::uint64_t first, std::size_t leaves_max) {
  std::vector<Leaf> out;
  while (first < size() && out.size() < leaves_max) {
    const std::uint64_t index = first / kTileWidth;
    const unsigned width = tile_width(0, index, size());
    const base::Bytes bundle = TRY(impl_->files.read_bundle(Bundle{index, width}));
    const std::vector<base::View> entries = TRY(parse_bundle(bundle, width));
    for (std::uint64_t at = first % kTileWidth; at < width && out.size() < leaves_max; ++at) {
      out.push_back(TRY(Leaf::decode(entries[at])));
      ++first;
    }
  }
  return out;
}

}  // namespace ledger
