#include "accounts/strength.h"

#include <zxcvbn.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "base/secret_bytes.h"

namespace accounts {
namespace {

constexpr std::size_t kWordBytesMin = 3;
constexpr std::size_t kWordsMax = 200;  // of a name and an address there are fewer

bool part_of_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

/// The whole text, its words, and its words in a row: `Kari Nordmann` is `karinordmann`, too.
void add_words(std::vector<std::string>& words, std::string_view text) {
  std::string joined;
  words.emplace_back(text);
  for (std::size_t at = 0; at < text.size() && words.size() < kWordsMax;) {
    const auto* const begin = std::find_if(text.begin() + at, text.end(), part_of_word);
    const auto* const end = std::find_if_not(begin, text.end(), part_of_word);
    const std::string_view word(begin, end);
    joined += word;
    if (word.size() >= kWordBytesMin) words.emplace_back(word);
    at = static_cast<std::size_t>(end - text.begin());
  }
  words.push_back(std::move(joined));
}

}  // namespace

Strength strength_of(std::string_view password, std::span<const std::string_view> about) {
  std::vector<std::string> words;
  for (const std::string_view text : about)
    if (!text.empty()) add_words(words, text);
  std::vector<const char*> known;
  for (const std::string& word : words) known.push_back(word.c_str());
  known.push_back(nullptr);

  std::string terminated(password);
  // The library reads up to the first zero; what stands behind one counts as well.
  std::ranges::replace(terminated, '\0', ' ');
  const double bits = ZxcvbnMatch(terminated.c_str(), known.data(), nullptr);
  base::wipe({reinterpret_cast<std::uint8_t*>(terminated.data()), terminated.size()});
  constexpr std::array guesses_below = {1e3, 1e6, 1e8, 1e10};
  std::uint8_t score = 0;
  for (const double guesses : guesses_below)
    if (bits >= std::log2(guesses)) ++score;
  return static_cast<Strength>(score);
}

}  // namespace accounts
