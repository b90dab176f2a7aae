#include "cli/login_commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/terminal.h"
#include "client/printable.h"
#include "client/sign_in.h"

namespace cli {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kSecretBytes = 1024;

/// What a login has come to: a token, or why there is none.
struct Found {
  base::SecretBytes token;
  std::string expires;  // empty where nobody said
};

/// A token as it stands in a file, or is typed: nothing that could not stand in a header.
bool sound(const base::SecretBytes& token) {
  for (const std::uint8_t c : token.view())
    if (c <= 0x20 || c > 0x7e) return false;
  return !token.empty();
}

/// The second step, three times where a code is wrong.
Result<void> second_step(client::SignIn& sign_in) {
  for (int tries = 1;; ++tries) {
    const auto code = TRY(base::ask_secret_on_terminal(
        "Code of your authenticator app, or a recovery code:", kSecretBytes));
    auto done = sign_in.second(code);
    if (done.ok() || done.code() != Code::denied || tries == 3) return done;
    fmt::print(stderr, "login: {}\n", sign_in.problem().text());
  }
}

Result<Found> by_password(client::SignIn& sign_in, const std::string& email,
                          const LoginOptions& options) {
  const auto password = TRY(base::ask_secret_on_terminal("Password:", kSecretBytes));
  const auto next = TRY(sign_in.password(email, password));
  if (next == client::SignIn::Next::acceptance)
    return Error{Code::conflict,
                 "your account was moved here: log in once in a browser, and accept the terms"};
  if (next == client::SignIn::Next::second) TRY(second_step(sign_in));
  auto made = sign_in.make_token({options.name, options.days, !options.read_only}, password);
  // The session has done what it was for. Where it cannot be ended, it ends by itself.
  const auto left = sign_in.leave();
  if (!made.ok()) return made.error();
  if (!left.ok()) fmt::print(stderr, "login: the session could not be ended\n");
  return Found{std::move(made->token), made->expires};
}

/// Whether the server takes a token that was given. One that may not list is a token all the same.
Result<void> try_token(client::Remote& remote) {
  const auto listed = remote.list({}, "");
  if (listed.ok() || listed.code() == Code::denied) return {};
  return listed.error();
}

int keep(client::Logins& logins, client::Login login, const std::string& expires) {
  const std::string origin = login.origin;
  if (const auto kept = logins.keep(std::move(login)); !kept.ok())
    return fail("login", logins.file(), kept.error(), {});
  fmt::print("Logged in at {}. The token is in {}{}{}.\n", origin, logins.file(),
             expires.empty() ? "" : ", and ends on ", client::printable(expires.substr(0, 10)));
  return kDone;
}

int with_token(const LoginOptions& options, const client::ServerAddress& address,
               client::Logins& logins, Result<base::SecretBytes> token) {
  if (!token.ok()) return fail("login", options.token_file, token.error(), {});
  if (!sound(*token)) return fail("login", "", {Code::invalid, "this is not a token"}, {});
  auto http = client::connect(address, options.ca_file);
  if (!http.ok()) return fail("login", "", http.error(), {});
  base::ThreadWait wait;
  client::Remote remote(std::move(*http), address, token->clone(), wait);
  if (const auto taken = try_token(remote); !taken.ok())
    return fail("login", address.origin(), taken.error(), remote.take_problem());
  return keep(logins, {address.origin(), options.ca_file, std::move(*token)}, {});
}

int with_password(const LoginOptions& options, const client::ServerAddress& address,
                  client::Logins& logins, const std::string& email) {
  auto http = client::connect(address, options.ca_file);
  if (!http.ok()) return fail("login", "", http.error(), {});
  client::SignIn sign_in(std::move(*http), address);
  auto found = by_password(sign_in, email, options);
  if (!found.ok()) return fail("login", address.origin(), found.error(), sign_in.problem());
  return keep(logins, {address.origin(), options.ca_file, std::move(found->token)}, found->expires);
}

/// At the server, too. One that opens nothing any more has ended.
bool end_token(const client::Login& login) {
  const auto address = client::ServerAddress::parse(login.origin);
  if (!address.ok()) return false;
  auto http = client::connect(*address, login.ca_file);
  if (!http.ok()) return false;
  base::ThreadWait wait;
  client::Remote remote(std::move(*http), *address, login.token.clone(), wait);
  const auto ended = remote.end_token();
  if (ended.ok() || ended.code() == Code::unauthenticated) return true;
  fail("logout", login.origin, ended.error(), remote.take_problem());
  return false;
}

Result<client::Logins> open_logins(const char* command, base::Disk& disk,
                                   const std::string& directory) {
  if (directory.empty()) {
    const Error error(Code::missing, "neither XDG_CONFIG_HOME nor HOME says where logins are kept");
    fail(command, "", error, {});
    return error;
  }
  auto logins = client::Logins::open(disk, directory);
  if (!logins.ok()) fail(command, directory, logins.error(), {});
  return logins;
}

}  // namespace

int login(const LoginOptions& options) {
  const auto address = read_server("login", options.server);
  if (!address.ok()) return kCannot;
  base::RealDisk disk;
  LoginOptions chosen = options;
  if (!chosen.ca_file.empty()) chosen.ca_file = base::absolute_path(chosen.ca_file);
  auto logins = open_logins("login", disk, chosen.directory);
  if (!logins.ok()) return kCannot;
  if (!chosen.token_file.empty())
    return with_token(chosen, *address, *logins, secret_from(chosen.token_file, kSecretBytes));
  if (!base::on_a_terminal()) {
    fmt::print(stderr, "login: this asks on a terminal; without one, give --token-file FILE\n");
    return kCannot;
  }
  const auto email = base::ask_on_terminal("Mail address (empty: give a token):");
  if (!email) return kCannot;
  if (email->empty())
    return with_token(chosen, *address, *logins,
                      base::ask_secret_on_terminal("Token:", kSecretBytes));
  return with_password(chosen, *address, *logins, *email);
}

int logout(const RemoteOptions& options) {
  base::RealDisk disk;
  auto logins = open_logins("logout", disk, options.directory);
  if (!logins.ok()) return kCannot;
  std::string origin;
  if (!options.server.empty()) {
    const auto address = read_server("logout", options.server);
    if (!address.ok()) return kCannot;
    origin = address->origin();
  }
  const client::Login* login = logins->find(origin);
  if (login == nullptr) {
    fmt::print(stderr, "logout: there is no login{}{}\n", origin.empty() ? "" : " at ", origin);
    return kNo;
  }
  origin = login->origin;
  const bool ended = end_token(*login);
  if (const auto forgotten = logins->forget(origin); !forgotten.ok())
    return fail("logout", logins->file(), forgotten.error(), {});
  fmt::print("Logged out of {}.\n", origin);
  if (ended) return kDone;
  fmt::print(
      stderr,
      "logout: the token is gone from here, and may still be good: {}/app/tokens ends it\n",
      origin);
  return kNo;
}

int logins(const LoginsOptions& options) {
  base::RealDisk disk;
  const auto logins = open_logins("logins", disk, options.directory);
  if (!logins.ok()) return kCannot;
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const client::Login& login : logins->all()) {
    all.push_back({{"server", login.origin}, {"default", all.empty()}});
    if (!options.json)
      fmt::print("{}{}\n", login.origin, &login == &logins->all().front() ? "  (default)" : "");
  }
  if (options.json) fmt::print("{}\n", all.dump(2));
  return kDone;
}

}  // namespace cli
