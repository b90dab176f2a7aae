// Options that several commands have, in the same words, and how a command is chosen: what it does
// runs after all arguments were read. Owns nothing after that.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11 names it
class App;
}

namespace app {

/// Runs whichever command was chosen; the exit code.
using Chosen = std::function<int()>;

void choose(CLI::App* command, Chosen& chosen, Chosen run);
/// What `command` does with its options, once they are read.
template <class Options>
void choose(CLI::App* command, Chosen& chosen, const std::shared_ptr<Options>& options,
            int (*run)(const Options&)) {
  choose(command, chosen, [options, run] { return run(*options); });
}

void add_data(CLI::App* command, std::string& data, const char* what = "Directory of all data");
void add_root_directory(CLI::App* command, std::string& root);
void add_notice_file(CLI::App* command, std::string& notice);
void add_passphrase(CLI::App* command, std::string& file);
void add_passphrase_change(CLI::App* command, std::string& old_file, std::string& file);
/// A public log, and the key that it is to be signed by.
void add_log(CLI::App* command, std::string& log, std::string& key);
void add_json(CLI::App* command, bool& json, const char* what = "Answer as JSON");

}  // namespace app
