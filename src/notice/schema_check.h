// Holds the tree against the JSON Schema: keys, types, words, forms. Says each fault at its line
// and in our words, with what would be right from the schema's own descriptions. Knows no meaning
// beyond the schema.
#pragma once

#include <memory>
#include <string_view>

#include "notice/diagnostic.h"
#include "notice/node.h"

namespace notice {

/// A schema made ready, to be used for any number of files and by any thread.
class SchemaCheck {
 public:
  /// `schema` is JSON Schema draft 7, ours and therefore sound.
  explicit SchemaCheck(std::string_view schema);
  ~SchemaCheck();
  SchemaCheck(const SchemaCheck&) = delete;
  SchemaCheck& operator=(const SchemaCheck&) = delete;

  /// Reports every fault of shape.
  void check(const Node& root, Findings& findings) const;

 private:
  struct Rules;
  std::unique_ptr<const Rules> rules_;
};

}  // namespace notice
