// One fiber's stack and the switch to and from it, over Boost.Context. Tells the sanitizers about
// each switch and keeps every fiber's exceptions in flight apart. Knows nothing of scheduling.
#pragma once

#include <functional>
#include <memory>

namespace base {

/// A function that runs on a stack of its own, in turns. Made, entered and destroyed on one thread.
class FiberStack {
 public:
  explicit FiberStack(std::function<void()> body);
  /// CHECKs that the body has ended or never begun.
  ~FiberStack();
  FiberStack(const FiberStack&) = delete;
  FiberStack& operator=(const FiberStack&) = delete;

  /// From outside: runs the body until it leaves or ends.
  void enter();
  /// From inside: back to whoever entered; returns at the next enter().
  void leave();
  bool ended() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace base
