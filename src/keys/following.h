// How the tree is followed by replicas: which pages were written since an epoch, and who follows.
// Owns nothing; a replica's transport and storage are above.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "keys/root_holder.h"

namespace keys {

/// A page's sealed image as it stands in the tree file.
using OnImage = std::function<base::Result<void>(std::uint64_t page, base::View image)>;

/// Is told how far a long walk is: pages or keys, done and in all. Nobody need listen.
class Progress {
 public:
  Progress() = default;
  template <std::invocable<std::uint64_t, std::uint64_t> Listener>
  Progress(Listener listener) : listener_(std::move(listener)) {}  // NOLINT: as a function's type
  void operator()(std::uint64_t done, std::uint64_t total) const {
    if (listener_) listener_(done, total);
  }

 private:
  std::function<void(std::uint64_t, std::uint64_t)> listener_;
};

/// Where a replica stands, as far as is known here.
struct Following {
  std::string name;             // of the holder, as in the configuration
  std::uint64_t confirmed = 0;  // the newest epoch whose predecessor's root it has destroyed
  std::uint64_t behind = 0;     // epochs that it has not confirmed; 0: destroyed everywhere
};

/// The replicas that are registered. Safe from any thread.
class Followers {
 public:
  virtual ~Followers() = default;
  /// Tells each which erasures are intended (Keys::open_intents), before a commit; waits shortly,
  /// and for nobody who is away. base::replaced_host() where one of them follows another host: then
  /// nothing may be committed.
  virtual base::Result<void> intend() = 0;
  /// Where each stands with regard to `epoch`, after waiting for at most `patience`.
  virtual std::vector<Following> await(std::uint64_t epoch, base::Duration patience) = 0;
};

}  // namespace keys
