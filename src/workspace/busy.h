// Who is at work on something that takes several transactions. Owns the set of those things, in
// memory: what a crash leaves behind is nobody's work any more.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/wait.h"

namespace workspace {

/// Safe from any thread.
template <class IdType>
class Busy {
 public:
  static constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();
  /// `holds_max`: how many may be held at a time, of all things.
  explicit Busy(base::Wait& wait, std::size_t holds_max = any_number)
      : mutex_(wait), left_(wait), holds_max_(holds_max) {}

  /// While it lives, nobody else holds the same.
  class Hold {
   public:
    Hold(Busy& busy, IdType id) : busy_(&busy), id_(id) {}
    Hold(Hold&& other) noexcept : busy_(std::exchange(other.busy_, nullptr)), id_(other.id_) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold() {
      if (busy_ != nullptr) busy_->leave(id_);
    }
    /// `asked` is called, from any thread, when somebody else wants it: at once where that is so.
    void when_wanted(std::function<void()> asked) { busy_->when_wanted(id_, std::move(asked)); }
    bool wanted() const { return busy_->wanted(id_); }

   private:
    Busy* busy_;
    IdType id_;
  };

  /// Asks whoever holds it to leave, and waits until that is so.
  Hold hold(IdType id) {
    base::Lock lock(mutex_);
    left_.wait(lock, [&] { return take_or_ask(id); });
    return Hold(*this, id);
  }
  /// Nothing where somebody holds it, or where as many are held already as may be.
  std::optional<Hold> try_hold(IdType id) {
    const base::Lock lock(mutex_);
    if (held_.size() >= holds_max_ || !held_.try_emplace(id).second) return std::nullopt;
    return std::optional<Hold>(std::in_place, *this, id);
  }
  bool held(IdType id) {
    const base::Lock lock(mutex_);
    return held_.contains(id);
  }
  /// hold(), or nothing where whoever holds it has not left within that time, or as many wait for
  /// it already as may.
  std::optional<Hold> take_over(IdType id, base::Clock& clock, base::Duration at_most,
                                std::size_t waiters_max = any_number) {
    base::Lock lock(mutex_);
    if (take_or_ask(id)) return std::optional<Hold>(std::in_place, *this, id);
    if (waiting_.contains(id) && waiting_.at(id) >= waiters_max) return std::nullopt;
    ++waiting_[id];
    const base::Time end = clock.now() + at_most;
    bool taken = false;
    for (bool waits = true; waits && !taken;) {
      const base::Time now = clock.now();
      waits = now < end && left_.wait_for(lock, end - now);
      taken = take_or_ask(id);
    }
    if (--waiting_.at(id) == 0) waiting_.erase(id);
    if (!taken) return std::nullopt;
    return std::optional<Hold>(std::in_place, *this, id);
  }
  std::size_t waiting(IdType id) {
    const base::Lock lock(mutex_);
    return waiting_.contains(id) ? waiting_.at(id) : 0;
  }

 private:
  struct Holder {
    std::function<void()> asked;
    bool wanted = false;
  };

  bool take_or_ask(IdType id) {
    if (held_.size() >= holds_max_ && !held_.contains(id)) return false;
    const auto [at, taken] = held_.try_emplace(id);
    if (taken) return true;
    if (!at->second.wanted && at->second.asked) at->second.asked();
    at->second.wanted = true;
    return false;
  }
  void when_wanted(IdType id, std::function<void()> asked) {
    const base::Lock lock(mutex_);
    Holder& holder = held_.at(id);
    holder.asked = std::move(asked);
    if (holder.wanted && holder.asked) holder.asked();
  }
  bool wanted(IdType id) {
    const base::Lock lock(mutex_);
    return held_.at(id).wanted;
  }
  void leave(IdType id) {
    const base::Lock lock(mutex_);
    held_.erase(id);
    left_.notify_all();
  }

  base::Mutex mutex_;
  base::Condition left_;
  const std::size_t holds_max_;
  std::map<IdType, Holder> held_;          // under mutex_
  std::map<IdType, std::size_t> waiting_;  // in take_over(), under mutex_; none that is zero
};

}  // namespace workspace
