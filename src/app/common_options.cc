#include "app/common_options.h"

#include <CLI/CLI.hpp>

namespace app {

void choose(CLI::App* command, Chosen& chosen, Chosen run) {
  command->callback([&chosen, run = std::move(run)] { chosen = run; });
}

void add_data(CLI::App* command, std::string& data, const char* what) {
  command->add_option("--data", data, what)->required();
}
void add_root_directory(CLI::App* command, std::string& root) {
  command->add_option("--root", root, "Directory of the root key [DATA.root]");
}
void add_notice_file(CLI::App* command, std::string& notice) {
  command->add_option("--notice", notice, "The notice file [the embedded one]");
}
void add_passphrase(CLI::App* command, std::string& file) {
  command->add_option("--passphrase-file", file,
                      "File with the passphrase that wraps the root's file [it is not wrapped]");
}
void add_passphrase_change(CLI::App* command, std::string& old_file, std::string& file) {
  command->add_option("--old-passphrase-file", old_file,
                      "File with the passphrase in force [it is not wrapped]");
  command->add_option("--passphrase-file", file,
                      "File with the passphrase to come [it is not to be wrapped]");
}
void add_log(CLI::App* command, std::string& log, std::string& key) {
  command->add_option("--log", log, "The log: a URL (https://host/log) or a directory")->required();
  command->add_option("--key", key, "The log's verifier key [the served one, unpinned]");
}
void add_json(CLI::App* command, bool& json, const char* what) {
  command->add_flag("--json", json, what);
}

}  // namespace app
