#include "base/faulty_disk.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <set>
#include <string_view>
#include <utility>

#include "base/faulty_tree.h"

namespace base {
namespace {

using faulty::Change;
using faulty::Names;
using faulty::Node;
using faulty::NodePtr;

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string part = path.substr(at, end - at);
    CHECK(part != "..");  // none of ours climbs
    if (!part.empty() && part != ".") parts.push_back(part);
    at = end + 1;
  }
  return parts;
}

/// Where a name stands, and what stands there now, if anything.
struct Place {
  NodePtr directory;
  std::string name;
  NodePtr node;
};

void gather(const NodePtr& node, Names Node::* names, Bytes Node::* bytes, const std::string& begin,
            const std::string& path, FaultyDisk::Files& out) {
  if (!path.starts_with(begin) && !begin.starts_with(path)) return;
  if (node->kind == Node::Kind::file && path.starts_with(begin)) out[path] = (*node).*bytes;
  for (const auto& [name, child] : (*node).*names)
    gather(child, names, bytes, begin, path.empty() ? name : path + "/" + name, out);
}

std::string tidy(const std::string& path) {
  std::string out;
  for (const auto& part : parts_of(path)) out += (out.empty() ? "" : "/") + part;
  return out;
}

bool holds(View bytes, View needle) {
  return std::search(bytes.begin(), bytes.end(), needle.begin(), needle.end()) != bytes.end();
}

Error power_gone() { return {Code::io, "the disk has no power"}; }

}  // namespace

class FaultyDisk::Impl {
 public:
  explicit Impl(Wait& wait) : wait_(wait) {}

  /// Runs `body` as one call: gives way, counts, and fails without power. The call under way when
  /// the power goes is run too, so that it may have happened, and syncs nothing.
  template <class Body>
  auto call(Body body) -> decltype(body()) {
    wait_.yield();
    const std::lock_guard guard(mutex_);  // Waits on threads; fibers never find it taken.
    ++operations_;
    if (powerless_) return power_gone();
    if (left_ == kUnlimited) return body();
    if (left_ > 0) {
      --left_;
      return body();
    }
    powerless_ = true;
    static_cast<void>(body());
    return power_gone();
  }

  Result<Place> find(const std::string& path) {
    if (broken_.contains(tidy(path))) return Error{Code::io, "the disk cannot read this"};
    const std::vector<std::string> parts = parts_of(path);
    if (parts.empty()) return Place{tree_.root(), "", tree_.root()};
    Place place{tree_.root(), parts.back(), nullptr};
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const auto next = place.directory->names.find(parts[i]);
      if (next == place.directory->names.end()) return Error{Code::missing, "no such directory"};
      if (next->second->kind != Node::Kind::directory) return Error{Code::io, "not a directory"};
      place.directory = next->second;
    }
    const auto at = place.directory->names.find(place.name);
    if (at != place.directory->names.end()) place.node = at->second;
    return place;
  }
  Result<NodePtr> find_directory(const std::string& path) {
    const Place place = TRY(find(path));
    if (!place.node) return Error{Code::missing, "no such directory"};
    if (place.node->kind != Node::Kind::directory) return Error{Code::io, "not a directory"};
    return place.node;
  }
  Result<void> make_directory(const std::string& path);
  Result<void> write(Node& node, std::uint64_t offset, View bytes);
  Result<void> truncate(Node& node, std::uint64_t size);
  void crash(Entropy* entropy) {
    const std::lock_guard guard(mutex_);
    tree_.crash(entropy);
    ++boots_;
    left_ = kUnlimited;
    powerless_ = false;
    failing_syncs_.clear();
  }
  /// Whether this sync fails; takes it off those that do.
  bool sync_fails(const std::string& path) {
    const auto at = failing_syncs_.find(path);
    if (at == failing_syncs_.end()) return false;
    if (--at->second == 0) failing_syncs_.erase(at);
    return true;
  }

  Wait& wait_;
  std::mutex mutex_;
  faulty::Tree tree_;
  std::set<std::string> broken_;
  std::map<std::string, std::uint64_t> failing_syncs_;
  std::uint64_t operations_ = 0;
  std::uint64_t left_ = kUnlimited;  // calls until the power goes
  bool powerless_ = false;
  std::uint64_t space_ = kUnlimited;
  std::uint64_t boots_ = 0;

 private:
  std::uint64_t free_space() {
    if (space_ == kUnlimited) return kUnlimited;
    const std::uint64_t used = tree_.used();
    return used < space_ ? space_ - used : 0;
  }
};

Result<void> FaultyDisk::Impl::make_directory(const std::string& path) {
  std::string so_far;
  for (const auto& part : parts_of(path)) {
    so_far += (so_far.empty() ? "" : "/") + part;
    const Place place = TRY(find(so_far));
    if (place.node) {
      if (place.node->kind != Node::Kind::directory)
        return Error{Code::conflict, "a file stands in a directory's place"};
      continue;
    }
    tree_.change(
        Change{{{place.directory, place.name, std::make_shared<Node>(Node::Kind::directory)}}});
    // The call under way when the power goes has not synced.
    if (!powerless_) tree_.sync(place.directory);
  }
  return {};
}

Result<void> FaultyDisk::Impl::write(Node& node, std::uint64_t offset, View bytes) {
  const std::uint64_t end = offset + bytes.size();
  const std::uint64_t grows = end > node.bytes.size() ? end - node.bytes.size() : 0;
  const std::uint64_t available = free_space();
  if (grows <= available) {
    node.write(offset, bytes);
    return {};
  }
  // As write(2) does: what fits is written before the error is told.
  const std::uint64_t fits = node.bytes.size() + available;
  if (fits > offset) node.write(offset, bytes.first(static_cast<std::size_t>(fits - offset)));
  return Error{Code::full, "no space is left on the disk"};
}

Result<void> FaultyDisk::Impl::truncate(Node& node, std::uint64_t size) {
  if (size > node.bytes.size() && size - node.bytes.size() > free_space())
    return Error{Code::full, "no space is left on the disk"};
  node.truncate(size);
  return {};
}

class FaultyDisk::OpenFile final : public File {
 public:
  OpenFile(std::shared_ptr<Impl> disk, NodePtr node, std::string path, Open how)
      : disk_(std::move(disk)),
        node_(std::move(node)),
        path_(std::move(path)),
        how_(how),
        boot_(disk_->boots_) {}

  Result<std::size_t> read_at(std::uint64_t offset, Mutable out) override {
    return disk_->call([&]() -> Result<std::size_t> {
      TRY(usable());
      const Bytes& from = node_->bytes;
      if (offset >= from.size()) return std::size_t{0};
      const auto size = std::min<std::uint64_t>(out.size(), from.size() - offset);
      std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(offset), size, out.begin());
      return static_cast<std::size_t>(size);
    });
  }
  Result<void> write_at(std::uint64_t offset, View bytes) override {
    return disk_->call([&]() -> Result<void> {
      TRY(writable());
      return disk_->write(*node_, offset, bytes);
    });
  }
  Result<std::uint64_t> size() override {
    return disk_->call([&]() -> Result<std::uint64_t> {
      TRY(usable());
      return std::uint64_t{node_->bytes.size()};
    });
  }
  Result<void> truncate(std::uint64_t size) override {
    return disk_->call([&]() -> Result<void> {
      TRY(writable());
      return disk_->truncate(*node_, size);
    });
  }
  Result<void> sync() override {
    return disk_->call([&]() -> Result<void> {
      TRY(usable());
      if (disk_->powerless_) return {};
      if (disk_->sync_fails(path_)) {
        node_->lose();
        return Error{Code::io, "what was written since the last sync is lost"};
      }
      node_->sync();
      if (!std::exchange(node_->told, true))
        return Error{Code::io, "what was written before an earlier sync is lost"};
      return {};
    });
  }

 private:
  Result<void> usable() const {
    if (boot_ != disk_->boots_) return Error{Code::io, "opened before the crash"};
    if (disk_->broken_.contains(path_)) return Error{Code::io, "the disk cannot read this"};
    return {};
  }
  Result<void> writable() const {
    if (how_ == Open::read) return Error{Code::io, "opened for reading"};
    return usable();
  }

  std::shared_ptr<Impl> disk_;
  NodePtr node_;
  std::string path_;
  Open how_;
  std::uint64_t boot_;
};

FaultyDisk::FaultyDisk(Wait& wait) : impl_(std::make_shared<Impl>(wait)) {}
FaultyDisk::~FaultyDisk() = default;

void FaultyDisk::fail_after(std::uint64_t operations) {
  const std::lock_guard guard(impl_->mutex_);
  impl_->left_ = operations;
}
void FaultyDisk::crash() { impl_->crash(nullptr); }
void FaultyDisk::crash(Entropy& entropy) { impl_->crash(&entropy); }
std::uint64_t FaultyDisk::operations() const {
  const std::lock_guard guard(impl_->mutex_);
  return impl_->operations_;
}
void FaultyDisk::set_space(std::uint64_t bytes) {
  const std::lock_guard guard(impl_->mutex_);
  impl_->space_ = bytes;
}
void FaultyDisk::break_path(const std::string& path) {
  const std::lock_guard guard(impl_->mutex_);
  impl_->broken_.insert(tidy(path));
}
void FaultyDisk::mend_path(const std::string& path) {
  const std::lock_guard guard(impl_->mutex_);
  impl_->broken_.erase(tidy(path));
}

void FaultyDisk::fail_syncs(const std::string& path, std::uint64_t times) {
  const std::lock_guard guard(impl_->mutex_);
  impl_->failing_syncs_[tidy(path)] = times;
}

void FaultyDisk::evict() {
  const std::lock_guard guard(impl_->mutex_);
  impl_->tree_.evict_all();
}

Result<void> FaultyDisk::flip_bit(const std::string& path, std::uint64_t bit) {
  const std::lock_guard guard(impl_->mutex_);
  const Place place = TRY(impl_->find(path));
  if (!place.node || place.node->kind != Node::Kind::file)
    return Error{Code::missing, "no such file"};
  const std::uint64_t byte = bit / 8;
  const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
  if (byte >= place.node->bytes.size()) return Error{Code::invalid, "behind the end of the file"};
  place.node->bytes[byte] ^= mask;
  if (byte < place.node->durable_bytes.size()) place.node->durable_bytes[byte] ^= mask;
  return {};
}

FaultyDisk::Files FaultyDisk::live(const std::string& begin) const {
  const std::lock_guard guard(impl_->mutex_);
  Files files;
  gather(impl_->tree_.root(), &Node::names, &Node::bytes, begin, "", files);
  return files;
}
FaultyDisk::Files FaultyDisk::durable(const std::string& begin) const {
  const std::lock_guard guard(impl_->mutex_);
  Files files;
  gather(impl_->tree_.root(), &Node::durable_names, &Node::durable_bytes, begin, "", files);
  return files;
}

std::vector<std::string> FaultyDisk::find(View needle) const {
  std::set<std::string> paths;
  for (const Files& files : {live(), durable()})
    for (const auto& [path, bytes] : files)
      if (holds(bytes, needle) || holds(view(path), needle)) paths.insert(path);
  return {paths.begin(), paths.end()};
}

void FaultyDisk::put(const Files& files) {
  const std::lock_guard guard(impl_->mutex_);
  for (const auto& [path, bytes] : files) {
    CHECK(impl_->make_directory(parent_of(path)).ok());
    const Place place = impl_->find(path).value();
    auto node = std::make_shared<Node>(Node::Kind::file);
    node->bytes = node->durable_bytes = bytes;
    impl_->tree_.change(Change{{{place.directory, place.name, node}}});
    impl_->tree_.sync(place.directory);
  }
}

Result<std::unique_ptr<File>> FaultyDisk::open(const std::string& path, Open how) {
  return impl_->call([&]() -> Result<std::unique_ptr<File>> {
    Place place = TRY(impl_->find(path));
    if (place.node && place.node->kind == Node::Kind::directory)
      return Error{Code::io, "a directory is not a file"};
    if (place.node && how == Open::create)
      return Error{Code::conflict, "the file is there already"};
    if (!place.node) {
      if (how == Open::read) return Error{Code::missing, "no such file"};
      place.node = std::make_shared<Node>(Node::Kind::file);
      impl_->tree_.change(Change{{{place.directory, place.name, place.node}}});
    }
    return std::unique_ptr<File>(new OpenFile(impl_, place.node, tidy(path), how));
  });
}

Result<void> FaultyDisk::make_directory(const std::string& path) {
  return impl_->call([&] { return impl_->make_directory(path); });
}

Result<void> FaultyDisk::rename(const std::string& from, const std::string& to) {
  return impl_->call([&]() -> Result<void> {
    const Place source = TRY(impl_->find(from));
    const Place target = TRY(impl_->find(to));
    if (!source.node) return Error{Code::missing, "no such file"};
    if (source.node == target.node) return {};
    if (target.node && target.node->kind != source.node->kind)
      return Error{Code::io, "a file and a directory do not replace each other"};
    if (target.node && !target.node->names.empty())
      return Error{Code::conflict, "the directory is not empty"};
    impl_->tree_.change(Change{
        {{source.directory, source.name, nullptr}, {target.directory, target.name, source.node}}});
    return {};
  });
}

Result<void> FaultyDisk::remove(const std::string& path) {
  return impl_->call([&]() -> Result<void> {
    const Place place = TRY(impl_->find(path));
    if (!place.node) return Error{Code::missing, "no such file"};
    if (place.node->kind != Node::Kind::file) return Error{Code::io, "a directory is not a file"};
    impl_->tree_.change(Change{{{place.directory, place.name, nullptr}}});
    return {};
  });
}

Result<void> FaultyDisk::remove_directory(const std::string& path) {
  return impl_->call([&]() -> Result<void> {
    const Place place = TRY(impl_->find(path));
    if (!place.node) return Error{Code::missing, "no such directory"};
    if (place.node->kind != Node::Kind::directory) return Error{Code::io, "not a directory"};
    if (!place.node->names.empty()) return Error{Code::conflict, "the directory is not empty"};
    impl_->tree_.change(Change{{{place.directory, place.name, nullptr}}});
    return {};
  });
}

Result<std::vector<std::string>> FaultyDisk::list(const std::string& path) {
  return impl_->call([&]() -> Result<std::vector<std::string>> {
    const NodePtr directory = TRY(impl_->find_directory(path));
    std::vector<std::string> names;
    for (const auto& [name, node] : directory->names) names.push_back(name);
    return names;
  });
}

Result<bool> FaultyDisk::exists(const std::string& path) {
  return impl_->call([&]() -> Result<bool> {
    const auto place = impl_->find(path);
    if (place.ok()) return place->node != nullptr;
    if (place.code() == Code::missing || !impl_->broken_.contains(tidy(path))) return false;
    return place.error();
  });
}

Result<void> FaultyDisk::sync_directory(const std::string& path) {
  return impl_->call([&]() -> Result<void> {
    const NodePtr directory = TRY(impl_->find_directory(path));
    if (!impl_->powerless_) impl_->tree_.sync(directory);
    return {};
  });
}

Result<void> FaultyDisk::sync_all(const std::string& path) {
  return impl_->call([&]() -> Result<void> {
    TRY(impl_->find_directory(path));
    if (impl_->powerless_) return {};
    if (impl_->sync_fails(tidy(path))) {
      impl_->tree_.lose_all();
      return Error{Code::io, "what was written since the last sync is lost"};
    }
    impl_->tree_.sync_all();
    return {};
  });
}

}  // namespace base
