#include "http/pool.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/result.h"

namespace http {

namespace asio = boost::asio;

struct Pool::Threads {
  Threads(unsigned ordinary_count, unsigned uploads_count)
      : ordinary(ordinary_count), uploads(uploads_count) {}
  asio::thread_pool& of(Lane lane) { return lane == Lane::uploads ? uploads : ordinary; }
  asio::thread_pool ordinary;
  asio::thread_pool uploads;
};

Pool::Pool() = default;
Pool::~Pool() = default;

void Pool::start(unsigned threads, unsigned upload_threads) {
  threads_ = std::make_unique<Threads>(threads, upload_threads);
}

Async<void> Pool::run(Lane lane, std::function<void()> work) {
  CHECK(threads_ != nullptr);
  asio::thread_pool& pool = threads_->of(lane);
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
      [&pool, &work](auto resume) {
        // The guard keeps the caller's executor alive while nothing else waits there.
        auto guard = asio::make_work_guard(resume);
        asio::post(pool, [&work, guard = std::move(guard), resume = std::move(resume)]() mutable {
          work();
          asio::post(guard.get_executor(), std::move(resume));
        });
      },
      asio::use_awaitable);
}

void Pool::join() {
  threads_->ordinary.join();
  threads_->uploads.join();
}

}  // namespace http
