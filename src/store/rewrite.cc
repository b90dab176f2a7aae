#include "store/rewrite.h"

#include "store/connection.h"

namespace store {
namespace {

using base::Code;
using base::Error;
using base::Result;

Result<void> remove_if_there(base::Disk& disk, const std::string& path) {
  const auto removed = disk.remove(path);
  if (!removed.ok() && removed.code() != Code::missing) return removed;
  return {};
}

Result<void> replace(base::Disk& disk, const std::string& path, const std::string& fresh) {
  if (TRY(disk.exists(path + "-wal")))
    return Error{Code::conflict, "another program has the database open"};
  const auto file = TRY(disk.open(fresh, base::Open::update));
  TRY(file->sync());
  TRY(disk.rename(fresh, path));
  return disk.sync_directory(base::parent_of(path));
}

}  // namespace

Result<std::unique_ptr<Connection>> give_checksums(base::Disk& disk, const Database& database,
                                                   std::unique_ptr<Connection> old) {
  const std::string& path = database.path;
  const std::string fresh = path + ".new";
  for (const char* end : {"", "-journal"}) TRY(remove_if_there(disk, fresh + end));
  // SQLite would make it with its own mode: it is for its owner alone.
  {
    const auto file = TRY(disk.open(fresh, base::Open::create));
  }
  auto written = old->rewrite(fresh);
  old.reset();  // folds its log in
  if (written.ok()) written = replace(disk, path, fresh);
  if (!written.ok()) {
    TRY(remove_if_there(disk, fresh));
    return std::move(written).error();
  }
  return Connection::open(database, Access::write);
}

}  // namespace store
