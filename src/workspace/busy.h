// Who is at work on something that takes several transactions. Owns the set of those things, in
// memory: what a crash leaves behind is nobody's work any more.
#pragma once

#include <optional>
#include <set>
#include <utility>

#include "base/wait.h"

namespace workspace {

/// Safe from any thread.
template <class IdType>
class Busy {
 public:
  explicit Busy(base::Wait& wait) : mutex_(wait), left_(wait) {}

  /// While it lives, nobody else holds the same.
  class Hold {
   public:
    Hold(Busy& busy, IdType id) : busy_(&busy), id_(id) {}
    Hold(Hold&& other) noexcept : busy_(std::exchange(other.busy_, nullptr)), id_(other.id_) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold() {
      if (busy_ != nullptr) busy_->leave(id_);
    }

   private:
    Busy* busy_;
    IdType id_;
  };

  /// Waits for whoever holds it.
  Hold hold(IdType id) {
    base::Lock lock(mutex_);
    left_.wait(lock, [&] { return held_.insert(id).second; });
    return Hold(*this, id);
  }
  /// Nothing where somebody holds it.
  std::optional<Hold> try_hold(IdType id) {
    const base::Lock lock(mutex_);
    if (!held_.insert(id).second) return std::nullopt;
    return std::optional<Hold>(std::in_place, *this, id);
  }

 private:
  void leave(IdType id) {
    const base::Lock lock(mutex_);
    held_.erase(id);
    left_.notify_all();
  }

  base::Mutex mutex_;
  base::Condition left_;
  std::set<IdType> held_;  // under mutex_
};

}  // namespace workspace
