// Looking for personal data where none may stand: words that the tests put in, searched for in
// bytes as they are and in the encodings in which they could have slipped through. Owns nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace support {

struct Form {
  std::string encoding;
  std::string bytes;
};
/// The text plain, in lower and upper case, backwards, UTF-16 of both orders, hexadecimal, base64
/// (both alphabets, at each of the three offsets), base32, percent-encoded and as JSON escapes.
/// Its forms are at least six bytes long: give it texts of eight or more.
std::vector<Form> forms_of(const std::string& text);

/// Where any form of any of the words stands: "FILE: WORD in base64", a line each.
std::vector<std::string> canaries_in(std::string_view bytes, const std::string& what,
                                     const std::vector<std::string>& words);
/// The same for every file below the directories, names of files included; leaves out what lies
/// below `except`.
std::vector<std::string> canaries_below(const std::vector<std::string>& directories,
                                        const std::vector<std::string>& words,
                                        const std::string& except);

}  // namespace support
