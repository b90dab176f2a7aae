// Of the directories themselves: who serves them, who may open them, the database, the disks.

#include <fmt/format.h>

#include "doctor/checks.h"
#include "doctor/saying.h"
#include "doctor/words.h"

namespace doctor {
namespace {

constexpr std::uint64_t kFreeLeast = 128ULL << 20;
constexpr std::uint64_t kFreeLow = 2ULL << 30;

/// What makes a file system unfit, by the name that the kernel gives it.
bool forgets(const std::string& kind) { return kind == "tmpfs" || kind == "ramfs"; }
bool of_a_container(const std::string& kind) { return kind == "overlay" || kind == "aufs"; }
bool of_a_network(const std::string& kind) {
  return kind.starts_with("nfs") || kind.starts_with("fuse") || kind == "cifs" || kind == "smb3" ||
         kind == "9p" || kind == "ceph" || kind == "virtiofs";
}
bool copies_on_write(const std::string& kind) {
  return kind == "btrfs" || kind == "zfs" || kind == "bcachefs" || kind == "nilfs2" ||
         kind == "f2fs";
}

std::vector<std::string> paths_where(const TreeFacts& files, bool FileFacts::* is) {
  std::vector<std::string> paths;
  for (const FileFacts& file : files.wrong)
    if (file.*is) paths.push_back(file.path);
  return paths;
}

void check_kind(const DiskFacts& disk, Saying& say) {
  const std::string& kind = disk.system.kind;
  if (forgets(kind))
    say(Severity::error, "disk-forgets",
        disk.path + " lies in memory (" + kind + "): a reboot loses it.", "Move it to a disk.");
  if (of_a_container(kind))
    say(Severity::warning, "disk-of-a-container",
        disk.path + " lies in a container's own layer: it is gone with the container.",
        "Mount a volume there.");
  if (of_a_network(kind))
    say(Severity::warning, "disk-of-a-network",
        disk.path + " lies on a network or user-space file system (" + kind +
            "), whose locks, renames and syncs may promise less.",
        "Move it to a disk of this machine.");
  if (disk.holds_root && copies_on_write(kind))
    say(Severity::warning, "disk-keeps-old-blocks",
        disk.path + " holds the root on a file system that never writes in place (" + kind +
            "): destroyed roots live on in its free blocks and snapshots.",
        "Keep the root on ext4 or XFS, or with a holder (keys move-root).");
}

void check_room(const DiskFacts& disk, Saying& say) {
  const std::uint64_t left = disk.system.bytes_free;
  if (left >= kFreeLow) return;
  say(left < kFreeLeast ? Severity::error : Severity::warning, "disk-full",
      fmt::format("{} has {} left.", disk.path, bytes_text(left)),
      "Make room: a full disk refuses every change.");
}

}  // namespace

Findings check_server(const Facts& facts) {
  if (!facts.data_there)
    return {{Severity::error, Subject::server, "data-missing",
             "There is no directory " + facts.data + ".",
             "Look at --data, or start a server there: scalign serve --data " + facts.data + "."}};
  Saying say(Subject::server);
  if (!facts.examinable)
    say(Severity::error, "other-user",
        "The data belongs to another user: much of it cannot be looked at.",
        "Run this as the user who runs the server.");
  say(Severity::ok, "server",
      facts.server ? fmt::format("Process {} serves it.", *facts.server)
                   : std::string("Nothing serves it."));
  return say.findings;
}

Findings check_files(const Facts& facts) {
  if (!facts.data_there) return {};
  Saying say(Subject::files);
  const std::string both = facts.data + " " + facts.root;
  const auto open = paths_where(facts.files, &FileFacts::open_to_others);
  const auto writable = paths_where(facts.files, &FileFacts::writable_by_others);
  const bool root = std::ranges::any_of(open, [&](const std::string& path) {
    return path == facts.root || path.starts_with(facts.root + "/");
  });
  const std::string shut = "chmod -R go= " + both + "";
  if (!writable.empty())
    say(Severity::error, "files-writable",
        "Others than their owner may write: " + list_text(writable) + ".", shut);
  if (!open.empty())
    say(root ? Severity::error : Severity::warning, "files-open",
        std::string("Others than their owner may open") +
            (root ? ", and something of the root is among it: " : ": ") + list_text(open) + ".",
        shut);
  const auto foreign = paths_where(facts.files, &FileFacts::foreign);
  if (!foreign.empty())
    say(Severity::error, "files-foreign",
        "Another user than the data directory's owns: " + list_text(foreign) + ".",
        "chown -R --reference=" + facts.data + " " + both + "");
  if (!facts.files.unreadable.empty())
    say(Severity::error, "files-unreadable",
        "Cannot be looked at: " + list_text(facts.files.unreadable) + ".",
        "Run this as the user who runs the server; if that is so, check the disk.");
  if (say.nothing())
    say(Severity::ok, "files",
        (facts.files.cut_short ? "The first " : "") +
            count_text(facts.files.looked_at, "file or directory is", "files and directories are") +
            " open to their owner alone.");
  return say.findings;
}

Findings check_store(const Facts& facts) {
  if (!facts.data_there) return {};
  Saying say(Subject::store);
  const StoreFacts& store = facts.store;
  if (store.taking_over)
    say(Severity::error, "taking-over", "A restore from a holder was begun here and did not end.",
        "Run it again: scalign restore --from-holder.");
  if (!store.there)
    say(Severity::ok, "store-new", "There is no database yet: the first start makes it.");
  else if (store.damaged)
    say(Severity::error, "store-damaged", "The database cannot be used: " + *store.damaged + ".",
        "Restore a backup: scalign restore BACKUP --data " + facts.data +
            " --replace-damaged-store.");
  else if (store.newer)
    say(Severity::error, "store-newer", "A newer version of this program wrote the database.",
        "Run that version: there is no way back.");
  else if (store.steps_missing != 0)
    say(Severity::advice, "store-older",
        "An older version wrote the database: the next start brings it forward, for good.",
        "Make a backup first: scalign backup BACKUP --data " + facts.data + ".");
  else
    say(Severity::ok, "store", "The database is this version's, and opens.");
  return say.findings;
}

Findings check_disk(const Facts& facts) {
  Saying say(Subject::disk);
  for (const DiskFacts& disk : facts.disks) {
    check_kind(disk, say);
    check_room(disk, say);
    if (disk.system.read_only)
      say(Severity::error, "disk-read-only",
          disk.path + " lies on a file system that is mounted read-only.",
          "Look into the kernel's log for why, and mount it for writing.");
    else if (!disk.syncs)
      say(Severity::error, "disk-does-not-sync",
          disk.path +
              " lies on a file system that does not make directories "
              "durable: what was acknowledged may be lost with the power.",
          "Move it to a disk of this machine.");
  }
  if (say.nothing() && !facts.disks.empty()) {
    std::vector<std::string> seen;
    for (const DiskFacts& disk : facts.disks)
      seen.push_back(fmt::format("{} ({}, {} free)", disk.path,
                                 disk.system.kind.empty() ? "unknown" : disk.system.kind,
                                 bytes_text(disk.system.bytes_free)));
    say(Severity::ok, "disk", list_text(seen) + ".");
  }
  return say.findings;
}

}  // namespace doctor
