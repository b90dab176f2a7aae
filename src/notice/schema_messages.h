// Sentences for what is missing where the law asks for it: a table from places in the file to
// messages. Internal to the module.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace notice {

struct Sentence {
  std::string message;
  std::string hint;
};

/// The sentence for something missing or empty at `path`; `name` is the id of what surrounds it.
std::optional<Sentence> sentence_for_missing(const std::vector<std::string>& path,
                                             std::string_view name);

}  // namespace notice
