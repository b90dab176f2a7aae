#include "tests/sim/witness.h"

#include <algorithm>
#include <unordered_map>

#include "base/crypto.h"
#include "keys/root_record.h"

namespace sim {
namespace {

constexpr std::size_t kRootBlock = 4096;

std::string digest_of(base::View key) { return base::hex(base::sha256(key)); }

}  // namespace

void Witness::pages(std::uint64_t offset, base::View bytes) {
  if (offset % keys::kPageSize != 0 || bytes.size() % keys::kPageSize != 0) return;
  for (std::size_t at = 0; at < bytes.size(); at += keys::kPageSize) {
    const base::View image = bytes.subspan(at, keys::kPageSize);
    const base::Digest digest = base::sha256(image);
    std::vector<Image>& known = images_[(offset + at) / keys::kPageSize];
    if (std::ranges::find(known, digest, &Image::digest) == known.end())
      known.push_back({base::copy(image), digest});
  }
}

void Witness::roots(base::View bytes) {
  for (std::size_t at = 0; at + keys::kRootRecordSize <= bytes.size(); at += kRootBlock) {
    auto root = keys::parse_root(bytes.subspan(at, keys::kRootRecordSize));
    if (root) roots_.push_back(std::move(*root));
  }
}

Witness::Reached Witness::reach(const keys::Root& root) {
  Reached reached;
  descend(root.page, root.key.view(), reached);
  return reached;
}

void Witness::descend(std::uint64_t page, base::View key, Reached& reached) {
  for (const Image& image : images_[page]) {
    const auto opened = keys::Page::open(image.bytes, key);
    if (!opened.ok()) continue;
    const auto [at, first] = sealed_by_.emplace(digest_of(key), image.digest);
    if (!first && at->second != image.digest) ++used_twice_;
    for (std::size_t number = 0; number < keys::kFanout; ++number) {
      const keys::Slot slot = opened->slot(number);
      if (slot.kind != keys::SlotKind::live) continue;
      if (opened->name().level > 0)
        descend(slot.target, slot.key, reached);
      else
        reached[slot.target][slot.generation] = base::copy(slot.key);
    }
  }
}

std::set<std::uint64_t> Witness::standing(const base::FaultyDisk& disk,
                                          const std::string& begin) const {
  std::set<std::uint64_t> epochs;
  collect_standing(disk.live(begin), epochs);
  collect_standing(disk.durable(begin), epochs);
  return epochs;
}

void Witness::collect_standing(const base::FaultyDisk::Files& files,
                               std::set<std::uint64_t>& epochs) const {
  // By the keys' first bytes, so that the files are read once and not once for each root.
  std::unordered_multimap<std::uint64_t, const keys::Root*> begun;
  for (const keys::Root& root : roots_)
    begun.emplace(base::load_u64(root.key.view().data()), &root);
  for (const auto& [path, bytes] : files) {
    std::uint64_t window = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      window = window << 8U | bytes[at];
      if (window == 0) continue;
      const auto [first, last] = begun.equal_range(window);
      for (auto found = first; found != last; ++found) {
        const base::View key = found->second->key.view();
        if (at + 1 < 8 || at - 7 + key.size() > bytes.size()) continue;
        if (std::ranges::equal(base::View(bytes).subspan(at - 7, key.size()), key))
          epochs.insert(found->second->epoch);
      }
    }
  }
}

const keys::Root* Witness::root_of(std::uint64_t epoch) const {
  const keys::Root* found = nullptr;
  for (const keys::Root& root : roots_)
    if (root.epoch == epoch) found = &root;
  return found;
}

std::uint64_t Witness::newest_epoch() const {
  std::uint64_t newest = 0;
  for (const keys::Root& root : roots_) newest = std::max(newest, root.epoch);
  return newest;
}

}  // namespace sim
