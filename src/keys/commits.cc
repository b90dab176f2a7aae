#include "keys/commits.h"

#include <algorithm>
#include <iterator>

namespace keys {

using base::Result;

Commits::Commits(Tree& tree, base::Wait& wait, const base::Mandate* mandate)
    : tree_(tree), mandate_(mandate), mutex_(wait), turn_(wait), notify_mutex_(wait) {}

Result<void> Commits::check() const {
  if (mandate_ == nullptr) return {};
  return mandate_->check();
}

void Commits::on_commit(std::function<void()> notify) {
  const base::Lock lock(notify_mutex_);
  notify_ = std::move(notify);
}

Result<std::uint64_t> Commits::run(std::vector<Change> changes) {
  Waiter self{.changes = std::move(changes)};
  base::Lock lock(mutex_);
  queue_.push_back(&self);
  turn_.wait(lock, [&] { return self.done || (!committing_ && queue_.front() == &self); });
  if (self.done) return std::move(self.outcome);

  committing_ = true;
  const std::vector<Waiter*> batch = std::exchange(queue_, {});
  lock.unlock();
  commit(batch);
  lock.lock();
  committing_ = false;
  for (Waiter* waiter : batch) waiter->done = true;
  turn_.notify_all();
  return std::move(self.outcome);
}

void Commits::commit(const std::vector<Waiter*>& batch) {
  std::vector<Change> all;
  for (const Waiter* waiter : batch) std::ranges::copy(waiter->changes, std::back_inserter(all));
  const auto together = commit_and_tell(all);
  for (Waiter* waiter : batch) waiter->outcome = together;
  // One caller's damaged page must not refuse the others: each for itself. What else may go wrong
  // goes wrong for all, and a holder that is away is not waited for once for each.
  if (together.ok() || batch.size() == 1 || together.code() != base::Code::corrupt) return;
  // What is in doubt may have been done: done once more, its buckets would have one key further.
  if (tree_.failed()) return;
  for (Waiter* waiter : batch) waiter->outcome = commit_and_tell(waiter->changes);
}

Result<std::uint64_t> Commits::commit_and_tell(std::vector<Change>& changes) {
  TRY(check());
  if (changes.empty()) {
    TRY(tree_.settle());
    return tree_.epoch();
  }
  auto epoch = tree_.commit(changes);
  if (!epoch.ok()) {
    TRY(check());  // what the holder of the root has refused, and why
    return epoch;
  }
  const base::Lock lock(notify_mutex_);
  if (notify_) notify_();
  return epoch;
}

}  // namespace keys
