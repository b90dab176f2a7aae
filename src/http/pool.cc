#include "http/pool.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/result.h"
#include "http/crew.h"

namespace http {

namespace asio = boost::asio;

struct Pool::Threads {
  Threads(base::Wait& wait, unsigned ordinary_count, unsigned uploads_count)
      : ordinary(wait, ordinary_count), uploads(wait, uploads_count) {}
  Crew& of(Lane lane) { return lane == Lane::uploads ? uploads : ordinary; }
  Crew ordinary;
  Crew uploads;
};

Pool::Pool(base::Wait& wait) : wait_(wait) {}
Pool::~Pool() = default;

void Pool::start(unsigned threads, unsigned upload_threads) {
  threads_ = std::make_unique<Threads>(wait_, threads, upload_threads);
}

Async<void> Pool::run(Lane lane, std::function<void()> work) {
  CHECK(threads_ != nullptr);
  Crew& crew = threads_->of(lane);
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
      [&crew, &work](auto resume) {
        // The guard keeps the caller's executor alive while nothing else waits there.
        auto guard = asio::make_work_guard(resume);
        crew.post([&work, guard = std::move(guard), resume = std::move(resume)]() mutable {
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
