#include "app/settings_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/settings.h"
#include "base/disk.h"

namespace app {
namespace {

void add(CLI::App& command, ServeOptions& options, const Setting& setting) {
  const std::string name = std::string("--") + setting.name.c_str();
  std::visit(
      [&](auto* place) {
        if constexpr (std::is_same_v<decltype(place), bool*>)
          command.add_flag(name, *place, setting.help.c_str());
        else
          command.add_option(name, *place, setting.help.c_str());
      },
      place_of(setting, options));
}

void read_config(const std::string& file, ServeOptions& options) {
  base::RealDisk disk;
  const auto bytes = base::read_file(disk, file, kSettingsBytes);
  if (!bytes.ok()) throw CLI::ValidationError("--config " + file, bytes.error().chain());
  const auto faults = parse_settings(file, base::text(*bytes), options);
  if (!faults.empty())
    throw CLI::ValidationError("--config", fmt::format("{}", fmt::join(faults, "\n")));
  options.config = file;
}

}  // namespace

void add_config(CLI::App& command, ServeOptions& options) {
  command.add_option_function<std::string>(
      "--config", [&options](const std::string& file) { read_config(file, options); },
      "File with settings, as init writes one: `name = value`; what is given here as well holds");
}

void add_settings(CLI::App& command, ServeOptions& options,
                  std::initializer_list<std::string_view> names) {
  for (const Setting& setting : settings())
    if (std::ranges::find(names, setting.name.c_str()) != names.end())
      add(command, options, setting);
}

void add_settings(CLI::App& command, ServeOptions& options) {
  for (const Setting& setting : settings()) add(command, options, setting);
}

}  // namespace app
