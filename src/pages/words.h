// Numbers, sizes and days as people read them. Owns nothing; days are told in UTC.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace pages {

std::string number(std::uint64_t value);                     // 88,412
std::string size(std::uint64_t bytes);                       // 2.4 MB
std::string kept(std::uint64_t files, std::uint64_t bytes);  // 7 files, 3.4 GB
std::string day(base::Time time);                            // 23 November 2026
std::string short_day(base::Time time);                      // 23 Nov 2026
std::string time_of_day(base::Time time);                    // 14:02:11 UTC
/// The same text with a capital letter at its head.
std::string capitalised(std::string text);
/// A reason as a sentence: with a capital letter and a full stop.
std::string sentence(std::string text);

}  // namespace pages
