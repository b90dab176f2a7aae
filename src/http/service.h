// What all connections of one server share. Owned by the Server; a connection only refers to it.
#pragma once

#include <atomic>
#include <memory>

#include "base/wait.h"
#include "http/head.h"
#include "http/pool.h"
#include "http/server.h"
#include "http/upload_places.h"

namespace http {

struct Service {
  Options options;
  const Router& router;
  Finish finish;
  base::Entropy& entropy;
  base::Log& log;
  Reach reach = {};
  std::shared_ptr<ssl_ctx_st> tls = {};  // null: plain
  Counters counters = {};
  base::ThreadWait wait = {};
  Pool pool{wait};
  UploadPlaces upload_places{wait, options.limits.upload_threads, entropy};
  std::atomic<bool> draining{false};
};

}  // namespace http
