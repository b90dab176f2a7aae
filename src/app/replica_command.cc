#include "app/replica_command.h"

#include <fmt/format.h>

#include <cstdio>

#include "app/core.h"
#include "app/load_notice.h"
#include "holder/replica_entry.h"

namespace app {
namespace {

using base::Code;
using base::Error;
using base::Result;
using holder::Replicates;

constexpr int kNo = 1;
constexpr int kCannot = 2;

int failed(const char* command, const Error& error) {
  fmt::print(stderr, "{}: {}\n", command, error.chain());
  return error.code() == Code::missing ? kNo : kCannot;
}

Result<base::LockFile> lock_list(base::Disk& disk, const std::string& root) {
  if (!TRY(disk.exists(root)))
    return Error{Code::invalid, "the root directory is not there (give it by --root)"};
  return TRY_AS(base::LockFile::take(root + "/holders.lock"),
                "another command changes the list of holders");
}

Result<void> replicate(const ReplicaOptions& options) {
  base::RealDisk disk;
  const std::string root = root_of(options);
  const auto lock = TRY(lock_list(disk, root));
  TRY(holder::set_replicates(disk, root, options.name, Replicates::yes));
  fmt::print(
      "{} is a replica from the server's next start on.\n"
      "It will keep the key tree with its whole root, also where that root is split: who has its\n"
      "disk can open every key, though none of the data.\n",
      options.name);
  return {};
}

/// The log says it before the list forgets it: after a crash between them the replica is followed,
/// and recorded as added again.
Result<void> record(const ReplicaOptions& options, const notice::Document& document,
                    const holder::Known& replica) {
  Layout layout;
  layout.lock = std::make_unique<base::LockFile>(
      TRY_AS(base::LockFile::take(options.data + "/lock"),
             "something serves this directory: stop it first, then retire the replica"));
  ServeOptions serve;
  serve.data = options.data;
  serve.root = options.root;
  serve.passphrase_file = options.passphrase_file;
  const auto core = TRY(Core::open(serve, document, std::move(layout)));
  ledger::Ticket entry{};
  TRY(core->store->write([&](store::Tx& tx) -> Result<void> {
    entry = TRY(holder::record_retired(tx, *core->ledger, replica));
    return {};
  }));
  TRY(core->ledger->await(entry));
  return {};
}

Result<void> retire(const ReplicaOptions& options, const notice::Document& document) {
  base::RealDisk disk;
  const std::string root = root_of(options);
  const auto lock = TRY(lock_list(disk, root));
  const holder::KnownHolders known = TRY(holder::read_known(disk, root));
  const holder::Known* replica = known.find(options.name);
  if (replica == nullptr) return Error{Code::missing, "no holder of that name is known here"};
  if (replica->replicates == Replicates::no) {
    fmt::print("{} is no replica.\n", options.name);
    return {};
  }
  // Nobody has ever been served, so nothing was ever sent there.
  if (TRY(disk.exists(options.data + "/store.db"))) TRY(record(options, document, *replica));
  TRY(holder::set_replicates(disk, root, options.name, Replicates::no));
  fmt::print(
      "{} is retired: it is not waited for any more, and receipts do not name it.\n"
      "Destroy its disk, or its directory `replica`: what it keeps opens the keys as they were "
      "when\nit was reached last.\n",
      options.name);
  return {};
}

}  // namespace

int holder_replicate(const ReplicaOptions& options) {
  const auto done = replicate(options);
  return done.ok() ? 0 : failed("holder replicate", done.error());
}

int holder_retire(const ReplicaOptions& options) {
  const auto notice = load_notice(options.notice, "holder retire");
  if (!notice.document) return notice.exit_code;
  const auto done = retire(options, *notice.document);
  return done.ok() ? 0 : failed("holder retire", done.error());
}

}  // namespace app
