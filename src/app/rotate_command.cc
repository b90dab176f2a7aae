#include "app/rotate_command.h"

#include <fmt/format.h>

#include <cstdio>

#include "app/core.h"
#include "app/failed.h"
#include "app/load_notice.h"
#include "app/log_signer.h"

namespace app {
namespace {

constexpr int kCannot = 2;
constexpr const char* kCommand = "ledger rotate-key";

}  // namespace

int ledger_rotate_key(const RotateOptions& options) {
  const auto notice = load_notice(options.notice, kCommand);
  if (!notice.document) return notice.exit_code;
  base::RealDisk disk;
  const auto there = disk.exists(options.data + "/store.db");
  if (!there.ok() || !*there) {
    fmt::print(stderr, "{}: {} holds no data\n", kCommand, options.data);
    return kCannot;
  }
  ServeOptions serve;
  serve.data = options.data;
  serve.root = options.root;
  serve.passphrase_file = options.passphrase_file;
  const auto core = Core::open(serve, *notice.document);
  if (!core.ok()) return failed(kCommand, core.error());
  const std::string old = (*core)->ledger->verifier_key();
  const auto key = rotate_log_signer({*(*core)->store, *(*core)->keys, (*core)->disk, (*core)->wait,
                                      (*core)->clock, *(*core)->ledger, (*core)->log_directory,
                                      &(*core)->mandate, &(*core)->replication->followers()});
  if (!key.ok()) {
    const int code = failed(kCommand, key.error());
    fmt::print(stderr, "The next start, of this or of the server, brings it to an end.\n");
    return code;
  }
  if (options.json)
    fmt::print(R"({{"old_key":"{}","key":"{}"}})"
               "\n",
               old, *key);
  else
    fmt::print(
        "{}\nThe old key is destroyed. Whoever has pinned it follows the log's chain of keys.\n",
        *key);
  return 0;
}

}  // namespace app
