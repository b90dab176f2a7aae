#include "cli/remote_session.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/disk.h"
#include "base/secret_file.h"
#include "base/terminal.h"
#include "client/printable.h"

namespace cli {
namespace {

using base::Code;
using base::Error;
using base::Result;

const char* advice(Code code) {
  switch (code) {
    case Code::unauthenticated:
      return "Log in again: scalign login";
    case Code::stale:
      return "Look at what is there now. --force replaces it, where the command has that.";
    case Code::unavailable:
      return "Try again in a while: what was done is kept, and get and put go on where they "
             "stopped.";
    default:
      return nullptr;
  }
}

Result<base::SecretBytes> read_standard_secret(std::size_t bytes_max) {
  base::SecretBytes all(bytes_max);
  std::size_t size = 0;
  while (size < bytes_max) {
    const auto got = TRY(base::read_standard_input(all.mutable_view().subspan(size)));
    if (got == 0) break;
    size += got;
  }
  while (size > 0 && (all.view()[size - 1] == '\n' || all.view()[size - 1] == '\r')) --size;
  return base::SecretBytes::copy_of(all.view().first(size));
}

}  // namespace

bool sound_id(const std::string& id) {
  return id.size() == 26 &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567") == std::string::npos;
}

Result<base::SecretBytes> secret_from(const std::string& file, std::size_t bytes_max) {
  return file == "-" ? read_standard_secret(bytes_max) : base::read_secret_file(file, bytes_max);
}

int fail(const char* command, const std::string& what, const Error& error,
         const client::Problem& problem) {
  const std::string said = problem.text();
  fmt::print(stderr, "{}: {}{}{}\n", command, client::printable(what), what.empty() ? "" : ": ",
             said.empty() ? error.chain() : said);
  if (const char* hint = advice(error.code())) fmt::print(stderr, "{}: {}\n", command, hint);
  // Without an answer it was the client that did not want to go on: a certificate is not trusted.
  if (error.code() == Code::denied && problem.status == 0) return kCannot;
  switch (error.code()) {
    case Code::unavailable:
    case Code::corrupt:
    case Code::io:
    case Code::internal:
      return kCannot;
    default:
      return kNo;
  }
}

Result<bool> goes_into(client::Remote& remote, const client::RemotePath& path, std::size_t many) {
  if (path.folder() || many > 1) return true;
  const auto there = remote.find(path);
  if (there.ok()) return there->kind == client::Kind::folder;
  if (there.code() == Code::missing) return false;
  return there.error();
}

bool ends_all(const Error& error) {
  return error.code() == Code::unavailable || error.code() == Code::unauthenticated ||
         error.code() == Code::exhausted || error.code() == Code::full;
}

Result<client::ServerAddress> read_server(const char* command, const std::string& text) {
  auto address = client::ServerAddress::parse(text);
  if (!address.ok()) fail(command, text, address.error(), {});
  return address;
}

Result<client::RemotePath> read_path(const char* command, const std::string& text) {
  auto path = client::RemotePath::parse(text);
  if (!path.ok()) fail(command, text, path.error(), {});
  return path;
}

Result<client::Remote> open_remote(const char* command, const RemoteOptions& options,
                                   base::Wait& wait) {
  if (options.directory.empty()) {
    const Error error(Code::missing, "neither XDG_CONFIG_HOME nor HOME says where logins are kept");
    fail(command, "", error, {});
    return error;
  }
  std::string origin;
  if (!options.server.empty()) {
    const auto address = TRY(read_server(command, options.server));
    origin = address.origin();
  }
  base::RealDisk disk;
  const auto logins = client::Logins::open(disk, options.directory);
  if (!logins.ok()) {
    fail(command, options.directory, logins.error(), {});
    return logins.error();
  }
  const client::Login* login = logins->find(origin);
  if (login == nullptr) {
    const Error error(Code::missing, "you are not logged in there; scalign login URL does it");
    fail(command, origin, error, {});
    return error;
  }
  const auto address = TRY(client::ServerAddress::parse(login->origin));
  auto http = TRY(client::connect(address, login->ca_file));
  return client::Remote(std::move(http), address, login->token.clone(), wait);
}

}  // namespace cli
