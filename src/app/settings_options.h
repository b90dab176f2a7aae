// The settings of `serve` as options of a command, and --config, which takes them from a file. Owns
// nothing; the file is read while the command line is.
#pragma once

#include <initializer_list>
#include <string_view>

#include "app/options.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own
class App;
}

namespace app {

/// Gives `command` the option --config: its settings go to `options`, and what is given on the
/// command line as well holds. Before any other option that changes `options`, since they are taken
/// in that order. Where the file cannot be read or is wrong, reading the command line fails.
void add_config(CLI::App& command, ServeOptions& options);

/// Gives `command` an option for each of these settings.
void add_settings(CLI::App& command, ServeOptions& options,
                  std::initializer_list<std::string_view> names);
/// For each of all settings.
void add_settings(CLI::App& command, ServeOptions& options);

}  // namespace app
