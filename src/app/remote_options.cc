#include "app/remote_options.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "cli/file_commands.h"
#include "cli/login_commands.h"
#include "cli/share_command.h"
#include "cli/transfer_commands.h"
#include "cli/trash_commands.h"

namespace app {
namespace {

constexpr const char* kGroup = "Your files on a server";
constexpr const char* kCodes =
    "Exit code: 0 done, 1 the server says no or something is in the way, 2 it cannot be carried "
    "out "
    "(nobody answers, not logged in, wrong use).";

/// Where logins are kept; empty where nobody knows.
std::string logins_directory() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  // A path that is not absolute is to be passed over (XDG Base Directory Specification).
  if (config != nullptr && config[0] == '/') return std::string(config) + "/scalign";
  const char* home = std::getenv("HOME");
  return home != nullptr && home[0] == '/' ? std::string(home) + "/.config/scalign" : std::string();
}

template <class Options>
void offer(CLI::App* command, Chosen& chosen, const std::shared_ptr<Options>& options,
           int (*run)(const Options&)) {
  command->group(kGroup);
  command->footer(kCodes);
  choose(command, chosen, options, run);
}

void add_remote(CLI::App* command, cli::RemoteOptions& remote) {
  remote.directory = logins_directory();
  command->add_option("--server", remote.server, "Which server [the one of the newest login]");
}

void add_login(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<cli::LoginOptions>();
  options->directory = logins_directory();
  CLI::App* login = program.add_subcommand(
      "login", "Log in to a server from here; asks for mail address and password, or for a token");
  login->add_option("URL", options->server, "The server: https://HOST")->required();
  login->add_option("--ca", options->ca_file,
                    "File with the certificates to trust instead of the system's");
  login->add_option("--token-file", options->token_file,
                    "Take the token from this file, - for standard input, and ask nothing");
  login->add_option("--name", options->name, "What to call the token there [Command line]");
  login->add_option("--days", options->days, "How many days the token is good [90]")
      ->check(CLI::Range(1, 365));
  login->add_flag("--read-only", options->read_only, "A token that changes nothing");
  offer(login, chosen, options, cli::login);

  auto out = std::make_shared<cli::RemoteOptions>();
  CLI::App* logout = program.add_subcommand("logout", "End the token of a server, there and here");
  add_remote(logout, *out);
  offer(logout, chosen, out, cli::logout);

  auto listed = std::make_shared<cli::LoginsOptions>();
  listed->directory = logins_directory();
  CLI::App* logins = program.add_subcommand("logins", "Where you are logged in from here");
  add_json(logins, listed->json);
  offer(logins, chosen, listed, cli::logins);
}

void add_list(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<cli::ListOptions>();
  CLI::App* list = program.add_subcommand("ls", "List a folder of your workspace");
  list->add_option("PATH", options->path, "The folder, or a file [the top]");
  list->add_flag("-l,--long", options->details, "With time of change (UTC) and size");
  add_json(list, options->json, "Answer as a JSON array");
  add_remote(list, options->remote);
  offer(list, chosen, options, cli::list);
}

void add_changes(CLI::App& program, Chosen& chosen) {
  auto removed = std::make_shared<cli::RemoveOptions>();
  CLI::App* remove = program.add_subcommand("rm", "Put files of your workspace into its trash");
  remove->add_option("PATH", removed->paths, "What to remove")->required();
  remove->add_flag("-r,--recursive", removed->recursive, "Folders too, with all that is in them");
  add_remote(remove, removed->remote);
  offer(remove, chosen, removed, cli::remove);

  for (const bool copies : {false, true}) {
    auto moved = std::make_shared<cli::MoveOptions>();
    CLI::App* move = program.add_subcommand(
        copies ? "cp" : "mv", copies ? "Copy files and folders within your workspace"
                                     : "Move or rename files and folders of your workspace");
    move->add_option("PATH", moved->paths,
                     "What, and behind it where to: another name, or a folder to put it into")
        ->required()
        ->expected(2, -1);
    move->add_flag("-f,--force", moved->force, "Replace a file that is there");
    add_remote(move, moved->remote);
    offer(move, chosen, moved, copies ? cli::copy : cli::move);
  }

  auto made = std::make_shared<cli::MakeFolderOptions>();
  CLI::App* make = program.add_subcommand("mkdir", "Make folders in your workspace");
  make->add_option("PATH", made->paths, "The folder")->required();
  make->add_flag("-p,--parents", made->parents,
                 "Those above it too, and be content with one that is there");
  add_remote(make, made->remote);
  offer(make, chosen, made, cli::make_folder);
}

void add_trash(CLI::App& program, Chosen& chosen) {
  CLI::App* trash = program.add_subcommand("trash", "What was removed from your workspace");
  trash->group(kGroup);
  trash->require_subcommand(1);
  auto options = std::make_shared<cli::TrashOptions>();
  CLI::App* list = trash->add_subcommand("list", "What is in it, and until when");
  add_json(list, options->json, "Answer as a JSON array");
  CLI::App* empty = trash->add_subcommand("empty", "Remove all of it for good");
  auto restored = std::make_shared<cli::RestoreTrashOptions>();
  CLI::App* restore = trash->add_subcommand("restore", "Put something back");
  restore->add_option("ID", restored->id, "As trash list shows it")->required();
  restore->add_option("PATH", restored->path, "Where to [where it was]");
  for (CLI::App* command : {list, empty}) add_remote(command, options->remote);
  add_remote(restore, restored->remote);
  offer(list, chosen, options, cli::trash_list);
  offer(empty, chosen, options, cli::trash_empty);
  offer(restore, chosen, restored, cli::trash_restore);
}

void add_share(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<cli::ShareOptions>();
  CLI::App* share = program.add_subcommand(
      "share",
      "Make a link to a file or folder of your workspace, for whoever has it, and print it");
  CLI::Option* path = share->add_option("PATH", options->path, "The file or folder");
  CLI::Option* days =
      share->add_option("--expires", options->days, "After how many days it ends [30]")
          ->check(CLI::Range(1, 365));
  CLI::Option* asked = share->add_flag("--password", options->password,
                                       "Ask for a password that the link is to have");
  CLI::Option* file = share->add_option("--password-file", options->password_file,
                                        "Take the password from this file, - for standard input");
  CLI::Option* list = share->add_flag("--list", options->list, "List all links that there are");
  CLI::Option* revoke =
      share->add_option("--revoke", options->revoke, "End a link: its id, as --list shows it");
  add_json(share, options->json);
  add_remote(share, options->remote);
  file->excludes(asked);
  for (CLI::Option* other : {list, revoke})
    for (CLI::Option* of_a_new_one : {path, days, asked, file}) other->excludes(of_a_new_one);
  list->excludes(revoke);
  offer(share, chosen, options, cli::share);
}

void add_transfers(CLI::App& program, Chosen& chosen) {
  auto fetched = std::make_shared<cli::TransferOptions>();
  CLI::App* get = program.add_subcommand(
      "get", "Get files and folders of your workspace: PATH... LOCAL, or PATH alone to here");
  get->add_option("PATH", fetched->places,
                  "What to get, and behind it where to: a file, a directory, or - for standard "
                  "output")
      ->required();
  auto sent = std::make_shared<cli::TransferOptions>();
  CLI::App* put =
      program.add_subcommand("put", "Put files and directories into your workspace: LOCAL... PATH");
  put->add_option("LOCAL", sent->places,
                  "What to put, - for standard input, and behind it where to: a folder ends in a "
                  "slash")
      ->required()
      ->expected(2, -1);
  put->add_option("--type", sent->media_type, "Media type of what is put [as its name ends]");
  for (auto& [command, options] : {std::pair{get, fetched}, std::pair{put, sent}}) {
    command->add_flag("-f,--force", options->force, "Replace what is there");
    command->add_flag("-q,--quiet", options->quiet, "No progress, on a terminal either");
    add_remote(command, options->remote);
  }
  offer(get, chosen, fetched, cli::get);
  offer(put, chosen, sent, cli::put);
}

}  // namespace

void add_remote_commands(CLI::App& program, Chosen& chosen) {
  add_login(program, chosen);
  add_list(program, chosen);
  add_transfers(program, chosen);
  add_changes(program, chosen);
  add_trash(program, chosen);
  add_share(program, chosen);
}

}  // namespace app
