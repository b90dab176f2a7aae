#include "cli/trash_commands.h"

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

void print_line(const client::Trashed& item) {
  const bool file = item.kind == Kind::file;
  fmt::print("{}  until {}  {:>8}  {}{}\n", item.id, item.expires.substr(0, 10),
             file ? client::size_text(item.size) : "-", client::printable(item.path),
             file ? "" : "/");
}

std::string json_of(const client::Trashed& item) {
  nlohmann::ordered_json json = {
      {"id", item.id}, {"kind", item.kind == Kind::file ? "file" : "folder"}, {"path", item.path}};
  if (item.kind == Kind::file) json["size"] = item.size;
  json["removed"] = item.removed;
  json["expires"] = item.expires;
  return json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

Result<void> print_all(client::Remote& remote, bool json) {
  std::string cursor;
  JsonList list;
  do {
    const auto page = TRY(remote.list_trash(cursor));
    for (const client::Trashed& item : page.items) {
      if (json)
        list.add(json_of(item));
      else
        print_line(item);
    }
    cursor = page.next;
  } while (!cursor.empty());
  if (json) list.end();
  return {};
}

}  // namespace

int trash_list(const TrashOptions& options) {
  base::ThreadWait wait;
  auto remote = open_remote("trash", options.remote, wait);
  if (!remote.ok()) return kCannot;
  const auto printed = print_all(*remote, options.json);
  return printed.ok() ? kDone : fail("trash", "", printed.error(), remote->take_problem());
}

int trash_empty(const TrashOptions& options) {
  base::ThreadWait wait;
  auto remote = open_remote("trash", options.remote, wait);
  if (!remote.ok()) return kCannot;
  const auto emptied = remote->empty_trash();
  return emptied.ok() ? kDone : fail("trash", "", emptied.error(), remote->take_problem());
}

int trash_restore(const RestoreTrashOptions& options) {
  if (!sound_id(options.id)) {
    fmt::print(stderr, "trash: give the id that trash list shows: 26 letters and digits\n");
    return kCannot;
  }
  const auto path = read_path("trash", options.path);
  if (!path.ok()) return kCannot;
  base::ThreadWait wait;
  auto remote = open_remote("trash", options.remote, wait);
  if (!remote.ok()) return kCannot;
  const auto restored =
      remote->restore(options.id, path->top() ? std::string() : path->as_file().text());
  return restored.ok() ? kDone
                       : fail("trash", options.id, restored.error(), remote->take_problem());
}

}  // namespace cli
