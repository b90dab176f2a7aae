#include "app/vault_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/core.h"
#include "app/load_notice.h"
#include "vault/check.h"

namespace app {
namespace {

constexpr int kDamaged = 1;
constexpr int kCannotOpen = 2;

void show_progress(const vault::CheckFindings& found) {
  fmt::print(stderr, "\r{} records, {} files, {} MB read", found.records, found.content,
             found.content_bytes / 1'000'000);
}

void print(const vault::CheckFindings& found, bool json) {
  if (json) {
    fmt::print(R"({{"sound":{},"records":{},"records_damaged":{},"records_keyless":{},)"
               R"("content":{},"content_damaged":{},"content_keyless":{},"content_bytes":{},)"
               R"("undeclared":{},"pages":{},"pages_damaged":{},"damaged":{}}})"
               "\n",
               found.sound(), found.records, found.records_damaged, found.records_keyless,
               found.content, found.content_damaged, found.content_keyless, found.content_bytes,
               found.undeclared, found.pages, found.pages_damaged,
               nlohmann::json(found.damaged).dump());
    return;
  }
  for (const std::string& each : found.damaged) fmt::print("damaged: {}\n", each);
  fmt::print(
      "records  {} read, {} damaged, {} without a key\n"
      "content  {} read, {} damaged, {} without a key, {} bytes\n"
      "pages    {} of the database read, {} damaged\n"
      "rows of collections that nobody declares: {}\n{}\n",
      found.records, found.records_damaged, found.records_keyless, found.content,
      found.content_damaged, found.content_keyless, found.content_bytes, found.pages,
      found.pages_damaged, found.undeclared,
      found.sound() ? "Everything opens." : "Not everything opens.");
}

}  // namespace

int vault_check(const VaultOptions& options) {
  const auto notice = load_notice(options.notice, "vault check");
  if (!notice.document) return notice.exit_code;
  base::RealDisk disk;
  const auto there = disk.exists(options.data + "/store.db");
  if (!there.ok() || !*there) {
    fmt::print(stderr, "vault check: {} holds no data\n", options.data);
    return kCannotOpen;
  }
  ServeOptions serve;
  serve.data = options.data;
  serve.root = options.root;
  serve.passphrase_file = options.passphrase_file;
  const auto core = Core::open(serve, *notice.document);
  if (!core.ok()) {
    fmt::print(stderr, "vault check: {}\n", core.error().chain());
    return kCannotOpen;
  }
  const auto found = (*core)->vault->check(options.json ? vault::CheckProgress() : show_progress);
  if (!options.json) fmt::print(stderr, "\n");
  if (!found.ok()) {
    fmt::print(stderr, "vault check: {}\n", found.error().chain());
    return kCannotOpen;
  }
  print(*found, options.json);
  return found->sound() ? 0 : kDamaged;
}

}  // namespace app
