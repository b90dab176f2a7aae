// Reading JSON in tests without its headers: members by pointer (RFC 6901), as text. Owns nothing;
// never fails: what is not there is empty, and what it is compared with tells.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace support {

/// The member at `pointer`: a string as it is, anything else as JSON; empty where there is none.
std::string json_at(const std::string& text, const std::string& pointer);
/// The names of the object's members there, or the indices of the array.
std::vector<std::string> json_keys(const std::string& text, const std::string& pointer);
bool is_json(const std::string& text);
/// An object of strings; `true` and `false` as values stand for themselves.
std::string json_object(const std::vector<std::pair<std::string_view, std::string_view>>& members);

}  // namespace support
