// The options of `serve` as one table, and the file in which they may stand (`serve --config`): one
// line for each, `name = value`. The command line, the file's reader and its writer go by the
// table. Owns nothing; opens no file.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/options.h"

namespace app {

struct Setting {
  base::Literal name;  // of the option, without its hyphens
  base::Literal help;
  /// Where it stands in the options: a text, a flag, or a list of an option that may be repeated.
  std::variant<std::string ServeOptions::*, bool ServeOptions::*,
               std::vector<std::string> ServeOptions::*, std::string SmtpOptions::*>
      member;
  enum class Kind : std::uint8_t { word, path } kind = Kind::word;
};

/// Every option of `serve`, but --config itself.
std::span<const Setting> settings();

/// One of `setting`'s values in `options`, to be read and changed.
using SettingPlace = std::variant<std::string*, bool*, std::vector<std::string>*>;
SettingPlace place_of(const Setting& setting, ServeOptions& options);

/// The values of a setting as a file has them: none where it stands at nothing, no or empty.
std::vector<std::string> values_of(const Setting& setting, const ServeOptions& options);

/// The most that a file of settings may have, in bytes.
inline constexpr std::size_t kSettingsBytes = 64 << 10;

/// What is wrong with `text`, as `file:line: what`; empty where nothing is, and then `options` has
/// its settings. What the file does not name stays as it was.
std::vector<std::string> parse_settings(std::string_view file, std::string_view text,
                                        ServeOptions& options);

/// A file with all of `options` that are not as serve has them without any. Code::invalid where a
/// value cannot stand on a line.
base::Result<std::string> settings_text(const ServeOptions& options);

/// What the two lists of settings say differently, as `name: this there, that given`, for those
/// that `given` has at all.
std::vector<std::string> differences(const ServeOptions& there, const ServeOptions& given);

/// Puts the settings that `from` has and `into` has not into `into`.
void fill_settings(const ServeOptions& from, ServeOptions& into);

/// Writes each path from the top of the file system, so that a file of settings may be used from
/// any directory.
void make_paths_absolute(ServeOptions& options);

}  // namespace app
