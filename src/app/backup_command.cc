#include "app/backup_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/core.h"
#include "backup/backup.h"
#include "backup/verify.h"

namespace app {
namespace {

constexpr int kDamaged = 1;
constexpr int kCannot = 2;
constexpr std::uint64_t kStep = 64;

void show(const backup::Made& made) {
  if ((made.files + made.chunks) % kStep == 0)
    fmt::print(stderr, "\rbackup: {} files, {} chunks, {} MB copied", made.files, made.chunks,
               made.bytes_new / 1'000'000);
}

void show(const backup::Findings& found) {
  if ((found.files + found.chunks) % kStep == 0)
    fmt::print(stderr, "\rbackup verify: {} files, {} chunks, {} MB", found.files, found.chunks,
               found.bytes / 1'000'000);
}

std::vector<std::string> ids_of(const backup::Made& made) {
  std::vector<std::string> ids;
  for (const auto id : made.lost_ids) ids.push_back(id.str());
  return ids;
}

base::Result<backup::Made> run(const BackupOptions& options) {
  base::RealDisk disk;
  base::SystemClock clock;
  const std::string root = root_of(options);
  for (const std::string& other : {options.data, root})
    if (base::lies_in(options.backup, other) || base::lies_in(other, options.backup))
      return base::Error{base::Code::invalid,
                         "the backup, the data and the root must not lie in each other"};
  if (!TRY(disk.exists(options.data + "/store.db")))
    return base::Error{base::Code::missing, "--data: there is no data in that directory"};
  TRY_AS(disk.make_directory(options.backup), "cannot make the backup's directory");
  // One at a time into a backup, and none while a restore replaces what it reads.
  const auto ours = TRY_AS(base::LockFile::take(options.backup + "/lock"),
                           "another backup into this directory is running");
  const auto theirs = TRY_AS(base::LockFile::take(options.data + "/backup.lock"),
                             "another backup, or a restore, of this data is running");
  const auto schemas = Core::schemas();
  return backup::make(disk, clock, {options.data, schemas}, options.backup,
                      [](const backup::Made& made) { show(made); });
}

}  // namespace

int backup_command(const BackupOptions& options) {
  const auto made = run(options);
  if (!made.ok()) {
    fmt::print(stderr, "backup: {}\n", made.error().chain());
    return kCannot;
  }
  if (options.json) {
    const nlohmann::ordered_json json = {{"rows", made->rows},
                                         {"chunks", made->chunks},
                                         {"chunks_new", made->chunks_new},
                                         {"files", made->files},
                                         {"files_new", made->files_new},
                                         {"bytes", made->bytes},
                                         {"bytes_new", made->bytes_new},
                                         {"removed", made->removed},
                                         {"lost", made->lost},
                                         {"lost_ids", ids_of(*made)}};
    fmt::print("{}\n", json.dump(2));
    return made->lost == 0 ? 0 : kDamaged;
  }
  fmt::print(
      "rows   {} in {} chunks, {} of them new\n"
      "files  {}, {} of them new\n"
      "bytes  {}, {} of them new; {} older files removed\n"
      "{} It opens nothing without the live keys.\n",
      made->rows, made->chunks, made->chunks_new, made->files, made->files_new, made->bytes,
      made->bytes_new, made->removed,
      made->lost == 0 ? "The backup is complete." : "The backup has all that can be read.");
  for (const std::string& id : ids_of(*made)) fmt::print("lost or unreadable: content {}\n", id);
  if (made->lost > 0) fmt::print("{} contents are lost or cannot be read.\n", made->lost);
  return made->lost == 0 ? 0 : kDamaged;
}

int backup_verify(const BackupOptions& options) {
  base::RealDisk disk;
  const auto found =
      backup::verify(disk, options.backup, [](const backup::Findings& so_far) { show(so_far); });
  if (!found.ok()) {
    fmt::print(stderr, "backup verify: {}\n", found.error().chain());
    return found.code() == base::Code::corrupt ? kDamaged : kCannot;
  }
  if (options.json) {
    const nlohmann::ordered_json json = {{"sound", found->sound()},
                                         {"made_at", found->manifest.made_at},
                                         {"log_origin", found->manifest.origin},
                                         {"chunks", found->chunks},
                                         {"files", found->files},
                                         {"bytes", found->bytes},
                                         {"surplus", found->surplus},
                                         {"damages", found->damages},
                                         {"damaged", found->damaged}};
    fmt::print("{}\n", json.dump(2));
  } else {
    for (const std::string& path : found->damaged) fmt::print("damaged or missing: {}\n", path);
    fmt::print("{} chunks, {} files, {} bytes; {} surplus\n{}\n", found->chunks, found->files,
               found->bytes, found->surplus,
               found->sound() ? "The backup is whole."
                              : "The backup is damaged: remove these files and run backup again.");
  }
  return found->sound() ? 0 : kDamaged;
}

}  // namespace app
