// A bounded map that forgets what was used least recently. Owns its values; drops them when it must
// make room. Not safe for several threads.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

#include "base/result.h"

namespace keys {

template <class Key, class Value>
class Lru {
 public:
  explicit Lru(std::size_t entries_max) : entries_max_(entries_max) { CHECK(entries_max_ > 0); }

  /// The value, now the most recently used; nullptr where there is none. Valid until put or drop.
  Value* find(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->second;
  }
  Value& put(const Key& key, Value value) {
    drop(key);
    if (entries_.size() == entries_max_) drop(Key(entries_.back().first));
    entries_.emplace_front(key, std::move(value));
    places_.emplace(key, entries_.begin());
    return entries_.front().second;
  }
  void drop(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return;
    entries_.erase(found->second);
    places_.erase(found);
  }
  void clear() {
    places_.clear();
    entries_.clear();
  }
  std::size_t size() const noexcept { return entries_.size(); }

 private:
  std::size_t entries_max_;
  std::list<std::pair<Key, Value>> entries_;  // the most recently used first
  std::unordered_map<Key, typename std::list<std::pair<Key, Value>>::iterator> places_;
};

}  // namespace keys
