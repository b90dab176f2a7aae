// The notice: the one file from which page, cookies, retention, recipients and the gate's verdicts
// come. This header is the module's door: it reads a file, checks shape and meaning, and gives a
// Document and its compiled Policy, or says like a good compiler why not. It owns the default
// notice in the binary; it never reads a disk and never keeps personal data.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "notice/diagnostic.h"
#include "notice/document.h"

namespace notice {

/// The outcome of a check: a document where nothing was refused, and all that was found either way.
struct Checked {
  std::optional<Document> document;
  std::vector<Diagnostic> diagnostics;

  bool ok() const { return document.has_value(); }
  /// As text: what is wrong where something is, else what the reader should know.
  std::string report() const;
};

/// Reads and checks the notice in `text`. `file` only names it in diagnostics. Never throws,
/// whatever the text.
Checked check(std::string_view file, std::string_view text);

/// A sealed collection of some module and the category of personal data it holds.
struct Collection {
  std::string_view name, category;
};
/// What the notice lacks for the program's collections: a category that it does not declare.
std::vector<Diagnostic> check_collections(const Document& document, std::string_view file,
                                          std::span<const Collection> collections);

/// The default operator's notice and the schema, as embedded in the binary.
std::string_view default_text();
std::string_view schema_text();
/// The file name under which the default is known.
inline constexpr std::string_view default_file = "notice/scalign.yaml";

}  // namespace notice
