#include "http/crew.h"

#include <utility>

#include "base/result.h"

namespace http {

Crew::Crew(base::Wait& wait, unsigned threads) : mutex_(wait), called_(wait) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

Crew::~Crew() { join(); }

void Crew::post(Work work) {
  bool call = false;
  {
    const base::Lock lock(mutex_);
    CHECK(!ended_);
    queue_.push_back(std::move(work));
    call = call_another();
  }
  if (call) called_.notify_one();
}

void Crew::join() {
  {
    const base::Lock lock(mutex_);
    ended_ = true;
  }
  called_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

/// Whether somebody is to be called, who is on the way from then on. Whoever stops waiting, called
/// or not, is here: so nobody is waited for who does not come.
bool Crew::call_another() {
  if (coming_ || idle_ == 0 || queue_.empty()) return false;
  coming_ = true;
  return true;
}

void Crew::serve() {
  base::Lock lock(mutex_);
  while (true) {
    while (queue_.empty() && !ended_) {
      ++idle_;
      called_.wait_for(lock, base::Duration::max());
      --idle_;
      coming_ = false;
    }
    if (queue_.empty()) return;
    Work work = std::move(queue_.front());
    queue_.pop_front();
    const bool call = call_another();
    lock.unlock();
    if (call) called_.notify_one();
    work();
    work = nullptr;
    lock.lock();
  }
}

}  // namespace http
