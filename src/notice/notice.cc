#include "notice/notice.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "notice/node.h"
#include "notice/reader.h"
#include "notice/rules.h"
#include "notice/schema_check.h"

namespace notice {

// Made by the build.
std::string_view embedded(std::string_view path);

std::string_view default_text() { return embedded(default_file); }
std::string_view schema_text() { return embedded("notice/schema.json"); }

std::string Checked::report() const {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics)
    if (ok() || diagnostic.severity == Severity::error) out += to_string(diagnostic);
  return out;
}

Checked check(std::string_view file, std::string_view text) {
  Findings findings{std::string(file)};
  const std::optional<Node> root = read_yaml(text, findings);
  if (!root) return {std::nullopt, findings.take()};
  if (!root->is(Node::Kind::map)) {
    findings.error(root->at, "a notice is a map of keys", "it begins with `format: 1`");
    return {std::nullopt, findings.take()};
  }
  // Shape first, then meaning, in one run: who writes a notice wants to see all of it at once.
  static const SchemaCheck schema(schema_text());  // a constant that takes a while to unfold
  schema.check(*root, findings);
  Document document = read_document(*root);
  document.digest = base::hex(base::sha256(base::view(text)));
  const Subject subject{document, *root};
  check_references(subject, findings);
  check_law(subject, findings);
  check_transfers(subject, findings);
  check_operator(subject, findings);
  check_prose(subject, findings);
  if (findings.refused()) return {std::nullopt, findings.take()};
  return {std::move(document), findings.take()};
}

std::vector<Diagnostic> check_collections(const Document& document, std::string_view file,
                                          std::span<const Collection> collections) {
  Findings findings{std::string(file)};
  std::vector<std::string> known;
  for (const Category& category : document.categories) known.push_back(category.id);
  for (const Collection& collection : collections) {
    if (document.category(collection.category) != nullptr) continue;
    findings.error({},
                   fmt::format("collection `{}` holds `{}`, a category that the notice lacks",
                               collection.name, collection.category),
                   hint_among(collection.category, known));
  }
  return findings.take();
}

}  // namespace notice
