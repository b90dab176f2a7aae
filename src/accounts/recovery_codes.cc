#include "accounts/recovery_codes.h"

#include "base/bytes.h"

namespace accounts {
namespace {

constexpr std::size_t kCodeBytes = 10;
constexpr std::size_t kLetters = 16;
constexpr std::size_t kGroup = 4;

char as_letter(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  if (c == '0') return 'o';
  if (c == '1') return 'l';
  if (c == '8') return 'b';
  return c;
}

}  // namespace

std::vector<std::string> make_recovery_codes(base::Entropy& entropy) {
  std::vector<std::string> codes;
  for (std::size_t i = 0; i < recovery_codes_made; ++i) {
    std::string code = base::base32(entropy.bytes(kCodeBytes));
    for (std::size_t at = kLetters - kGroup; at > 0; at -= kGroup) code.insert(at, 1, '-');
    codes.push_back(std::move(code));
  }
  return codes;
}

base::Personal<std::string> normal_recovery_code(std::string_view typed) {
  std::string letters;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    const char letter = as_letter(c);
    const bool known = (letter >= 'a' && letter <= 'z') || (letter >= '2' && letter <= '7');
    if (!known || letters.size() == kLetters) return {};
    letters.push_back(letter);
  }
  if (letters.size() != kLetters) return {};
  return base::Personal<std::string>(std::move(letters));
}

}  // namespace accounts
