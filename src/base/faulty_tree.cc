#include "base/faulty_tree.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

namespace base::faulty {
namespace {

void set_names(const Change& change, Names Node::* names) {
  for (const auto& [directory, name, node] : change.parts) {
    if (node)
      ((*directory).*names)[name] = node;
    else
      ((*directory).*names).erase(name);
  }
}

void put(Bytes& to, const Unsynced& write) {
  if (!write.bytes) {
    to.resize(write.offset);
    return;
  }
  const std::uint64_t end = write.offset + write.bytes->size();
  if (end > to.size()) to.resize(end);
  std::copy(write.bytes->begin(), write.bytes->end(),
            to.begin() + static_cast<std::ptrdiff_t>(write.offset));
}

void each_node(const NodePtr& node, Names Node::* names, const std::function<void(Node&)>& visit) {
  visit(*node);
  for (const auto& [name, child] : (*node).*names) each_node(child, names, visit);
}

}  // namespace

void Node::write(std::uint64_t offset, View data) {
  unsynced.push_back({offset, copy(data)});
  put(bytes, unsynced.back());
}

void Node::truncate(std::uint64_t size) {
  unsynced.push_back({size, std::nullopt});
  put(bytes, unsynced.back());
}

void Node::sync() {
  // Only what was written since: most syncs follow a small write to a large file.
  for (const Unsynced& write : unsynced) put(durable_bytes, write);
  unsynced.clear();
}

void Node::lose() {
  lost = lost || !unsynced.empty();
  unsynced.clear();
}

void Node::evict() {
  if (!lost) return;
  bytes = durable_bytes;
  for (const Unsynced& write : unsynced) put(bytes, write);
  lost = false;
}

void Node::crash(Entropy* entropy) {
  names = durable_names;
  if (unsynced.empty() && !lost) return;  // then what is seen is what is durable
  for (Unsynced& write : unsynced) {
    const std::uint64_t fate = entropy == nullptr ? 0 : entropy->number() % 3;
    if (fate == 0) continue;
    if (fate == 1 && write.bytes && !write.bytes->empty())  // torn: only its beginning arrived
      write.bytes->resize(entropy->number() % write.bytes->size());
    put(durable_bytes, write);
  }
  unsynced.clear();
  lost = false;
  told = true;
  bytes = durable_bytes;
}

void Tree::change(Change change) {
  set_names(change, &Node::names);
  unsynced_.push_back(std::move(change));
}

void Tree::sync(const NodePtr& directory) {
  // A change that also touches another directory takes that one's earlier changes with it, so that
  // each directory's changes stay in order.
  std::set<const Node*> touched = {directory.get()};
  std::vector<bool> due(unsynced_.size(), false);
  for (std::size_t i = unsynced_.size(); i-- > 0;) {
    const auto& parts = unsynced_[i].parts;
    due[i] = std::any_of(parts.begin(), parts.end(), [&](const Change::Part& part) {
      return touched.contains(part.directory.get());
    });
    if (!due[i]) continue;
    for (const auto& part : parts) touched.insert(part.directory.get());
  }
  std::vector<Change> left;
  for (std::size_t i = 0; i < unsynced_.size(); ++i) {
    if (due[i])
      set_names(unsynced_[i], &Node::durable_names);
    else
      left.push_back(std::move(unsynced_[i]));
  }
  unsynced_ = std::move(left);
}

void Tree::sync_all() {
  for (const Change& change : unsynced_) set_names(change, &Node::durable_names);
  unsynced_.clear();
  each_node(root_, &Node::names, [](Node& node) { node.sync(); });
}

void Tree::lose_all() {
  each_node(root_, &Node::names, [](Node& node) {
    node.told = node.told && node.unsynced.empty();
    node.lose();
  });
}

void Tree::evict_all() {
  each_node(root_, &Node::names, [](Node& node) { node.evict(); });
}

void Tree::crash(Entropy* entropy) {
  // Names survive as file systems with a journal keep them: all up to some moment.
  const std::size_t kept = entropy == nullptr ? 0 : entropy->number() % (unsynced_.size() + 1);
  for (std::size_t i = 0; i < kept; ++i) set_names(unsynced_[i], &Node::durable_names);
  unsynced_.clear();
  each_node(root_, &Node::durable_names, [&](Node& node) { node.crash(entropy); });
}

std::uint64_t Tree::used() const {
  std::uint64_t total = 0;
  each_node(root_, &Node::names, [&](Node& node) { total += node.bytes.size(); });
  return total;
}

}  // namespace base::faulty
