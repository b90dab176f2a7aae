#include "app/root_command.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>

#include "app/failed.h"
#include "app/holder_command.h"
#include "app/load_notice.h"
#include "app/outside.h"
#include "app/passphrase.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/process.h"
#include "holder/caller_key.h"
#include "holder/move_root.h"
#include "keys/keys.h"
#include "keys/rewrap.h"
#include "keys/root_file.h"

namespace app {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr int kCannot = 2;
constexpr std::size_t kSecretBytes = 1 << 20;

/// The data directory, held by nobody else.
Result<base::LockFile> hold(base::Disk& disk, const RootOptions& options) {
  if (!TRY(disk.exists(options.data + "/store.db")))
    return Error{Code::missing, "there is no database in the data directory"};
  if (!TRY(disk.exists(root_of(options))))
    return Error{Code::missing, "the root directory is not there"};
  if (!base::secret_memory_available(kSecretBytes))
    return Error{Code::unavailable,
                 "cannot lock memory for keys: raise the limit (ulimit -l) to 8192 or more"};
  return TRY_AS(base::LockFile::take(options.data + "/lock"),
                "the data directory is in use: stop the server first");
}

Result<void> set_passphrase(const RootOptions& options) {
  base::RealDisk disk;
  const auto lock = TRY(hold(disk, options));
  const std::string root = root_of(options);
  const auto choice = TRY(holder::remembered_choice(disk, root));
  TRY(holder::renew_caller_key(disk, root));
  std::vector<keys::RootFile> files;
  if (holder::in_a_file(choice)) files.push_back(holder::file_of(root, choice));
  if (TRY(disk.exists(holder::caller_file(root).path())))
    files.push_back(holder::caller_file(root));
  if (files.empty())
    return Error{Code::missing,
                 "there is nothing to wrap here: neither a part of the root nor a key to holders"};
  for (const keys::RootFile& file : files)
    TRY(change_passphrase(disk, file, {options.old_passphrase_file, options.passphrase_file}));
  return {};
}

Result<void> move(const RootOptions& options, const holder::Choice& to) {
  base::RealDisk disk;
  base::ThreadWait wait;
  base::SystemEntropy entropy;
  base::SteadyClock steady;
  base::ignore_broken_pipes();
  const auto lock = TRY(hold(disk, options));
  const std::string root = root_of(options);
  const PassphraseWrapping wrapping(TRY(read_passphrase(options.passphrase_file)), entropy);
  const holder::PrimaryParts parts{disk, wait, entropy, steady, dial_arguments(), wrapping.get()};
  {
    // Settles a commit that was cut short, and shows that this root opens this tree.
    holder::PrimaryParts old = parts;
    const holder::Choice now = TRY(holder::remembered_choice(disk, root));
    // It may be for the file that is to be made.
    if (TRY(holder::wraps_nothing(disk, root, now))) old.wrapping = nullptr;
    const auto holder = TRY(holder::open_primary(old, root, "", holder::Tree::is_there));
    const auto store =
        TRY(store::Store::open(wait, options.data + "/store.db", std::array{keys::Keys::schema()}));
    TRY_AS(keys::Keys::open(*store, *holder, disk, wait, entropy, options.data + "/keys.ktn"),
           "cannot open the key tree");
  }
  return holder::move_root(parts, root, to);
}

Result<bool> abandon(const RootOptions& options) {
  base::RealDisk disk;
  base::ThreadWait wait;
  base::SystemEntropy entropy;
  base::SteadyClock steady;
  base::ignore_broken_pipes();
  const auto lock = TRY(hold(disk, options));
  const PassphraseWrapping wrapping(TRY(read_passphrase(options.passphrase_file)), entropy);
  return holder::abandon_holder({disk, wait, entropy, steady, dial_arguments(), wrapping.get()},
                                root_of(options), options.abandon);
}

}  // namespace

Result<void> change_passphrase(base::Disk& disk, const keys::RootFile& where,
                               const PassphraseFiles& files) {
  if (files.old_file.empty() && files.new_file.empty())
    return Error{Code::invalid, "give --passphrase-file, --old-passphrase-file, or both"};
  base::SystemEntropy entropy;
  const PassphraseWrapping old_wrapping(
      TRY_AS(read_passphrase(files.old_file), "--old-passphrase-file"), entropy);
  const PassphraseWrapping new_wrapping(TRY(read_passphrase(files.new_file)), entropy);
  const keys::Wrapping* now = old_wrapping.get();
  const keys::Wrapping* then = new_wrapping.get();
  TRY(keys::finish_exchange(disk, where));
  if (then != nullptr && TRY(keys::look_at_root_file(disk, where)) == keys::RootFileHolds::plain)
    now = nullptr;
  const auto changed = keys::rewrap(disk, where, now, then);
  if (changed.ok() || changed.code() != Code::denied) return changed;
  const auto file = TRY(keys::FileRootHolder::open(disk, where, then));
  if (!file->read().ok()) return changed;
  return {};
}

const char* what_wraps(const std::string& new_file) {
  return new_file.empty() ? "Nothing is wrapped any more: what stands here opens by itself."
                          : "What stands here is wrapped: it opens with this passphrase alone, "
                            "which is nowhere else. Losing it is losing all.";
}

int keys_passphrase(const RootOptions& options) {
  const auto changed = set_passphrase(options);
  if (!changed.ok()) return failed("keys passphrase", changed.error());
  fmt::print("{}\n", what_wraps(options.passphrase_file));
  return 0;
}

namespace {

int keys_abandon(const RootOptions& options, const char* command) {
  const auto cleared = abandon(options);
  if (!cleared.ok()) return failed(command, cleared.error());
  if (*cleared)
    fmt::print("{} answered after all: it has destroyed what it kept.\n", options.abandon);
  else
    fmt::print(
        "{} is waited for no more. If it kept a copy of the root, that opens any copy of the key\n"
        "tree as it is now, whatever is erased later: destroy its disk.\n",
        options.abandon);
  return 0;
}

}  // namespace

int keys_move_root(const RootOptions& options) {
  constexpr const char* kCommand = "keys move-root";
  if (options.to.empty() == options.abandon.empty())
    return failed(kCommand, {Code::invalid, "give --to, or --abandon"});
  if (!options.abandon.empty()) return keys_abandon(options, kCommand);
  const auto notice = load_notice(options.notice, kCommand);
  if (!notice.document) return notice.exit_code;
  const auto to = holder::parse_choice(options.to);
  if (!to.ok()) return failed(kCommand, {to.code(), "--to", to.error()});
  const auto objections = holder_objections(hosts_of(*to, root_of(options)), *notice.document);
  for (const std::string& reason : objections) fmt::print(stderr, "{}: {}\n", kCommand, reason);
  if (!objections.empty()) return kCannot;
  const auto moved = move(options, *to);
  if (!moved.ok()) return failed(kCommand, moved.error());
  fmt::print("The root is kept in {}; where it was, it is destroyed.\n", holder::text_of(*to));
  if (const auto warning = holder::warning_of(*to)) fmt::print("Know: {}.\n", warning->c_str());
  return 0;
}

}  // namespace app
