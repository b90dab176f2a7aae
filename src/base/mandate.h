// Whether this host still acts for its service: one that another host has replaced commits no key
// and signs no log any more. Owns what is known of that here, who hears of it, and how those are
// asked who may know better. Knows no holder and no replica, and says never yes after a no.
#pragma once

#include <atomic>
#include <functional>

#include "base/result.h"
#include "base/wait.h"

namespace base {

/// What is said wherever something is refused because another host has taken over.
Error replaced_host();

/// Safe from any thread.
class Mandate {
 public:
  explicit Mandate(Wait& wait) : asking_(wait), telling_(wait) {}
  Mandate(const Mandate&) = delete;
  Mandate& operator=(const Mandate&) = delete;

  /// replaced_host() once it has ended, as far as is known here. Waits for nobody.
  Result<void> check() const;
  /// The same, after asking: before what others see and nobody can take back.
  Result<void> confirm();
  bool ended() const noexcept { return ended_; }
  /// Another host has taken the service over.
  void end();

  /// `others` answers whether one of those who may know says that it has ended, and bounds its own
  /// time. An empty one ends that; when this returns, none is running.
  void ask_with(std::function<bool()> others);
  /// `notify` is called once, at once where it has ended already.
  void on_end(std::function<void()> notify);

 private:
  std::atomic<bool> ended_{false};
  Mutex asking_;  // held while others_ runs
  std::function<bool()> others_;
  Mutex telling_;  // held while notify_ runs
  std::function<void()> notify_;
};

}  // namespace base
