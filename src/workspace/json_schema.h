// A collection's JSON Schema (draft 7), and whether a document is as it says. Bounded whatever
// somebody writes: patterns are regular expressions that match in linear time (RE2), a schema
// refers to nothing but its own definitions, and a check that takes too much work is refused. Owns
// the compiled schema; a keyword that it does not know is refused and never passed over.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/personal.h"
#include "base/result.h"
#include "workspace/document.h"

namespace workspace {

/// Safe from any thread.
class JsonSchema {
 public:
  static constexpr std::size_t bytes_max = 32UL << 10;
  static constexpr std::size_t patterns_max = 16;
  static constexpr std::size_t pattern_bytes_max = 1024;
  /// Of one document, and of all that are checked with one Steps.
  static constexpr std::uint64_t steps_max = 2'000'000;
  static constexpr std::uint64_t steps_in_all_max = 10'000'000;

  /// Code::invalid for what is no such schema.
  static base::Result<std::shared_ptr<const JsonSchema>> parse(const Document& text);
  ~JsonSchema();
  JsonSchema(const JsonSchema&) = delete;
  JsonSchema& operator=(const JsonSchema&) = delete;

  /// Where a document is not as the schema says.
  struct Mismatch {
    base::Personal<std::string> at;  // a JSON pointer into the document (RFC 6901)
    base::Literal keyword;           // the schema's that does not hold
  };
  /// What the checks of one request may still take together.
  struct Steps {
    std::uint64_t left = steps_in_all_max;
  };
  /// Nothing where all holds. Code::too_large where it takes more than steps_max to see that, or
  /// more than is left.
  base::Result<std::optional<Mismatch>> check(const Document& document, Steps& steps) const;

 private:
  struct Rules;
  explicit JsonSchema(std::unique_ptr<Rules> rules);
  std::unique_ptr<Rules> rules_;
};

}  // namespace workspace
