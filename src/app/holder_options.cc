#include "app/holder_options.h"

#include <CLI/CLI.hpp>

#include "app/holder_command.h"
#include "app/replica_command.h"

namespace app {
namespace {

void add_holder_parts(CLI::App* holder, Chosen& chosen) {
  auto options = std::make_shared<HolderOptions>();
  CLI::App* pair = holder->add_subcommand("pair", "Print a one-time code for one server");
  add_data(pair, options->data, "Directory of the holder");
  choose(pair, chosen, options, holder_pair);
  CLI::App* status =
      holder->add_subcommand("status", "Say who is paired with a holder, and what it keeps");
  add_data(status, options->data, "Directory of the holder");
  add_json(status, options->json);
  choose(status, chosen, options, holder_status);
  CLI::App* passphrase = holder->add_subcommand(
      "passphrase", "Wrap what a holder keeps in a passphrase, in another one, or no more");
  add_data(passphrase, options->data, "Directory of the holder");
  add_passphrase_change(passphrase, options->old_passphrase_file, options->passphrase_file);
  choose(passphrase, chosen, options, holder_passphrase);
  CLI::App* forget = holder->add_subcommand("forget", "Let a paired server in no more");
  forget->add_option("KEY", options->key, "Its key, as `holder status` says it")->required();
  add_data(forget, options->data, "Directory of the holder");
  choose(forget, chosen, options, holder_forget);

  auto known = std::make_shared<HolderAddOptions>();
  CLI::App* add = holder->add_subcommand("add", "Pair this server with a holder by its code");
  add_data(add, known->data, "Directory of all data of the server");
  add_root_directory(add, known->root);
  add->add_option("--name", known->name, "What to call the holder here")->required();
  add->add_option("--address", known->address, "Its host and port")->required();
  add->add_option("--code-file", known->code_file, "File with the code, - for standard input")
      ->required();
  add->add_option("--passphrase-file", known->passphrase_file,
                  "File with the passphrase that wraps this server's key to its holders [none]");
  choose(add, chosen, known, holder_add);
}

void add_replicas(CLI::App* holder, Chosen& chosen) {
  auto options = std::make_shared<ReplicaOptions>();
  const auto common = [&](CLI::App* command) {
    command->add_option("NAME", options->name, "What the holder is called here")->required();
    add_data(command, options->data, "Directory of all data of the server");
    add_root_directory(command, options->root);
    return command;
  };
  choose(common(holder->add_subcommand(
             "replicate", "Let a paired holder follow keys and log, from the next start on")),
         chosen, options, holder_replicate);
  CLI::App* retire = common(holder->add_subcommand(
      "retire", "Wait for a replica no more, and say so in the log; nothing may serve DATA"));
  add_notice_file(retire, options->notice);
  add_passphrase(retire, options->passphrase_file);
  choose(retire, chosen, options, holder_retire);
}

}  // namespace

void add_holder_commands(CLI::App& program, Chosen& chosen) {
  CLI::App* holder = program.add_subcommand(
      "holder", "Keep the root of another host's keys, or a replica, or know who does");
  auto options = std::make_shared<HolderOptions>();
  holder->add_option("--data", options->data, "Directory of the holder (made where missing)");
  holder->add_option("--listen", options->listen, "Numeric address and port to serve on");
  add_passphrase(holder, options->passphrase_file);
  holder->require_subcommand(0, 1);
  add_holder_parts(holder, chosen);
  add_replicas(holder, chosen);
  holder->callback([&chosen, options, holder] {
    if (!holder->get_subcommands().empty()) return;
    chosen = [options] { return holder_serve(*options); };
  });
}

}  // namespace app
