// The file's key words in a reader's language: `legal_obligation` is "a legal obligation". Owns the
// word lists; knows nothing about an operator. Internal to the module.
#pragma once

#include <string>
#include <string_view>

#include "notice/document.h"

namespace notice {

/// The word in `language` (English where there is no other), or the key with spaces for
/// underscores.
std::string word(std::string_view key, std::string_view language);

/// `2026-11-23` as "23 November 2026".
std::string long_date(std::string_view date, std::string_view language);

}  // namespace notice
