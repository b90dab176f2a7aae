#include "cli/file_commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

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
      fmt::print("{}{}", any_ ? ",\n" : "[\n", json_of(entry));
    } else if (options_.details) {
      const bool file = entry.kind == Kind::file;
      fmt::print("{}  {:>8}  {}\n", client::printable(shown_time(entry.changed)),
                 file ? client::size_text(entry.size) : "-", shown_name(entry));
    } else {
      fmt::print("{}\n", shown_name(entry));
    }
    any_ = true;
  }
  void end() const {
    if (options_.json) fmt::print("{}", any_ ? "\n]\n" : "[]\n");
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
  bool any_ = false;
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

}  // namespace

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
