// What was read lately, for as long as nothing is committed: exact, for whoever asks after a commit
// reads again. Owns copies in memory alone, of bounded number; never plaintext, as all of store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/id.h"
#include "base/recent.h"
#include "base/wait.h"
#include "store/store.h"

namespace store {

/// By what was asked for: an id, or a digest. Safe from any thread.
template <class Key, class Value>
class Remembered {
 public:
  explicit Remembered(const Store& store) : store_(store), mutex_(store.wait()) {}

  /// Nothing where something was committed since it was read, or it was not kept.
  std::optional<Value> find(const Key& key) {
    const base::Lock lock(mutex_);
    if (version_ != store_.version()) return std::nullopt;
    const Value* found = values_.find(key);
    return found != nullptr ? std::optional(*found) : std::nullopt;
  }

  /// `version`: the store's, asked before the value was read.
  void keep(std::uint64_t version, const Key& key, const Value& value) {
    const base::Lock lock(mutex_);
    if (version < version_) return;
    if (version != version_) values_.clear();
    version_ = version;
    values_.put(key, value);
  }

  static constexpr std::size_t values_max = 4096;

 private:
  struct Hash {
    // The bits are random already.
    std::size_t operator()(const base::Digest& digest) const {
      return static_cast<std::size_t>(base::load_u64(digest.data()));
    }
    template <class Tag>
    std::size_t operator()(const base::Id<Tag>& id) const {
      return std::hash<base::Id<Tag>>()(id);
    }
  };

  const Store& store_;
  base::Mutex mutex_;
  std::uint64_t version_ = 0;
  base::Recent<Key, Value, Hash> values_{values_max};
};

}  // namespace store
