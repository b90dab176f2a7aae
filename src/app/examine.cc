#include "app/examine.h"

#include <algorithm>

#include "app/core.h"
#include "base/process.h"
#include "holder/caller_key.h"
#include "holder/choice.h"
#include "holder/primary.h"
#include "keys/root_file.h"
#include "ledger/log_files.h"
#include "ledger/note.h"
#include "store/log_check.h"
#include "store/tables.h"

namespace app {
namespace {

using base::Code;
using base::Result;
using doctor::Facts;

constexpr std::size_t kEntriesMax = 100'000;
constexpr std::size_t kLockedBytes = 2 << 20;  // as a start asks for
constexpr std::uint32_t kOthers = 077;

/// Walks both directories. The log is public: others may read it.
class Walk {
 public:
  Walk(base::Disk& disk, Facts& facts, std::uint32_t owner)
      : disk_(disk), facts_(facts), owner_(owner) {}

  void below(const std::string& top, const std::string& open = "") {
    std::vector<std::string> left = {top};
    while (!left.empty()) {
      const std::string path = std::move(left.back());
      left.pop_back();
      if (facts_.files.looked_at == kEntriesMax) {
        facts_.files.cut_short = true;
        return;
      }
      if (!look(path, path == top ? base::Links::follow : base::Links::keep,
                !open.empty() && (path == open || path.starts_with(open + "/"))))
        continue;
      const auto names = disk_.list(path);
      if (names.ok())
        for (const std::string& name : *names) left.push_back(path + "/" + name);
      else if (names.code() != Code::missing)
        facts_.files.unreadable.push_back(path);
    }
  }

 private:
  /// Whether there is more below it.
  bool look(const std::string& path, base::Links links, bool is_public) {
    const auto status = base::file_status(path, links);
    // A server that runs removes files while this looks.
    if (!status.ok()) {
      if (status.code() != Code::missing) facts_.files.unreadable.push_back(path);
      return false;
    }
    if (!status->directory && !status->regular) return false;
    ++facts_.files.looked_at;
    doctor::FileFacts file{path};
    file.writable_by_others = status->others_write();
    file.open_to_others = !is_public && (status->permissions & kOthers) != 0;
    file.foreign = status->owner != owner_;
    if (file.writable_by_others || file.open_to_others || file.foreign)
      facts_.files.wrong.push_back(std::move(file));
    return status->directory;
  }

  base::Disk& disk_;
  Facts& facts_;
  const std::uint32_t owner_;
};

doctor::Wrapped wrapped_as(const Result<keys::RootFileHolds>& holds) {
  if (!holds.ok()) return doctor::Wrapped::unknown;
  switch (*holds) {
    case keys::RootFileHolds::plain:
      return doctor::Wrapped::no;
    case keys::RootFileHolds::wrapped:
      return doctor::Wrapped::yes;
    case keys::RootFileHolds::nothing:
      return doctor::Wrapped::damaged;
  }
  return doctor::Wrapped::unknown;
}

void learn_of_root(base::Disk& disk, std::uint64_t data_device, Facts& facts) {
  doctor::RootFacts& root = facts.root_key;
  const auto status = base::file_status(facts.root, base::Links::follow);
  root.there = status.ok() && status->directory;
  root.in_data = base::lies_in(facts.root, facts.data);
  root.around_data = !root.in_data && base::lies_in(facts.data, facts.root);
  if (!root.there) return;
  root.same_file_system = status->device == data_device;
  const auto remembered = holder::remembered(disk, facts.root);
  if (!remembered.ok()) {
    root.damaged = remembered.error().chain();
    return;
  }
  root.choice = holder::text_of(remembered->choice);
  root.split = remembered->choice.split();
  root.in_a_file = holder::in_a_file(remembered->choice);
  const bool lockable = base::secret_memory_available(kLockedBytes);
  if (lockable) root.key_to_holders = wrapped_as(holder::look_at_caller_key(disk, facts.root));
  if (remembered->clear) root.clear = holder::text_of(*remembered->clear);
  if (!root.in_a_file) return;
  const keys::RootFile file = holder::file_of(facts.root, remembered->choice);
  root.file_there = base::file_status(file.path(), base::Links::follow).ok();
  if (root.file_there && lockable) root.wrapped = wrapped_as(keys::look_at_root_file(disk, file));
}

Result<void> read_store(const std::string& path, Facts& facts, Reached& reached) {
  // Beside a server: the log is left as it is for it.
  const auto tables = TRY(store::Tables::snapshot(path, store::AtClose::leave));
  std::map<std::string, std::uint64_t> versions = TRY(tables->versions());
  for (const store::Schema& schema : Core::schemas()) {
    const auto found = versions.extract(schema.module.c_str());
    const std::uint64_t version = found.empty() ? 0 : found.mapped();
    if (version > schema.steps.size()) facts.store.newer = true;
    facts.store.steps_missing += schema.steps.size() - std::min(version, schema.steps.size());
  }
  // Of a module that this program does not have.
  if (!versions.empty()) facts.store.newer = true;
  if (facts.store.newer || facts.store.steps_missing != 0) return {};
  reached.epoch = TRY(keys::Keys::epoch_seen(tables->reader()));
  const auto swept = TRY(vault::Vault::swept_at(tables->reader()));
  facts.clock.newest = std::max(facts.clock.newest, swept);
  return {};
}

void learn_of_store(base::Disk& disk, Facts& facts, Reached& reached) {
  const std::string path = facts.data + "/store.db";
  doctor::StoreFacts& store = facts.store;
  store.taking_over = base::file_status(facts.data + "/" + kTakingOver.c_str()).ok();
  store.there = base::file_status(path, base::Links::follow).ok();
  if (!store.there) return;
  // A log that is being written looks torn; who writes it has checked it at the start.
  auto sound = facts.server ? Result<void>() : store::check_log(disk, path);
  if (sound.ok()) sound = read_store(path, facts, reached);
  if (!sound.ok()) store.damaged = sound.error().chain();
}

std::uint64_t leaves_of(base::Disk& disk, const std::string& data) {
  const auto text = ledger::LogFiles(disk, data + "/log").read("checkpoint");
  if (!text.ok() || !*text) return 0;
  const auto note = ledger::parse_note(**text);
  if (!note.ok()) return 0;
  const auto checkpoint = ledger::parse_checkpoint(*note);
  return checkpoint.ok() ? checkpoint->head.size : 0;
}

/// What was written last, by the clock of then.
void learn_newest(Facts& facts) {
  for (const char* name : {"/store.db", "/store.db-wal", "/keys.ktn", "/log/checkpoint"}) {
    const auto status = base::file_status(facts.data + name, base::Links::follow);
    if (status.ok()) facts.clock.newest = std::max(facts.clock.newest, {status->changed});
  }
}

void learn_of_disks(base::Disk& disk, Facts& facts) {
  for (const std::string& path : {facts.data, facts.root}) {
    const auto system = base::file_system(path);
    if (!system.ok()) continue;
    const bool root = path == facts.root;
    if (root && !facts.disks.empty() && facts.disks[0].system.device == system->device) {
      facts.disks[0].holds_root = true;
      continue;
    }
    facts.disks.push_back({path, root, *system, disk.sync_directory(path).ok()});
  }
}

void learn_of_machine(Facts& facts) {
  base::SystemClock clock;
  facts.clock.now = clock.now();
  facts.clock.synchronised = base::clock_synchronised();
  facts.memory.limits = base::process_limits(facts.server);
  facts.memory.of_server = facts.server.has_value() && facts.memory.limits.has_value();
  facts.memory.lockable = facts.memory.of_server || base::secret_memory_available(kLockedBytes);
  facts.memory.cores = base::core_dumps();
  facts.memory.swaps = base::swaps();
}

}  // namespace

void learn_of_data(base::Disk& disk, Facts& facts) {
  const auto data = base::file_status(facts.data, base::Links::follow);
  facts.data_there = data.ok() && data->directory;
  if (!facts.data_there) return;
  const std::uint32_t user = base::effective_user();
  facts.examinable = user == 0 || user == data->owner;
  Walk walk(disk, facts, data->owner);
  walk.below(facts.data, facts.data + "/log");
  if (base::file_status(facts.root, base::Links::follow).ok() &&
      !base::lies_in(facts.root, facts.data))
    walk.below(facts.root);
  learn_of_root(disk, data->device, facts);
  learn_newest(facts);
  learn_of_disks(disk, facts);
}

Facts learn(const DoctorOptions& options) {
  base::RealDisk disk;
  base::ignore_broken_pipes();
  Facts facts;
  facts.data = options.served.data;
  facts.root = root_of(options.served);
  facts.replica_declined = options.served.no_replica;
  facts.server = base::lock_holder(facts.data + "/lock");
  // Before this process gives up its own core dumps, and then it reads the root.
  learn_of_machine(facts);
  (void)base::harden_process().ok();
  learn_of_data(disk, facts);
  Reached reached;
  if (facts.data_there) {
    learn_of_store(disk, facts, reached);
    reached.leaves = leaves_of(disk, facts.data);
    learn_of_holders(disk, options, reached, facts);
  }
  learn_of_service(disk, options, facts);
  return facts;
}

}  // namespace app
