// Numbers and lists as people say them, for the sentences of findings. Owns nothing and judges
// nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"

namespace doctor {

/// `3 GiB`, rounded down; `512 bytes`.
std::string bytes_text(std::uint64_t bytes);
/// `3 days`, `1 hour`, `20 seconds`, rounded down.
std::string duration_text(base::Duration duration);
/// `1 file`, `2 files`.
std::string count_text(std::uint64_t count, const std::string& one, const std::string& many);
/// `a, b and 3 more`.
std::string list_text(const std::vector<std::string>& all, std::size_t shown_max = 3);

}  // namespace doctor
