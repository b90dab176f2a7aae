#include "cli/share_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/terminal.h"
#include "cli/json_list.h"
#include "client/printable.h"

namespace cli {
namespace {

using base::Code;
using base::Error;
using base::Result;
using client::Kind;
using client::SharedLink;

constexpr std::size_t kPasswordBytes = 1024;

/// In ASCII: no path can do anything to a terminal in this form either.
std::string json_of(const SharedLink& link) {
  nlohmann::ordered_json json = {{"id", link.id}};
  json["kind"] = link.kind == Kind::folder ? "folder" : "file";
  json["path"] = link.path;
  json["created"] = link.created;
  json["expires"] = link.expires;
  json["password"] = link.password;
  if (!link.url.empty()) json["url"] = link.url;
  return json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

void print_line(const SharedLink& link) {
  fmt::print("{}  until {}  {:8}  {}{}\n", link.id, link.expires.substr(0, 10),
             link.password ? "password" : "-", client::printable(link.path),
             link.kind == Kind::folder ? "/" : "");
}

int list(client::Remote& remote, const ShareOptions& options) {
  const auto links = remote.list_links();
  if (!links.ok()) return fail("share", "", links.error(), remote.take_problem());
  JsonList list;
  for (const SharedLink& link : *links) {
    if (options.json)
      list.add(json_of(link));
    else
      print_line(link);
  }
  if (options.json) list.end();
  return kDone;
}

int revoke(client::Remote& remote, const std::string& id) {
  const auto revoked = remote.revoke_link(id);
  return revoked.ok() ? kDone : fail("share", id, revoked.error(), remote.take_problem());
}

/// Twice, since she does not see what she types, and hands it on.
Result<base::SecretBytes> ask_password() {
  auto password = TRY(base::ask_secret_on_terminal("Password of the link:", kPasswordBytes));
  const auto again = TRY(base::ask_secret_on_terminal("The same again:", kPasswordBytes));
  if (!(password == again)) return Error{Code::invalid, "these were two passwords"};
  return password;
}

Result<base::SecretBytes> password_of(const ShareOptions& options) {
  if (options.password) return ask_password();
  if (options.password_file.empty()) return base::SecretBytes();
  auto password = TRY(secret_from(options.password_file, kPasswordBytes));
  if (password.empty()) return Error{Code::invalid, "there is no password in it"};
  return password;
}

int make(client::Remote& remote, const client::RemotePath& path, const ShareOptions& options) {
  if (path.top()) {
    fmt::print(stderr, "share: say which file or folder; a whole workspace is not shared\n");
    return kCannot;
  }
  auto password = password_of(options);
  if (!password.ok()) {
    fail("share", options.password_file, password.error(), {});
    return kCannot;
  }
  const auto link = remote.share(path, {options.days, std::move(*password)});
  if (!link.ok()) return fail("share", path.text(), link.error(), remote.take_problem());
  if (options.json) {
    fmt::print("{}\n", json_of(*link));
    return kDone;
  }
  fmt::print("{}\n", link->url);
  if (base::is_terminal(base::Stream::error))
    fmt::print(
        stderr, "Whoever has this link {}may read the {} until {}; share --revoke {} ends it.\n",
        link->password ? "and the password " : "", link->kind == Kind::folder ? "folder" : "file",
        link->expires.substr(0, 10), link->id);
  return kDone;
}

}  // namespace

int share(const ShareOptions& options) {
  const int asked =
      (options.path.empty() ? 0 : 1) + (options.list ? 1 : 0) + (options.revoke.empty() ? 0 : 1);
  if (asked != 1) {
    fmt::print(stderr, "share: give a PATH, --list, or --revoke ID\n");
    return kCannot;
  }
  if (!options.revoke.empty() && !sound_id(options.revoke)) {
    fmt::print(stderr, "share: give the id that share --list shows: 26 letters and digits\n");
    return kCannot;
  }
  const auto path = read_path("share", options.path);
  if (!path.ok()) return kCannot;
  base::ThreadWait wait;
  auto remote = open_remote("share", options.remote, wait);
  if (!remote.ok()) return kCannot;
  if (options.list) return list(*remote, options);
  if (!options.revoke.empty()) return revoke(*remote, options.revoke);
  return make(*remote, *path, options);
}

}  // namespace cli
