// Keys in the hands of open readers and writers of content, which may outlive many requests. Owns
// the list of who holds what, so that an erasure can end every lease: no key of an erased owner
// stays in memory because a slow client still reads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/id.h"
#include "base/secret_bytes.h"
#include "base/wait.h"
#include "vault/segment.h"

namespace vault {

/// What one reader or writer holds. Everything but the mutex is guarded by it.
struct KeyLease {
  KeyLease(base::Wait& wait, base::SecretBytes key) : mutex(wait), input_key(std::move(key)) {}
  ~KeyLease() { end(); }
  KeyLease(const KeyLease&) = delete;
  KeyLease& operator=(const KeyLease&) = delete;
  /// Wipes all of it.
  void end();

  base::Mutex mutex;
  base::SecretBytes input_key;
  std::optional<Segment> segment;  // the one being read or written
  base::Bytes plain;               // of the chunk being read or written
  bool ended = false;
};

/// Safe from any thread.
class KeyLeases {
 public:
  explicit KeyLeases(base::Wait& wait) : wait_(wait), mutex_(wait) {}
  /// A lease, ended when `owner` is or when the last holder drops it.
  std::shared_ptr<KeyLease> take(base::OwnerId owner, base::SecretBytes key);
  /// Ends every lease of `owner`, waiting for reads and writes in progress.
  void end(base::OwnerId owner);
  /// How many are listed: those that are held, and of those that were dropped about as many.
  std::size_t listed() const;

 private:
  using Place = std::pair<base::OwnerId, std::uint64_t>;  // whose, and the how manieth
  void sweep_one();
  base::Wait& wait_;
  mutable base::Mutex mutex_;
  std::map<Place, std::weak_ptr<KeyLease>> held_;
  std::uint64_t next_ = 0;
  Place swept_;  // looked at last; those that were dropped leave the list when their turn comes
};

}  // namespace vault
