// Threads on which handlers may block. Owns them; knows nothing of requests.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/wait.h"
#include "http/async.h"

namespace http {

class Pool {
 public:
  /// Work that waits for somebody's upload has threads of its own: slow uploads starve only each
  /// other.
  enum class Lane : std::uint8_t { ordinary, uploads };

  explicit Pool(base::Wait& wait);
  ~Pool();
  void start(unsigned threads, unsigned upload_threads);
  /// Runs `work` on a thread of the lane; the caller goes on afterwards on its own executor.
  Async<void> run(Lane lane, std::function<void()> work);
  /// Waits for what runs.
  void join();

 private:
  struct Threads;
  base::Wait& wait_;
  std::unique_ptr<Threads> threads_;
};

}  // namespace http
