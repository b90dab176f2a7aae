// A bounded map that forgets what was not used lately. Owns its values, and destroys one as soon as
// it is dropped, replaced or forgotten. Laid out for maps that are larger than the processor's
// caches: what is found costs two reads of memory, and is not moved. Not safe for several threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "base/result.h"

// Entries stand in one vector, chained by the hash of their keys from `heads_`. Where room must be
// made, a hand goes round them: it passes over those used since it last came by, and marks them.

namespace base {

template <class Key, class Value, class Hash = std::hash<Key>>
class Recent {
 public:
  explicit Recent(std::size_t entries_max) : entries_max_(entries_max) {
    CHECK(entries_max_ > 0 && entries_max_ < kNone);
  }

  /// The value, now used; nullptr where there is none. Valid until put, drop or clear.
  Value* find(const Key& key) {
    const std::uint32_t at = place_of(key);
    if (at == kNone) return nullptr;
    Entry& entry = entries_[at];
    if (!entry.used) entry.used = true;
    return &entry.value;
  }

  /// Puts the value in place of the key's former one, if any. Valid as find's.
  Value& put(const Key& key, Value value) {
    std::uint32_t at = place_of(key);
    if (at != kNone) return entries_[at].value = std::move(value);
    if (entries_.size() < entries_max_) {
      at = static_cast<std::uint32_t>(entries_.size());
      entries_.push_back({key, kNone, false, std::move(value)});
      if (entries_.size() * 2 > heads_.size()) {
        rehash();
        return entries_[at].value;
      }
    } else {
      at = next_to_forget();
      unlink(at);
      entries_[at] = {key, kNone, false, std::move(value)};
    }
    link(at);
    return entries_[at].value;
  }

  void drop(const Key& key) {
    const std::uint32_t at = place_of(key);
    if (at == kNone) return;
    unlink(at);
    const auto last = static_cast<std::uint32_t>(entries_.size() - 1);
    if (at != last) {
      unlink(last);
      entries_[at] = std::move(entries_[last]);
      link(at);
    }
    entries_.pop_back();
  }

  void clear() {
    entries_.clear();
    heads_.clear();
    hand_ = 0;
  }
  std::size_t size() const noexcept { return entries_.size(); }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  struct Entry {
    Key key;
    std::uint32_t next;
    bool used;
    Value value;
  };

  std::uint32_t& head(const Key& key) { return heads_[Hash()(key) & (heads_.size() - 1)]; }
  std::uint32_t place_of(const Key& key) {
    if (heads_.empty()) return kNone;
    std::uint32_t at = head(key);
    while (at != kNone && !(entries_[at].key == key)) at = entries_[at].next;
    return at;
  }
  void link(std::uint32_t at) {
    std::uint32_t& first = head(entries_[at].key);
    entries_[at].next = first;
    first = at;
  }
  void unlink(std::uint32_t at) {
    std::uint32_t* to = &head(entries_[at].key);
    while (*to != at) to = &entries_[*to].next;
    *to = entries_[at].next;
  }
  /// Twice as many heads, and a power of two: chains stay short.
  void rehash() {
    heads_.assign(std::max<std::size_t>(16, heads_.size() * 2), kNone);
    for (std::uint32_t at = 0; at < entries_.size(); ++at) link(at);
  }
  std::uint32_t next_to_forget() {
    for (;;) {
      if (hand_ >= entries_.size()) hand_ = 0;
      if (!std::exchange(entries_[hand_].used, false)) return hand_++;
      ++hand_;
    }
  }

  std::size_t entries_max_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> heads_;
  std::uint32_t hand_ = 0;
};

}  // namespace base
