// The rules of the house that a program can check. Each looks at one file and answers what is
// wrong. style.md's other rules are for reviewers.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tidy/source.h"

namespace tidy {

/// Module to the modules that it may include (layers.txt).
using Layers = std::map<std::string, std::set<std::string>>;
/// Findings for lines that are not `module: dependency …`, and for edges that go upwards.
Findings read_layers(const Source& file, Layers& layers);
/// Includes of modules that the layers do not allow, and of what is not a module.
Findings include_edges(const Source& file, const Layers& layers);
/// `scalign_module(… DEPS …)` lines of src/CMakeLists.txt that the layers do not allow.
Findings build_edges(const Source& file, const Layers& layers);

/// Clocks, chance, files, sockets, threads, locks, the environment, printing: outside their
/// modules.
Findings forbidden_calls(const Source& file);
/// Headers of the system and of libraries outside their modules (sqlite3.h: store).
Findings forbidden_headers(const Source& file);
/// Anything in a header but the standard library and our own.
Findings third_party_in_header(const Source& file);

/// Lines a file may have.
Findings too_long(const Source& file);
/// Columns a line may have.
Findings too_wide(const Source& file);
/// A header opens with a paragraph, then #pragma once.
Findings header_paragraph(const Source& file);

/// Names under which the notice's operator goes, from the `operator` block of the notice.
std::vector<std::string> operator_names(const Source& notice);
/// The operator's name in src: it belongs into the notice.
Findings operator_named(const Source& file, const std::vector<std::string>& names);
/// Work left undone, and traces of a developer's machine.
Findings leftovers(const Source& file);
/// Columns of a table that could hold personal data in the plain.
Findings plain_columns(const Source& file);
/// SQLite outside the store: its header however it is included, and its functions.
Findings database_elsewhere(const Source& file);
/// The vault's sealed tables, named outside the vault, and its inner headers, included there.
Findings vault_elsewhere(const Source& file);
/// Of vault/vault.h: functions that hand out what is kept without asking for leave to.
Findings opened_without_leave(const Source& file);

}  // namespace tidy
