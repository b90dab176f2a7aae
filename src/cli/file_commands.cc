#include "cli/file_commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/json_list.h"
#include "client/printable.h"
#include "client/progress.h"

namespace cli {
namespace {

using base::Code;
using base::Error;
using base::Result;
using client::Kind;

/// Prints entries one by one, as they come.
class Printer {
 public:
  explicit Printer(const ListOptions& options) : options_(options) {}

  void print(const client::RemoteEntry& entry) {
    if (options_.json) {
      list_.add(json_of(entry));
    } else if (options_.details) {
      const bool file = entry.kind == Kind::file;
      fmt::print("{}  {:>8}  {}\n", client::printable(shown_time(entry.changed)),
                 file ? client::size_text(entry.size) : "-", shown_name(entry));
    } else {
      fmt::print("{}\n", shown_name(entry));
    }
  }
  void end() const {
    if (options_.json) list_.end();
  }

 private:
  static std::string json_of(const client::RemoteEntry& entry) {
    nlohmann::ordered_json json = {{"name", entry.name}};
    json["kind"] = entry.kind == Kind::folder ? "folder" : "file";
    if (entry.kind == Kind::file) {
      json["size"] = entry.size;
      json["type"] = entry.type;
      json["etag"] = entry.etag;
    }
    json["changed"] = entry.changed;
    // In ASCII: no name can do anything to a terminal in this form either.
    return json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  }
  static std::string shown_name(const client::RemoteEntry& entry) {
    return client::printable(entry.name) + (entry.kind == Kind::folder ? "/" : "");
  }
  /// 2026-11-27T18:25:07Z -> 2026-11-27 18:25
  static std::string shown_time(const std::string& changed) {
    std::string time = changed.substr(0, 16);
    if (time.size() > 10) time[10] = ' ';
    return time;
  }

  const ListOptions& options_;
  JsonList list_;
};

Result<void> print_all(client::Remote& remote, const client::RemotePath& folder, Printer& printer) {
  std::string cursor;
  do {
    const auto page = TRY(remote.list(folder, cursor));
    for (const client::RemoteEntry& entry : page.entries) printer.print(entry);
    cursor = page.next;
  } while (!cursor.empty());
  return {};
}

/// Of a folder, all that is in it; of a file, the file.
Result<void> print_path(client::Remote& remote, const client::RemotePath& path, Printer& printer) {
  auto printed = print_all(remote, path, printer);
  if (printed.ok() || printed.code() != Code::missing || path.folder()) return printed;
  const auto file = TRY(remote.find(path));
  printer.print(file);
  return {};
}

Result<void> remove_one(client::Remote& remote, const client::RemotePath& path, bool recursive) {
  if (path.top()) return Error{Code::invalid, "the top of a workspace cannot be removed"};
  const auto there = TRY(remote.find(path));
  if (there.kind == Kind::folder && !recursive)
    return Error{Code::conflict, "it is a folder; -r removes it with all that is in it"};
  TRY(remote.remove(path));
  fmt::print("In the trash: {}\n", client::printable(path.text()));
  return {};
}

/// Each thing to its place, or into a folder; goes on after what fails. The exit code.
int transfer(const char* command, client::Transfer how, const MoveOptions& options) {
  std::vector<client::RemotePath> paths;
  for (const std::string& text : options.paths) {
    auto path = read_path(command, text);
    if (!path.ok()) return kCannot;
    paths.push_back(std::move(*path));
  }
  const client::RemotePath to = std::move(paths.back());
  paths.pop_back();
  base::ThreadWait wait;
  auto remote = open_remote(command, options.remote, wait);
  if (!remote.ok()) return kCannot;
  const auto into = goes_into(*remote, to, paths.size());
  if (!into.ok()) return fail(command, to.text(), into.error(), remote->take_problem());
  const auto replace = options.force ? client::Replace::yes : client::Replace::no;
  int exit_code = kDone;
  for (const client::RemotePath& from : paths) {
    const auto done =
        from.top()
            ? Result<void>(Error{Code::invalid, "the top of a workspace stays where it is"})
            : remote->transfer(how, from, *into ? to.as_file().child(from.name()) : to, replace);
    if (done.ok()) continue;
    exit_code =
        std::max(exit_code, fail(command, from.text(), done.error(), remote->take_problem()));
    if (ends_all(done.error())) break;
  }
  return exit_code;
}

Result<void> make_one(client::Remote& remote, const client::RemotePath& path, bool parents) {
  if (!parents && !path.parent().top()) {
    const auto above = remote.find(path.parent());
    if (!above.ok() && above.code() == Code::missing)
      return Error{Code::missing, "the folder above is not there; -p makes it, too"};
    if (!above.ok()) return above.error();
  }
  const auto made = TRY(remote.make_folder(path));
  if (made == client::Made::before && !parents) return Error{Code::conflict, "it is there already"};
  return {};
}

/// Does the same with each path, and goes on after what fails; the exit code.
template <class Act>
int each(const char* command, const RemoteOptions& options, const std::vector<std::string>& texts,
         const Act& act) {
  std::vector<client::RemotePath> paths;
  for (const std::string& text : texts) {
    auto path = read_path(command, text);
    if (!path.ok()) return kCannot;
    paths.push_back(std::move(*path));
  }
  base::ThreadWait wait;
  auto remote = open_remote(command, options, wait);
  if (!remote.ok()) return kCannot;
  int exit_code = kDone;
  for (const client::RemotePath& path : paths) {
    const Result<void> done = act(*remote, path);
    if (done.ok()) continue;
    exit_code =
        std::max(exit_code, fail(command, path.text(), done.error(), remote->take_problem()));
    if (ends_all(done.error())) break;
  }
  return exit_code;
}

}  // namespace

int remove(const RemoveOptions& options) {
  return each("rm", options.remote, options.paths,
              [&](client::Remote& remote, const client::RemotePath& path) {
                return remove_one(remote, path, options.recursive);
              });
}

int move(const MoveOptions& options) { return transfer("mv", client::Transfer::move, options); }
int copy(const MoveOptions& options) { return transfer("cp", client::Transfer::copy, options); }

int make_folder(const MakeFolderOptions& options) {
  return each("mkdir", options.remote, options.paths,
              [&](client::Remote& remote, const client::RemotePath& path) {
                return make_one(remote, path, options.parents);
              });
}

int list(const ListOptions& options) {
  const auto path = read_path("ls", options.path);
  if (!path.ok()) return kCannot;
  base::ThreadWait wait;
  auto remote = open_remote("ls", options.remote, wait);
  if (!remote.ok()) return kCannot;
  Printer printer(options);
  const auto printed = print_path(*remote, *path, printer);
  if (!printed.ok()) return fail("ls", path->text(), printed.error(), remote->take_problem());
  printer.end();
  return kDone;
}

}  // namespace cli
